public import SocketBackends

/// An AF_IRDA address: a device and a service; in memory a `SOCKADDR_IRDA` (af_irda.h).
///
///     offset  size
///      0       2    family, 26
///      2       4    device identifier, the address as IrLAP sends it: least significant byte first
///      6      25    service name, ended by a NUL
///     31       1    nothing
public struct IrDAAddress: Hashable, Sendable {
    /// The device; `.none` in a local address.
    public var device: IrDADeviceID
    /// The service.
    public var service: IrDAServiceName

    /// The bytes of the structure that count; the structure itself has one more.
    static let minimumLength = 31
    static let length = 32
    private static let deviceOffset = 2
    private static let nameOffset = 6
    private static let nameLength = 25

    /// Makes an address.
    public init(device: IrDADeviceID, service: IrDAServiceName) {
        self.device = device
        self.service = service
    }

    /// Reads a `SOCKADDR_IRDA`.
    ///
    /// - Throws: WSAEAFNOSUPPORT for another family (rule R9); WSAEFAULT if it is too short (rule R7), or if the name has no
    ///   NUL, is not text, or names an impossible selector (rules R8, R54).
    public init(_ address: SocketAddress, for operation: String) throws(SocketError) {
        guard address.family == .irda else {
            throw SocketError(
                .WSAEAFNOSUPPORT, operation: operation,
                reason: "\(address.family) cannot be used with a socket of irda",
                advice: "Pass a SOCKADDR_IRDA with family \(AddressFamily.irda.rawValue).")
        }
        let bytes = address.bytes
        guard bytes.count >= Self.minimumLength else {
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "an address of \(bytes.count) bytes is too short",
                advice: "A SOCKADDR_IRDA takes \(Self.length).")
        }
        device = IrDADeviceID(
            rawValue: bytes[Self.deviceOffset..<Self.nameOffset].reversed().reduce(0) { $0 << 8 | UInt32($1) })
        let field = bytes[Self.nameOffset..<Self.nameOffset + Self.nameLength]
        guard let end = field.firstIndex(of: 0) else {
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "the service name has no end within \(Self.nameLength) bytes",
                advice: "A name has at most \(IrDAServiceName.maximumLength) bytes and a NUL behind them.")
        }
        guard let text = String(validating: field[..<end], as: UTF8.self), let service = IrDAServiceName(field: text)
        else {
            throw SocketError(
                .WSAEFAULT, operation: operation,
                reason: "'\(String(decoding: field[..<end], as: UTF8.self))' is not the name of a service",
                advice: "Name a class of the information base, or LSAP-SEL1 to LSAP-SEL127.")
        }
        self.service = service
    }

    /// The structure, all 32 bytes.
    public var socketAddress: SocketAddress {
        let device = (0..<4).map { UInt8(truncatingIfNeeded: self.device.rawValue >> (8 * $0)) }
        let name = Array(service.field.utf8.prefix(IrDAServiceName.maximumLength))
        let padding = Self.length - Self.nameOffset - name.count
        return SocketAddress(family: .irda, payload: device + name + [UInt8](repeating: 0, count: padding))
    }
}

extension IrDAAddress: CustomStringConvertible {
    /// `0x9ABCDEF1/OBEX`; without a device just the service, and of a peer that has come to us just the device.
    public var description: String {
        switch (device, service) {
        case (.none, _): "\(service)"
        case (_, .unspecified): "\(device)"
        default: "\(device)/\(service)"
        }
    }
}
