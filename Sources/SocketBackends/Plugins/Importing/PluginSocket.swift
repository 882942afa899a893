import CSocketPlugin
import Glibc
import SystemPackage

/// A socket of a plug-in.
///
/// Every call holds the descriptor, so that `release`, which comes when nobody holds it any more, is alone, as the interface promises.
final class PluginSocket: BackendSocket {
    let kind: CatalogueEntry
    let descriptor: SharedDescriptor
    private let backend: PluginBackend
    private let handle: Handle

    /// The plug-in's own pointer. Unchecked, as it is never followed here, and the plug-in's functions bear any thread.
    private struct Handle: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    private var functions: irsock_socket_functions { backend.table.socketFunctions }

    /// - Throws: WSASYSCALLFAILURE if there is no such socket; the plug-in is told to release what there is.
    init(_ made: irsock_new_socket, of backend: PluginBackend, operation: String) throws(SocketError) {
        guard let pointer = made.socket else {
            throw PluginCall.nonsense("it answers no socket", operation: operation, plugin: backend.name)
        }
        let catalogue = backend.catalogue
        let index = Int(made.catalogue_index)
        guard catalogue.indices.contains(index), fcntl(made.descriptor, F_GETFD) != -1 else {
            backend.table.socketFunctions.release?(pointer)
            throw PluginCall.nonsense(
                "it answers kind \(index) of \(catalogue.count) with descriptor \(made.descriptor)",
                operation: operation,
                plugin: backend.name)
        }
        let handle = Handle(pointer: pointer)
        self.handle = handle
        self.backend = backend
        kind = catalogue[index]
        // The backend holds the library: it cannot go before the last socket is released.
        descriptor = SharedDescriptor(borrowing: FileDescriptor(rawValue: made.descriptor)) { [backend] in
            backend.table.socketFunctions.release?(handle.pointer)
        }
    }

    /// Calls a function with the socket; `code` is the answer where the plug-in has none.
    private func call<Function>(
        _ function: Function?, orElse code: WSAErrorCode = .WSAEOPNOTSUPP, _ operation: @autoclosure () -> String,
        _ body: (Function, UnsafeMutableRawPointer, UnsafeMutablePointer<irsock_error>) -> Int32
    ) throws(SocketError) {
        guard let function else { throw PluginCall.missing(code, operation: operation(), plugin: backend.name) }
        try descriptor.withDescriptor(for: operation()) { _ throws(SocketError) in
            try PluginCall.make(operation(), of: backend.name) { body(function, handle.pointer, $0) }
        }
    }

    private func nonsense(_ reason: String, _ operation: String) -> SocketError {
        PluginCall.nonsense(reason, operation: operation, plugin: backend.name)
    }

    // MARK: - Connections

    func bind(to address: SocketAddress) throws(SocketError) {
        try call(functions.bind, "bind to \(backend.describe(address))") {
            $0($1, address.bytes, address.bytes.count, $2)
        }
    }

    func listen(backlog: Int) throws(SocketError) {
        try call(functions.listen, "listen") { $0($1, Int32(clamping: max(0, backlog)), $2) }
    }

