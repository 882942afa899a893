import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Testing

@Suite("The Internet backend")
struct InternetBackendTests {
    @Test(
        "type and protocol are checked as socket() documents it",
        arguments: [
            (SocketType.stream, Int32(17), WSAErrorCode.WSAEPROTOTYPE), (.datagram, 6, .WSAEPROTOTYPE),
            (.stream, 1, .WSAEPROTONOSUPPORT), (.datagram, -1, .WSAEPROTONOSUPPORT), (.raw, 0, .WSAESOCKTNOSUPPORT),
            (.sequencedPacket, 6, .WSAESOCKTNOSUPPORT), (SocketType(rawValue: 0x800), 0, .WSAESOCKTNOSUPPORT),
            (SocketType(rawValue: -7), 0, .WSAESOCKTNOSUPPORT),
        ])
    func refused(type: SocketType, number: Int32, code: WSAErrorCode) {
        for version in InternetVersion.allCases {
            expect(code) {
                _ = try InternetBackend(version: version).makeSocket(
                    type: type, protocolNumber: SocketProtocolNumber(rawValue: number))
            }
        }
    }

    @Test("sockets of both types and both versions can be had", arguments: InternetVersion.allCases)
    func available(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        #expect(loopback.backend.availability == .available)
        #expect(try loopback.socket(.stream).kind.transport == (version == .v4 ? "TCP/IP" : "TCP/IPv6"))
        let udp = try loopback.socket(.datagram).kind
        #expect(udp.protocolNumber == .udp)
        #expect(udp.isConnectionOriented == false)
        #expect(udp.minimumAddressLength == (version == .v4 ? 16 : 28))
    }

    @Test("descriptors neither block nor leak into programs that are started", arguments: InternetVersion.allCases)
    func flags(version: InternetVersion) throws {
        let (client, server) = try Loopback(version: version).connection()
        for socket in [client, server] {
            try socket.descriptor.withDescriptor(for: "look") { descriptor in
                #expect(fcntl(descriptor.rawValue, F_GETFL) & O_NONBLOCK != 0)
                #expect(fcntl(descriptor.rawValue, F_GETFD) & FD_CLOEXEC != 0)
            }
        }
    }
}
