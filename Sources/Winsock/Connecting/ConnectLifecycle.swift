import SocketBackends

/// One attempt to connect: numbered, so that late news of an old attempt is never taken for news of the present one.
struct ConnectAttempt: Hashable, Sendable {
    /// Whether the caller of connect waits for the end of the attempt itself.
    enum Style: Hashable, Sendable {
        case blocking
        case nonBlocking
        /// By ConnectEx.
        case overlapped
    }

    let number: Int
    let style: Style
}

/// How an attempt stands.
enum ConnectOutcome: Hashable, Sendable {
    case goesOn
    case connected
    case failed(SocketError)
}

/// The life of a socket as far as `connect` has to do with it, alike for all families (rule R53 for AF_IRDA).
///
/// Every way of connecting and of waiting — blocking, non-blocking, asynchronous — tells this machine what happened, and asks it
/// what may happen (rule R45). It does nothing itself: whoever drives it calls the backend.
///
///     unconnected ─ begin ─▶ starting ─ started ─▶ connecting ─ ended ─▶ connected
///          ▲                   │   ▲                   │  └──── ended ─▶ failed ─ begin ─▶ starting …
///          └──── notStarted ───┘   └───────────────────┼──────────────────┘
///                                                      └─── abandon ──▶ abandoned
///
/// Which call is allowed in which state is the matter of `ConnectLifecycle+Checks`.
struct ConnectLifecycle: Sendable {
    enum State: Hashable, Sendable {
        /// A stream socket that has not tried yet.
        case unconnected
        /// The backend is being asked to connect; nobody knows yet whether it will try.
        case starting(ConnectAttempt)
        /// The attempt goes on.
        case connecting(ConnectAttempt, to: SocketAddress)
        case connected(to: SocketAddress)
        /// The latest attempt failed; another may be made (rule R33).
        case failed
        /// The backend is being asked to listen.
        case openingListener
        case listening
        /// A datagram socket; it never connects, it only has a peer or not (rules R38, R41).
        case datagram(Association)
        /// Its connect was called off half-way; it can only be closed.
        case abandoned
    }

    /// The peer of a datagram socket.
    enum Association: Hashable, Sendable {
        case none
        case peer(SocketAddress)
        /// There was one, and it was taken away: receiving takes an explicit `recvfrom` now (rule R42).
        case dissolved
    }

    private(set) var state: State
    /// The directions that were shut down.
    private(set) var ended: EndedDirections = []
    /// What SO_ERROR answers (decision D22).
    private(set) var socketError = WSAErrorCode.NO_ERROR
    private var latestFailure: (attempt: ConnectAttempt, error: SocketError)?
    private var attempts = 0
    /// A ConnectEx has succeeded, and SO_UPDATE_CONNECT_CONTEXT was not set yet.
    private(set) var lacksContext = false

