import InternetBackend
import SocketBackends
import Testing
import Winsock

@Suite("Connect rules: the socket's state, blocking and not")
struct StateRuleTests {
    @Test("R14 a listening socket", arguments: Place.streams)
    func listening(place: Place) throws {
        let runtime = try Runtime(place)
        let (server, other) = (try runtime.server(), try runtime.server())
        #expect(try runtime.connect(server, to: runtime.winsock.localAddress(of: other)) == .WSAEINVAL)
        // It still listens.
        #expect(try runtime.connect(runtime.socket(), to: runtime.winsock.localAddress(of: server)) == .NO_ERROR)
        try runtime.winsock.waitUntilReadable(server)
        _ = try runtime.winsock.accept(server)
    }

    @Test("R15, R28 a connected stream; R41 a datagram socket with a peer", arguments: Place.all)
    func connected(place: Place) throws {
        let runtime = try Runtime(place)
        let (socket, peer) = try runtime.connected()
        let another = try runtime.winsock.localAddress(of: runtime.server())
        let isStream = place.type == .stream
        for address in [peer, another] {
            #expect(try runtime.connect(socket, to: address) == (isStream ? .WSAEISCONN : .NO_ERROR))
        }
        #expect(try runtime.winsock.peerAddress(of: socket) == (isStream ? peer : another))
    }

    @Test("R15 an accepted socket", arguments: Place.streams)
    func accepted(place: Place) throws {
        let runtime = try Runtime(place)
        let server = try runtime.server()
        let address = try runtime.winsock.localAddress(of: server)
        #expect(try runtime.connect(runtime.socket(), to: address) == .NO_ERROR)
        try runtime.winsock.waitUntilReadable(server)
        let accepted = try runtime.winsock.accept(server).socket
        #expect(try runtime.connect(accepted, to: address) == .WSAEISCONN)
    }

    @Test("R19 refused", arguments: Place.streams)
    func refused(place: Place) throws {
        let runtime = try Runtime(place)
        let closed = try runtime.closedPort()
        let socket = try runtime.socket()
        #expect(try runtime.connect(socket, to: runtime.winsock.localAddress(of: closed)) == .WSAECONNREFUSED)
        expect(.WSAENOTCONN) { _ = try runtime.winsock.peerAddress(of: socket) }
        expect(.WSAENOTCONN) { _ = try runtime.winsock.send(socket, [1]) }
        expect(.WSAENOTCONN) { _ = try runtime.winsock.receive(socket, upTo: 1) }
    }

