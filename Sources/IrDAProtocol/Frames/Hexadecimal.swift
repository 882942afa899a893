/// Numbers as people write them in traces: upper-case hexadecimal with leading zeros.
enum Hexadecimal {
    /// The digits of `value`, two for each byte of its type, without a prefix.
    static func digits(_ value: some FixedWidthInteger & UnsignedInteger) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, value.bitWidth / 4 - digits.count)) + digits
    }
}
