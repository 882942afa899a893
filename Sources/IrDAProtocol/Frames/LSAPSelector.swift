/// The 7-bit number of a service access point on one device (IrLMP 1.1, 3.2.2).
public struct LSAPSelector: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The IAS server of every device.
    public static let ias = LSAPSelector(rawValue: 0x00)
    /// Connectionless data; valid only as source and destination together.
    public static let connectionless = LSAPSelector(rawValue: 0x70)

    /// The seven bits of the selector.
    public let rawValue: UInt8

    /// The selector in the low seven bits of a byte; the highest bit is dropped, as on reception.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x7F
    }

    /// The selector with this number; nil outside 0 to 7F.
    public init?(exactly number: some BinaryInteger) {
        guard let byte = UInt8(exactly: number), byte <= 0x7F else { return nil }
        self.init(rawValue: byte)
    }

    /// Whether services and clients may have it: 01 to 6F.
    public var isUsable: Bool { (0x01...0x6F).contains(rawValue) }

    /// Whether PDUs with it are discarded without an answer: 71 to 7F.
    public var isReserved: Bool { rawValue >= 0x71 }

    /// Two hexadecimal digits, for example `12`.
    public var description: String { Hexadecimal.digits(rawValue) }

    /// The order of the numbers.
    public static func < (first: LSAPSelector, second: LSAPSelector) -> Bool { first.rawValue < second.rawValue }
}
