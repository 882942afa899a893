import SocketBackends
import Testing

@testable import Winsock

/// The states of a socket, each reached by events.
enum Station: CaseIterable, Sendable {
    case unconnected, starting, connecting, connected, failed, openingListener, listening, abandoned
    case datagram, datagramWithPeer, datagramDissolved

    static let target = FakeFamily.address(7)
    static let refusal = SocketError(.WSAECONNREFUSED, operation: "connect", reason: "test")

    func lifecycle() throws -> ConnectLifecycle {
        var life = ConnectLifecycle(
            isConnectionOriented: ![.datagram, .datagramWithPeer, .datagramDissolved].contains(self))
        switch self {
        case .unconnected, .datagram:
            break
        case .openingListener:
            try life.beginListening(for: "test")
        case .listening:
            try life.beginListening(for: "test")
            life.endListening(succeeded: true)
        case .starting:
            _ = try life.begin(.nonBlocking, version: .version2_2, for: "test")
        case .connected, .datagramWithPeer:
            try life.start(.connected)
        case .datagramDissolved:
            try life.start(.connected)
            try life.start(.dissolved)
        case .connecting:
            try life.start(.pending)
        case .failed:
            life.failed(try life.start(.pending), Self.refusal)
        case .abandoned:
            let isAbandoned = life.abandon(try life.start(.pending))
            #expect(isAbandoned)
        }
        return life
    }
}

extension ConnectLifecycle {
    @discardableResult
    mutating func start(
        _ progress: ConnectProgress, style: ConnectAttempt.Style = .nonBlocking
    ) throws -> ConnectAttempt {
        let attempt = try begin(style, version: .version2_2, for: "test")
        started(attempt, to: Station.target, progress)
        return attempt
    }
}

@Suite("The connect life cycle")
struct ConnectLifecycleTests {
    /// What each call answers in each state; nil where it is allowed. In the order of `Station`.
    static let matrix: [(String, @Sendable (ConnectLifecycle) throws(SocketError) -> Void, [WSAErrorCode?])] = [
        (
            "connect (R14, R15, R25)",
            { life throws(SocketError) in try life.checkConnect(.nonBlocking, version: .version2_2, for: "test") },
            [
                nil, .WSAEALREADY, .WSAEALREADY, .WSAEISCONN, nil, .WSAEINVAL, .WSAEINVAL, .WSAECONNABORTED, nil, nil,
                nil,
            ]
        ),
        (
            "connect of version 1.1 (R26, D10)",
            { life throws(SocketError) in try life.checkConnect(.nonBlocking, version: .version1_1, for: "test") },
            [nil, .WSAEINVAL, .WSAEINVAL, .WSAEISCONN, nil, .WSAEINVAL, .WSAEINVAL, .WSAECONNABORTED, nil, nil, nil]
        ),
        (
            "bind", { life throws(SocketError) in try life.checkBind(for: "test") },
            [
                nil, .WSAEINVAL, .WSAEINVAL, .WSAEINVAL, nil, .WSAEINVAL, .WSAEINVAL, .WSAECONNABORTED, nil, nil, nil,
            ]
        ),
        (
            "listen", { life throws(SocketError) in try life.checkListen(for: "test") },
            [
                nil, .WSAEINVAL, .WSAEINVAL, .WSAEISCONN, nil, .WSAEINVAL, nil, .WSAECONNABORTED, .WSAEOPNOTSUPP,
                .WSAEOPNOTSUPP, .WSAEOPNOTSUPP,
            ]
        ),
        (
            "accept", { life throws(SocketError) in try life.checkAccept(for: "test") },
            [
                .WSAEINVAL, .WSAEINVAL, .WSAEINVAL, .WSAEINVAL, .WSAEINVAL, .WSAEINVAL, nil, .WSAECONNABORTED,
                .WSAEOPNOTSUPP, .WSAEOPNOTSUPP, .WSAEOPNOTSUPP,
            ]
        ),
        (
            "send (D7, R42)", { life throws(SocketError) in try life.checkSend(hasDestination: false, for: "test") },
            [
                .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN, nil, .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN,
                .WSAECONNABORTED, .WSAENOTCONN, nil, .WSAENOTCONN,
            ]
        ),
        (
            "sendto", { life throws(SocketError) in try life.checkSend(hasDestination: true, for: "test") },
            [
                .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN, nil, .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN,
                .WSAECONNABORTED, nil, nil, nil,
            ]
        ),
        (
            "recv (D7, R42)", { life throws(SocketError) in try life.checkReceive(asksForSource: false, for: "test") },
            [
                .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN, nil, .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN,
                .WSAECONNABORTED, nil, nil, .WSAENOTCONN,
            ]
        ),
        (
            "recvfrom", { life throws(SocketError) in try life.checkReceive(asksForSource: true, for: "test") },
            [
                .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN, nil, .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN,
                .WSAECONNABORTED, nil, nil, nil,
            ]
        ),
        (
            "shutdown (D7)", { life throws(SocketError) in try life.checkShutdown(for: "test") },
            [
                .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN, nil, .WSAENOTCONN, .WSAENOTCONN, .WSAENOTCONN,
                .WSAECONNABORTED, nil, nil, nil,
            ]
        ),
        (
            "setsockopt (R35, D9)", { life throws(SocketError) in try life.checkSetOption(for: "test") },
            [nil, .WSAEINVAL, .WSAEINVAL, nil, nil, nil, nil, .WSAECONNABORTED, nil, nil, nil]
        ),
        (
            "anything else", { life throws(SocketError) in try life.checkUsable(for: "test") },
            [nil, nil, nil, nil, nil, nil, nil, .WSAECONNABORTED, nil, nil, nil]
        ),
    ]

