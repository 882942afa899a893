import InternetBackend
import SocketBackends
import TestSupport
import Testing
import Winsock

/// The ways to learn of the end of a connect without waiting in it: they tell the same, because they observe the same.
@Suite("Connect rules: events, messages, sequences")
struct EventRuleTests {
    /// How a program is told.
    enum Way: CaseIterable, Sendable {
        case eventObject, messages, sequence
    }

    /// Somebody who is told of the network events of one socket.
    struct Listener {
        private enum Source {
            case eventObject(EventHandle)
            case messages(MessageQueue)
            case sequence(NetworkEventSequence.AsyncIterator)
        }

        private let winsock: Winsock
        private let socket: SocketHandle
        private var source: Source
        /// What one look at the record has told at once.
        private var told: [NetworkEventNotice] = []

        init(_ way: Way, _ socket: SocketHandle, _ winsock: Winsock) throws {
            self.winsock = winsock
            self.socket = socket
            let events: NetworkEvents = [.connect, .write, .close]
            switch way {
            case .eventObject:
                let event = try winsock.createEvent()
                try winsock.eventSelect(socket, event, events)
                source = .eventObject(event)
            case .messages:
                let queue = try MessageQueue()
                try winsock.asyncSelect(socket, queue, message: 0x400, events)
                source = .messages(queue)
            case .sequence:
                source = .sequence(try winsock.networkEvents(of: socket, events).makeAsyncIterator())
            }
        }

        /// The next event, with a bound that only a broken test reaches.
        mutating func next() async throws -> NetworkEventNotice {
            switch source {
            case .eventObject(let event):
                if told.isEmpty {
                    let winsock = winsock
                    let thread = try BackgroundThread {
                        try winsock.waitForMultipleEvents([event], timeout: .patience)
                    }
                    try #require(try await thread.value() == 0)
                    let report = try winsock.enumNetworkEvents(socket, resetting: event)
                    // In the order in which they happen: FD_CONNECT before FD_WRITE.
                    told = [NetworkEvent.connect, .write, .close].compactMap { event in
                        report.code(of: event).map { NetworkEventNotice(event: event, code: $0) }
                    }
                }
                try #require(!told.isEmpty)
                return told.removeFirst()
            case .messages(let queue):
                let thread = try BackgroundThread { try queue.wait(timeout: .patience) }
                try #require(try await thread.value())
                let message = try #require(queue.peek())
                #expect(message.message == 0x400)
                #expect(message.socket == socket)
                return message.notice
            case .sequence(var iterator):
                defer { source = .sequence(iterator) }
                return try #require(await iterator.next(isolation: nil))
            }
        }
    }

    private static let versions = InternetVersion.allCases

    private func connect(_ socket: SocketHandle, _ runtime: Runtime, to address: SocketAddress) {
        expect(.WSAEWOULDBLOCK) { try runtime.winsock.connect(socket, to: address) }
    }

