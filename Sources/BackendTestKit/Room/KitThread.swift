import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// Threads of the kit's own, so that calls may block.
enum KitThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs something on a thread that nobody waits for.
    static func start(_ body: @escaping @Sendable () -> Void) throws(SocketError) {
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

/// A call on a thread of its own, which may take for ever: then waiting for it does not.
final class KitCall<Answer: Sendable>: Sendable {
    private let answer = Mutex<Result<Answer, SocketError>?>(nil)
    private let readEnd: OwnedDescriptor
    private let writeEnd: OwnedDescriptor

    init(_ body: @escaping @Sendable () throws(SocketError) -> Answer) throws {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        self.readEnd = OwnedDescriptor(readEnd)
        self.writeEnd = OwnedDescriptor(writeEnd)
        try KitThread.start { [self] in
            let result = Result { () throws(SocketError) in try body() }
            answer.withLock { $0 = result }
            self.writeEnd.withDescriptor { _ = try? $0.writeAll([1]) }
        }
    }

    /// Waits for the end of the call, but not for ever.
    func result(of what: String) throws -> Result<Answer, SocketError> {
        let ready = try readEnd.withDescriptor { descriptor throws(SocketError) in
            try KitRoom.poll(descriptor, POLLIN, patience: KitRoom.patience)
        }
        guard ready != 0, let result = answer.withLock({ $0 }) else {
            throw KitFailure("\(what) has not returned after \(KitRoom.patience / 1000) s")
        }
        return result
    }
}
