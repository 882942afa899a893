/// The character set of a nickname or an IAS string (IrLMP 1.1, 4.3.3.2.4).
public struct CharacterSet: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// ASCII; what every peer reads.
    public static let ascii = CharacterSet(rawValue: 0)
    /// 16-bit characters. The byte order is not laid down; high byte first is what analysers read.
    public static let unicode = CharacterSet(rawValue: 0xFF)

    /// ISO 8859 part `part`, 1 to 9.
    public static func latin(_ part: UInt8) -> CharacterSet { CharacterSet(rawValue: part) }

    /// The code on the wire.
    public let rawValue: UInt8

    /// The set with this code; unknown ones are allowed.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// For example `ASCII`, `ISO-8859-1` or `Unicode`.
    public var description: String {
        switch rawValue {
        case 0: "ASCII"
        case 1...9: "ISO-8859-\(rawValue)"
        case 0xFF: "Unicode"
        default: "character set \(rawValue)"
        }
    }

    /// Text shown as well as possible: never rejected; characters that cannot be known become U+FFFD.
    ///
    /// Some peers end the text with a NUL or claim ASCII for UTF-8; both are understood.
    public func decode(_ bytes: [UInt8]) -> String {
        if self == .unicode {
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
        }
        let text = bytes.prefix { $0 != 0 }
        if self == .latin(1) {
            return String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) }))
        }
        if self == .ascii, let asUTF8 = String(validating: text, as: UTF8.self) {
            return asUTF8
        }
        return String(String.UnicodeScalarView(text.map { $0 < 0x80 ? Unicode.Scalar($0) : "\u{FFFD}" }))
    }

    /// Text in the simplest set that holds it: ASCII, else ISO 8859-1, else Unicode; cut before the character that would
    /// exceed `limit` bytes.
    public static func encode(_ text: String, limit: Int) -> (characterSet: CharacterSet, bytes: [UInt8]) {
        let scalars = text.unicodeScalars
        if scalars.allSatisfy({ $0.value < 0x100 }) {
            let set: CharacterSet = scalars.allSatisfy { $0.isASCII } ? .ascii : .latin(1)
            return (set, scalars.prefix(max(0, limit)).map { UInt8(truncatingIfNeeded: $0.value) })
        }
        var bytes: [UInt8] = []
        for scalar in scalars {
            let encoded = Array(String(scalar).utf16).flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
            guard bytes.count + encoded.count <= limit else { break }
            bytes += encoded
        }
        return (.unicode, bytes)
    }
}
