import SocketBackends
import Synchronization

/// An open socket: what its backend made of it, and what the runtime knows of it.
///
/// No lock is held while the backend is called or while a call waits (rule R44).
final class OpenSocket: Sendable {
    let backend: any BackendSocket
    /// What kind of socket this is; the backend's answer, which never changes.
    let kind: CatalogueEntry
    let interruption = Interruption()
    let environment: SocketEnvironment
    private let state: Mutex<State>

    struct State {
        var lifecycle: ConnectLifecycle
        var settings: Settings
        var notification: Notification
        /// The calls that wait on this socket among others.
        var observers: [ObjectIdentifier: SharedSignal] = [:]
        /// When the connection came about (SO_CONNECT_TIME).
        var connectedSince: ContinuousClock.Instant?
    }

    /// What the program has set in the runtime itself.
    struct Settings: Hashable, Sendable {
        var isNonBlocking = false
        /// SO_RCVTIMEO and SO_SNDTIMEO; nil for ever.
        var receiveTimeout: Duration?
        var sendTimeout: Duration?
        /// SO_OOBINLINE: the backend does it, but it decides what urgent data means to `select`.
        var hasUrgentDataInLine = false
    }

    /// A new socket.
    init(_ backend: any BackendSocket, in environment: SocketEnvironment) {
        self.backend = backend
        kind = backend.kind
        self.environment = environment
        state = Mutex(
            State(
                lifecycle: ConnectLifecycle(isConnectionOriented: kind.isConnectionOriented),
                settings: Settings(), notification: Notification()))
    }

    /// A socket that `accept` made; it inherits the listener's settings.
    init(_ connection: AcceptedConnection, from listener: OpenSocket) {
        backend = connection.socket
        kind = backend.kind
        environment = listener.environment
        state = Mutex(
            State(
                lifecycle: ConnectLifecycle(acceptedFrom: connection.peer), settings: listener.settings,
                notification: Notification(), connectedSince: environment.now()))
    }

    func withState<Result: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withLock { state throws(Failure) in try body(&state) }
    }

    var settings: Settings { state.withLock { $0.settings } }

    func changeSettings(_ change: (inout Settings) -> Void) {
        state.withLock { change(&$0.settings) }
    }

    /// When the connection came about; nil if there is none.
    var connectedSince: ContinuousClock.Instant? { state.withLock { $0.connectedSince } }

    /// Tells the life cycle what happened, or asks it.
    func lifecycle<Result: Sendable>(
        _ body: (inout ConnectLifecycle) throws(SocketError) -> Result
    ) throws(SocketError) -> Result {
        try state.withLock { state throws(SocketError) in
            state.notification.isOutdated()
            return try body(&state.lifecycle)
        }
    }

    /// The life cycle as it is now: a pending attempt that has ended is noticed first, by whatever call comes along, and whoever wants to
    /// be notified is.
    func current() -> ConnectLifecycle {
        let (lifecycle, hasChanged) = settled()
        if hasChanged { changed() }
        return lifecycle
    }

    /// The life cycle as it is now, and whether that has just been noticed.
    func settled() -> (lifecycle: ConnectLifecycle, hasChanged: Bool) {
        let lifecycle = state.withLock { $0.lifecycle }
        guard let attempt = lifecycle.pendingAttempt else { return (lifecycle, false) }
        do throws(SocketError) {
            try backend.finishConnect()
            // Not every family can tell; then it is the address that was asked for.
            let peer = try? backend.peerAddress()
            return end(attempt) { $0.succeeded(attempt, peer: peer) }
        } catch  where error.code == .WSAEWOULDBLOCK || error.code == .WSAENOTSOCK {
            return (lifecycle, false)  // it goes on, or another thread has closed the socket: not the attempt's own end
        } catch {
            return end(attempt) { $0.failed(attempt, error) }
        }
    }

    private func end(
        _ attempt: ConnectAttempt, _ change: (inout ConnectLifecycle) -> Void
    ) -> (lifecycle: ConnectLifecycle, hasChanged: Bool) {
        state.withLock { state in
            let isFirst = state.lifecycle.pendingAttempt == attempt
            change(&state.lifecycle)
            if isFirst { state.noteEnd(of: attempt, at: environment.now()) }
            return (state.lifecycle, isFirst)
        }
    }

    /// Makes a call of the backend that may find nothing to do yet, and waits between the tries if the socket is to block.
    func retrying<Answer>(
        until readiness: Readiness, timeout: Duration?, for operation: @autoclosure () -> String,
        _ body: () throws(SocketError) -> Answer
    ) throws(SocketError) -> Answer {
        let isNonBlocking = settings.isNonBlocking
        let deadline = ContinuousClock.Instant.end(of: timeout)
        while true {
            do throws(SocketError) {
                return try body()
            } catch  where error.code == .WSAEWOULDBLOCK && !isNonBlocking {
                try wait(to: readiness, until: deadline, for: operation())
            }
        }
    }

    /// Waits for the descriptor; see `Interruption.wait`.
    func wait(
        to readiness: Readiness, until deadline: ContinuousClock.Instant?, for operation: @autoclosure () -> String
    ) throws(SocketError) {
        try environment.blockingCalls.during(operation()) { call throws(SocketError) in
            try interruption.wait(
                for: backend.descriptor, to: readiness, until: deadline, in: call,
                hook: environment.blockingCalls.hook, operation: operation())
        }
    }

    /// Wakes whoever waits, and ends everything.
    func close() {
        interruption.raise()
        endSelection()
        backend.close()
        wakeObservers()
    }
}

extension OpenSocket.State {
    /// The backend has begun to connect, or has even finished.
    mutating func started(
        _ attempt: ConnectAttempt, to target: SocketAddress, _ progress: ConnectProgress,
        at now: @autoclosure () -> ContinuousClock.Instant
    ) {
        lifecycle.started(attempt, to: target, progress)
        notification.connectStarted()
        connectedSince = nil
        switch progress {
        case .connected: noteEnd(of: attempt, at: now())
        case .pending, .dissolved: break
        }
    }

    /// An attempt has ended, one way or the other: what follows from that for the rest of the state.
    mutating func noteEnd(of attempt: ConnectAttempt, at now: @autoclosure () -> ContinuousClock.Instant) {
        switch lifecycle.outcome(of: attempt) {
        case .goesOn: break
        case .connected:
            connectedSince = now()
            notification.connectEnded(.NO_ERROR)
        case .failed(let error):
            notification.connectEnded(error.code, isKnown: attempt.style == .blocking)
        }
    }
}
