import Glibc
public import SocketBackends
import Synchronization
public import SystemPackage

/// A queue of messages: what stands for a window in WSAAsyncSelect (decision D14).
///
/// Any thread may take messages out; each goes to one. Many sockets, also of different runtimes, may post to one queue.
public final class MessageQueue: Sendable {
    private struct State {
        var messages: [SocketMessage] = []
        /// Where the queue begins; what is before it was taken.
        var taken = 0
        var isClosed = false

        var isEmpty: Bool { taken == messages.count }

        mutating func takeFirst() -> SocketMessage? {
            guard !isEmpty else { return nil }
            defer {
                taken += 1
                if taken > messages.count / 2 {
                    messages.removeFirst(taken)
                    taken = 0
                }
            }
            return messages[taken]
        }
    }

    private let state = Mutex(State())
    /// Raised while there is a message, and for ever once the queue is closed.
    private let signal: Signal

    /// Makes an empty queue.
    ///
    /// - Throws: WSAEMFILE or WSAENOBUFS if the system has no descriptor for it.
    public init() throws(SocketError) {
        signal = try Signal(for: "make a message queue")
    }

    /// Takes the first message out, and waits for one if there is none (GetMessage); nil once the queue is closed and empty.
    ///
    /// - Throws: WSAENOBUFS if the system cannot wait.
    public func get() throws(SocketError) -> SocketMessage? {
        while try wait(timeout: nil) {
            if let message = peek() { return message }  // another thread may have been faster
            if isClosed { return nil }
        }
        return nil
    }

    /// The first message, if there is one (PeekMessage).
    ///
    /// - Parameter isRemoving: whether it is taken out.
    public func peek(isRemoving: Bool = true) -> SocketMessage? {
        state.withLock { state in
            guard isRemoving else { return state.isEmpty ? nil : state.messages[state.taken] }
            let message = state.takeFirst()
            if state.isEmpty, !state.isClosed { signal.lower() }
            return message
        }
    }

    /// Waits until there is a message or the queue is closed; false when the time is over (MsgWaitForMultipleObjects).
    ///
    /// - Parameter timeout: nil for ever.
    /// - Throws: WSAENOBUFS if the system cannot wait.
    public func wait(timeout: Duration?) throws(SocketError) -> Bool {
        let deadline = ContinuousClock.Instant.end(of: timeout)
        return try withDescriptor { descriptor throws(SocketError) in
            var watched = [pollfd(descriptor, .readable)]
            return try awaitReadiness(of: &watched, until: deadline, for: "wait for a message")
        }
    }

    /// The descriptor that is readable while there is a message, for programs that wait by means of their own. To be polled, not read.
    public func withDescriptor<Result, Failure: Error>(
        _ body: (FileDescriptor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try signal.withDescriptor(body)
    }

    /// Closes the queue: nothing is posted to it any more, and calls that wait return once it is empty.
    public func close() {
        state.withLock { state in
            state.isClosed = true
            signal.raise()
        }
    }

    /// Whether the queue was closed.
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Puts a message at the end.
    func post(_ message: SocketMessage) {
        state.withLock { state in
            guard !state.isClosed else { return }
            if state.isEmpty { signal.raise() }
            state.messages.append(message)
        }
    }
}