    struct EndedDirections: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let receive = Self(rawValue: 1)
        static let send = Self(rawValue: 2)
    }

    /// A new socket.
    init(isConnectionOriented: Bool) {
        state = isConnectionOriented ? .unconnected : .datagram(.none)
    }

    /// A socket that `accept` made.
    init(acceptedFrom peer: SocketAddress) {
        state = .connected(to: peer)
    }

    // MARK: - Connect

    /// The program calls connect, and the state permits it: the backend is asked next.
    ///
    /// - Throws: what `checkConnect` throws.
    mutating func begin(
        _ style: ConnectAttempt.Style, version: @autoclosure () -> WinsockVersion,
        for operation: @autoclosure () -> String
    ) throws(SocketError) -> ConnectAttempt {
        try checkConnect(style, version: version(), for: operation())
        attempts += 1
        let attempt = ConnectAttempt(number: attempts, style: style)
        switch state {
        case .unconnected, .failed: state = .starting(attempt)
        case .datagram: break  // it stays usable all the time
        case .starting, .connecting, .connected, .openingListener, .listening, .abandoned: break  // not permitted
        }
        return attempt
    }

    /// There is nothing to wait for: the address is unfit, or the backend refused to try. All is as before (rules R8 to R11).
    mutating func notStarted(_ attempt: ConnectAttempt) {
        switch state {
        case .starting(attempt): state = latestFailure == nil ? .unconnected : .failed
        case .starting, .unconnected, .connecting, .connected, .failed, .openingListener, .listening, .datagram,
            .abandoned:
            break
        }
    }

    /// The backend has begun, or has even finished.
    mutating func started(_ attempt: ConnectAttempt, to target: SocketAddress, _ progress: ConnectProgress) {
        switch state {
        case .starting(attempt):
            switch progress {
            case .pending: state = .connecting(attempt, to: target)
            case .connected: becomeConnected(to: target, by: attempt)
            case .dissolved: notStarted(attempt)
            }
        case .datagram(let association):
            switch progress {
            case .pending, .connected: state = .datagram(.peer(target))
            case .dissolved: state = .datagram(association == .none ? .none : .dissolved)
            }
        case .starting, .unconnected, .connecting, .connected, .failed, .openingListener, .listening, .abandoned: break
        }
    }

    /// A pending attempt has ended well; `peer` is what the backend calls the other end, nil if it does not say.
    mutating func succeeded(_ attempt: ConnectAttempt, peer: SocketAddress?) {
        switch state {
        case .connecting(attempt, let target): becomeConnected(to: peer ?? target, by: attempt)
        case .connecting, .unconnected, .starting, .connected, .failed, .openingListener, .listening, .datagram,
            .abandoned:
            break
        }
    }

    /// A pending attempt has ended badly.
    mutating func failed(_ attempt: ConnectAttempt, _ error: SocketError) {
        switch state {
        case .connecting(attempt, _):
            state = .failed
            latestFailure = (attempt, error)
            // Whoever waited in connect has the error already (decision D22).
            socketError = attempt.style == .blocking ? .NO_ERROR : error.code
        case .connecting, .unconnected, .starting, .connected, .failed, .openingListener, .listening, .datagram,
            .abandoned:
            break
        }
    }

    /// Whoever wanted the connection does not want it any more; false if the attempt has ended before.
    mutating func abandon(_ attempt: ConnectAttempt) -> Bool {
        switch state {
        case .connecting(attempt, _):
            state = .abandoned
            return true
        case .connecting, .unconnected, .starting, .connected, .failed, .openingListener, .listening, .datagram,
            .abandoned:
            return false
        }
    }

    private mutating func becomeConnected(to peer: SocketAddress, by attempt: ConnectAttempt) {
        state = .connected(to: peer)
        lacksContext = attempt.style == .overlapped
        latestFailure = nil
        socketError = .NO_ERROR
    }

    // MARK: - Listen, shutdown, SO_ERROR

    /// The program calls listen, and the state permits it: the backend is asked next.
    ///
    /// - Throws: what `checkListen` throws.
    mutating func beginListening(for operation: @autoclosure () -> String) throws(SocketError) {
        try checkListen(for: operation())
        switch state {
        case .unconnected, .failed: state = .openingListener
        case .listening: break  // asked anew, for another backlog
        case .starting, .connecting, .connected, .openingListener, .datagram, .abandoned: break  // not permitted
        }
    }

    /// The backend has answered to listen.
    mutating func endListening(succeeded: Bool) {
        switch state {
        case .openingListener:
            state = succeeded ? .listening : latestFailure == nil ? .unconnected : .failed
        case .unconnected, .starting, .connecting, .connected, .failed, .listening, .datagram, .abandoned: break
        }
    }

    /// The program has shut a direction down, or both.
    mutating func shutDown(_ direction: ShutdownDirection) {
        switch direction {
        case .receive: ended.insert(.receive)
        case .send: ended.insert(.send)
        case .both: ended = [.receive, .send]
        }
    }

    /// The program sets SO_UPDATE_CONNECT_CONTEXT, and the state permits it.
    mutating func updateContext(for operation: @autoclosure () -> String) throws(SocketError) {
        try checkUpdateContext(for: operation())
        lacksContext = false
    }

    /// The program sets SO_ERROR.
    mutating func setSocketError(_ code: WSAErrorCode) {
        socketError = code
    }

    // MARK: - Questions

    /// The attempt whose end is to be watched for.
    var pendingAttempt: ConnectAttempt? {
        switch state {
        case .connecting(let attempt, _): attempt
        case .unconnected, .starting, .connected, .failed, .openingListener, .listening, .datagram, .abandoned: nil
        }
    }

    /// Whether an attempt failed, and none has succeeded since.
    var latestAttemptFailed: Bool { latestFailure != nil }

    /// How an attempt stands that was begun here.
    func outcome(of attempt: ConnectAttempt) -> ConnectOutcome {
        if let latestFailure, latestFailure.attempt == attempt { return .failed(latestFailure.error) }
        switch state {
        case .starting(attempt), .connecting(attempt, _): return .goesOn
        case .connected, .datagram: return .connected
        case .starting, .connecting, .unconnected, .failed, .openingListener, .listening, .abandoned:
            return .failed(
                SocketError(
                    .WSAECONNABORTED, operation: "connect", reason: "the attempt was given up on this side",
                    advice: "Another thread used the socket meanwhile."))
        }
    }

    /// The other end: also while connecting (decision D7), and still after the connection broke (decision D16); but a ConnectEx does not
    /// tell it before its context is updated.
    var peer: SocketAddress? {
        switch state {
        case .connecting(let attempt, let target): attempt.style == .overlapped ? nil : target
        case .connected(let peer): lacksContext ? nil : peer
        case .datagram(.peer(let peer)): peer
        case .unconnected, .starting, .failed, .openingListener, .listening, .datagram(.none), .datagram(.dissolved),
            .abandoned:
            nil
        }
    }
}
