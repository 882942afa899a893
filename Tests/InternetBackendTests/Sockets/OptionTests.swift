import InternetBackend
import SocketBackends
import Testing

@Suite("Options of Internet sockets")
struct OptionTests {
    private func tcp(_ version: InternetVersion = .v4) throws -> any BackendSocket {
        try Loopback(version: version).socket(.stream)
    }

    @Test(
        "booleans are set and read as BOOL and as one byte",
        arguments: [SocketOption.reuseAddress, .broadcast, .keepAlive, .doNotRoute, .outOfBandInline, .noDelay])
    func booleans(option: SocketOption) throws {
        let socket = try tcp()
        let room = [UInt8](repeating: 0, count: 8)
        #expect(try socket.option(option, buffer: room) == [0, 0, 0, 0])
        try socket.setOption(option, to: [0, 1, 0, 0])
        #expect(try socket.option(option, buffer: room) == [1, 0, 0, 0])
        #expect(try socket.option(option, buffer: [0]) == [1])
        try socket.setOption(option, to: [0])
        #expect(try socket.option(option, buffer: room) == [0, 0, 0, 0])
        expect(.WSAEFAULT) { try socket.setOption(option, to: []) }
        expect(.WSAEFAULT) { _ = try socket.option(option, buffer: []) }
    }

    @Test("SO_LINGER is two u_short")
    func linger() throws {
        let socket = try tcp()
        try socket.setOption(.linger, to: [1, 0, 0x2C, 0x01])
        #expect(try socket.option(.linger, buffer: [0, 0, 0, 0]) == [1, 0, 0x2C, 0x01])
        expect(.WSAEFAULT) { try socket.setOption(.linger, to: [1, 0, 1]) }
        expect(.WSAEFAULT) { _ = try socket.option(.linger, buffer: [0, 0, 0]) }
        expect(.WSAENOPROTOOPT) { try Loopback(version: .v4).socket(.datagram).setOption(.linger, to: [1, 0, 0, 0]) }
    }

    @Test("buffer sizes read as they were set", arguments: [SocketOption.sendBufferSize, .receiveBufferSize])
    func buffers(option: SocketOption) throws {
        let socket = try tcp()
        try socket.setOption(option, to: OptionValue(Int32(40_000)).bytes)
        #expect(try socket.option(option, buffer: [0, 0, 0, 0]) == OptionValue(Int32(40_000)).bytes)
        expect(.WSAEFAULT) { try socket.setOption(option, to: [1, 2, 3]) }
        expect(.WSAEFAULT) { _ = try socket.option(option, buffer: [1, 2, 3]) }
    }

    @Test("what a socket is can be read and not set")
    func readOnly() throws {
        let listener = try Loopback(version: .v4).listener()
        #expect(try listener.option(.acceptsConnections, buffer: [0, 0, 0, 0]) == [1, 0, 0, 0])
        #expect(try listener.option(.type, buffer: [0, 0, 0, 0]) == [1, 0, 0, 0])
        #expect(try listener.option(.error, buffer: [0, 0, 0, 0]) == [0, 0, 0, 0])
        for option in [SocketOption.acceptsConnections, .type, .error] {
            expect(.WSAENOPROTOOPT) { try listener.setOption(option, to: [0, 0, 0, 0]) }
        }
    }

    @Test("SO_ERROR is a WSA code")
    func error() throws {
        let loopback = Loopback(version: .v4)
        let closed = try loopback.bound(.stream)
        let client = try loopback.socket(.stream)
        _ = try client.connect(to: closed.localAddress())
        try client.wait(for: 4)
        #expect(try client.option(.error, buffer: [0, 0, 0, 0]) == OptionValue(Int32(10061)).bytes)
    }

    @Test("IPV6_V6ONLY is on from the start, and of IPv6 only")
    func v6Only() throws {
        #expect(try tcp(.v6).option(.v6Only, buffer: [0, 0, 0, 0]) == [1, 0, 0, 0])
        #expect(try tcp(.v6).option(.v6Only, buffer: [0]) == [1])
        expect(.WSAENOPROTOOPT) { _ = try tcp(.v4).option(.v6Only, buffer: [0, 0, 0, 0]) }
    }

    @Test("hop limits are of their own version")
    func hops() throws {
        try tcp(.v4).setOption(.timeToLive, to: [9, 0, 0, 0])
        let v6 = try tcp(.v6)
        try v6.setOption(.unicastHops, to: [9, 0, 0, 0])
        #expect(try v6.option(.unicastHops, buffer: [0, 0, 0, 0]) == [9, 0, 0, 0])
    }

    @Test("unknown options are WSAENOPROTOOPT")
    func unknown() throws {
        let socket = try tcp()
        for option in [
            SocketOption(level: .irlmp, name: OptionName(rawValue: 0x10)),
            SocketOption(level: .socket, name: OptionName(rawValue: 0x7777)),
            SocketOption(level: OptionLevel(rawValue: -1), name: OptionName(rawValue: -1)), .sendTimeout,
        ] {
            expect(.WSAENOPROTOOPT) { _ = try socket.option(option, buffer: [0, 0, 0, 0]) }
            expect(.WSAENOPROTOOPT) { try socket.setOption(option, to: [0, 0, 0, 0]) }
        }
    }
}
