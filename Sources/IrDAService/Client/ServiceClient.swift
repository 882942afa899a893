import Glibc
public import SocketBackends
import Synchronization

/// A program's way to a station that a service owns: synchronous, without an event loop or threads of its own.
///
/// Any thread may call. Every request is answered at once; what takes longer (a discovery, a query) comes back as a
/// ``ServiceTicket`` that is waited for outside every lock, so that one thread's discovery holds up nobody. After `fork` the child
/// gets a control connection of its own with its first request; sockets mean the same in both, and live until the last copy of
/// their descriptor is closed, in whatever process that is.
public final class ServiceClient: Sendable {
    private let address: UnixAddress
    /// The connection of this process. A child leaves its parent's where it is, and makes its own.
    private let current: Atomic<Unmanaged<ControlConnection>?>

    /// Prepares to talk to a service; nothing is said before the first request.
    ///
    /// - Parameter path: the service's socket, as ``ServiceDirectory`` finds it.
    /// - Throws: WSAENAMETOOLONG if the path does not fit an AF_UNIX address.
    public init(path: String) throws(SocketError) {
        address = try UnixAddress(path: path)
        current = Atomic(nil)
    }

    deinit {
        guard let connection = current.load(ordering: .acquiring) else { return }
        // A child that never spoke has its parent's still.
        if connection._withUnsafeGuaranteedRef({ $0.process == getpid() }) { connection.release() }
    }

    /// The service's socket.
    public var path: String { address.path }

    /// Greets the service, if that has not been done.
    ///
    /// - Returns: who answers.
    /// - Throws: WSAENETDOWN if nobody does, WSAVERNOTSUPPORTED if the service speaks another version, WSAEACCES if it
    ///   does not talk to this user.
    public func identity() throws(SocketError) -> ServiceIdentity { try connection().identity() }

    /// Makes the connection of this process, if it has none.
    private func connection() -> ControlConnection {
        let found = current.load(ordering: .acquiring)
        if let found {
            let connection = found.takeUnretainedValue()
            if connection.process == getpid() { return connection }
        }
        // The parent's is never released here: its lock may be held by a thread that this process does not have.
        let made = Unmanaged.passRetained(ControlConnection(to: address))
        let (isOurs, winner) = current.compareExchange(
            expected: found, desired: made, ordering: .acquiringAndReleasing)
        if isOurs { return made.takeUnretainedValue() }
        made.release()
        return winner?.takeUnretainedValue() ?? ControlConnection(to: address)
    }

    // MARK: For the files of the requests

    func exchange(_ request: ServiceRequest, for operation: String) throws(SocketError) -> ControlConnection.Answer {
        let answer = try connection().exchange(request, for: operation)
        if case .failed(let error) = answer.reply { throw error }
        return answer
    }

    /// Asks for something whose answer comes at once and without a descriptor.
    func ask<Value>(
        _ request: ServiceRequest, for operation: String, _ read: (ServiceReply) -> Value?
    ) throws(SocketError) -> Value {
        let answer = try exchange(request, for: operation)
        guard let value = read(answer.reply) else { throw unexpectedAnswer(operation) }
        return value
    }

    func tell(_ request: ServiceRequest, for operation: String) throws(SocketError) {
        try ask(request, for: operation) { $0 == .done ? () : nil }
    }
}

/// The service has answered something else than it was asked.
func unexpectedAnswer(_ operation: String) -> SocketError {
    SocketError(
        .WSAENETDOWN, operation: operation, reason: "the service has answered something else",
        advice: "Use the service and the library of one version of IrSock.")
}
