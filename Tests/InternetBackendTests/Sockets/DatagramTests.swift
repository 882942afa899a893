import Glibc
import InternetBackend
import SocketBackends
import Testing

@Suite("UDP sockets")
struct DatagramTests {
    static let versions = InternetVersion.allCases

    @Test("R12a: sending to an address binds; the answer finds its way back", arguments: versions)
    func sendTo(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let server = try loopback.bound(.datagram)
        let client = try loopback.socket(.datagram)
        expect(.WSAEINVAL) { _ = try client.localAddress() }
        #expect(try client.send([1, 2], to: server.localAddress()) == 2)
        #expect(try client.localAddress().port >= 49152)
        try server.wait(for: POLLIN)
        let (bytes, datagram) = try server.receiveFrom()
        #expect(bytes == [1, 2])
        #expect(datagram.isTruncated == false)
        let source = try #require(datagram.source)
        #expect(source == (try loopback.address(port: client.localAddress().port)))
        _ = try server.send([3], to: source)
        try client.wait(for: POLLIN)
        #expect(try client.receive() == [3])
    }

    @Test("a datagram that is too long is cut, and says so", arguments: versions)
    func truncation(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let server = try loopback.bound(.datagram)
        let client = try loopback.socket(.datagram)
        for _ in 0..<2 { _ = try client.send([1, 2, 3], to: server.localAddress()) }
        try server.wait(for: POLLIN)
        let (bytes, datagram) = try server.receiveFrom(2)
        #expect(bytes == [1, 2])
        #expect(datagram.isTruncated)
        try server.wait(for: POLLIN)
        expect(.WSAEMSGSIZE) { _ = try server.receive(2) }
        expect(.WSAEWOULDBLOCK) { _ = try server.receive(2) }
    }

    @Test("R38, R39, R41: connect sets the peer at once, again and again, and shuts strangers out", arguments: versions)
    func peer(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let (first, second) = (try loopback.bound(.datagram), try loopback.bound(.datagram))
        let client = try loopback.socket(.datagram)
        for server in [first, first, second] {
            #expect(try client.connect(to: server.localAddress()) == .connected)
            #expect(try client.peerAddress() == server.localAddress())
            #expect(try client.send([9]) == 1)
            try server.wait(for: POLLIN)
            #expect(try server.receive() == [9])
        }
        _ = try first.send([1], to: client.localAddress())
        _ = try second.send([2], to: client.localAddress())
        try client.wait(for: POLLIN)
        #expect(try client.receive() == [2])
        expect(.WSAEWOULDBLOCK) { _ = try client.receive() }
    }

    @Test("R42: the zero address takes the peer away and leaves the port", arguments: versions)
    func dissolve(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let server = try loopback.bound(.datagram)
        for zero in [try loopback.wildcard(), try loopback.wildcard(port: 80), Self.unspecified] {
            let client = try loopback.socket(.datagram)
            _ = try client.connect(to: server.localAddress())
            let port = try client.localAddress().port
            #expect(try client.connect(to: zero) == .dissolved)
            #expect(try client.localAddress().port == port)
            expect(.WSAENOTCONN) { _ = try client.peerAddress() }
            expect(.WSAENOTCONN) { _ = try client.send([1]) }
            #expect(try client.send([1], to: server.localAddress()) == 1)
            _ = try client.connect(to: server.localAddress())
            #expect(try client.localAddress().port == port)
        }
    }

    @Test("R42a: the zero address binds a socket that never had a peer", arguments: versions)
    func dissolveNothing(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let socket = try loopback.socket(.datagram)
        #expect(try socket.connect(to: loopback.wildcard()) == .dissolved)
        #expect(try socket.localAddress().port != 0)
    }

    /// An all-zero sockaddr, as programs pass it to sockets of either version.
    private static let unspecified = SocketAddress(family: .unspecified, payload: Array(repeating: 0, count: 14))

    @Test("R9: other families, and AF_UNSPEC with anything in it, are WSAEAFNOSUPPORT", arguments: versions)
    func family(version: InternetVersion) throws {
        let socket = try Loopback(version: version).socket(.datagram)
        let unspecified = SocketAddress(family: .unspecified, payload: Array(repeating: 1, count: 26))
        let other = SocketAddress(family: version == .v4 ? .inet6 : .inet, payload: Array(repeating: 1, count: 26))
        for address in [unspecified, other] {
            expect(.WSAEAFNOSUPPORT) { _ = try socket.connect(to: address) }
            expect(.WSAEAFNOSUPPORT) { _ = try socket.send([1], to: address) }
        }
    }

    @Test("D4: connect to port 0 succeeds", arguments: versions)
    func portZero(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        #expect(try loopback.socket(.datagram).connect(to: loopback.address(port: 0)) == .connected)
    }

    @Test("R21, R42c: a broadcast address takes SO_BROADCAST")
    func broadcast() throws {
        let loopback = Loopback(version: .v4)
        let socket = try loopback.socket(.datagram)
        let address = try loopback.backend.resolve("127.255.255.255:9")
        expect(.WSAEACCES) { _ = try socket.connect(to: address) }
        try socket.setOption(.broadcast, to: [1, 0, 0, 0])
        #expect(try socket.connect(to: address) == .connected)
    }

    @Test("receiving without an address is WSAEINVAL, sending without a peer WSAENOTCONN", arguments: versions)
    func unbound(version: InternetVersion) throws {
        let socket = try Loopback(version: version).socket(.datagram)
        expect(.WSAEINVAL) { _ = try socket.receive() }
        expect(.WSAENOTCONN) { _ = try socket.send([1]) }
        expect(.WSAEDESTADDRREQ) { _ = try socket.send([1], to: Loopback(version: version).wildcard(port: 9)) }
    }

    @Test("a port where nobody listens is told as WSAECONNRESET", arguments: versions)
    func portUnreachable(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let closed = try loopback.bound(.datagram)
        let address = try closed.localAddress()
        let client = try loopback.socket(.datagram)
        _ = try client.connect(to: address)
        closed.close()
        _ = try client.send([1])
        try client.wait(for: POLLIN)
        expect(.WSAECONNRESET) { _ = try client.receive() }
        expect(.WSAEWOULDBLOCK) { _ = try client.receive() }
    }

    @Test("shutdown needs no peer, and ends sending", arguments: versions)
    func shutdown(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let server = try loopback.bound(.datagram)
        let socket = try loopback.socket(.datagram)
        try socket.shutdown(.send)
        expect(.WSAESHUTDOWN) { _ = try socket.send([1], to: server.localAddress()) }
    }
}
