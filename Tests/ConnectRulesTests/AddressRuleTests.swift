import InternetBackend
import SocketBackends
import Testing
import Winsock

/// What is checked before there is an attempt: the same table for every place.
@Suite("Connect rules: the call and its address")
struct AddressRuleTests {
    @Test("R1 success", arguments: Place.all)
    func success(place: Place) throws {
        let runtime = try Runtime(place)
        let (socket, peer) = try runtime.connected()
        #expect(try runtime.winsock.peerAddress(of: socket) == peer)
    }

    @Test("R2 the code of a failure is the thread's last error", arguments: Place.all)
    func lastError(place: Place) throws {
        let runtime = try Runtime(place)
        let socket = try runtime.socket()
        let address = SocketAddress(family: .irda, payload: Array(repeating: 1, count: 34))
        expect(.WSAEAFNOSUPPORT) { try runtime.winsock.connect(socket, to: address) }
        #expect(runtime.winsock.lastError == .WSAEAFNOSUPPORT)
    }

    @Test("R3 not started up", arguments: Place.all)
    func notStarted(place: Place) throws {
        let runtime = try Runtime(place)
        let socket = try runtime.socket()
        let address = try runtime.loopback(port: 9)
        try runtime.winsock.cleanup()
        expect(.WSANOTINITIALISED) { try runtime.winsock.connect(socket, to: address) }
        expect(.WSANOTINITIALISED) { try runtime.winsock.connect(.invalid, to: address) }
    }

    @Test("R5 not a socket", arguments: Place.all)
    func noSocket(place: Place) throws {
        let runtime = try Runtime(place)
        let closed = try runtime.socket()
        try runtime.winsock.closeSocket(closed)
        let address = try runtime.loopback(port: 9)
        for handle in [closed, .invalid, SocketHandle(rawValue: 0), SocketHandle(rawValue: 1)] {
            expect(.WSAENOTSOCK) { try runtime.winsock.connect(handle, to: address) }
            // Even with an address that cannot be read (decision D1).
            expect(.WSAENOTSOCK) { try runtime.winsock.connect(handle, to: SocketAddress(bytes: [])) }
        }
    }

    @Test("R6, R7 an address that is missing or too short", arguments: Place.all)
    func short(place: Place) throws {
        let runtime = try Runtime(place)
        let socket = try runtime.socket()
        let whole = try runtime.loopback(port: 9).bytes
        for length in 0..<whole.count {
            expect(.WSAEFAULT) {
                try runtime.winsock.connect(socket, to: SocketAddress(bytes: Array(whole.prefix(length))))
            }
        }
    }

    @Test("R7 what follows the address is ignored", arguments: Place.all)
    func long(place: Place) throws {
        let runtime = try Runtime(place)
        let server = try runtime.winsock.localAddress(of: runtime.server())
        for extra in [1, 4, 112, 200] {
            let address = try SocketAddress(bytes: server.bytes + Array(repeating: 0xA5, count: extra))
            #expect(try runtime.connect(runtime.socket(), to: address) == .NO_ERROR)
        }
    }