    @Test("R32 success: FD_CONNECT without an error, then FD_WRITE", arguments: Way.allCases, versions)
    func success(way: Way, version: InternetVersion) async throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false))
        let full = try FullServer(runtime)
        let socket = try runtime.socket()
        var listener = try Listener(way, socket, runtime.winsock)
        connect(socket, runtime, to: full.address)
        try full.makeRoom()
        #expect(try await listener.next() == NetworkEventNotice(event: .connect, code: .NO_ERROR))
        #expect(try await listener.next() == NetworkEventNotice(event: .write, code: .NO_ERROR))
        expect(.WSAEISCONN) { try runtime.winsock.connect(socket, to: full.address) }
    }

    @Test(
        "R32, R33, D18 failure: FD_CONNECT with its error and nothing else, once an attempt", arguments: Way.allCases,
        versions)
    func failure(way: Way, version: InternetVersion) async throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false))
        let closed = try runtime.winsock.localAddress(of: runtime.closedPort())
        let server = try runtime.winsock.localAddress(of: runtime.server())
        let socket = try runtime.socket()
        var listener = try Listener(way, socket, runtime.winsock)
        for _ in 0..<3 {
            connect(socket, runtime, to: closed)
            #expect(try await listener.next() == NetworkEventNotice(event: .connect, code: .WSAECONNREFUSED))
        }
        // Were there anything else, it would come now.
        connect(socket, runtime, to: server)
        #expect(try await listener.next() == NetworkEventNotice(event: .connect, code: .NO_ERROR))
        #expect(try await listener.next() == NetworkEventNotice(event: .write, code: .NO_ERROR))
    }

    @Test("R32 an address that is refused at once is told by the call alone", arguments: Way.allCases, versions)
    func refusedAtOnce(way: Way, version: InternetVersion) async throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false))
        let server = try runtime.winsock.localAddress(of: runtime.server())
        let socket = try runtime.socket()
        var listener = try Listener(way, socket, runtime.winsock)
        expect(.WSAEADDRNOTAVAIL) { try runtime.winsock.connect(socket, to: runtime.wildcard(port: 9)) }
        connect(socket, runtime, to: server)
        #expect(try await listener.next() == NetworkEventNotice(event: .connect, code: .NO_ERROR))
    }

    @Test("R32, R38 a datagram socket gets its peer at once, and is told so", arguments: Way.allCases, versions)
    func datagrams(way: Way, version: InternetVersion) async throws {
        let runtime = try Runtime(Place(version: version, type: .datagram, blocks: false))
        let server = try runtime.winsock.localAddress(of: runtime.server())
        let socket = try runtime.socket()
        var listener = try Listener(way, socket, runtime.winsock)
        try runtime.winsock.connect(socket, to: server)
        #expect(try await listener.next() == NetworkEventNotice(event: .connect, code: .NO_ERROR))
        #expect(try await listener.next() == NetworkEventNotice(event: .write, code: .NO_ERROR))
    }

    @Test("R45 all ways at once: select, WSAPoll, an event object and an async call see one end", arguments: versions)
    func mixed(version: InternetVersion) async throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false))
        let winsock = runtime.winsock
        let full = try FullServer(runtime)
        let socket = try runtime.socket()
        var listener = try Listener(.eventObject, socket, winsock)
        let asynchronous = Task { try await winsock.connect(socket, to: full.address, deadline: nil) }
        // Decision D9: options cannot be set while the attempt goes on.
        #expect(
            await becomesTrue { runtime.code { try winsock.setOption(.keepAlive, of: socket, to: [1]) } == .WSAEINVAL })
        let sets = try BackgroundThread {
            try winsock.select(SocketSets(read: [socket], write: [socket], except: [socket]), timeout: .patience)
        }
        let polled = try BackgroundThread {
            try winsock.poll([PollRequest(socket: socket, events: [.read, .write])], timeout: .patience)
        }
        try full.makeRoom()
        try await asynchronous.value
        #expect(try await sets.value() == SocketSets(write: [socket]))
        #expect(try await polled.value() == [.write])
        #expect(try await listener.next() == NetworkEventNotice(event: .connect, code: .NO_ERROR))
        #expect(try winsock.socketError(of: socket) == .NO_ERROR)
        expect(.WSAEISCONN) { try winsock.connect(socket, to: full.address) }
    }

    @Test("R45 and one failure", arguments: versions)
    func mixedFailure(version: InternetVersion) async throws {
        let runtime = try Runtime(Place(version: version, type: .stream, blocks: false))
        let winsock = runtime.winsock
        let closed = try winsock.localAddress(of: runtime.closedPort())
        let socket = try runtime.socket()
        var listener = try Listener(.eventObject, socket, winsock)
        let error = await #expect(throws: SocketError.self) {
            try await winsock.connect(socket, to: closed, deadline: nil)
        }
        #expect(error?.code == .WSAECONNREFUSED)
        #expect(
            try winsock.select(SocketSets(read: [socket], write: [socket], except: [socket]), timeout: .patience)
                == SocketSets(except: [socket]))
        #expect(
            try winsock.poll([PollRequest(socket: socket, events: [.read, .write])], timeout: .patience)
                == [[.write, .hangUp, .error]])
        #expect(try await listener.next() == NetworkEventNotice(event: .connect, code: .WSAECONNREFUSED))
        #expect(try winsock.socketError(of: socket) == .WSAECONNREFUSED)
    }
}
