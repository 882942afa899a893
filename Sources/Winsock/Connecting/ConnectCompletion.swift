import Glibc
public import SocketBackends
import Synchronization

/// A ConnectEx that goes on, or has ended (OVERLAPPED).
public final class ConnectCompletion: Sendable {
    private enum State {
        case pending([CheckedContinuation<Result<Int, SocketError>, Never>])
        case finished(Result<Int, SocketError>)
    }

    private let state = Mutex(State.pending([]))
    private let finished: SharedSignal
    private let cancellation = Mutex<(@Sendable () -> Void)?>(nil)
    private let whenFinished: @Sendable () -> Void

    init(whenFinished: @escaping @Sendable () -> Void) throws(SocketError) {
        finished = try SharedSignal(for: "connect")
        self.whenFinished = whenFinished
    }

    /// Whether it has ended (HasOverlappedIoCompleted).
    public var isFinished: Bool {
        state.withLock { state in
            switch state {
            case .pending: false
            case .finished: true
            }
        }
    }

    /// How many bytes were sent with the connect (WSAGetOverlappedResult).
    ///
    /// - Parameter timeout: how long to wait for the end on this thread; zero for a look, nil for ever.
    /// - Throws: WSA_IO_INCOMPLETE if it has not ended; WSA_OPERATION_ABORTED if the socket was closed or the attempt called off; otherwise
    ///   what the connect failed with, or the sending.
    public func result(timeout: Duration? = .zero) throws(SocketError) -> Int {
        let operation = "read the result of a connect"
        let deadline = ContinuousClock.Instant.end(of: timeout)
        let isOver = try finished.signal.withDescriptor { descriptor throws(SocketError) in
            var watched = [pollfd(descriptor, .readable)]
            return try !awaitReadiness(of: &watched, until: deadline, for: operation)
        }
        switch state.withLock({ $0 }) {
        case .finished(let result) where !isOver: return try result.get()
        case .finished, .pending:
            throw SocketError(
                .WSA_IO_INCOMPLETE, operation: operation, reason: "the attempt goes on", advice: "Wait for its end.")
        }
    }

    /// The same, when it has ended.
    ///
    /// - Throws: as `result`, but not WSA_IO_INCOMPLETE.
    public func value() async throws(SocketError) -> Int {
        let result = await withCheckedContinuation { continuation in
            let result = state.withLock { state -> Result<Int, SocketError>? in
                switch state {
                case .pending(let waiting):
                    state = .pending(waiting + [continuation])
                    return nil
                case .finished(let result):
                    return result
                }
            }
            if let result { continuation.resume(returning: result) }
        }
        return try result.get()
    }

    /// Calls the attempt off (CancelIoEx): it ends with WSA_OPERATION_ABORTED, and the socket can only be closed. Without effect after
    /// the end.
    public func cancel() {
        cancellation.withLock { $0 }?()
    }

    func onCancel(_ body: @escaping @Sendable () -> Void) {
        cancellation.withLock { $0 = body }
    }

    /// Tells the end to all who wait; the first one counts.
    func finish(_ result: Result<Int, SocketError>) {
        let waiting = state.withLock { state -> [CheckedContinuation<Result<Int, SocketError>, Never>]? in
            switch state {
            case .pending(let waiting):
                state = .finished(result)
                return waiting
            case .finished:
                return nil
            }
        }
        guard let waiting else { return }
        cancellation.withLock { $0 = nil }
        finished.signal.raise()
        whenFinished()
        for continuation in waiting { continuation.resume(returning: result) }
    }
}
