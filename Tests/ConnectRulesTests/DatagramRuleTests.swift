import InternetBackend
import SocketBackends
import Testing
import Winsock

@Suite("Connect rules: datagrams")
struct DatagramRuleTests {
    /// A client and two peers in one place.
    struct Room {
        let runtime: Runtime
        let winsock: Winsock
        let client, first, second: SocketHandle

        init(_ place: Place) throws {
            runtime = try Runtime(place)
            winsock = runtime.winsock
            client = try runtime.bound()
            first = try runtime.bound()
            second = try runtime.bound()
        }

        func connect(to peer: SocketHandle) throws {
            #expect(try runtime.connect(client, to: winsock.localAddress(of: peer)) == .NO_ERROR)
        }

        func send(_ byte: UInt8, from peer: SocketHandle) throws {
            #expect(try winsock.send(peer, [byte], to: winsock.localAddress(of: client)) == 1)
        }

        /// What the client receives next; a probe of the peer's behind it shows that nothing else comes before.
        func receive() throws -> [UInt8] {
            try winsock.waitUntilReadable(client)
            return try winsock.receive(client, upTo: 16)
        }
    }

    @Test("R12a sendto binds; options may be set before", arguments: Place.datagrams)
    func sendToBinds(place: Place) throws {
        let runtime = try Runtime(place)
        let (socket, server) = (try runtime.socket(), try runtime.server())
        try runtime.winsock.setOption(.broadcast, of: socket, to: [1])
        #expect(try runtime.winsock.send(socket, [1], to: runtime.winsock.localAddress(of: server)) == 1)
        #expect(try runtime.winsock.localAddress(of: socket).port != 0)
        expect(.WSAENOTCONN) { _ = try runtime.winsock.send(socket, [1]) }
    }

    @Test("R21, R42c broadcast and its option, D17", arguments: [true, false])
    func broadcast(blocks: Bool) throws {
        let runtime = try Runtime(Place(version: .v4, type: .datagram, blocks: blocks))
        for text in ["255.255.255.255:9", "127.255.255.255:9"] {
            let socket = try runtime.socket()
            let address = try runtime.winsock.resolve(text, family: .inet)
            #expect(try runtime.connect(socket, to: address) == .WSAEACCES)
            expect(.WSAENOTCONN) { _ = try runtime.winsock.peerAddress(of: socket) }
            try runtime.winsock.setOption(.broadcast, of: socket, to: [1])
            let code = try runtime.connect(socket, to: address)
            // A host without a network has no route for 255.255.255.255.
            #expect(code == .NO_ERROR || text.hasPrefix("255") && code == .WSAENETUNREACH)
        }
    }

    @Test("R37, R38 connect sets the destination of send and receive", arguments: Place.all)
    func sendAndReceive(place: Place) throws {
        let runtime = try Runtime(place)
        let winsock = runtime.winsock
        let server = try runtime.server()
        let socket = try runtime.socket()
        expect(.WSAENOTCONN) { _ = try winsock.send(socket, [1]) }
        #expect(try runtime.connect(socket, to: winsock.localAddress(of: server)) == .NO_ERROR)
        #expect(try winsock.send(socket, [1, 2]) == 2)
        try winsock.waitUntilReadable(server)
        let other = place.type == .stream ? try winsock.accept(server).socket : server
        try winsock.waitUntilReadable(other)
        #expect(try winsock.receive(other, upTo: 8) == [1, 2])
        if place.type == .datagram {
            #expect(try winsock.send(other, [3], to: winsock.localAddress(of: socket)) == 1)
        } else {
            #expect(try winsock.send(other, [3]) == 1)
        }
        try winsock.waitUntilReadable(socket)
        #expect(try winsock.receive(socket, upTo: 8) == [3])
    }

    @Test("R39, R39a datagrams of others are discarded, from before and after the connect", arguments: Place.datagrams)
    func strangers(place: Place) throws {
        let room = try Room(place)
        try room.send(1, from: room.second)
        try room.send(2, from: room.first)
        try room.send(3, from: room.second)
        try room.connect(to: room.first)
        try room.send(4, from: room.second)
        try room.send(5, from: room.first)
        #expect(try room.receive() == [2])
        #expect(try room.receive() == [5])
    }