    @Test("R6 an address that cannot be read, whatever its length", arguments: Place.all)
    func unreadable(place: Place) throws {
        let runtime = try Runtime(place)
        let winsock = runtime.winsock
        let socket = try runtime.socket()
        // NULL, a page that no program has, the kernel's memory, the last address of all.
        for address in [0, 0x10, 0xFFFF_8000_0000_0000, UInt.max] {
            let pointer = UnsafeRawPointer(bitPattern: address)
            for length in [28, 16, 2, 1, 0, -1, Int(Int32.max)] {
                expect(.WSAEFAULT) {
                    try winsock.connect(socket, to: SocketAddress(readingFrom: pointer, length: length))
                }
                #expect(winsock.lastError == .WSAEFAULT)
            }
        }
        // Nothing has happened to the socket, and an address that can be read is (decision D1: after the state).
        let server = try winsock.localAddress(of: runtime.server())
        server.bytes.withUnsafeBytes { memory in
            #expect(
                runtime.code {
                    try winsock.connect(
                        socket, to: SocketAddress(readingFrom: memory.baseAddress, length: memory.count))
                } == (place.type == .stream && !place.blocks ? .WSAEWOULDBLOCK : .NO_ERROR))
        }
        try winsock.waitUntilWritable(socket)
        #expect(try winsock.peerAddress(of: socket) == server)
        let state: WSAErrorCode = place.type == .stream ? .WSAEISCONN : .WSAEFAULT
        expect(state) { try winsock.connect(socket, to: SocketAddress(readingFrom: nil, length: 16)) }
    }

    @Test("R9 a family that does not go with the socket", arguments: Place.all)
    func family(place: Place) throws {
        let runtime = try Runtime(place)
        let socket = try runtime.socket()
        let other: AddressFamily = place.version == .v4 ? .inet6 : .inet
        for family in [other, .unix, .irda, .bluetooth, AddressFamily(rawValue: 10), AddressFamily(rawValue: 0xFFFF)] {
            let address = SocketAddress(family: family, payload: [0, 9, 127, 0, 0, 1] + Array(repeating: 0, count: 30))
            #expect(try runtime.connect(socket, to: address) == .WSAEAFNOSUPPORT)
        }
        let unspecified = SocketAddress(
            family: .unspecified, payload: [0, 9, 127, 0, 0, 1] + Array(repeating: 0, count: 30))
        #expect(try runtime.connect(socket, to: unspecified) == .WSAEAFNOSUPPORT)
        expect(.WSAENOTCONN) { _ = try runtime.winsock.peerAddress(of: socket) }
    }

    @Test("R9 AF_UNSPEC does not take a stream's connection away", arguments: Place.streams)
    func unspecified(place: Place) throws {
        let runtime = try Runtime(place)
        let nobody = SocketAddress(family: .unspecified, payload: Array(repeating: 0, count: 26))
        #expect(try runtime.connect(runtime.socket(), to: nobody) == .WSAEAFNOSUPPORT)
        let (socket, peer) = try runtime.connected()
        #expect(try runtime.connect(socket, to: nobody) == .WSAEISCONN)
        #expect(try runtime.winsock.peerAddress(of: socket) == peer)
    }

    @Test("R10 zero address", arguments: Place.all, [UInt16(0), 80])
    func zero(place: Place, port: UInt16) throws {
        let runtime = try Runtime(place)
        let socket = try runtime.socket()
        let isStream = place.type == .stream
        #expect(
            try runtime.connect(socket, to: runtime.wildcard(port: port)) == (isStream ? .WSAEADDRNOTAVAIL : .NO_ERROR))
        expect(.WSAENOTCONN) { _ = try runtime.winsock.peerAddress(of: socket) }
    }

    @Test("R10 zero address does not lead to the loopback address", arguments: Place.streams)
    func zeroIsNotLoopback(place: Place) throws {
        let runtime = try Runtime(place)
        let server = try runtime.server()
        let port = try runtime.winsock.localAddress(of: server).port
        #expect(try runtime.connect(runtime.socket(), to: runtime.wildcard(port: port)) == .WSAEADDRNOTAVAIL)
        try runtime.winsock.setNonBlocking(server, true)
        expect(.WSAEWOULDBLOCK) { _ = try runtime.winsock.accept(server) }
    }

    @Test("R10 mapped zero address does not lead to the loopback address", arguments: [true, false])
    func mappedZero(blocks: Bool) throws {
        let old = try Runtime(Place(version: .v4, type: .stream, blocks: blocks))
        let server = try old.server()
        let port = try old.winsock.localAddress(of: server).port
        let new = try Runtime(Place(version: .v6, type: .stream, blocks: blocks))
        let mapped = try new.winsock.resolve("[::ffff:0.0.0.0]:\(port)", family: .inet6)
        let socket = try new.socket()
        try new.winsock.setOption(.v6Only, of: socket, to: [0])
        #expect(try new.connect(socket, to: mapped) == .WSAEADDRNOTAVAIL)
        try old.winsock.setNonBlocking(server, true)
        expect(.WSAEWOULDBLOCK) { _ = try old.winsock.accept(server) }
        // With a mapped address that is somebody's it works.
        let loopback = try new.winsock.resolve("[::ffff:127.0.0.1]:\(port)", family: .inet6)
        #expect(try new.connect(socket, to: loopback) == .NO_ERROR)
    }

    @Test("R11, R42b, D4 port 0", arguments: Place.all)
    func portZero(place: Place) throws {
        let runtime = try Runtime(place)
        let isStream = place.type == .stream
        #expect(
            try runtime.connect(runtime.socket(), to: runtime.loopback(port: 0))
                == (isStream ? .WSAEADDRNOTAVAIL : .NO_ERROR))
    }

    @Test("R6 to R11 a refused address leaves the socket as it was", arguments: Place.streams)
    func unchanged(place: Place) throws {
        let runtime = try Runtime(place)
        let socket = try runtime.socket()
        _ = try runtime.connect(socket, to: runtime.wildcard())
        _ = try runtime.connect(socket, to: runtime.loopback(port: 0))
        expect(.WSAEINVAL) { _ = try runtime.winsock.localAddress(of: socket) }
        #expect(try runtime.winsock.socketError(of: socket) == .NO_ERROR)
        #expect(try runtime.connect(socket, to: runtime.winsock.localAddress(of: runtime.server())) == .NO_ERROR)
    }

    @Test("R12 connect gives the socket a local address, of its own and for good", arguments: Place.all)
    func localAddress(place: Place) throws {
        let runtime = try Runtime(place)
        let (socket, peer) = try runtime.connected()
        let (other, _) = try runtime.connected()
        let local = try runtime.winsock.localAddress(of: socket)
        #expect(try local == runtime.loopback(port: local.port))
        #expect(local.port != 0)
        #expect(try local != runtime.winsock.localAddress(of: other))
        #expect(local != peer)
        expect(.WSAEINVAL) { try runtime.winsock.bind(socket, to: runtime.loopback(port: 0)) }
    }

    @Test("R12 also when the connect fails", arguments: Place.streams)
    func localAddressOfFailure(place: Place) throws {
        let runtime = try Runtime(place)
        let closed = try runtime.closedPort()
        let socket = try runtime.socket()
        #expect(try runtime.connect(socket, to: runtime.winsock.localAddress(of: closed)) == .WSAECONNREFUSED)
        #expect(try runtime.winsock.localAddress(of: socket).port != 0)
        expect(.WSAEINVAL) { try runtime.winsock.bind(socket, to: runtime.loopback(port: 0)) }
        #expect(try runtime.connect(socket, to: runtime.winsock.localAddress(of: runtime.server())) == .NO_ERROR)
    }

    @Test("R13 the local address turns out to be taken", arguments: Place.streams)
    func addressInUse(place: Place) throws {
        let runtime = try Runtime(place)
        let winsock = runtime.winsock
        let server = try winsock.localAddress(of: runtime.server())
        let (first, second) = (try runtime.socket(), try runtime.socket())
        for socket in [first, second] { try winsock.setOption(.reuseAddress, of: socket, to: [1]) }
        try winsock.bind(first, to: runtime.wildcard())
        let port = try winsock.localAddress(of: first).port
        try winsock.bind(second, to: runtime.wildcard(port: port))
        #expect(try runtime.connect(first, to: server) == .NO_ERROR)
        #expect(try runtime.connect(second, to: server) == .WSAEADDRINUSE)
        #expect(try winsock.localAddress(of: second).port == port)
        expect(.WSAENOTCONN) { _ = try winsock.peerAddress(of: second) }
    }
}
