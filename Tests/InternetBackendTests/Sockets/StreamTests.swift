import Glibc
import InternetBackend
import SocketBackends
import Testing

@Suite("TCP sockets in their states")
struct StreamTests {
    static let versions = InternetVersion.allCases

    @Test("an unbound socket has no name, no peer, and cannot listen", arguments: versions)
    func unbound(version: InternetVersion) throws {
        let socket = try Loopback(version: version).socket(.stream)
        expect(.WSAEINVAL) { _ = try socket.localAddress() }
        expect(.WSAENOTCONN) { _ = try socket.peerAddress() }
        expect(.WSAEINVAL) { try socket.listen(backlog: 1) }
        expect(.WSAEINVAL) { _ = try socket.localAddress() }
    }

    @Test("bind: a port of the system's choice, WSAEINVAL the second time", arguments: versions)
    func bind(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let socket = try loopback.bound(.stream)
        let local = try socket.localAddress()
        #expect(local.port >= 49152)
        #expect(local == (try loopback.address(port: local.port)))
        expect(.WSAEINVAL) { try socket.bind(to: loopback.address(port: 0)) }
        #expect(try socket.localAddress() == local)
    }

    @Test("bind: a port that is taken, an address that is not ours, a family that does not fit", arguments: versions)
    func bindErrors(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let taken = try loopback.listener().localAddress
        let socket = try loopback.socket(.stream)
        expect(.WSAEADDRINUSE) { try socket.bind(to: taken()) }
        let foreign = try loopback.backend.resolve(version == .v4 ? "192.0.2.1:0" : "[2001:db8::1]:0")
        expect(.WSAEADDRNOTAVAIL) { try socket.bind(to: foreign) }
        let other = SocketAddress(family: .irda, payload: Array(repeating: 0, count: 26))
        expect(.WSAEAFNOSUPPORT) { try socket.bind(to: other) }
        try socket.bind(to: loopback.address(port: 0))
    }

    @Test("accept: nothing waits, or it is no listener", arguments: versions)
    func accept(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        expect(.WSAEWOULDBLOCK) { _ = try loopback.listener().accept() }
        expect(.WSAEINVAL) { _ = try loopback.bound(.stream).accept() }
        expect(.WSAEOPNOTSUPP) { _ = try loopback.bound(.datagram).accept() }
        expect(.WSAEOPNOTSUPP) { try loopback.bound(.datagram).listen(backlog: 1) }
    }

    @Test("nothing to receive is WSAEWOULDBLOCK, the end of the stream is 0 bytes", arguments: versions)
    func end(version: InternetVersion) throws {
        let (client, server) = try Loopback(version: version).connection()
        expect(.WSAEWOULDBLOCK) { _ = try server.receive() }
        _ = try client.send([5, 6])
        try client.shutdown(.send)
        try server.wait(for: POLLIN)
        #expect(try server.receive(flags: .peek) == [5, 6])
        #expect(try server.receive(1) == [5])
        #expect(try server.receive() == [6])
        try server.wait(for: POLLIN)
        #expect(try server.receive().isEmpty)
        #expect(try server.receive().isEmpty)
        #expect(try server.send([7]) == 1)
    }

    @Test("a reset is told again and again, by receive and by send", arguments: versions)
    func reset(version: InternetVersion) throws {
        let (client, server) = try Loopback(version: version).connection()
        try client.setOption(.linger, to: [1, 0, 0, 0])
        client.close()
        try server.wait(for: POLLIN)
        for _ in 0..<3 { expect(.WSAECONNRESET) { _ = try server.receive() } }
        for _ in 0..<3 { expect(.WSAECONNRESET) { _ = try server.send([1]) } }
    }

    @Test("a reset that send met first is told by receive too", arguments: versions)
    func resetMetBySend(version: InternetVersion) throws {
        let (client, server) = try Loopback(version: version).connection()
        try client.setOption(.linger, to: [1, 0, 0, 0])
        client.close()
        try server.wait(for: POLLIN)
        expect(.WSAECONNRESET) { _ = try server.send([1]) }
        expect(.WSAECONNRESET) { _ = try server.receive() }
    }

    @Test("a connection that was reset before anybody looked counts as connected, then as reset", arguments: versions)
    func resetBeforeFinish(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let listener = try loopback.listener()
        let client = try loopback.socket(.stream)
        #expect(try client.connect(to: listener.localAddress()) == .pending)
        try listener.wait(for: POLLIN)
        let server = try listener.accept().socket
        try server.setOption(.linger, to: [1, 0, 0, 0])
        server.close()
        try client.wait(for: POLLIN)
        try client.finishConnect()
        expect(.WSAECONNRESET) { _ = try client.receive() }
    }

    @Test("shutdown without a connection is WSAENOTCONN", arguments: versions)
    func shutdown(version: InternetVersion) throws {
        let socket = try Loopback(version: version).socket(.stream)
        expect(.WSAENOTCONN) { try socket.shutdown(.both) }
    }

    @Test("a closed socket is none", arguments: versions)
    func closed(version: InternetVersion) throws {
        let socket = try Loopback(version: version).bound(.stream)
        socket.close()
        socket.close()
        expect(.WSAENOTSOCK) { _ = try socket.localAddress() }
        expect(.WSAENOTSOCK) { try socket.listen(backlog: 1) }
        expect(.WSAENOTSOCK) { _ = try socket.send([1]) }
    }
}
