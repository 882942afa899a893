import Glibc
import Synchronization

extension Array where Element: Sendable {
    /// Does something that waits with every element, at the same time; the answers are in the elements' order.
    func inParallel<Answer: Sendable>(_ body: @escaping @Sendable (Element) throws -> Answer) throws -> [Answer] {
        let threads = try map { element in try WorkThread { try body(element) } }
        return try threads.map { try $0.answer() }
    }
}

/// A thread that finds something out.
private final class WorkThread<Answer: Sendable>: Sendable {
    private final class Work: Sendable {
        let body: @Sendable () throws -> Answer
        let result = Mutex<Result<Answer, any Error>?>(nil)
        init(_ body: @escaping @Sendable () throws -> Answer) { self.body = body }

        func run() {
            let found = Result { try body() }
            result.withLock { $0 = found }
        }
    }

    private let work: Work
    private let thread: pthread_t

    init(_ body: @escaping @Sendable () throws -> Answer) throws {
        work = Work(body)
        var thread = pthread_t()
        let runner = Runner(work.run)
        let status = pthread_create(
            &thread, nil,
            { reference in
                if let reference { Unmanaged<Runner>.fromOpaque(reference).takeRetainedValue().run() }
                return nil
            }, Unmanaged.passRetained(runner).toOpaque())
        guard status == 0 else { throw Trouble("cannot start a thread") }
        self.thread = thread
    }

    func answer() throws -> Answer {
        pthread_join(thread, nil)
        guard let result = work.result.withLock({ $0 }) else { throw Trouble("a thread has found nothing out") }
        return try result.get()
    }
}

private final class Runner: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
