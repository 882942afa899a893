import KernelSockets
import SocketBackends
import Synchronization

/// An RFCOMM socket: the kernel's, with Winsock's ways to name a channel, and its options.
final class BluetoothSocket: BackendSocket {
    private let socket: KernelSocket<RFCOMMSockets>
    private let state = Mutex(State())

    private struct State {
        var options = BluetoothOptions()
        /// Rule B7: then it is too late for options.
        var hasConnected = false
    }

    /// SOL_BLUETOOTH and BT_SECURITY.
    private static let (level, security): (Int32, Int32) = (274, 4)

    init(_ socket: KernelSocket<RFCOMMSockets>) {
        self.socket = socket
    }

    var kind: CatalogueEntry { socket.kind }
    var descriptor: SharedDescriptor { socket.descriptor }

    func bind(to address: SocketAddress) throws(SocketError) {
        guard var named = BluetoothAddress(address), named.port == BluetoothAddress.anyPort else {
            return try socket.bind(to: address)
        }
        // Linux would choose at `listen`; here the channel is known at once, as Winsock has it.
        for channel in BluetoothAddress.channels {
            named.port = channel
            do throws(SocketError) {
                return try socket.bind(to: named.socketAddress)
            } catch  where error.code == .WSAEADDRINUSE {
                continue
            }
        }
        throw SocketError(
            .WSAENOBUFS, operation: "bind to \(socket.backend.describe(address))", reason: "all 30 channels are taken")
    }

    func listen(backlog: Int) throws(SocketError) { try socket.listen(backlog: backlog) }

    func accept() throws(SocketError) -> AcceptedConnection {
        let connection = try socket.accept()
        guard let accepted = connection.socket as? KernelSocket<RFCOMMSockets> else {
            throw SocketError(.WSASYSCALLFAILURE, operation: "accept a connection", reason: "it is no RFCOMM socket")
        }
        let socket = BluetoothSocket(accepted)
        socket.state.withLock { $0.hasConnected = true }
        return AcceptedConnection(socket: socket, peer: connection.peer)
    }

    /// Rules B2 to B6.
    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        let backend = socket.backend
        let operation = "connect to \(backend.describe(address))"
        guard let named = BluetoothAddress(address), named.port == 0 else {
            // What the address says comes before what the machine has (decision D1).
            if BluetoothAddress(address) != nil {
                _ = try backend.kernelAddress(address, for: .connect)
                try backend.checkAdapter(for: operation)
            }
            let progress = try socket.connect(to: address)
            state.withLock { $0.hasConnected = true }
            return progress
        }
        guard named.device != 0, named.device <= BluetoothAddress.largestDevice else {  // rule B2
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "this is no device",
                advice: "Pass 48 bits, not all zero.")
        }
        guard named.service != .none else {  // rule B6
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "there is neither a channel nor a service class",
                advice: "Pass one of them.")
        }
        try backend.checkAdapter(for: operation)
        let progress = try socket.connect(to: address) { () throws(SocketError) in  // rule B4
            let channel = try backend.channel(of: named.service, at: named.device)
            return BluetoothAddress(device: named.device, port: UInt32(channel)).socketAddress
        }
        state.withLock { $0.hasConnected = true }
        return progress
    }

    func finishConnect() throws(SocketError) { try socket.finishConnect() }

    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int { try socket.send(bytes, flags: flags) }

    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        try socket.send(bytes, to: address, flags: flags)
    }

    func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        try socket.receive(into: &buffer, flags: flags)
    }

    func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> ReceivedDatagram {
        try socket.receiveFrom(into: &buffer, flags: flags)
    }

    func shutdown(_ direction: ShutdownDirection) throws(SocketError) { try socket.shutdown(direction) }
    func localAddress() throws(SocketError) -> SocketAddress { try socket.localAddress() }
    func peerAddress() throws(SocketError) -> SocketAddress { try socket.peerAddress() }

    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] {
        guard option.level == .rfcomm else { return try socket.option(option, buffer: buffer) }
        let operation = "read \(option)"
        guard option == .bluetoothMTU else {
            throw SocketError(.WSAENOPROTOOPT, operation: operation, reason: "only SO_BTH_MTU can be read")
        }
        return try OptionValue(state.withLock { $0.options.mtu }).bytes(fitting: buffer.count, for: operation)
    }

    func setOption(_ option: SocketOption, to value: [UInt8]) throws(SocketError) {
        guard option.level == .rfcomm else { return try socket.setOption(option, to: value) }
        let operation = "set \(option)"
        let security = try state.withLock { state throws(SocketError) -> [UInt8]? in
            var options = state.options
            let isSecurity = try options.set(option, to: OptionValue(bytes: value), for: operation)
            guard !state.hasConnected else {  // rule B7
                throw SocketError(
                    .WSAEINVAL, operation: operation, reason: "the socket has connected",
                    advice: "Set it before connect.")
            }
            state.options = options
            return isSecurity ? options.security : nil
        }
        guard let security else { return }
        try socket.setKernelOption(
            level: Self.level, name: Self.security, to: (security[0], security[1]), for: operation)
    }

    func close() { socket.close() }
}
