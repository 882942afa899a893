import Glibc
public import SocketBackends
import Synchronization
import SystemPackage

/// A stream socket of Linux, non-blocking, with the rules that Winsock has for every family.
public final class KernelSocket<Backend: KernelStreamBackend>: BackendSocket {
    /// The backend that made it.
    public let backend: Backend
    /// The kernel's socket.
    public let descriptor: SharedDescriptor
    let state: Mutex<KernelSocketState>

    /// The backend's.
    public var kind: CatalogueEntry { backend.kind }
    var system: SystemCalls { backend.system }

    init(
        _ descriptor: consuming OwnedDescriptor, of backend: Backend, state: KernelSocketState = KernelSocketState()
    ) {
        self.backend = backend
        self.descriptor = SharedDescriptor(descriptor)
        self.state = Mutex(state)
    }

    /// Gives the socket a local address.
    ///
    /// - Throws: WSAEINVAL if it has one; WSAEFAULT for another family; WSAEADDRINUSE, WSAEADDRNOTAVAIL, WSAEACCES.
    public func bind(to address: SocketAddress) throws(SocketError) {
        let bytes = try backend.usable(address, for: .bind)
        let operation = "bind to \(backend.describe(address))"
        try state.withLock { state throws(SocketError) in
            guard state.boundTo == nil, state.attempt == .none else {  // rule R12: an attempt binds, too
                throw SocketError(.WSAEINVAL, operation: operation, reason: "the socket has a local address already")
            }
            try bind(bytes, for: operation)
            state.boundTo = bytes
        }
    }

    func bind(_ bytes: [UInt8], for operation: String) throws(SocketError) {
        try call(operation, as: .bind) { descriptor throws(Errno) in
            try systemCall { bytes.withKernelAddress { system.bind(descriptor.rawValue, $0, $1) } }
        }
    }

    /// Starts to take connections.
    ///
    /// - Throws: WSAEINVAL if it has no local address.
    public func listen(backlog: Int) throws(SocketError) {
        let operation = "listen"
        guard state.withLock({ $0.boundTo }) != nil else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the socket has no local address", advice: "Bind it first.")
        }
        try state.withLock { state throws(SocketError) in try forgetFailedAttempt(&state) }
        try call(operation, as: .listen) { descriptor throws(Errno) in
            try systemCall { system.listen(descriptor.rawValue, Int32(clamping: max(0, backlog))) }
        }
    }

    /// Takes a waiting connection.
    ///
    /// - Throws: WSAEWOULDBLOCK if none waits; WSAECONNRESET if it is gone again.
    public func accept() throws(SocketError) -> AcceptedConnection {
        let operation = "accept a connection"
        var name: [UInt8] = []
        let number = try call(operation, as: .accept) { descriptor throws(Errno) in
            try systemCall { () -> Int32 in
                let (answer, bytes) = readKernelAddress { system.accept(descriptor.rawValue, $0, $1) }
                name = bytes
                return answer
            }
        }
        let owned = OwnedDescriptor(FileDescriptor(rawValue: number))
        // Swift does not see accept4, which would do all of it at once.
        try systemCall(for: operation) { system.setFlags(number, F_SETFD, FD_CLOEXEC) }
        try systemCall(for: operation) { system.setFlags(number, F_SETFL, O_NONBLOCK) }
        guard let peer = backend.address(kernel: name) else {
            throw SocketError(.WSASYSCALLFAILURE, operation: operation, reason: "the peer has a strange address")
        }
        let state = KernelSocketState(attempt: .connected)
        return AcceptedConnection(socket: KernelSocket(owned, of: backend, state: state), peer: peer)
    }

    /// Ends one direction, or both.
    public func shutdown(_ direction: ShutdownDirection) throws(SocketError) {
        // Winsock and Linux number the directions alike.
        try call("shut down") { descriptor throws(Errno) in
            try systemCall { system.shutdown(descriptor.rawValue, direction.rawValue) }
        }
    }

    /// The local address.
    ///
    /// - Throws: WSAEINVAL while the socket is not bound.
    public func localAddress() throws(SocketError) -> SocketAddress {
        let operation = "read the local address"
        let bytes = try kernelName(for: operation, system.getsockname)
        guard !backend.isNoAddress(kernel: bytes) || state.withLock({ $0.isBound }),
            let local = backend.address(kernel: bytes)
        else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the socket has no local address", advice: "Bind it first.")
        }
        return local
    }

    /// The peer's address.
    ///
    /// - Throws: WSAENOTCONN without one.
    public func peerAddress() throws(SocketError) -> SocketAddress {
        let operation = "read the peer's address"
        guard let peer = backend.address(kernel: try kernelName(for: operation, system.getpeername)) else {
            throw SocketError(.WSASYSCALLFAILURE, operation: operation, reason: "the peer has a strange address")
        }
        return peer
    }

    /// Ends everything.
    public func close() {
        state.withLock { $0.callOff() }
        descriptor.close()
    }

    // MARK: - Helpers of every call

    /// Makes system calls on the descriptor, and translates their errors by what `kind` of call it is.
    @discardableResult
    func call<Answer>(
        _ operation: @autoclosure () -> String, as kind: KernelCall = .other,
        _ body: (FileDescriptor) throws(Errno) -> Answer
    ) throws(SocketError) -> Answer {
        try descriptor.withDescriptor(for: operation()) { descriptor throws(SocketError) in
            do throws(Errno) {
                return try body(descriptor)
            } catch {
                throw failure(error, of: kind, operation())
            }
        }
    }

    /// What an error of the kernel is called.
    func failure(_ error: Errno, of kind: KernelCall, _ operation: String) -> SocketError {
        SocketError(
            backend.code(for: error, of: kind) ?? kind.code(for: error), errno: error, operation: operation,
            reason: error.description)
    }

    private func kernelName(
        for operation: String,
        _ call: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(SocketError) -> [UInt8] {
        var name: [UInt8] = []
        try self.call(operation) { descriptor throws(Errno) in
            try systemCall { () -> Int32 in
                let (answer, bytes) = readKernelAddress { call(descriptor.rawValue, $0, $1) }
                name = bytes
                return answer
            }
        }
        return name
    }
}