    @Test(
        "R24 to R29 non-blocking: WSAEWOULDBLOCK, WSAEALREADY, writable, WSAEISCONN",
        arguments: InternetVersion.allCases)
    func nonBlocking(version: InternetVersion) throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false))
        let winsock = runtime.winsock
        let full = try FullServer(runtime)
        let socket = try runtime.socket()
        expect(.WSAEWOULDBLOCK) { try winsock.connect(socket, to: full.address) }
        expect(.WSAEALREADY) { try winsock.connect(socket, to: full.address) }
        try winsock.setNonBlocking(socket, false)  // rule R25b
        expect(.WSAEALREADY) { try winsock.connect(socket, to: full.address) }
        expect(.WSAEALREADY) { try winsock.connect(socket, to: runtime.wildcard()) }  // decision D1
        #expect(try winsock.peerAddress(of: socket) == full.address)  // decision D7
        #expect(try winsock.localAddress(of: socket).port != 0)
        expect(.WSAENOTCONN) { _ = try winsock.send(socket, [1]) }
        expect(.WSAENOTCONN) { _ = try winsock.receive(socket, upTo: 1) }
        expect(.WSAENOTCONN) { try winsock.shutdown(socket, .both) }
        #expect(try winsock.socketError(of: socket) == .NO_ERROR)
        expect(.WSAEINVAL) { try winsock.setOption(.keepAlive, of: socket, to: [1]) }  // rule R35, decision D9
        try full.makeRoom()
        try winsock.waitUntilWritable(socket)
        for _ in 0..<2 { expect(.WSAEISCONN) { try winsock.connect(socket, to: full.address) } }
        #expect(try winsock.socketError(of: socket) == .NO_ERROR)
        try winsock.setOption(.keepAlive, of: socket, to: [1])
        #expect(try winsock.send(socket, [1]) == 1)
    }

    @Test("R26 version 1.1: WSAEINVAL while connecting", arguments: InternetVersion.allCases)
    func versionOne(version: InternetVersion) throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false), version: .version1_1)
        let full = try FullServer(runtime)
        let socket = try runtime.socket()
        expect(.WSAEWOULDBLOCK) { try runtime.winsock.connect(socket, to: full.address) }
        expect(.WSAEINVAL) { try runtime.winsock.connect(socket, to: full.address) }
    }

    @Test("R31, D22 SO_ERROR of a refused connect", arguments: Place.streams)
    func socketError(place: Place) throws {
        let runtime = try Runtime(place)
        let closed = try runtime.winsock.localAddress(of: runtime.closedPort())
        let socket = try runtime.socket()
        #expect(try runtime.connect(socket, to: closed) == .WSAECONNREFUSED)
        for _ in 0..<3 {
            #expect(try runtime.winsock.socketError(of: socket) == (place.blocks ? .NO_ERROR : .WSAECONNREFUSED))
        }
        #expect(try runtime.connect(socket, to: runtime.winsock.localAddress(of: runtime.server())) == .NO_ERROR)
        #expect(try runtime.winsock.socketError(of: socket) == .NO_ERROR)
    }

    @Test("R33 after a refusal the next attempts start as if they were the first", arguments: Place.streams)
    func retry(place: Place) throws {
        let runtime = try Runtime(place)
        let server = try runtime.bound()
        let address = try runtime.winsock.localAddress(of: server)
        let socket = try runtime.socket()
        for _ in 0..<4 { #expect(try runtime.connect(socket, to: address) == .WSAECONNREFUSED) }
        try runtime.winsock.listen(server, backlog: 1)
        #expect(try runtime.connect(socket, to: address) == .NO_ERROR)
        #expect(try runtime.winsock.send(socket, [1]) == 1)
    }

    @Test("R33 also in the other style than before", arguments: Place.streams)
    func retryInOtherStyle(place: Place) throws {
        let runtime = try Runtime(place)
        let closed = try runtime.winsock.localAddress(of: runtime.closedPort())
        let socket = try runtime.socket()
        #expect(try runtime.connect(socket, to: closed) == .WSAECONNREFUSED)
        try runtime.winsock.setNonBlocking(socket, place.blocks)
        #expect(try runtime.connect(socket, to: closed, blocks: !place.blocks) == .WSAECONNREFUSED)
        let server = try runtime.winsock.localAddress(of: runtime.server())
        #expect(try runtime.connect(socket, to: server, blocks: !place.blocks) == .NO_ERROR)
    }

    @Test("R33 a socket that was bound and refused can listen, at its port", arguments: Place.streams)
    func listenAfterRefusal(place: Place) throws {
        let runtime = try Runtime(place)
        let closed = try runtime.winsock.localAddress(of: runtime.closedPort())
        let socket = try runtime.bound()
        #expect(try runtime.connect(socket, to: closed) == .WSAECONNREFUSED)
        let port = try runtime.winsock.localAddress(of: socket).port
        try runtime.winsock.listen(socket, backlog: 1)
        #expect(try runtime.winsock.localAddress(of: socket).port == port)
        #expect(try runtime.connect(runtime.socket(), to: runtime.loopback(port: port)) == .NO_ERROR)
    }

    @Test("R36 a connection that broke cannot be opened again", arguments: Place.streams, [true, false])
    func broken(place: Place, byReset: Bool) throws {
        let runtime = try Runtime(place)
        let winsock = runtime.winsock
        let server = try runtime.server()
        let address = try winsock.localAddress(of: server)
        let socket = try runtime.socket()
        #expect(try runtime.connect(socket, to: address) == .NO_ERROR)
        try winsock.waitUntilReadable(server)
        let accepted = try winsock.accept(server).socket
        if byReset { try winsock.setOption(.linger, of: accepted, to: [1, 0, 0, 0]) }
        try winsock.closeSocket(accepted)
        try winsock.waitUntilReadable(socket)
        for _ in 0..<3 {
            #expect(runtime.code { _ = try winsock.receive(socket, upTo: 1) } == (byReset ? .WSAECONNRESET : .NO_ERROR))
            #expect(try runtime.connect(socket, to: address) == .WSAEISCONN)
        }
        #expect(try winsock.peerAddress(of: socket) == address)  // decision D16
    }

    @Test("D6 a full backlog: the attempt goes on, and ends when there is room", arguments: InternetVersion.allCases)
    func fullBacklog(version: InternetVersion) throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false))
        let full = try FullServer(runtime)
        let socket = try runtime.socket()
        expect(.WSAEWOULDBLOCK) { try runtime.winsock.connect(socket, to: full.address) }
        expect(.WSAEALREADY) { try runtime.winsock.connect(socket, to: full.address) }
        try full.makeRoom()
        try runtime.winsock.waitUntilWritable(socket)
        #expect(try runtime.winsock.socketError(of: socket) == .NO_ERROR)
        #expect(try runtime.winsock.send(socket, [1]) == 1)
    }

    @Test("D1 the state counts before the address, the length before the family", arguments: Place.streams)
    func order(place: Place) throws {
        let runtime = try Runtime(place)
        let strange = SocketAddress(family: .irda, payload: Array(repeating: 0, count: 30))
        let (connected, _) = try runtime.connected()
        let listening = try runtime.server()
        for address in [strange, try runtime.wildcard(), try runtime.loopback(port: 0)] {
            #expect(try runtime.connect(connected, to: address) == .WSAEISCONN)
            #expect(try runtime.connect(listening, to: address) == .WSAEINVAL)
        }
        expect(.WSAEISCONN) { try runtime.winsock.connect(connected, to: SocketAddress(bytes: [])) }
        expect(.WSAEINVAL) { try runtime.winsock.connect(listening, to: SocketAddress(bytes: [])) }
        let short = SocketAddress(family: .irda, payload: [0, 0, 0, 0])
        expect(.WSAEFAULT) { try runtime.winsock.connect(runtime.socket(), to: short) }
    }
}

/// A listener whose only place is taken: further attempts stay pending until somebody accepts.
struct FullServer {
    let address: SocketAddress
    private let winsock: Winsock
    private let listener: SocketHandle
    private let guest: SocketHandle

    init(_ runtime: Runtime) throws {
        winsock = runtime.winsock
        listener = try runtime.server(backlog: 0)
        address = try winsock.localAddress(of: listener)
        guest = try runtime.socket()
        #expect(try runtime.connect(guest, to: address) == .NO_ERROR)
        try winsock.waitUntilReadable(listener)
    }

    func makeRoom() throws {
        _ = try winsock.accept(listener)
    }
}
