/// The address of a device, as a discovery tells it. Zero means none.
public struct IrDADeviceID: RawRepresentable, Hashable, Sendable {
    /// The 32 bits of the IrLAP device address.
    public let rawValue: UInt32

    /// Makes an identifier.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Reads `0x12345678`.
    ///
    /// - Returns: nil if the text is not a hexadecimal number of at most eight digits with `0x` before it.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("0x") || text.hasPrefix("0X"), let number = UInt32(text.dropFirst(2), radix: 16),
            text.dropFirst(2).first != "+"
        else { return nil }
        rawValue = number
    }

    /// No device.
    public static let none = Self(rawValue: 0)
}

extension IrDADeviceID: CustomStringConvertible {
    /// Eight hexadecimal digits with `0x` before them.
    public var description: String {
        let digits = String(rawValue, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