    @Test("what each call answers in each state", arguments: matrix.indices)
    func calls(row: Int) throws {
        let (name, check, codes) = Self.matrix[row]
        #expect(codes.count == Station.allCases.count)
        for (station, code) in zip(Station.allCases, codes) {
            let life = try station.lifecycle()
            var answer: WSAErrorCode?
            do throws(SocketError) { try check(life) } catch { answer = error.code }
            #expect(answer == code, "\(name) when \(station)")
        }
    }

    @Test("the peer is known from the start of the attempt on (D7)")
    func peer() throws {
        let known = try Station.allCases.filter { try $0.lifecycle().peer == Station.target }
        #expect(known == [.connecting, .connected, .datagramWithPeer])
        #expect(ConnectLifecycle(acceptedFrom: Station.target).peer == Station.target)
    }

    @Test("only a pending attempt is watched for")
    func pending() throws {
        let pending = try Station.allCases.filter { try $0.lifecycle().pendingAttempt != nil }
        #expect(pending == [.connecting])
    }

    @Test("what the backend says of the peer counts for more than what was asked for")
    func peerFromBackend() throws {
        var life = try Station.connecting.lifecycle()
        let attempt = try #require(life.pendingAttempt)
        life.succeeded(attempt, peer: FakeFamily.address(8))
        #expect(life.peer == FakeFamily.address(8))
        #expect(life.outcome(of: attempt) == .connected)
    }

    @Test("an attempt that does not start leaves everything as it was", arguments: [Station.unconnected, .failed])
    func notStarted(station: Station) throws {
        var life = try station.lifecycle()
        let before = (life.state, life.socketError)
        let attempt = try life.begin(.nonBlocking, version: .version2_2, for: "test")
        #expect(life.outcome(of: attempt) == .goesOn)
        life.notStarted(attempt)
        #expect(life.state == before.0)
        #expect(life.socketError == before.1)
    }

    @Test("R33: after a failure a new attempt starts, and late news of the old one are not heard")
    func lateNews() throws {
        var life = ConnectLifecycle(isConnectionOriented: true)
        let first = try life.start(.pending)
        life.failed(first, Station.refusal)
        #expect(life.outcome(of: first) == .failed(Station.refusal))
        let second = try life.start(.pending)
        life.succeeded(first, peer: nil)
        life.failed(first, Station.refusal)
        life.notStarted(first)
        life.started(first, to: FakeFamily.address(9), .connected)
        let isFirstAbandoned = life.abandon(first)
        #expect(isFirstAbandoned == false)
        #expect(life.outcome(of: second) == .goesOn)
        #expect(life.outcome(of: first) == .failed(Station.refusal))
        life.succeeded(second, peer: nil)
        #expect(life.outcome(of: second) == .connected)
    }