    @Test("R40, D3 another peer discards what waits, the same does not", arguments: Place.datagrams)
    func change(place: Place) throws {
        let room = try Room(place)
        try room.connect(to: room.first)
        try room.send(1, from: room.first)
        try room.winsock.waitUntilReadable(room.client)
        try room.connect(to: room.first)
        #expect(try room.receive() == [1])
        try room.send(2, from: room.first)
        try room.winsock.waitUntilReadable(room.client)
        try room.connect(to: room.second)
        try room.send(3, from: room.second)
        #expect(try room.receive() == [3])
    }

    @Test("R42, D2, D23 the zero address takes the peer away and leaves the port", arguments: Place.datagrams)
    func dissolve(place: Place) throws {
        let room = try Room(place)
        let winsock = room.winsock
        let unspecified = SocketAddress(family: .unspecified, payload: Array(repeating: 0, count: 26))
        let zeros = [try room.runtime.wildcard(), try room.runtime.wildcard(port: 80), unspecified]
        for zero in zeros {
            let socket = try room.runtime.socket()
            #expect(try room.runtime.connect(socket, to: winsock.localAddress(of: room.first)) == .NO_ERROR)
            let port = try winsock.localAddress(of: socket).port
            for _ in 0..<2 { #expect(try room.runtime.connect(socket, to: zero) == .NO_ERROR) }
            #expect(try winsock.localAddress(of: socket).port == port)
            expect(.WSAENOTCONN) { _ = try winsock.peerAddress(of: socket) }
            expect(.WSAENOTCONN) { _ = try winsock.send(socket, [1]) }
            expect(.WSAENOTCONN) { _ = try winsock.receive(socket, upTo: 1) }
            #expect(try winsock.send(socket, [7], to: winsock.localAddress(of: room.second)) == 1)
            try winsock.waitUntilReadable(room.second)
            #expect(try winsock.receive(room.second, upTo: 8) == [7])
            let there = try room.runtime.loopback(port: port)
            #expect(try winsock.send(room.second, [8], to: there) == 1)
            try winsock.waitUntilReadable(socket)
            var buffer: [UInt8] = [0, 0]
            var span = buffer.mutableSpan
            var bytes = span.mutableBytes
            let datagram = try winsock.receiveFrom(socket, into: &bytes)
            #expect(datagram.count == 1)
            #expect(try datagram.source == winsock.localAddress(of: room.second))
            #expect(try room.runtime.connect(socket, to: winsock.localAddress(of: room.first)) == .NO_ERROR)
            #expect(try winsock.localAddress(of: socket).port == port)
        }
    }

    @Test("R42a the zero address without a peer binds the socket", arguments: Place.datagrams)
    func dissolveNothing(place: Place) throws {
        let room = try Room(place)
        let socket = try room.runtime.socket()
        #expect(try room.runtime.connect(socket, to: room.runtime.wildcard()) == .NO_ERROR)
        let port = try room.winsock.localAddress(of: socket).port
        #expect(port != 0)
        #expect(try room.winsock.send(room.first, [1], to: room.runtime.loopback(port: port)) == 1)
        try room.winsock.waitUntilReadable(socket)
        #expect(try room.winsock.receive(socket, upTo: 4) == [1])
    }

    @Test("an earlier datagram met a closed port: receive says so once, send never", arguments: Place.datagrams)
    func portUnreachable(place: Place) throws {
        let room = try Room(place)
        try room.connect(to: room.first)
        try room.winsock.closeSocket(room.first)
        #expect(try room.winsock.send(room.client, [1]) == 1)
        try room.winsock.waitUntilReadable(room.client)
        // The first of these meets the kernel's news of the former.
        #expect(try room.winsock.send(room.client, [2]) == 1)
        expect(.WSAECONNRESET) { _ = try room.winsock.receive(room.client, upTo: 1) }
    }
}
