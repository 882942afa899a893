/// An event object, as a program holds it (WSAEVENT).
public struct EventHandle: RawRepresentable, Hashable, Sendable {
    /// The number; opaque.
    public let rawValue: UInt

    /// Makes a handle from its number.
    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// WSA_INVALID_EVENT.
    public static let invalid = Self(rawValue: 0)
}

extension EventHandle: CustomStringConvertible {
    /// `event 0x10000004`.
    public var description: String { "event 0x\(String(rawValue, radix: 16))" }
}

extension EventHandle: TableHandle {
    static let range: ClosedRange<UInt> = 0x1000_0000...0x3FFF_FFFC
}
