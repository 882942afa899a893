import Glibc
import KernelSockets
import SocketBackends
import SystemPackage

/// RFCOMM sockets of Linux: addresses and errors.
struct RFCOMMSockets: KernelStreamBackend {
    let calls: BluetoothCalls

    var system: SystemCalls { calls.system }
    var name: String { "bluetooth" }
    var family: AddressFamily { .bluetooth }
    var familyName: String { "bluetooth" }
    var providerID: ProviderID { ProviderID(0x9FC4_8064, 0x7298, 0x43E4, 0xB7BD_181F_2089_792A) }
    /// AF_BLUETOOTH.
    var kernelFamily: Int32 { 31 }
    /// BTPROTO_RFCOMM, as BTHPROTO_RFCOMM in Winsock.
    var kernelProtocol: Int32 { 3 }
    /// The kernel closes a socket whose connect has failed.
    var needsNewSocketAfterFailure: Bool { true }

    var kind: CatalogueEntry {
        CatalogueEntry(
            transport: "RFCOMM", type: .stream, protocolNumber: SocketProtocolNumber(rawValue: 3),
            minimumAddressLength: BluetoothAddress.length, maximumAddressLength: BluetoothAddress.length,
            // RFCOMM has no end of one direction, so no graceful close.
            services: [.guaranteedDelivery, .guaranteedOrder, .descriptor])
    }

    // MARK: - Addresses

    /// Rules B2, B3, B5.
    func kernelAddress(_ address: SocketAddress, for use: AddressUse) throws(SocketError) -> [UInt8] {
        let operation = "\(use.verb) \(describe(address))"
        guard var named = BluetoothAddress(address) else {
            throw SocketError(.WSAEFAULT, operation: operation, reason: "it is no SOCKADDR_BTH")
        }
        guard named.device <= BluetoothAddress.largestDevice, use == .bind || named.device != 0 else {
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "this is no device",
                advice: "Pass 48 bits, not all zero.")
        }
        let isChannel = BluetoothAddress.channels.contains(named.port)
        guard isChannel || use == .bind && (named.port == 0 || named.port == BluetoothAddress.anyPort) else {
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "\(named.port) is no RFCOMM channel",
                advice: "Channels are 1 to 30.")
        }
        if !isChannel { named.port = 0 }
        return named.kernelBytes
    }

    func address(kernel bytes: [UInt8]) -> SocketAddress? { BluetoothAddress(kernel: bytes)?.socketAddress }

    func isNoAddress(kernel bytes: [UInt8]) -> Bool { bytes.dropFirst(2).allSatisfy { $0 == 0 } }

    func describe(_ address: SocketAddress) -> String {
        BluetoothAddress(address)?.description ?? "bluetooth address \(address.bytes)"
    }

    func resolve(_ text: String) throws(SocketError) -> SocketAddress {
        let operation = "read '\(text)' as an address of bluetooth"
        guard !text.utf8.contains(0), let (name, service, port) = BluetoothAddress.split(text) else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "it is no device with a channel or a service class",
                advice: "Write (00:11:22:33:44:55):3, or :0x1101 for the channel of a service.")
        }
        let device: UInt64
        if let number = BluetoothAddress.device(text: name) {
            device = number
        } else {
            device = try find(deviceNamed: name, operation)
        }
        return BluetoothAddress(device: device, service: service, port: port).socketAddress
    }

    private func find(deviceNamed name: String, _ operation: String) throws(SocketError) -> UInt64 {
        let found = try inquire(seconds: 6, flushing: false)
        let matches = found.filter { $0.name == name }
        guard let match = matches.first, matches.count == 1 else {
            let names = found.map { "\($0.name) \(BluetoothAddress(device: $0.address))" }.joined(separator: ", ")
            throw SocketError(
                .WSAHOST_NOT_FOUND, operation: operation,
                reason: matches.isEmpty
                    ? "no device in range has this name" : "\(matches.count) devices have this name",
                advice: found.isEmpty ? "No device has answered." : "In range: \(names).")
        }
        return match.address
    }

    // MARK: - Discovery

    func inquire(seconds: Int, flushing: Bool) throws(SocketError) -> [BluetoothDevice] {
        let operation = "look for Bluetooth devices"
        guard (1...60).contains(seconds) else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "\(seconds) s is no time for it", advice: "Take 1 to 60.")
        }
        try checkAdapter(for: operation)
        do throws(Errno) {
            // In units of 1.28 s, rounded up.
            return try calls.inquire(Int32((seconds * 100 + 127) / 128), flushing)
        } catch {
            throw failure(error, operation)
        }
    }

    func channel(of service: ServiceClass, at device: UInt64) throws(SocketError) -> UInt8 {
        let operation = "find the service \(service) at \(BluetoothAddress(device: device))"
        try checkAdapter(for: operation)
        let channel: UInt8?
        do throws(Errno) {
            channel = try calls.channel(device, service)
        } catch {
            throw failure(error, operation)
        }
        guard let channel, BluetoothAddress.channels.contains(UInt32(channel)) else {  // rule B4
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "the device offers no such service over RFCOMM",
                advice: "Is it switched on there, and is this its class?")
        }
        return channel
    }

    /// Decision D19.
    func checkAdapter(for operation: String) throws(SocketError) {
        do throws(Errno) {
            _ = try calls.adapter()
        } catch {
            throw SocketError(
                .WSAENETDOWN, errno: error, operation: operation, reason: "this machine has no Bluetooth adapter",
                advice: "Plug one in, and see that it is up: bluetoothctl power on")
        }
    }

    private func failure(_ error: Errno, _ operation: String) -> SocketError {
        SocketError(
            code(for: error, of: .connect) ?? WSAErrorCode(error), errno: error, operation: operation,
            reason: error.description)
    }

    // MARK: - Errors

    /// What the kernel makes of the radio's errors, and what Winsock calls them.
    func code(for error: Errno, of call: KernelCall) -> WSAErrorCode? {
        guard call == .connect else { return nil }
        return Self.connectCodes[error.rawValue]
    }

    private static let connectCodes: [Int32: WSAErrorCode] = [
        EHOSTDOWN: .WSAETIMEDOUT,  // the page was not answered
        ETIMEDOUT: .WSAETIMEDOUT,
        EACCES: .WSAEACCES,  // authentication
        EBADE: .WSAEACCES,  // no key
        ELOOP: .WSAEACCES,  // too many attempts
        ENOMEM: .WSAENOBUFS,
        EMLINK: .WSAENOBUFS,  // too many connections
        EALREADY: .WSAEALREADY,
        EBUSY: .WSAEADDRINUSE,
        ECONNREFUSED: .WSAEHOSTDOWN,  // the peer answered DM
        EOPNOTSUPP: .WSAEOPNOTSUPP,
        ECONNRESET: .WSAECONNRESET,
        ECONNABORTED: .WSAECONNABORTED,
        ESHUTDOWN: .WSAESHUTDOWN,
        EPROTO: .WSAENETUNREACH,
        EPROTONOSUPPORT: .WSAEPROTONOSUPPORT,
        ENOSYS: .WSAENETDOWN,
        // The adapter went between the look for it and the call.
        EHOSTUNREACH: .WSAENETDOWN,
        ENODEV: .WSAENETDOWN,
        ENETDOWN: .WSAENETDOWN,
    ]
}
