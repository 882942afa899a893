import Glibc
public import SocketBackends
public import SystemPackage

/// Something that the service is busy with for a program. Dropping the ticket calls it off.
public struct ServiceTicket<Value: Sendable>: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor
    private let operation: String
    private let read: @Sendable (ServiceReply) -> Value?

    init(
        _ descriptor: consuming OwnedDescriptor, operation: String, _ read: @escaping @Sendable (ServiceReply) -> Value?
    ) {
        self.descriptor = descriptor
        self.operation = operation
        self.read = read
    }

    /// A descriptor that becomes readable when the answer is there, for `poll`.
    public borrowing func withDescriptor<Answer>(_ body: (FileDescriptor) -> Answer) -> Answer {
        descriptor.withDescriptor(body)
    }

    /// Waits for the answer, as long as the service needs.
    ///
    /// - Parameter isInterruptible: whether a signal handler ends the wait, as it ends system calls.
    /// - Returns: the answer.
    /// - Throws: WSAEINTR after a signal, WSAENETDOWN if the service goes away, or the error that is the answer.
    public borrowing func wait(isInterruptible: Bool = false) throws(SocketError) -> Value {
        let message: [UInt8] = try descriptor.withDescriptor { descriptor throws(SocketError) in
            try systemCall(for: operation, restarting: !isInterruptible) {
                var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
                return poll(&entry, 1, -1)
            }
            do throws(Errno) {
                return try MessageSocket.receive(from: descriptor, takesDescriptor: false).bytes
            } catch {
                throw SocketError(error, operation: operation)
            }
        }
        guard !message.isEmpty else {
            throw SocketError(
                .WSAENETDOWN, operation: operation, reason: "the service has gone",
                advice: "Start it again (irsock serve, irsock simulate), then this program.")
        }
        guard let reply = (try? ServiceReply.read(message))?.reply else { throw unexpectedAnswer(operation) }
        if case .failed(let error) = reply { throw error }
        guard let value = read(reply) else { throw unexpectedAnswer(operation) }
        return value
    }
}
