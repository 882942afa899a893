import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// A call on a thread of its own, which may take for ever: then waiting for it does not.
final class KitCall<Answer: Sendable>: Sendable {
    private let answer = Mutex<Result<Answer, SocketError>?>(nil)
    private let readEnd: OwnedDescriptor
    private let writeEnd: OwnedDescriptor

    private let patience: Int32

    init(_ patience: Int32, _ body: @escaping @Sendable () throws(SocketError) -> Answer) throws {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        self.patience = patience
        self.readEnd = OwnedDescriptor(readEnd)
        self.writeEnd = OwnedDescriptor(writeEnd)
        try DetachedThread.start { [self] in
            let result = Result { () throws(SocketError) in try body() }
            answer.withLock { $0 = result }
            self.writeEnd.withDescriptor { _ = try? $0.writeAll([1]) }
        }
    }

    /// Waits for the end of the call, but not for ever.
    func result(of what: String) throws -> Result<Answer, SocketError> {
        let ready = try readEnd.withDescriptor { descriptor throws(SocketError) in
            try KitRoom.poll(descriptor, POLLIN, patience: patience)
        }
        guard ready != 0, let result = answer.withLock({ $0 }) else {
            throw KitFailure("\(what) has not returned after \(patience / 1000) s")
        }
        return result
    }
}