    func accept() throws(SocketError) -> AcceptedConnection {
        let operation = "accept a connection"
        var made = irsock_new_socket.empty
        var peer = irsock_address.empty
        try call(functions.accept, operation) { $0($1, &made, &peer, $2) }
        let socket = try PluginSocket(made, of: backend, operation: operation)
        guard socket.kind == kind else { throw nonsense("it accepts a socket of \(socket.kind.transport)", operation) }
        return AcceptedConnection(
            socket: socket,
            peer: try peer.read(family: backend.family, operation: operation, plugin: backend.name))
    }

    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        var progress = Int32(-1)
        try call(functions.connect, "connect to \(backend.describe(address))") {
            $0($1, address.bytes, address.bytes.count, &progress, $2)
        }
        switch progress {
        case Int32(IRSOCK_CONNECTED): return .connected
        case Int32(IRSOCK_PENDING): return .pending
        case Int32(IRSOCK_DISSOLVED) where !kind.isConnectionOriented: return .dissolved
        default:
            throw nonsense("its connect is \(progress) on its way", "connect to \(backend.describe(address))")
        }
    }

    func finishConnect() throws(SocketError) {
        try call(functions.finish_connect, "finish a connect") { $0($1, $2) }
    }

    func shutdown(_ direction: ShutdownDirection) throws(SocketError) {
        try call(functions.shutdown, "shut down") { $0($1, direction.rawValue, $2) }
    }

    func localAddress() throws(SocketError) -> SocketAddress {
        try address(functions.local_address, "read the local address")
    }

    func peerAddress() throws(SocketError) -> SocketAddress {
        try address(functions.peer_address, "read the peer's address")
    }

    private typealias AddressFunction =
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafeMutablePointer<irsock_address>?, UnsafeMutablePointer<irsock_error>?
        ) -> Int32

    private func address(_ function: AddressFunction?, _ operation: String) throws(SocketError) -> SocketAddress {
        var address = irsock_address.empty
        try call(function, operation) { $0($1, &address, $2) }
        return try address.read(family: backend.family, operation: operation, plugin: backend.name)
    }

    func close() {
        if let close = functions.close {
            // Not if it is closed already: then there may be nothing left to close.
            _ = try? descriptor.withDescriptor(for: "close") { _ in close(handle.pointer) }
        }
        descriptor.close()
    }

    // MARK: - Data

    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        try sending(bytes, "send") { bytes, sent throws(SocketError) in
            try call(functions.send, "send") { $0($1, bytes.baseAddress, bytes.count, flags.rawValue, &sent, $2) }
        }
    }

    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        try sending(bytes, "send to \(backend.describe(address))") { bytes, sent throws(SocketError) in
            try call(functions.send_to, "send to \(backend.describe(address))") {
                $0(
                    $1, bytes.baseAddress, bytes.count, flags.rawValue, address.bytes, address.bytes.count, &sent, $2)
            }
        }
    }

    private func sending(
        _ bytes: RawSpan, _ operation: @autoclosure () -> String,
        _ body: (UnsafeRawBufferPointer, inout UInt64) throws(SocketError) -> Void
    ) throws(SocketError) -> Int {
        var sent: UInt64 = 0
        try bytes.withUnsafeBytes { bytes throws(SocketError) in try body(bytes, &sent) }
        guard sent <= bytes.byteCount else {
            throw nonsense("it has sent \(sent) of \(bytes.byteCount) bytes", operation())
        }
        return Int(sent)
    }

    func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        let received = try receiveAny(into: &buffer, flags: flags)
        guard received.is_truncated == 0 else {
            throw SocketError(
                .WSAEMSGSIZE, operation: "receive a datagram", reason: "it is longer than \(buffer.byteCount) bytes",
                advice: "The rest of it is lost; pass a larger buffer.")
        }
        return Int(received.count)
    }

    func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> ReceivedDatagram {
        let received = try receiveAny(into: &buffer, flags: flags)
        let source: SocketAddress? =
            received.source.length == 0
            ? nil : try received.source.read(family: backend.family, operation: "receive", plugin: backend.name)
        return ReceivedDatagram(
            count: Int(received.count), isTruncated: received.is_truncated != 0, source: source)
    }

    private func receiveAny(
        into buffer: inout MutableRawSpan, flags: MessageFlags
    ) throws(SocketError) -> irsock_received {
        var received = irsock_received()
        received.size = UInt32(MemoryLayout<irsock_received>.size)
        received.source = .empty
        let capacity = buffer.byteCount
        try buffer.withUnsafeMutableBytes { room throws(SocketError) in
            try call(functions.receive, "receive") {
                $0($1, room.baseAddress, room.count, flags.rawValue, &received, $2)
            }
        }
        guard received.count <= capacity else {
            throw nonsense("it has received \(received.count) bytes into a buffer of \(capacity)", "receive")
        }
        return received
    }

    // MARK: - Options

    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] {
        var value = buffer
        var length = value.count
        try value.withUnsafeMutableBufferPointer { value throws(SocketError) in
            try call(functions.get_option, orElse: .WSAENOPROTOOPT, "read \(option)") {
                $0($1, option.level.rawValue, option.name.rawValue, value.baseAddress, &length, $2)
            }
        }
        // Swift reads a size_t as an Int: what is too large for one comes out negative.
        guard (0...buffer.count).contains(length) else {
            throw nonsense(
                "its value of \(UInt(bitPattern: length)) bytes does not fit in \(buffer.count)", "read \(option)")
        }
        return Array(value.prefix(length))
    }

    func setOption(_ option: SocketOption, to value: [UInt8]) throws(SocketError) {
        try call(functions.set_option, orElse: .WSAENOPROTOOPT, "set \(option)") {
            $0($1, option.level.rawValue, option.name.rawValue, value, value.count, $2)
        }
    }
}
