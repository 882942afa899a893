/// The 7-bit address of one IrLAP connection, chosen by the primary in its SNRM (IrLAP 1.1, 4.3.1.2).
public struct ConnectionAddress: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The address of all frames outside a connection.
    public static let broadcast = ConnectionAddress(rawValue: 0x7F)

    /// Values whose address byte needs an escape on the line or is easily mistaken for a special address.
    private static let avoided: Set<UInt8> = [0x01, 0x7E, 0x60, 0x3E]

    /// The seven bits of the address.
    public let rawValue: UInt8

    /// The address in the low seven bits of a byte; the highest bit is dropped.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x7F
    }

    /// A random address for a new connection, not one of `used` while others are left.
    public static func random(
        using generator: inout some RandomNumberGenerator, excluding used: Set<ConnectionAddress> = []
    ) -> ConnectionAddress {
        let good = (UInt8(1)...0x7E).filter { !avoided.contains($0) }.map(ConnectionAddress.init(rawValue:))
        let free = good.filter { !used.contains($0) }
        return (free.isEmpty ? good : free).randomElement(using: &generator) ?? ConnectionAddress(rawValue: 0x2A)
    }

    /// Whether a connection may have this address: 01 to 7E.
    public var isAssignable: Bool { rawValue != 0 && self != .broadcast }

    /// Two hexadecimal digits of the 7-bit value, for example `2A`.
    public var description: String { Hexadecimal.digits(rawValue) }
}

/// The first byte of every frame: the connection address and who sent it (IrLAP 1.1, 4.3.1).
public struct IrLAPAddress: Sendable, Hashable {
    /// The connection, or broadcast outside one.
    public var connection: ConnectionAddress
    /// The C/R bit: true for a command (from the primary or initiator), false for a response.
    public var isCommand: Bool

    /// An address from its parts.
    public init(connection: ConnectionAddress, isCommand: Bool) {
        self.connection = connection
        self.isCommand = isCommand
    }

    /// The address in a byte as transmitted; every byte is one.
    public init(byte: UInt8) {
        self.init(connection: ConnectionAddress(rawValue: byte >> 1), isCommand: byte & 1 == 1)
    }

    /// The byte as transmitted.
    public var byte: UInt8 { connection.rawValue << 1 | (isCommand ? 1 : 0) }
}
