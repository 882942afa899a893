import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// A TCP or UDP socket of Linux, non-blocking, with the rules of its family.
final class InternetSocket: BackendSocket {
    let kind: CatalogueEntry
    let descriptor: SharedDescriptor
    let version: InternetVersion
    let state: Mutex<State>

    /// What the kernel does not remember, or forgets too soon.
    struct State {
        var attempt = ConnectAttempt.none
        /// Linux tells of a reset once and then shows an end of stream; Windows goes on telling.
        var hasBeenReset = false
    }

    /// Flags for every call that makes a descriptor.
    static let creationFlags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    var isStream: Bool { kind.isConnectionOriented }

    /// Makes the socket around a descriptor of its own.
    init(
        _ descriptor: consuming OwnedDescriptor, kind: CatalogueEntry, version: InternetVersion,
        attempt: ConnectAttempt = .none
    ) throws(SocketError) {
        self.kind = kind
        self.version = version
        self.descriptor = SharedDescriptor(descriptor)
        state = Mutex(State(attempt: attempt))
        if version == .v6, attempt == .none {
            // On by default, other than in Linux.
            try setOption(.v6Only, to: [1, 0, 0, 0])
        }
    }

    func bind(to address: SocketAddress) throws(SocketError) {
        let local = try usable(address, for: "bind to")
        try call("bind to \(local)") { descriptor throws(Errno) in
            try local.port == 0 ? bindToFreePort(of: local, descriptor) : bind(descriptor, to: local)
        }
    }

    func listen(backlog: Int) throws(SocketError) {
        let operation = "listen"
        guard try isBound(for: operation) else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the socket has no local address", advice: "Bind it first.")
        }
        try state.withLock { state throws(SocketError) in
            try forgetFailedAttempt(&state)
        }
        try call(operation) { descriptor throws(Errno) in
            try systemCall { Glibc.listen(descriptor.rawValue, Int32(clamping: max(0, backlog))) }
        }
    }

    func accept() throws(SocketError) -> AcceptedConnection {
        let operation = "accept a connection"
        var storage = sockaddr_storage()
        let accepted = try call(operation) { descriptor throws(Errno) in
            try systemCall { storage.fill { Glibc.accept(descriptor.rawValue, $0, $1) } }
        }
        let owned = OwnedDescriptor(FileDescriptor(rawValue: accepted))
        // Swift does not see accept4, which would do all of it at once.
        try systemCall(for: operation) { fcntl(accepted, F_SETFD, FD_CLOEXEC) }
        try systemCall(for: operation) { fcntl(accepted, F_SETFL, O_NONBLOCK) }
        guard let peer = InternetAddress(storage, version: version) else {
            throw SocketError(.WSASYSCALLFAILURE, operation: operation, reason: "the peer has a strange address")
        }
        let socket = try InternetSocket(owned, kind: kind, version: version, attempt: .connected)
        return AcceptedConnection(socket: socket, peer: peer.socketAddress)
    }

    func shutdown(_ direction: ShutdownDirection) throws(SocketError) {
        do throws(SocketError) {
            try call("shut down", as: .shutdown) { descriptor throws(Errno) in
                // Winsock and Linux number the directions alike.
                try systemCall { Glibc.shutdown(descriptor.rawValue, direction.rawValue) }
            }
        } catch  where error.errno == .socketNotConnected && !isStream {
            // The kernel has done it, and complains all the same; WSAENOTCONN is for connections only.
        }
    }

    func localAddress() throws(SocketError) -> SocketAddress {
        let operation = "read the local address"
        guard let local = try kernelLocalAddress(for: operation), local.port != 0 else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the socket has no local address", advice: "Bind it first.")
        }
        return local.socketAddress
    }

    func peerAddress() throws(SocketError) -> SocketAddress {
        let operation = "read the peer's address"
        var storage = sockaddr_storage()
        try call(operation) { descriptor throws(Errno) in
            try systemCall { storage.fill { getpeername(descriptor.rawValue, $0, $1) } }
        }
        guard let peer = InternetAddress(storage, version: version) else {
            throw SocketError(.WSAENOTCONN, operation: operation, reason: "the socket has no peer")
        }
        return peer.socketAddress
    }

    func close() {
        descriptor.close()
    }
}

// MARK: - Helpers of every call

extension InternetSocket {
    /// Makes system calls on the descriptor, and translates their errors by what `kind` of call it is.
    @discardableResult
    func call<Answer>(
        _ operation: @autoclosure () -> String, as kind: InternetCall? = nil, advice: @autoclosure () -> String = "",
        _ body: (FileDescriptor) throws(Errno) -> Answer
    ) throws(SocketError) -> Answer {
        try descriptor.withDescriptor(for: operation()) { descriptor throws(SocketError) in
            do throws(Errno) {
                return try body(descriptor)
            } catch {
                throw SocketError(
                    kind?.code(for: error, isStream: isStream) ?? WSAErrorCode(error), errno: error,
                    operation: operation(), reason: error.description, advice: advice())
            }
        }
    }

    /// Reads an address that the caller gave.
    ///
    /// - Throws: WSAEAFNOSUPPORT if the family is another one (rule R9), WSAEFAULT if it is too short (rule R7).
    func usable(_ address: SocketAddress, for verb: String) throws(SocketError) -> InternetAddress {
        if let address = InternetAddress(address, version: version) { return address }
        let operation = "\(verb) an address of \(address.bytes.count) bytes"
        guard address.family == version.family else {
            throw SocketError(
                .WSAEAFNOSUPPORT, operation: operation,
                reason: "\(address.family) cannot be used with a socket of \(version.name)",
                advice: "Pass a sockaddr of family \(version.family.rawValue).")
        }
        throw SocketError(
            .WSAEFAULT, operation: operation, reason: "\(version.name) needs \(version.addressLength)",
            advice: "Pass the whole structure and its length.")
    }

    /// What the kernel calls the local address; port 0 while the socket is not bound.
    func kernelLocalAddress(for operation: String) throws(SocketError) -> InternetAddress? {
        var storage = sockaddr_storage()
        try call(operation) { descriptor throws(Errno) in
            try systemCall { storage.fill { getsockname(descriptor.rawValue, $0, $1) } }
        }
        return InternetAddress(storage, version: version)
    }

    func isBound(for operation: String) throws(SocketError) -> Bool {
        try kernelLocalAddress(for: operation)?.port != 0
    }
}
