import Glibc
import Synchronization
import SystemPackage

/// A thread of its own for work that blocks.
///
/// Swift has no more concurrency threads than the machine has processors. A test that blocks one of them holds up every other test, and
/// two such tests may wait for each other's end for ever.
public final class BackgroundThread<Answer: Sendable>: Sendable {
    private enum State {
        case running([CheckedContinuation<Void, Never>])
        case finished(Result<Answer, any Error>)
    }

    /// What the thread works on; it may outlive whoever started it.
    private final class Work: Sendable {
        let body: @Sendable () throws -> Answer
        let state = Mutex(State.running([]))

        init(_ body: @escaping @Sendable () throws -> Answer) { self.body = body }

        func run() {
            let result = Result { try body() }
            let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                defer { state = .finished(result) }
                switch state {
                case .running(let waiting): return waiting
                case .finished: return []
                }
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private let work: Work
    private let thread: pthread_t
    private let isJoined = Mutex(false)

    /// Starts the thread.
    ///
    /// - Throws: the system's error if it has no thread to spare.
    public init(_ body: @escaping @Sendable () throws -> Answer) throws {
        work = Work(body)
        var thread = pthread_t()
        let runner = Unmanaged.passRetained(Runner(work.run))
        let status = pthread_create(
            &thread, nil,
            { reference in
                if let reference { Unmanaged<Runner>.fromOpaque(reference).takeRetainedValue().run() }
                return nil
            }, runner.toOpaque())
        guard status == 0 else {
            runner.release()
            throw Errno(rawValue: status)
        }
        self.thread = thread
    }

    deinit {
        if !isJoined.withLock({ $0 }) { pthread_detach(thread) }
    }

    /// Sends a signal to the thread, which must be running.
    public func send(_ signal: Int32) {
        pthread_kill(thread, signal)
    }

    /// Waits on the calling thread until the work is done, and answers what came of it.
    ///
    /// - Throws: what the work threw.
    @discardableResult
    public func answer() throws -> Answer {
        isJoined.withLock { isJoined in
            if !isJoined { pthread_join(thread, nil) }
            isJoined = true
        }
        return try result.get()
    }

    /// The same, without holding up the calling thread.
    ///
    /// - Throws: what the work threw.
    @discardableResult
    public func value() async throws -> Answer {
        await withCheckedContinuation { continuation in
            let isFinished = work.state.withLock { state in
                switch state {
                case .running(let waiting):
                    state = .running(waiting + [continuation])
                    return false
                case .finished:
                    return true
                }
            }
            if isFinished { continuation.resume() }
        }
        return try answer()
    }

    private var result: Result<Answer, any Error> {
        switch work.state.withLock({ $0 }) {
        case .finished(let result): result
        case .running: .failure(Errno.deadlock)  // cannot be: the thread has ended
        }
    }
}

/// What pthread_create can be given: it knows no generic types.
private final class Runner: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

extension Array where Element: Sendable {
    /// Does something that blocks with every element, at the same time; the answers are in the elements' order.
    ///
    /// - Throws: what the first of them threw, after the end of all.
    public func inParallel<Answer: Sendable>(
        _ body: @escaping @Sendable (Element) throws -> Answer
    ) throws -> [Answer] {
        let threads = try map { element in try BackgroundThread { try body(element) } }
        return try threads.map { thread in Result { try thread.answer() } }.map { try $0.get() }
    }
}
