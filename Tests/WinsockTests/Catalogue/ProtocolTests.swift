import InternetBackend
import SocketBackends
import Testing

@testable import Winsock

@Suite("The list of protocols")
struct ProtocolTests {
    @Test("an entry for each kind of socket, numbered, with the flags and the identity of its backend")
    func entries() throws {
        let fixture = try Fixture()
        let entries = try fixture.winsock.enumProtocols()
        #expect(entries.map(\.name) == ["fake [fake stream]", "fake [fake datagram]"])
        #expect(entries.map(\.entryID) == [1001, 1002])
        #expect(entries.map(\.services) == [FakeFamily.stream.services, FakeFamily.datagram.services])
        #expect(entries.map(\.messageSize) == [0, 1])
        #expect(entries.allSatisfy { $0.providerID == ProviderID(backend: "fake") && $0.flags == .matchesProtocolZero })
        #expect(entries.allSatisfy { $0.minimumAddressLength == 8 && $0.maximumAddressLength == 8 })
        #expect(entries.allSatisfy { $0.chainLength == 1 && $0.version == 2 && $0.family == fixture.family.family })
    }

    @Test("only the protocols that are asked for, under the same numbers")
    func selection() throws {
        let winsock = try Winsock(registry: AddressFamilyRegistry([FakeFamily(), InternetBackend(version: .v4)]))
        try winsock.startup()
        let udp = try winsock.enumProtocols([.udp])
        #expect(udp.map(\.entryID) == [1004])
        #expect(udp.map(\.type) == [.datagram])
        #expect(try winsock.enumProtocols([.tcp, .udp]).map(\.protocolNumber) == [.tcp, .udp])
        #expect(try winsock.enumProtocols([]).isEmpty)
        #expect(try winsock.enumProtocols().count == 4)
    }

    @Test("identities: one for each name, always the same, and marked as made up")
    func identities() {
        #expect(ProviderID(backend: "irda-simulation") == ProviderID(backend: "irda-simulation"))
        let names = (0..<1000).map { "backend \($0)" } + ["", "a", "inet"]
        let identities = names.map { ProviderID(backend: $0) }
        #expect(Set(identities).count == names.count)
        for identity in identities {
            #expect(identity.bytes.count == 16)
            #expect(identity.bytes[7] & 0xF0 == 0x80)
            #expect(identity.bytes[8] & 0xC0 == 0x80)
        }
        let documented = ProviderID(0xE70F_1AA0, 0xAB8B, 0x11CF, 0x8CA3_0080_5F48_A192)
        #expect(documented.description == "E70F1AA0-AB8B-11CF-8CA3-00805F48A192")
        #expect(documented.bytes[0...3] == [0xA0, 0x1A, 0x0F, 0xE7])
        #expect(documented.bytes[8...9] == [0x8C, 0xA3])
    }
}