    @Test("news are heard in the state that they belong to only", arguments: Station.allCases)
    func strayNews(station: Station) throws {
        let before = try station.lifecycle()
        var life = before
        let stranger = ConnectAttempt(number: 4711, style: .blocking)
        life.notStarted(stranger)
        life.succeeded(stranger, peer: nil)
        life.failed(stranger, Station.refusal)
        let isAbandoned = life.abandon(stranger)
        #expect(isAbandoned == false)
        if station != .openingListener { life.endListening(succeeded: true) }
        #expect(life.state == before.state)
        #expect(life.socketError == before.socketError)
    }

    @Test("D22: SO_ERROR keeps the code of a non-blocking failure until a connect succeeds")
    func socketErrorStays() throws {
        var life = try Station.failed.lifecycle()
        #expect(life.socketError == .WSAECONNREFUSED)
        let attempt = try life.start(.pending)
        #expect(life.socketError == .WSAECONNREFUSED)
        life.succeeded(attempt, peer: nil)
        #expect(life.socketError == .NO_ERROR)
    }

    @Test("D22: SO_ERROR is 0 after a blocking failure")
    func socketErrorOfBlockingConnect() throws {
        var life = ConnectLifecycle(isConnectionOriented: true)
        life.failed(try life.start(.pending, style: .blocking), Station.refusal)
        #expect(life.state == .failed)
        #expect(life.socketError == .NO_ERROR)
    }

    @Test("after a failure the socket can listen, and SO_ERROR keeps its code")
    func listenAfterFailure() throws {
        var life = try Station.failed.lifecycle()
        try life.beginListening(for: "test")
        life.endListening(succeeded: false)
        #expect(life.state == .failed)
        try life.beginListening(for: "test")
        life.endListening(succeeded: true)
        #expect(life.state == .listening)
        #expect(life.socketError == .WSAECONNREFUSED)
        try life.beginListening(for: "test")
        #expect(life.state == .listening)
    }

    @Test("a listener that could not be opened is unconnected again")
    func listenRefused() throws {
        var life = try Station.openingListener.lifecycle()
        life.endListening(succeeded: false)
        #expect(life.state == .unconnected)
    }

    @Test(
        "R42, D2: taking away a peer that there was forbids recv, taking away none does not",
        arguments: [
            (Station.datagram, ConnectLifecycle.Association.none), (.datagramWithPeer, .dissolved),
            (.datagramDissolved, .dissolved),
        ])
    func dissolve(station: Station, association: ConnectLifecycle.Association) throws {
        var life = try station.lifecycle()
        try life.start(.dissolved)
        #expect(life.state == .datagram(association))
        try life.start(.connected)
        #expect(life.state == .datagram(.peer(Station.target)))
    }

    @Test(
        "what was shut down is WSAESHUTDOWN from then on",
        arguments: [(ShutdownDirection.send, true, false), (.receive, false, true), (.both, true, true)])
    func shutDown(direction: ShutdownDirection, endsSending: Bool, endsReceiving: Bool) throws {
        var life = try Station.connected.lifecycle()
        life.shutDown(direction)
        var codes: [WSAErrorCode?] = [nil, nil]
        do throws(SocketError) { try life.checkSend(hasDestination: false, for: "test") } catch {
            codes[0] = error.code
        }
        do throws(SocketError) {
            try life.checkReceive(asksForSource: false, for: "test")
        } catch {
            codes[1] = error.code
        }
        #expect(codes == [endsSending ? .WSAESHUTDOWN : nil, endsReceiving ? .WSAESHUTDOWN : nil])
        expect(.WSAEISCONN) { try life.checkConnect(.nonBlocking, version: .version2_2, for: "test") }
    }

    @Test("an attempt that is called off has failed, and its end is not heard any more")
    func abandoned() throws {
        var life = ConnectLifecycle(isConnectionOriented: true)
        let attempt = try life.start(.pending)
        let isAbandoned = life.abandon(attempt)
        #expect(isAbandoned)
        life.succeeded(attempt, peer: nil)
        guard case .failed(let error) = life.outcome(of: attempt) else {
            Issue.record("the attempt goes on")
            return
        }
        #expect(error.code == .WSAECONNABORTED)
    }
}
