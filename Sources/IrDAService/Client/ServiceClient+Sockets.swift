import Glibc
public import SocketBackends
public import SystemPackage

/// A socket of the service and the program's descriptor of it.
///
/// The descriptor is one end of an AF_UNIX pair and moves data by ordinary calls; it blocks, is closed on exec, and its readiness
/// is true. When the last copy of it is closed the service gives everything back.
public struct ServiceSocket: ~Copyable, Sendable {
    /// What requests call it.
    public let id: ServiceSocketID
    private let descriptor: OwnedDescriptor

    init(id: ServiceSocketID, descriptor: consuming OwnedDescriptor) {
        self.id = id
        self.descriptor = descriptor
    }

    /// Hands the descriptor out; the receiver closes it.
    public consuming func release() -> OwnedDescriptor { descriptor }
}

/// A connection that a program has accepted.
public struct AcceptedServiceSocket: ~Copyable, Sendable {
    /// Who has connected.
    public let peer: ServiceSocketNames.End
    private let socket: ServiceSocket

    init(peer: ServiceSocketNames.End, socket: consuming ServiceSocket) {
        self.peer = peer
        self.socket = socket
    }

    /// Hands the socket out.
    public consuming func release() -> ServiceSocket { socket }
}

// Sockets.
extension ServiceClient {
    /// Makes a socket.
    ///
    /// A fresh one is neither writable nor readable, and does not become so before it listens, connects or fails; one of kind `ultra` is
    /// writable at once.
    ///
    /// - Throws: WSAEMFILE or WSAENOBUFS if the service has no more to give, WSAENETDOWN if it is away.
    public func open(_ kind: ServiceSocketKind) throws(SocketError) -> ServiceSocket {
        let operation = "make a socket of irda"
        try requireDescriptor(for: operation)
        var answer = try exchange(.open(kind), for: operation)
        guard case .opened(let id) = answer.reply else { throw unexpectedAnswer(operation) }
        guard let descriptor = answer.descriptor.take() else { throw outOfDescriptors(operation) }
        return ServiceSocket(id: id, descriptor: descriptor)
    }

    /// Takes a service name or an LSAP-SEL (for Ultra: a protocol identifier).
    ///
    /// - Returns: the LSAP-SEL.
    /// - Throws: WSAEADDRINUSE (EBUSY) if it is taken, WSAENOBUFS (ENOMEM) if none is left, WSAEINVAL if the socket has
    ///   one already, WSAENOTSOCK if there is no such socket, WSAENETDOWN if the service is away.
    public func bind(_ socket: ServiceSocketID, to target: ServiceTarget) throws(SocketError) -> UInt8 {
        try ask(.bind(socket, target), for: "bind a socket of irda") {
            if case .bound(let selector) = $0 { selector } else { nil }
        }
    }

    /// Begins to take connections; a socket without a name gets an LSAP-SEL first. Its descriptor is readable while one waits.
    ///
    /// - Throws: WSAEOPNOTSUPP if the socket is connected, connecting or of a kind without connections.
    public func listen(_ socket: ServiceSocketID, backlog: Int) throws(SocketError) {
        // Winsock's SOMAXCONN means "as many as is reasonable".
        try tell(.listen(socket, backlog: UInt16(clamping: max(backlog, 1))), for: "listen")
    }

    /// Takes a waiting connection.
    ///
    /// - Parameters:
    ///   - socket: the listening socket.
    ///   - descriptor: its descriptor.
    /// - Returns: nil if none waits (any more).
    /// - Throws: WSAEINVAL if the socket does not listen, WSAEMFILE if this process has no descriptor left; the connection waits on.
    public func accept(
        _ socket: ServiceSocketID, descriptor: FileDescriptor
    ) throws(SocketError) -> AcceptedServiceSocket? {
        let operation = "accept a connection"
        try requireDescriptor(for: operation)
        var hasToken = false
        while true {
            do throws(SocketError) {
                var answer = try exchange(.accept(socket), for: operation)
                guard case .accepted(let id, let peer) = answer.reply else { throw unexpectedAnswer(operation) }
                if !hasToken { _ = takeToken(from: descriptor) }
                guard let accepted = answer.descriptor.take() else { throw outOfDescriptors(operation) }
                return AcceptedServiceSocket(peer: peer, socket: ServiceSocket(id: id, descriptor: accepted))
            } catch  where error.code == .WSAEWOULDBLOCK {
                // A process that died while it accepted has left its token, or a connection has come just now.
                guard !hasToken, takeToken(from: descriptor) else { return nil }
                hasToken = true
            }
        }
    }

    /// Takes one of the bytes that make a listening socket readable: there is one for each connection that waits.
    private func takeToken(from descriptor: FileDescriptor) -> Bool {
        var token: UInt8 = 0
        return recv(descriptor.rawValue, &token, 1, Int32(MSG_DONTWAIT)) == 1
    }

    /// What the service hands over while this process has no descriptor left is lost, so that is found out before.
    private func requireDescriptor(for operation: String) throws(SocketError) {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        _ = OwnedDescriptor(
            FileDescriptor(rawValue: try systemCall(for: operation) { Glibc.socket(AF_UNIX, kind, 0) }))
    }

    private func outOfDescriptors(_ operation: String) -> SocketError {
        SocketError(.tooManyOpenFiles, operation: operation)
    }

