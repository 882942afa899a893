import Glibc
import Testing

/// A thread of its own for work that would hold up one of Swift's.
struct BackgroundThread {
    private let thread: pthread_t

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    init(_ body: @escaping @Sendable () -> Void) throws {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { reference in
                if let reference { Unmanaged<Work>.fromOpaque(reference).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(Work(body)).toOpaque())
        try #require(status == 0)
        self.thread = thread
    }

    func join() {
        pthread_join(thread, nil)
    }
}
