import SocketBackends
import Synchronization

/// An open socket: what its backend made of it, and what the runtime knows of it.
///
/// No lock is held while the backend is called or while a call waits (rule R44).
final class OpenSocket: Sendable {
    let backend: any BackendSocket
    let interruption = Interruption()
    private let state: Mutex<State>

    private struct State {
        var lifecycle: ConnectLifecycle
        var settings: Settings
    }

    /// What the program has set in the runtime itself.
    struct Settings: Hashable, Sendable {
        var isNonBlocking = false
        /// SO_RCVTIMEO and SO_SNDTIMEO; nil for ever.
        var receiveTimeout: Duration?
        var sendTimeout: Duration?
    }

    /// A new socket.
    init(_ backend: any BackendSocket) {
        self.backend = backend
        state = Mutex(
            State(
                lifecycle: ConnectLifecycle(isConnectionOriented: backend.kind.isConnectionOriented),
                settings: Settings()))
    }

    /// A socket that `accept` made; it inherits the listener's settings.
    init(_ connection: AcceptedConnection, settings: Settings) {
        backend = connection.socket
        state = Mutex(State(lifecycle: ConnectLifecycle(acceptedFrom: connection.peer), settings: settings))
    }

    var settings: Settings { state.withLock { $0.settings } }

    func changeSettings(_ change: (inout Settings) -> Void) {
        state.withLock { change(&$0.settings) }
    }

    /// Tells the life cycle what happened, or asks it.
    func lifecycle<Result: Sendable>(
        _ body: (inout ConnectLifecycle) throws(SocketError) -> Result
    ) throws(SocketError) -> Result {
        try state.withLock { state throws(SocketError) in try body(&state.lifecycle) }
    }

    /// The life cycle as it is now: a pending attempt that has ended is noticed first, by whatever call comes along.
    func current() -> ConnectLifecycle {
        let lifecycle = state.withLock { $0.lifecycle }
        guard let attempt = lifecycle.pendingAttempt else { return lifecycle }
        do throws(SocketError) {
            try backend.finishConnect()
            // Not every family can tell; then it is the address that was asked for.
            let peer = try? backend.peerAddress()
            return state.withLock { state in
                state.lifecycle.succeeded(attempt, peer: peer)
                return state.lifecycle
            }
        } catch  where error.code == .WSAEWOULDBLOCK || error.code == .WSAENOTSOCK {
            return lifecycle  // it goes on, or another thread has closed the socket, which is not the attempt's own end
        } catch {
            return state.withLock { state in
                state.lifecycle.failed(attempt, error)
                return state.lifecycle
            }
        }
    }

    /// Makes a call of the backend that may find nothing to do yet, and waits between the tries if the socket is to block.
    func retrying<Answer>(
        until readiness: Readiness, timeout: Duration?, for operation: String, _ body: () throws(SocketError) -> Answer
    ) throws(SocketError) -> Answer {
        let isNonBlocking = settings.isNonBlocking
        let deadline = timeout.map { ContinuousClock.now.advanced(by: $0) }
        while true {
            do throws(SocketError) {
                return try body()
            } catch  where error.code == .WSAEWOULDBLOCK && !isNonBlocking {
                try wait(to: readiness, until: deadline, for: operation)
            }
        }
    }

    /// Waits for the descriptor; see `Interruption.wait`.
    func wait(
        to readiness: Readiness, until deadline: ContinuousClock.Instant?, for operation: String
    ) throws(SocketError) {
        try interruption.wait(for: backend.descriptor, to: readiness, until: deadline, operation: operation)
    }

    /// Wakes whoever waits, and ends everything.
    func close() {
        interruption.raise()
        backend.close()
    }
}