    /// Starts to connect. The descriptor becomes writable on success; readable, writable, failed and hung up at once on failure;
    /// `outcome(of:)` then says how it went.
    ///
    /// - Parameters:
    ///   - socket: the socket; after a failure it may be used again.
    ///   - device: the device; zero for whichever known device offers the service.
    ///   - target: what to connect to there.
    ///   - exclusively: whether the link is to be this connection's alone (rule R50).
    /// - Returns: a descriptor to be put in the place of the socket's old one, which is dead after a failed attempt; see ``install(_:over:)``.
    /// - Throws: what is known at once: WSAENETUNREACH (nothing known, for device zero), WSAEISCONN, WSAEALREADY, WSAEINVAL
    ///   (listening), WSAEADDRNOTAVAIL (not a device's address), WSAENETDOWN (service or port away).
    public func connect(
        _ socket: ServiceSocketID, to device: UInt32, _ target: ServiceTarget, exclusively: Bool = false
    ) throws(SocketError) -> OwnedDescriptor? {
        var answer = try exchange(
            .connect(socket, device: device, target, exclusively: exclusively), for: "connect a socket of irda")
        guard case .done = answer.reply else { throw unexpectedAnswer("connect a socket of irda") }
        return answer.descriptor.take()
    }

    /// Puts a new descriptor under the number of an old one, whose O_NONBLOCK and FD_CLOEXEC stay as they were.
    ///
    /// - Throws: what the system calls say.
    public static func install(
        _ replacement: consuming OwnedDescriptor, over descriptor: FileDescriptor
    ) throws(SocketError) {
        let operation = "renew a socket"
        let number = descriptor.rawValue
        let descriptorFlags = try systemCall(for: operation) { fcntl(number, F_GETFD) }
        let statusFlags = try systemCall(for: operation) { fcntl(number, F_GETFL) }
        try replacement.withDescriptor { replacement throws(SocketError) in
            try systemCall(for: operation) { fcntl(replacement.rawValue, F_SETFL, statusFlags) }
            try systemCall(for: operation) { dup2(replacement.rawValue, number) }
            try systemCall(for: operation) { fcntl(number, F_SETFD, descriptorFlags) }
        }
    }

    /// How the last connect stands.
    ///
    /// - Parameters:
    ///   - socket: the socket.
    ///   - descriptor: its descriptor. While a connect is pending its send buffer is at its minimum; once there is a
    ///     connection it gets the usual size here, which messages longer than a few KiB need.
    /// - Throws: WSAENOTSOCK if there is no such socket, WSAENOTCONN if it has never been connected, WSAENETDOWN if the service
    ///   is away.
    public func outcome(
        of socket: ServiceSocketID, descriptor: FileDescriptor? = nil
    ) throws(SocketError) -> ServiceConnectOutcome {
        let outcome = try ask(.outcome(socket), for: "finish a connect") { reply -> ServiceConnectOutcome? in
            if case .outcome(let outcome) = reply { outcome } else { nil }
        }
        if case .connected = outcome, let descriptor { SendBuffer.restore(descriptor) }
        return outcome
    }

    /// Why a connection has ended, where it was not the peer's orderly close; nil if it was, or has not.
    ///
    /// - Throws: WSAENOTSOCK if there is no such socket, WSAENETDOWN if the service is away.
    public func failure(of socket: ServiceSocketID) throws(SocketError) -> SocketError? {
        try ask(.failure(socket), for: "ask how a connection ended") { reply -> SocketError?? in
            if case .failure(let error) = reply { .some(error) } else { .none }
        }
    }

    /// Both ends of a socket.
    ///
    /// - Throws: WSAENOTSOCK if there is no such socket, WSAENETDOWN if the service is away.
    public func names(of socket: ServiceSocketID) throws(SocketError) -> ServiceSocketNames {
        try ask(.names(socket), for: "read the names of a socket") {
            if case .names(let names) = $0 { names } else { nil }
        }
    }

    /// How much one call can send on a connection.
    ///
    /// - Throws: WSAENOTCONN without a connection, WSAENOTSOCK if there is no such socket, WSAENETDOWN if the service is away.
    public func transferUnits(of socket: ServiceSocketID) throws(SocketError) -> ServiceTransferUnits {
        try ask(.transferUnits(socket), for: "measure a connection") {
            if case .transferUnits(let units) = $0 { units } else { nil }
        }
    }

    /// Sets the longest message that a socket takes from its peer; before it connects or listens.
    ///
    /// - Throws: WSAENOPROTOOPT for a kind of socket without messages, WSAEISCONN when it is too late.
    public func setMaximumSDU(_ size: UInt32, for socket: ServiceSocketID) throws(SocketError) {
        try tell(.setMaximumSDU(socket, size), for: "set the longest message")
    }

    /// Puts something else than TinyTP between a stream socket and the multiplexer, before it connects or listens.
    ///
    /// - Throws: WSAEOPNOTSUPP for another kind of socket, WSAEINVAL when it is too late.
    public func setLayer(_ layer: ServiceLayer, for socket: ServiceSocketID) throws(SocketError) {
        try tell(.setLayer(socket, layer), for: "choose a layer")
    }

    /// Sends one Ultra packet under another protocol identifier than the one that the socket is bound to.
    ///
    /// - Throws: WSAEOPNOTSUPP for another kind of socket, WSAEMSGSIZE if it is too long, WSAEWOULDBLOCK while others wait.
    public func sendUltra(
        _ packet: [UInt8], protocolID: UInt8, from socket: ServiceSocketID
    ) throws(SocketError) {
        try tell(.sendUltra(socket, protocolID: protocolID, packet), for: "send an Ultra packet")
    }

    /// Gives a socket back at once, though copies of its descriptor may be open; data that was written still goes out.
    ///
    /// Closing the last copy of the descriptor has the same effect a moment later.
    ///
    /// - Throws: WSAENETDOWN if the service is away; everything is given back then, too.
    public func close(_ socket: ServiceSocketID) throws(SocketError) {
        try tell(.close(socket), for: "close a socket of irda")
    }
}
