import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// An AF_IRDA socket over a provider's endpoint, with the documented rules of the family.
///
/// Its descriptor is one end of an AF_UNIX pair that keeps the boundaries of messages where the kind has any, so data moves by
/// ordinary calls. What is particular to Ultra, which has no connections, is in an extension.
final class IrDASocket: BackendSocket {
    private enum Role: Sendable {
        case fresh
        /// Bound to a service of our own, to take connections.
        case server(IrDAAddress)
        /// Connecting, connected, or failed.
        case client(peer: IrDAAddress)
        /// Taken from a listening socket.
        case accepted(local: IrDAAddress, peer: IrDAAddress)
    }

    let kind: CatalogueEntry
    let endpoint: any IrDAEndpoint
    let provider: any IrDAProvider
    private let role: Mutex<Role>
    /// IRLMP_EXCLUSIVE_MODE.
    let isExclusive = Atomic(false)
    /// IRLMP_HINT_MASK_SET; 0 lets every device through.
    let hintMask = Atomic<UInt16>(0)
    /// What the endpoint has been told to be.
    let settings = Mutex(IrDASocketSettings())
    /// What an Ultra socket is bound to, and where it sends without an address.
    let ultra = Mutex(UltraAddresses())

    var descriptor: SharedDescriptor { endpoint.descriptor }

    convenience init(_ endpoint: any IrDAEndpoint, provider: any IrDAProvider) {
        self.init(endpoint, provider: provider, role: .fresh)
    }

    private init(_ endpoint: any IrDAEndpoint, provider: any IrDAProvider, role: Role) {
        self.endpoint = endpoint
        self.provider = provider
        kind = endpoint.kind.catalogueEntry
        self.role = Mutex(role)
    }

    /// Whether it is neither bound nor has it ever begun to connect.
    var isFresh: Bool { if case .fresh = role.withLock({ $0 }) { true } else { false } }

    // MARK: Taking connections

    func bind(to address: SocketAddress) throws(SocketError) {
        let wanted = try IrDAAddress(address, for: "bind")
        guard endpoint.kind != .ultra else { return try bindUltra(to: wanted) }
        guard case .fresh = role.withLock({ $0 }) else {
            throw SocketError(
                .WSAEINVAL, operation: "bind to \(wanted)", reason: "the socket has a local address already",
                advice: "Use a fresh socket.")
        }
        try settings.withLock { settings throws(SocketError) in
            guard settings.layer == .raw else { return }
            settings.layer = .tinyTP  // IRLMP_IRLPT_MODE is for clients.
            try endpoint.apply(settings)
        }
        let selector = try endpoint.bind(to: wanted.service)
        // The device in a local address is ignored (af_irda.h); it is this one.
        let service = wanted.service == .unspecified ? .selector(selector) : wanted.service
        role.withLock { $0 = .server(IrDAAddress(device: endpoint.localDevice, service: service)) }
    }

    func listen(backlog: Int) throws(SocketError) {
        guard case .server = role.withLock({ $0 }) else {
            throw SocketError(
                .WSAEINVAL, operation: "listen", reason: "the socket has no local address",
                advice: "Bind it to a service name first.")
        }
        try endpoint.listen(backlog: backlog)
    }

    func accept() throws(SocketError) -> AcceptedConnection {
        guard case .server(let local) = role.withLock({ $0 }) else {
            throw SocketError(.WSAEINVAL, operation: "accept a connection", reason: "the socket does not listen")
        }
        guard let (accepted, device) = try endpoint.accept() else {
            throw SocketError(.WSAEWOULDBLOCK, operation: "accept a connection", reason: "none is waiting")
        }
        let peer = IrDAAddress(device: device, service: .unspecified)
        return AcceptedConnection(
            socket: IrDASocket(accepted, provider: provider, role: .accepted(local: local, peer: peer)),
            peer: peer.socketAddress)
    }

