/// A text in IAS with its character set (IrLMP 1.1, 4.3.3.2.4).
public struct IASString: Sendable, Hashable {
    /// The most bytes of a text; bytes count, not characters.
    public static let maximumLength = 255

    /// The character set.
    public var characterSet: CharacterSet
    /// The text in that character set.
    public var bytes: [UInt8]

    /// A text from its fields.
    public init(characterSet: CharacterSet, bytes: [UInt8]) {
        self.characterSet = characterSet
        self.bytes = bytes
    }

    /// A text in the simplest character set that holds it, cut to 255 bytes.
    public init(_ text: String) {
        (characterSet, bytes) = CharacterSet.encode(text, limit: Self.maximumLength)
    }

    /// The text, decoded as well as possible.
    public var text: String { characterSet.decode(bytes) }
}

/// The value of an IAS attribute (IrLMP 1.1, 4.3.3.2).
public enum IASValue: Sendable, Hashable {
    /// No value (type 0).
    case missing
    /// A signed number (type 1).
    case integer(Int32)
    /// Up to 1024 bytes (type 2).
    case octets([UInt8])
    /// Up to 255 bytes of text (type 3).
    case string(IASString)

    /// The most bytes of an octet sequence.
    public static let maximumOctets = 1024

    private enum TypeCode: UInt8 {
        case missing = 0
        case integer = 1
        case octets = 2
        case string = 3
    }

    /// Refuses values beyond the limits of the information base.
    func validate() throws(IASError) {
        switch self {
        case .missing, .integer: break
        case .octets(let bytes):
            if bytes.count > Self.maximumOctets { throw .octetsTooLong(bytes.count) }
        case .string(let string):
            if string.bytes.count > IASString.maximumLength { throw .stringTooLong(string.bytes.count) }
        }
    }

    /// The value as transmitted: type, then the value. Values beyond the limits, which an information base never holds, are
    /// cut to them.
    public var bytes: [UInt8] {
        switch self {
        case .missing:
            return [TypeCode.missing.rawValue]
        case .integer(let number):
            let bits = UInt32(bitPattern: number)
            return [TypeCode.integer.rawValue] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
        case .octets(let octets):
            let sent = octets.prefix(Self.maximumOctets)
            return [TypeCode.octets.rawValue, UInt8(sent.count >> 8), UInt8(truncatingIfNeeded: sent.count)] + sent
        case .string(let string):
            let sent = string.bytes.prefix(IASString.maximumLength)
            return [TypeCode.string.rawValue, string.characterSet.rawValue, UInt8(sent.count)] + sent
        }
    }

    /// Reads one value that fills `bytes`; surplus bytes are ignored. Nil if it is cut off, too long or of an unknown type.
    public init?(bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        self.init(from: &reader)
    }

    /// Takes a value off the front of received bytes.
    init?(from reader: inout ByteReader) {
        guard let type = reader.byte().flatMap(TypeCode.init(rawValue:)) else { return nil }
        switch type {
        case .missing:
            self = .missing
        case .integer:
            guard let bits = reader.bigEndian32() else { return nil }
            self = .integer(Int32(bitPattern: bits))
        case .octets:
            guard let length = reader.bigEndian16(), length <= Self.maximumOctets,
                let octets = reader.bytes(Int(length))
            else { return nil }
            self = .octets(octets)
        case .string:
            guard let set = reader.byte(), let length = reader.byte(), let text = reader.bytes(Int(length)) else {
                return nil
            }
            self = .string(IASString(characterSet: CharacterSet(rawValue: set), bytes: text))
        }
    }
}
