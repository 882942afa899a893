import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// The control connection of one process: a request, its answer, one after the other.
///
/// It belongs to the process that has made it. A child of that process leaves it alone, for what it said would reach the
/// service as the parent's words, and its lock may be held by a thread that the child does not have.
final class ControlConnection: Sendable {
    let process = getpid()
    private let address: UnixAddress
    private let state = Mutex(State())

    private struct State {
        var socket: MarkedDescriptor?
        var identity: ServiceIdentity?
        var lastNumber: UInt32 = 0

        mutating func drop() {
            socket?.close()
            socket = nil
        }
    }

    /// How long the service may take to answer: it answers at once, unless it is stopped.
    private static let patience = timeval(tv_sec: 20, tv_usec: 0)
    private static let lowestDescriptor: Int32 = 3

    init(to address: UnixAddress) {
        self.address = address
    }

    /// Only its own process closes it: no child ever lets go of its parent's connection.
    deinit {
        state.withLock { $0.drop() }
    }

    /// Asks the service something.
    func exchange(_ request: ServiceRequest, for operation: String) throws(SocketError) -> Answer {
        try state.withLock { state throws(SocketError) in
            let isOld = state.socket?.isIntact == true
            if !isOld { try connect(&state) }
            do throws(Interruption) {
                return try talk(request, &state)
            } catch {
                state.drop()
                // A service that has been restarted since knows nothing of this request: it can be made again.
                guard isOld, case .notSent = error else { throw error.failure(operation, address) }
            }
            try connect(&state)
            do throws(Interruption) {
                return try talk(request, &state)
            } catch {
                state.drop()
                throw error.failure(operation, address)
            }
        }
    }

    /// Who is at the other end.
    func identity() throws(SocketError) -> ServiceIdentity {
        try state.withLock { state throws(SocketError) in
            if state.socket?.isIntact == true, let identity = state.identity { return identity }
            return try connect(&state)
        }
    }

    /// An answer, and the descriptor that came with it.
    struct Answer: ~Copyable {
        let reply: ServiceReply
        var descriptor: OwnedDescriptor?
    }

    // MARK: The conversation

    private enum Interruption: Error {
        /// The request has not reached the service.
        case notSent(Errno)
        /// No answer has come.
        case notAnswered(Errno?)
        case malformed(MalformedMessage)

        func failure(_ operation: String, _ address: UnixAddress) -> SocketError {
            let (errno, reason): (Errno?, String) =
                switch self {
                case .notSent(let errno): (errno, "the service at \(address.path) has gone")
                case .notAnswered(.resourceTemporarilyUnavailable):
                    (.resourceTemporarilyUnavailable, "the service at \(address.path) does not answer")
                case .notAnswered(let errno): (errno, "the service at \(address.path) has ended the connection")
                case .malformed(let error):
                    (nil, "the service at \(address.path) does not keep to the protocol: \(error)")
                }
            return SocketError(
                .WSAENETDOWN, errno: errno, operation: operation, reason: reason,
                advice: "Start it again (irsock serve, irsock simulate), then this program.")
        }
    }

    private func talk(_ request: ServiceRequest, _ state: inout State) throws(Interruption) -> Answer {
        guard let socket = state.socket?.descriptor else { throw .notSent(.socketNotConnected) }
        state.lastNumber &+= 1
        do throws(Errno) {
            try MessageSocket.send(request.bytes(number: state.lastNumber), on: socket)
        } catch {
            // A service that refuses a program says why before it closes the connection.
            if case .hello = request, let refusal = try? receive(state.lastNumber, from: socket) { return refusal }
            throw .notSent(error)
        }
        do throws(Interruption) {
            return try receive(state.lastNumber, from: socket)
        } catch .notAnswered(.connectionReset) {
            // The reset overtakes what was said before it, once.
            return try receive(state.lastNumber, from: socket)
        }
    }

