import Glibc

/// A value behind a lock that the thread which forks can hold meanwhile, so that the child gets a whole value and a free lock.
///
/// A `Mutex` of the Synchronization module could be held by a thread that the child does not have.
final class ForkableLock<Value>: Sendable {
    /// Only the holder of the lock touches it.
    private nonisolated(unsafe) var value: Value
    /// Only pthread's functions look behind the pointer. Never freed: it lives as long as the process.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init(_ value: sending Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    /// Uses the value: shortly, and without calls that wait or lock.
    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        lock()
        defer { unlock() }
        return body(&value)
    }

    /// For the handlers of `fork` (pthread_atfork).
    func lock() { pthread_mutex_lock(mutex) }
    /// For the handlers of `fork`.
    func unlock() { pthread_mutex_unlock(mutex) }
}
