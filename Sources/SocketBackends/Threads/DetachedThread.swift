import Glibc
import SystemPackage

/// A thread that nobody waits for, for work that blocks and must not hold up one of Swift's own.
package enum DetachedThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs something on a thread of its own.
    ///
    /// - Throws: WSAEWOULDBLOCK or WSAENOBUFS if there can be no more threads.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(SocketError) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let status = pthread_create(
            &thread, nil,
            { reference in
                if let reference { Unmanaged<Work>.fromOpaque(reference).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw SocketError(Errno(rawValue: status), operation: "start a thread")
        }
        pthread_detach(thread)
    }
}
