import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// A TCP or UDP socket of Linux, non-blocking, with the rules of its family.
final class InternetSocket: BackendSocket {
    let kind: CatalogueEntry
    let descriptor: SharedDescriptor
    let version: InternetVersion
    let system: SharedSystemCalls
    let state: Mutex<State>

    /// What the kernel does not remember, or forgets too soon.
    struct State {
        var sharing = AddressSharing.standard

        // Streams
        var attempt = ConnectAttempt.none
        /// What the latest ICMP message during the attempt said; the kernel may forget it when the message is taken.
        var reported: Errno?
        /// Whether the program has chosen a local address, or had one chosen by `bind`.
        var hasPortOfItsOwn = false
        /// How the connection broke. Linux tells it once and then shows an end of stream; Windows goes on telling.
        var breakage: Errno?

        // Datagrams
        var peer = DatagramPeer.none
        /// Whether the queue may hold datagrams that came before there was a peer, from others.
        var mayHoldStrangers = false
        /// What became of an earlier datagram, if another call than `receive` met the news.
        var owedError: Errno?
    }

    /// Flags for every call that makes a descriptor.
    static let creationFlags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    var isStream: Bool { kind.isConnectionOriented }

    /// Makes the socket around a descriptor of its own.
    init(
        _ descriptor: consuming OwnedDescriptor, kind: CatalogueEntry, version: InternetVersion,
        system: SharedSystemCalls, state: State = State()
    ) throws(SocketError) {
        self.kind = kind
        self.version = version
        self.system = system
        self.descriptor = SharedDescriptor(descriptor)
        self.state = Mutex(state)
        if version == .v6, state.attempt == .none {
            // On by default, other than in Linux.
            try setOption(.v6Only, to: [1, 0, 0, 0])
        }
    }

    func bind(to address: SocketAddress) throws(SocketError) {
        let local = try usable(address, for: "bind to")
        func operation() -> String { "bind to \(local)" }
        try state.withLock { state throws(SocketError) in
            if case .failed = state.attempt {  // rule R12; the kernel forgets the port of a refused attempt
                throw SocketError(.WSAEINVAL, operation: operation(), reason: "connect has given it a local address")
            }
            try call(operation(), as: local.port == 0 ? .choosePort : .bind(state.sharing)) {
                descriptor throws(Errno) in
                try local.port == 0 ? bindToFreePort(of: local, descriptor) : bind(descriptor, to: local)
            }
            state.hasPortOfItsOwn = true
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
            try systemCall { system.calls.listen(descriptor.rawValue, Int32(clamping: max(0, backlog))) }
        }
    }

    func accept() throws(SocketError) -> AcceptedConnection {
        let operation = "accept a connection"
        var storage = sockaddr_storage()
        let accepted = try call(operation, as: .accept) { descriptor throws(Errno) in
            try systemCall { storage.fill { system.calls.accept(descriptor.rawValue, $0, $1) } }
        }
        let owned = OwnedDescriptor(FileDescriptor(rawValue: accepted))
        // Swift does not see accept4, which would do all of it at once.
        try systemCall(for: operation) { system.calls.setFlags(accepted, F_SETFD, FD_CLOEXEC) }
        try systemCall(for: operation) { system.calls.setFlags(accepted, F_SETFL, O_NONBLOCK) }
        guard let peer = InternetAddress(storage, version: version) else {
            throw SocketError(.WSASYSCALLFAILURE, operation: operation, reason: "the peer has a strange address")
        }
        let sharing = state.withLock { $0.sharing }
        let socket = try InternetSocket(
            owned, kind: kind, version: version, system: system,
            state: State(sharing: sharing, attempt: .connected(to: peer)))
        return AcceptedConnection(socket: socket, peer: peer.socketAddress)
    }

    func shutdown(_ direction: ShutdownDirection) throws(SocketError) {
        do throws(SocketError) {
            try call("shut down") { descriptor throws(Errno) in
                // Winsock and Linux number the directions alike.
                try systemCall { system.calls.shutdown(descriptor.rawValue, direction.rawValue) }
            }
        } catch  where error.errno == .socketNotConnected && !isStream {
            // The kernel has done it, and complains all the same; WSAENOTCONN is for connections only.
        } catch  where error.errno == .socketNotConnected {
            let (attempt, breakage) = state.withLock { ($0.attempt, $0.breakage) }
            guard case .connected = attempt else { throw error }
            throw SocketError(breakage ?? .connectionReset, operation: error.operation)
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
        if case .connected(let peer) = state.withLock({ $0.attempt }) { return peer.socketAddress }
        let operation = "read the peer's address"
        guard let peer = try kernelPeerAddress(for: operation) else {
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
        func operation() -> String { "\(verb) an address of \(address.bytes.count) bytes" }
        // The length comes first (decision D1).
        guard address.bytes.count < version.addressLength else {
            throw SocketError(
                .WSAEAFNOSUPPORT, operation: operation(),
                reason: "\(address.family) cannot be used with a socket of \(version.name)",
                advice: "Pass a sockaddr of family \(version.family.rawValue).")
        }
        throw SocketError(
            .WSAEFAULT, operation: operation(), reason: "\(version.name) needs \(version.addressLength)",
            advice: "Pass the whole structure and its length.")
    }

    /// What the kernel calls the local address; port 0 while the socket is not bound.
    func kernelLocalAddress(for operation: @autoclosure () -> String) throws(SocketError) -> InternetAddress? {
        var storage = sockaddr_storage()
        try call(operation()) { descriptor throws(Errno) in
            try systemCall { storage.fill { system.calls.getsockname(descriptor.rawValue, $0, $1) } }
        }
        return InternetAddress(storage, version: version)
    }

    /// The port alone; 0 while the socket is not bound.
    func kernelLocalPort(for operation: @autoclosure () -> String) throws(SocketError) -> UInt16 {
        var storage = sockaddr_storage()
        try call(operation()) { descriptor throws(Errno) in
            try systemCall { storage.fill { system.calls.getsockname(descriptor.rawValue, $0, $1) } }
        }
        // In the same place in both versions.
        return withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }

    /// What the kernel calls the peer's address; its error ENOTCONN without one.
    func kernelPeerAddress(for operation: @autoclosure () -> String) throws(SocketError) -> InternetAddress? {
        var storage = sockaddr_storage()
        try call(operation()) { descriptor throws(Errno) in
            try systemCall { storage.fill { system.calls.getpeername(descriptor.rawValue, $0, $1) } }
        }
        return InternetAddress(storage, version: version)
    }

    func isBound(for operation: @autoclosure () -> String) throws(SocketError) -> Bool {
        try kernelLocalPort(for: operation()) != 0
    }
}
