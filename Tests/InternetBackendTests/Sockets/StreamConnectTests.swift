import Glibc
import InternetBackend
import SocketBackends
import Synchronization
import Testing

@Suite("TCP connect")
struct StreamConnectTests {
    static let versions = InternetVersion.allCases

    @Test("R1, R37: a connection is opened and carries data both ways", arguments: versions)
    func connects(version: InternetVersion) throws {
        let (client, server) = try Loopback(version: version).connection()
        #expect(try client.send([1, 2, 3]) == 3)
        try server.wait(for: POLLIN)
        #expect(try server.receive() == [1, 2, 3])
        #expect(try server.send([4]) == 1)
        try client.wait(for: POLLIN)
        #expect(try client.receive() == [4])
        #expect(try client.peerAddress() == server.localAddress())
        #expect(try server.peerAddress() == client.localAddress())
    }

    @Test("the end of a connect can be asked for again and again", arguments: versions)
    func finishTwice(version: InternetVersion) throws {
        let (client, _) = try Loopback(version: version).connection()
        try client.finishConnect()
        try client.finishConnect()
        expect(.WSAENOTCONN) { try Loopback(version: version).socket(.stream).finishConnect() }
    }

    @Test("R9: an address of another family is WSAEAFNOSUPPORT", arguments: versions)
    func family(version: InternetVersion) throws {
        let socket = try Loopback(version: version).socket(.stream)
        for family in [.unspecified, .irda, version == .v4 ? .inet6 : .inet] as [AddressFamily] {
            let address = SocketAddress(family: family, payload: Array(repeating: 0, count: 26))
            expect(.WSAEAFNOSUPPORT) { _ = try socket.connect(to: address) }
        }
        expect(.WSAENOTCONN) { _ = try socket.peerAddress() }
    }

    @Test("R7: a short address is WSAEFAULT", arguments: versions)
    func short(version: InternetVersion) throws {
        let socket = try Loopback(version: version).socket(.stream)
        let address = try Loopback(version: version).address(port: 1)
        let short = try SocketAddress(bytes: address.bytes.dropLast())
        expect(.WSAEFAULT) { _ = try socket.connect(to: short) }
    }

    @Test(
        "R10, R11: the zero address and port 0 are WSAEADDRNOTAVAIL",
        arguments: [
            (InternetVersion.v4, "0.0.0.0:80"), (.v4, "127.0.0.1:0"), (.v4, "0.0.0.0:0"), (.v6, "[::]:80"),
            (.v6, "[::1]:0"), (.v6, "[::ffff:0.0.0.0]:80"),
        ])
    func zero(version: InternetVersion, text: String) throws {
        let loopback = Loopback(version: version)
        let socket = try loopback.socket(.stream)
        let address = try loopback.backend.resolve(text)
        expect(.WSAEADDRNOTAVAIL) { _ = try socket.connect(to: address) }
        expect(.WSAEINVAL) { _ = try socket.localAddress() }
    }

    @Test("R19, R33: after a refusal the same socket can connect", arguments: versions)
    func refusedThenConnected(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let server = try loopback.bound(.stream)
        let client = try loopback.bound(.stream)
        let local = try client.localAddress()
        for _ in 0..<3 {
            expect(.WSAECONNREFUSED) { try client.connectToTheEnd(server.localAddress()) }
            expect(.WSAECONNREFUSED) { try client.finishConnect() }
        }
        try server.listen(backlog: 1)
        try client.connectToTheEnd(server.localAddress())
        #expect(try client.localAddress() == local)
        #expect(try client.send([1]) == 1)
    }

    @Test("R12: a refused connect leaves the socket with a local address, which it asks for again", arguments: versions)
    func portAfterRefusal(version: InternetVersion) throws {
        let asked = Mutex<[UInt16]>([])
        var system = SystemCalls()
        system.bind = { descriptor, address, length in
            let port = UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
            asked.withLock { $0.append(UInt16(bigEndian: port)) }
            return Glibc.bind(descriptor, address, length)
        }
        let closed = try Loopback(version: version).bound(.stream)
        let client = try Loopback(version: version, system: system).socket(.stream)
        expect(.WSAECONNREFUSED) { try client.connectToTheEnd(closed.localAddress()) }
        let port = try client.localAddress().port
        expect(.WSAEINVAL) { try client.bind(to: Loopback(version: version).address(port: 0)) }
        #expect(asked.withLock { $0 } == [])
        expect(.WSAECONNREFUSED) { try client.connectToTheEnd(closed.localAddress()) }
        // Somebody else may have been faster, which nothing can prevent.
        #expect(asked.withLock { $0 } == [port])
        #expect(try client.localAddress().port != 0)
    }

    @Test("SO_ERROR of a refused connect can be read again and again, and takes nothing away", arguments: versions)
    func socketError(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let closed = try loopback.bound(.stream)
        let client = try loopback.socket(.stream)
        _ = try client.connect(to: closed.localAddress())
        try client.wait(for: POLLOUT)
        for _ in 0..<2 {
            #expect(try client.option(.error, buffer: [0, 0, 0, 0]) == OptionValue(Int32(10061)).bytes)
        }
        expect(.WSAECONNREFUSED) { try client.finishConnect() }
    }

    @Test("after a refusal a bound socket can be made a listener, at its port", arguments: versions)
    func refusedThenListening(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let closed = try loopback.bound(.stream)
        let socket = try loopback.bound(.stream)
        let local = try socket.localAddress()
        expect(.WSAECONNREFUSED) { try socket.connectToTheEnd(closed.localAddress()) }
        try socket.listen(backlog: 1)
        #expect(try socket.localAddress() == local)
        let client = try loopback.socket(.stream)
        try client.connectToTheEnd(local)
        try socket.wait(for: POLLIN)
        #expect(try socket.accept().peer == client.localAddress())
    }

    @Test("R13: a local address that turns out to be taken at connect is WSAEADDRINUSE", arguments: versions)
    func localAddressInUse(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let listener = try loopback.listener()
        let first = try loopback.socket(.stream)
        try first.setOption(.reuseAddress, to: [1])
        try first.bind(to: loopback.wildcard())
        let second = try loopback.socket(.stream)
        try second.setOption(.reuseAddress, to: [1])
        try second.bind(to: loopback.wildcard(port: first.localAddress().port))
        try first.connectToTheEnd(listener.localAddress())
        expect(.WSAEADDRINUSE) { try second.connectToTheEnd(listener.localAddress()) }
    }
}