    // MARK: Connecting

    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        if endpoint.kind == .ultra { return try connectUltra(to: address) }
        let peer = try IrDAAddress(address, for: "connect")
        let operation = "connect to \(peer)"
        guard peer.device != .none else {  // rules R10, R55
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "the address names no device",
                advice: "Discover devices first (IRLMP_ENUMDEVICES), and use the address of one.")
        }
        guard peer.service != .unspecified else {  // rule R8
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "the address names no service",
                advice: "Name a class of the information base, or LSAP-SEL and a number.")
        }
        switch role.withLock({ $0 }) {
        case .fresh, .client: break
        case .server(let local), .accepted(let local, _):  // rule R51
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the socket is bound to \(local) to take connections",
                advice: "Use a fresh socket.")
        }
        try endpoint.connect(
            to: peer.device, service: peer.service, exclusively: isExclusive.load(ordering: .relaxed))  // rule R50
        role.withLock { $0 = .client(peer: peer) }
        // The general rules of waiting, or of not waiting, apply to AF_IRDA unchanged (rule R53).
        return .pending
    }

    func finishConnect() throws(SocketError) {
        if endpoint.kind == .ultra { return }
        guard let outcome = endpoint.connectOutcome else {
            throw SocketError(.WSAEWOULDBLOCK, operation: "finish a connect", reason: "it is still under way")
        }
        try outcome.get()
    }

    // MARK: Data

    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        let operation = "send"
        try refuse(flags, for: operation)
        if endpoint.kind == .ultra { return try sendUltra(bytes, to: nil, for: operation) }
        try requireConnection(for: operation)
        if endpoint.kind != .stream { try checkSize(bytes.byteCount, for: operation) }
        return try write(bytes, for: operation)
    }

    /// A message goes whole or not at all.
    private func checkSize(_ size: Int, for operation: String) throws(SocketError) {
        guard size > 0 else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "IrDA has no empty messages", advice: "Send a byte at least.")
        }
        guard let limit = try endpoint.transferUnits?.sendMessage, size > limit else { return }
        throw SocketError(
            .WSAEMSGSIZE, operation: operation, reason: "a message of \(size) bytes is too long for the other device",
            advice: "At most \(limit) fit (IRLMP_MAX_SDU_SIZE).")
    }

    func write(_ bytes: RawSpan, for operation: String) throws(SocketError) -> Int {
        return try descriptor.withDescriptor(for: operation) { descriptor throws(SocketError) in
            do throws(SocketError) {
                return try systemCall(for: operation) {
                    bytes.withUnsafeBytes {
                        Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Self.doNotWait)
                    }
                }
            } catch  where error.errno == .brokenPipe {
                throw endpoint.failure
                    ?? SocketError(
                        .WSAECONNRESET, errno: error.errno, operation: operation,
                        reason: "the other device has ended the connection")
            }
        }
    }

    func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        let received = try receiveFrom(into: &buffer, flags: flags)
        guard !received.isTruncated else {
            throw SocketError(
                .WSAEMSGSIZE, operation: "receive", reason: "the message is longer than \(received.count) bytes",
                advice: "The rest of it is lost; pass a larger buffer.")
        }
        return received.count
    }

    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        // As on any connection: the address is ignored.
        guard endpoint.kind == .ultra else { return try send(bytes, flags: flags) }
        try refuse(flags, for: "send")
        return try sendUltra(bytes, to: address, for: "send")
    }

    func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> ReceivedDatagram {
        let operation = "receive"
        try refuse(flags.subtracting(.peek), for: operation)
        if endpoint.kind == .ultra {
            try requireUltraAddress(for: operation)
        } else {
            try requireConnection(for: operation)
        }
        var kernelFlags = Self.doNotWait | (flags.contains(.peek) ? Int32(MSG_PEEK) : 0)
        // With this the answer is the length of the message, whatever the buffer holds.
        if endpoint.kind != .stream { kernelFlags |= Int32(MSG_TRUNC) }
        let length = try descriptor.withDescriptor(for: operation) { descriptor throws(SocketError) in
            do throws(SocketError) {
                return try systemCall(for: operation) {
                    buffer.withUnsafeMutableBytes { recv(descriptor.rawValue, $0.baseAddress, $0.count, kernelFlags) }
                }
            } catch  where Self.isEnd(error, of: descriptor) {
                return 0
            } catch  where error.errno == .connectionReset {
                // What the program wrote last was not even taken by the station.
                throw endpoint.failure ?? error
            }
        }
        if length == 0, buffer.byteCount > 0, let failure = endpoint.failure { throw failure }
        return ReceivedDatagram(
            count: min(length, buffer.byteCount), isTruncated: length > buffer.byteCount, source: nil)
    }

    func shutdown(_ direction: ShutdownDirection) throws(SocketError) {
        let operation = "shut down"
        try requireConnection(for: operation)
        // TinyTP cannot end one direction alone: that this end has stopped sending stays its own affair until it closes.
        _ = try descriptor.withDescriptor(for: operation) { descriptor throws(SocketError) in
            // Winsock and Linux number the directions alike.
            try systemCall(for: operation) { Glibc.shutdown(descriptor.rawValue, direction.rawValue) }
        }
    }

    func unsentCount() throws(SocketError) -> Int { try endpoint.unsentCount }

    // MARK: Names

    func localAddress() throws(SocketError) -> SocketAddress {
        if endpoint.kind == .ultra { return try localUltraAddress().socketAddress }
        switch role.withLock({ $0 }) {
        case .fresh:
            throw SocketError(
                .WSAEINVAL, operation: "read the local address", reason: "the socket has none",
                advice: "Bind or connect it first.")
        case .server(let local), .accepted(let local, _): return local.socketAddress
        case .client: return IrDAAddress(device: endpoint.localDevice, service: .unspecified).socketAddress
        }
    }

    func peerAddress() throws(SocketError) -> SocketAddress {
        if endpoint.kind == .ultra { return try ultraPeer().socketAddress }
        switch role.withLock({ $0 }) {
        case .client(let peer), .accepted(_, let peer): return peer.socketAddress
        case .fresh, .server:
            throw SocketError(.WSAENOTCONN, operation: "read the peer's address", reason: "the socket has no peer")
        }
    }

    func close() {
        endpoint.close()
    }

    // MARK: Helpers

    private static let doNotWait = Int32(MSG_DONTWAIT)

    /// Whether an error of `recv` on a connection means its end: a kernel's AF_IRDA says ENOTCONN then, and EAGAIN to who does not
    /// want to wait.
    private static func isEnd(_ error: SocketError, of descriptor: FileDescriptor) -> Bool {
        if error.errno == .socketNotConnected { return true }
        guard error.errno == .resourceTemporarilyUnavailable else { return false }
        var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return false }
        return Int32(entry.revents) & (POLLIN | POLLHUP) == POLLHUP
    }

    private func refuse(_ flags: MessageFlags, for operation: String) throws(SocketError) {
        guard flags.isEmpty else {
            throw SocketError(
                .WSAEOPNOTSUPP, operation: operation, reason: "AF_IRDA has no urgent data and no routes",
                advice: "Pass no flags.")
        }
    }

    private func requireConnection(for operation: String) throws(SocketError) {
        switch role.withLock({ $0 }) {
        case .accepted: return
        case .client:
            if case .success = endpoint.connectOutcome { return }
        case .fresh, .server: break
        }
        throw SocketError(
            .WSAENOTCONN, operation: operation, reason: "the socket is not connected", advice: "Connect it first.")
    }
}