    /// Waits for the answer to a request.
    private func receive(_ wanted: UInt32, from socket: FileDescriptor) throws(Interruption) -> Answer {
        while true {
            var message: MessageSocket.Received
            do throws(Errno) {
                message = try MessageSocket.receive(from: socket, takesDescriptor: true)
            } catch {
                throw .notAnswered(error)
            }
            guard !message.bytes.isEmpty else { throw .notAnswered(nil) }
            do throws(MalformedMessage) {
                let (number, reply) = try ServiceReply.read(message.bytes)
                guard number == wanted else { continue }  // The answer to something that was given up.
                return Answer(reply: reply, descriptor: message.descriptor.take())
            } catch {
                throw .malformed(error)
            }
        }
    }

    @discardableResult
    private func connect(_ state: inout State) throws(SocketError) -> ServiceIdentity {
        let operation = "reach the IrSock service"
        state.drop()
        state.socket = try MarkedDescriptor(try open(for: operation), for: operation)
        let reply: ServiceReply
        do throws(Interruption) {
            reply = try talk(.hello(version: ServiceRequest.protocolVersion), &state).reply
        } catch {
            state.drop()
            throw error.failure(operation, address)
        }
        switch reply {
        case .welcome(let identity):
            state.identity = identity
            return identity
        case .failed(let error):
            state.drop()
            throw error
        default:
            state.drop()
            throw Interruption.malformed(.unknown(0)).failure(operation, address)
        }
    }

    private func open(for operation: String) throws(SocketError) -> OwnedDescriptor {
        let kind = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
        var socket = OwnedDescriptor(
            FileDescriptor(rawValue: try systemCall(for: operation) { Glibc.socket(AF_UNIX, kind, 0) }))
        if socket.withDescriptor({ $0.rawValue < Self.lowestDescriptor }) {
            // A program whose standard streams are closed must not find our messages in their place.
            let moved = try socket.withDescriptor { socket throws(SocketError) in
                try systemCall(for: operation) { fcntl(socket.rawValue, F_DUPFD_CLOEXEC, Self.lowestDescriptor) }
            }
            socket = OwnedDescriptor(FileDescriptor(rawValue: moved))
        }
        try socket.withDescriptor { socket throws(SocketError) in
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                var patience = Self.patience
                try systemCall(for: operation) {
                    setsockopt(
                        socket.rawValue, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
                }
            }
            do throws(Errno) {
                // On a local socket the call can be made again after a signal: it has done nothing.
                try systemCall { address.withAddress { Glibc.connect(socket.rawValue, $0, $1) } }
            } catch .permissionDenied {
                // The socket's mode, which the service chooses, or that of the directory.
                throw SocketError(
                    .WSAEACCES, errno: .permissionDenied, operation: operation,
                    reason: "\(address.path) is another user's",
                    advice:
                        "Ask for the service to be started with --group, and join that group; or start one of your own."
                )
            } catch {
                throw SocketError(
                    .WSAENETDOWN, errno: error, operation: operation,
                    reason: error == .connectionRefused || error == .noSuchFileOrDirectory
                        ? "no service listens at \(address.path)" : "\(address.path): \(error)",
                    advice: "Start one: irsock serve --port …, or irsock simulate.")
            }
        }
        return socket
    }
}

/// A descriptor that knows which open file it was made for.
///
/// Programs close every number that they do not know, and the number then comes to mean another file; what was meant for the
/// service must not get there.
struct MarkedDescriptor: Sendable {
    let descriptor: FileDescriptor
    private let device: dev_t
    private let inode: ino_t

    init(_ owned: consuming OwnedDescriptor, for operation: String) throws(SocketError) {
        let status = try owned.withDescriptor { descriptor throws(SocketError) in
            var status = stat()
            try systemCall(for: operation) { fstat(descriptor.rawValue, &status) }
            return status
        }
        device = status.st_dev
        inode = status.st_ino
        descriptor = owned.release()
    }

    var isIntact: Bool {
        var status = stat()
        return fstat(descriptor.rawValue, &status) == 0 && status.st_dev == device && status.st_ino == inode
    }

    func close() {
        if isIntact { try? descriptor.close() }
    }
}
