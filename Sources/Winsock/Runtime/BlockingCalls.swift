import Glibc
import SocketBackends
import Synchronization

/// The blocking calls of a program that asked for version 1 (decision D10), and what such a program can do about them. In version 2 nothing
/// is recorded.
///
/// A thread may make one blocking call at a time, and nothing else until it returns (rule R23): another thread of the program is a task
/// of its own, as in Windows. So it is only the blocking hook, or a signal handler, that meets WSAEINPROGRESS.
final class BlockingCalls: Sendable {
    /// Called on the thread that blocks, again and again; false if there is nothing to do at the moment.
    typealias Hook = @Sendable () -> Bool

    private struct State {
        var calls: [ObjectIdentifier: BlockingCall] = [:]
        var hook: Hook?
    }

    private let state = Mutex(State())
    /// Asked by every call of the program, and therefore beside the lock.
    private let isRecording = Atomic(false)

    /// Tells which version holds from now on; nil for none.
    func begin(version: WinsockVersion?) {
        let isRecording = version?.major == 1
        self.isRecording.store(isRecording, ordering: .releasing)
        if !isRecording { state.withLock { $0.hook = nil } }
    }

    /// Makes a call that waits, with what ends its waiting: nil in version 2.
    func during<Answer>(
        _ operation: @autoclosure () -> String, _ body: (BlockingCall?) throws(SocketError) -> Answer
    ) throws(SocketError) -> Answer {
        guard isRecording.load(ordering: .acquiring) else { return try body(nil) }
        let call = BlockingCall(try SharedSignal(for: operation()))
        state.withLock { $0.calls[ObjectIdentifier(call)] = call }
        defer { state.withLock { $0.calls[ObjectIdentifier(call)] = nil } }
        return try body(call)
    }

    /// Whether any call waits.
    var isAnyInProgress: Bool { state.withLock { !$0.calls.isEmpty } }

    /// Ends the call that waits on this thread, if this is its hook; otherwise all that wait. False if there is none.
    func cancel() -> Bool {
        let calls = state.withLock { Array($0.calls.values) }
        let own = calls.filter(\.isOfThisThread)
        (own.isEmpty ? calls : own).forEach { $0.cancel() }
        return !calls.isEmpty
    }

    /// Rule R23.
    func checkNoneOnThisThread(for operation: @autoclosure () -> String) throws(SocketError) {
        guard isRecording.load(ordering: .acquiring) else { return }
        guard !state.withLock({ $0.calls.values.contains(where: \.isOfThisThread) }) else {
            throw SocketError(
                .WSAEINPROGRESS, operation: operation(), reason: "this thread is inside a blocking call",
                advice: "Let the call return, or end it with cancelBlockingCall.")
        }
    }

    /// Puts a hook in place of the one before, which is answered.
    func setHook(_ hook: Hook?) -> Hook? {
        state.withLock { state in
            defer { state.hook = hook }
            return state.hook
        }
    }

    var hook: Hook? { state.withLock { $0.hook } }
}

/// One call that waits.
final class BlockingCall: Sendable {
    let signal: SharedSignal
    private let thread = pthread_self()
    private let isCancelledFlag = Atomic(false)

    init(_ signal: SharedSignal) {
        self.signal = signal
    }

    var isOfThisThread: Bool { pthread_equal(thread, pthread_self()) != 0 }
    var isCancelled: Bool { isCancelledFlag.load(ordering: .acquiring) }

    func cancel() {
        isCancelledFlag.store(true, ordering: .releasing)
        signal.signal.raise()
    }

    /// Rule R22.
    func checkNotCancelled(for operation: @autoclosure () -> String) throws(SocketError) {
        guard !isCancelled else {
            throw SocketError(.WSAEINTR, operation: operation(), reason: "cancelBlockingCall was called")
        }
    }
}
