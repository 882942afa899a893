import FoundationEssentials
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct FamiliesTests {
    /// The lines of the table, with single spaces between the words: columns are as wide as they have to be.
    private func rows(_ options: String...) async throws -> [String] {
        let outcome = try await Program.irsock.run(["families"] + options)
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
        return outcome.lines.map { $0.split(separator: " ").joined(separator: " ") }
    }

    @Test(
        "The families stand in a table, in the order in which they are asked, with the reason where one cannot be had")
    func table() async throws {
        let lines = try await rows("--simulate")
        #expect(
            lines.prefix(5) == [
                "FAMILY NUMBER TYPE PROTOCOL TRANSPORT BACKEND AVAILABLE", "inet 2 stream 6 TCP/IP inet yes",
                "inet 2 datagram 17 UDP/IP inet yes", "inet6 23 stream 6 TCP/IPv6 inet6 yes",
                "inet6 23 datagram 17 UDP/IPv6 inet6 yes",
            ])
        #expect(
            lines.filter { $0.hasPrefix("irda") } == [
                "irda 26 stream 1 IrDA TinyTP irda-kernel no: not chosen; the provider is simulation",
                "irda 26 stream 1 IrDA TinyTP irda-service no: not chosen; the provider is simulation",
                "irda 26 stream 1 IrDA TinyTP irda-simulation yes",
                "irda 26 seqpacket 0 IrDA TinyTP messages irda-simulation yes",
                "irda 26 datagram 0 IrDA unit data irda-simulation yes",
                "irda 26 datagram 1 IrDA Ultra irda-simulation yes",
            ])
        // Whether the machine has AF_VSOCK is its own affair.
        #expect(
            lines.suffix(2) == [
                "unix 1 stream 0 AF_UNIX unix yes", "vsock 40 stream 0 VSOCK vsock \(VSOCK.availability)",
            ])
    }

    @Test("Without a choice every provider of infrared says why it cannot be had")
    func reasons() async throws {
        let lines = try await rows()
        #expect(lines.contains { $0.contains(" irda-kernel ") })
        #expect(lines.contains { $0.hasSuffix(" irda-service no: no service in \(Program.noServices)") })
        #expect(
            lines.contains {
                $0.hasSuffix(" irda-simulation no: not enabled; add --simulate, or --scenario with a file")
            })
    }

    @Test("A provider that there is not, and one that contradicts another option, are wrong usage")
    func wrongProviders() async throws {
        #expect(try await Program.irsock.run("families", "--provider", "magic").exitCode == 64)
        #expect(try await Program.irsock.run("families", "--provider", "kernel", "--simulate").exitCode == 64)
    }

    private struct Family: Decodable, Equatable {
        var family: String
        var number: Int
        var type: String
        var protocolNumber: Int
        var transport: String
        var backend: String
        var available: Bool
        var reason: String?
    }

    @Test(arguments: [true, false])
    func json(isSimulating: Bool) async throws {
        let outcome = try await Program.irsock.run(["families", "--json"] + (isSimulating ? ["--simulate"] : []))
        let families = try JSONDecoder().decode([Family].self, from: Data(outcome.output.bytes))
        #expect(families.prefix(4).map(\.family) == ["inet", "inet", "inet6", "inet6"])
        #expect(families.prefix(4).allSatisfy { $0.available && $0.reason == nil })
        #expect(
            families.contains(
                Family(
                    family: "irda", number: 26, type: "stream", protocolNumber: 1, transport: "IrDA TinyTP",
                    backend: "irda-simulation", available: isSimulating,
                    reason: isSimulating ? nil : "not enabled; add --simulate, or --scenario with a file")))
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }
}
