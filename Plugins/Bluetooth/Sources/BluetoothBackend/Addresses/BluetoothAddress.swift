import CBluetooth
public import SocketBackends

/// A SOCKADDR_BTH: the family, a device (48 bits in eight bytes), a service class (a GUID) and a port, 30 bytes without padding.
public struct BluetoothAddress: Hashable, Sendable {
    /// The device, in the low 48 bits (BTH_ADDR); 0 for none, or any.
    public var device: UInt64
    /// The service class, of which the device tells the channel if `port` is 0.
    public var service: ServiceClass
    /// The RFCOMM channel, 1 to 30; 0 for none; `anyPort`.
    public var port: UInt32

    /// The bytes of a SOCKADDR_BTH.
    public static let length = 30
    /// BT_PORT_ANY: a server's channel of the system's choice.
    public static let anyPort = UInt32.max
    /// The channels of RFCOMM.
    static let channels: ClosedRange<UInt32> = 1...30
    static let largestDevice: UInt64 = 0xFFFF_FFFF_FFFF

    /// Makes an address.
    public init(device: UInt64, service: ServiceClass = .none, port: UInt32 = 0) {
        self.device = device
        self.service = service
        self.port = port
    }

    /// Reads a SOCKADDR_BTH; nil if the family is another one, or if it is too short.
    public init?(_ address: SocketAddress) {
        let bytes = address.bytes
        guard address.family == .bluetooth, bytes.count >= Self.length else { return nil }
        device = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 2, as: UInt64.self) }
        service = ServiceClass(guid: bytes[10..<26])
        port = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 26, as: UInt32.self) }
    }

    /// The SOCKADDR_BTH.
    public var socketAddress: SocketAddress {
        SocketAddress(
            family: .bluetooth, payload: OptionValue(device).bytes + service.guid + OptionValue(port).bytes)
    }

    // MARK: - sockaddr_rc

    /// The bytes of Linux' sockaddr_rc: the family, the device (six bytes, the least significant first), the channel, padding.
    static let kernelLength = 10

    /// Reads a sockaddr_rc; nil if it is too short.
    init?(kernel bytes: [UInt8]) {
        guard bytes.count >= Self.kernelLength else { return nil }
        self.init(device: bytes[2..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) }, port: UInt32(bytes[8]))
    }

    /// The sockaddr_rc, its family to be filled in. The port is a channel, or 0 for any.
    var kernelBytes: [UInt8] {
        [0, 0] + (0..<6).map { UInt8(truncatingIfNeeded: device >> (8 * $0)) } + [UInt8(truncatingIfNeeded: port), 0]
    }

    // MARK: - Text

    /// Reads `(00:11:22:33:44:55):3`, with or without the parentheses, the port as a channel, as `any`, or as a service class.
    init?(text: String) {
        guard let (name, service, port) = Self.split(text), let device = Self.device(text: name) else { return nil }
        self.init(device: device, service: service, port: port)
    }

    /// Takes a text apart: what names the device, and what follows the last colon behind it. Nil if that is no port.
    static func split(_ text: String) -> (device: String, service: ServiceClass, port: UInt32)? {
        var device = text
        var tail: String?
        if device.hasPrefix("("), let end = device.lastIndex(of: ")") {
            let rest = device[device.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            tail = rest.isEmpty ? nil : String(rest.dropFirst())
            device = String(device[..<end].dropFirst())
        } else if Self.device(text: device) == nil, let colon = device.lastIndex(of: ":") {
            tail = String(device[device.index(after: colon)...])
            device = String(device[..<colon])
        }
        guard !device.isEmpty else { return nil }
        guard let tail else { return (device, .none, 0) }
        if tail == "any" { return (device, .none, anyPort) }
        if let service = ServiceClass(text: tail) { return (device, service, 0) }
        guard tail.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt32(tail), channels.contains(port) else {
            return nil
        }
        return (device, .none, port)
    }

    /// Reads six bytes in hexadecimal, with colons between.
    static func device(text: String) -> UInt64? {
        var device: UInt64 = 0
        return irsock_bluetooth_read(text, &device) == 0 ? nil : device
    }
}

extension BluetoothAddress: CustomStringConvertible {
    /// As WSAAddressToString has it: `(00:11:22:33:44:55):3`, or without the port; and with a service class in its place, where there is one.
    public var description: String {
        var text = [CChar](repeating: 0, count: 18)
        irsock_bluetooth_print(device, &text)
        let device = "(" + String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) + ")"
        switch port {
        case 0: return service == .none ? device : "\(device):\(service)"
        case Self.anyPort: return "\(device):any"
        default: return "\(device):\(port)"
        }
    }
}