/// What the kernel does not remember, or forgets too soon.
struct KernelSocketState: Sendable {
    var attempt = ConnectAttempt.none
    /// The address that the program has bound the socket to, as the kernel has it.
    var boundTo: [UInt8]?
    /// How the connection broke. Linux tells it once and then shows an end of stream; Windows goes on telling.
    var breakage: WSAErrorCode?
    /// Options that were set, for a new socket in the place of this one.
    var options: [KernelOption: [UInt8]] = [:]
    /// What stood in the descriptor's place while an address was found out, until it is certain that nobody watches it any more.
    var retired: Placeholder?

    /// Whether the socket has a local address, of its own or for its attempt (rule R12).
    var isBound: Bool { boundTo != nil || attempt != .none }

    /// Nobody wants to know any more how the attempt ends.
    mutating func callOff() {
        switch attempt {
        case .finding(_, let placeholder): placeholder.wake()
        case .none, .pending, .connected, .failed: break
        }
    }
}

/// How far the latest connect has come.
enum ConnectAttempt: Hashable, Sendable {
    case none
    /// The address is still being found out.
    case finding(SocketAddress, Placeholder)
    case pending(SocketAddress)
    case connected
    case failed(SocketError)
}

extension [UInt8] {
    /// Gives a kernel `sockaddr` to a system call.
    func withKernelAddress<Answer>(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Answer) -> Answer {
        var storage = sockaddr_storage()
        let length = Swift.min(count, MemoryLayout<sockaddr_storage>.size)
        Swift.withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: prefix(length)) }
        return withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(length)) }
        }
    }
}

/// Lets a system call write a `sockaddr`; answers as much of it as there is.
private func readKernelAddress(
    _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
) -> (answer: Int32, bytes: [UInt8]) {
    var storage = sockaddr_storage()
    let size = MemoryLayout<sockaddr_storage>.size
    var length = socklen_t(size)
    let answer = withUnsafeMutablePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
    }
    return (answer, withUnsafeBytes(of: storage) { Array($0.prefix(Swift.min(Int(length), size))) })
}
