import InternetBackend
import SocketBackends
import TestSupport
import Testing
import Winsock

@Suite("Connect rules: what select shows")
struct SelectRuleTests {
    /// Asks for everything, with patience that only a broken test needs.
    private func select(
        _ socket: SocketHandle, _ runtime: Runtime, timeout: Duration = .patience
    ) throws -> SocketSets {
        try runtime.winsock.select(SocketSets(read: [socket], write: [socket], except: [socket]), timeout: timeout)
    }

    private let nothing = SocketSets()

    @Test("R29 success: writable, and nothing else", arguments: Place.all)
    func success(place: Place) throws {
        let runtime = try Runtime(place)
        let (socket, _) = try runtime.connected()
        #expect(try select(socket, runtime) == SocketSets(write: [socket]))
    }

    @Test("R29 while the attempt goes on: nothing; at its end: writable", arguments: InternetVersion.allCases)
    func pending(version: InternetVersion) throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false))
        let full = try FullServer(runtime)
        let socket = try runtime.socket()
        #expect(try select(socket, runtime, timeout: .zero) == nothing)
        expect(.WSAEWOULDBLOCK) { try runtime.winsock.connect(socket, to: full.address) }
        #expect(try select(socket, runtime, timeout: .zero) == nothing)
        try full.makeRoom()
        #expect(try select(socket, runtime) == SocketSets(write: [socket]))
    }

    @Test("R30 failure: exceptional, and nothing else, until a connect succeeds", arguments: Place.streams)
    func failure(place: Place) throws {
        let runtime = try Runtime(place)
        let closed = try runtime.winsock.localAddress(of: runtime.closedPort())
        let socket = try runtime.socket()
        do { try runtime.winsock.connect(socket, to: closed) } catch {}
        for _ in 0..<3 { #expect(try select(socket, runtime) == SocketSets(except: [socket])) }
        #expect(try runtime.winsock.socketError(of: socket) == (place.blocks ? .NO_ERROR : .WSAECONNREFUSED))
        #expect(try select(socket, runtime) == SocketSets(except: [socket]))
        #expect(try runtime.connect(socket, to: runtime.winsock.localAddress(of: runtime.server())) == .NO_ERROR)
        #expect(try select(socket, runtime) == SocketSets(write: [socket]))
    }

    @Test("R39a strangers' datagrams from before the connect show nothing to read", arguments: Place.datagrams)
    func strangers(place: Place) throws {
        let runtime = try Runtime(place)
        let (client, peer, stranger) = (try runtime.bound(), try runtime.bound(), try runtime.bound())
        _ = try runtime.winsock.send(stranger, [1], to: runtime.winsock.localAddress(of: client))
        #expect(try select(client, runtime).write == [client])
        try runtime.winsock.waitUntilReadable(client)
        #expect(try runtime.connect(client, to: runtime.winsock.localAddress(of: peer)) == .NO_ERROR)
        #expect(try select(client, runtime) == SocketSets(write: [client]))
    }
}
