/// What a header means; its top two bits say how its value is encoded (OBEX 1.3, 2.1).
public struct OBEXHeaderID: RawRepresentable, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The id with this number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The forms that values have.
    enum Encoding: UInt8 {
        case text = 0x00
        case bytes = 0x40
        case byte = 0x80
        case word = 0xC0
    }

    var encoding: Encoding {
        // All four values of the two bits are cases.
        Encoding(rawValue: rawValue & 0xC0) ?? .word
    }

    /// How many objects there are.
    public static let count = Self(rawValue: 0xC0)
    /// The name of the object.
    public static let name = Self(rawValue: 0x01)
    /// Its media type, in ASCII with a NUL behind it.
    public static let type = Self(rawValue: 0x42)
    /// Its size in bytes, as far as known.
    public static let length = Self(rawValue: 0xC3)
    /// When it was changed: `20000310T120000Z`.
    public static let time = Self(rawValue: 0x44)
    /// When it was changed, in seconds since 1970.
    public static let oldTime = Self(rawValue: 0xC4)
    /// Words for people; behind a response code they explain it.
    public static let description = Self(rawValue: 0x05)
    /// The service that a connection is for.
    public static let target = Self(rawValue: 0x46)
    /// An HTTP header.
    public static let http = Self(rawValue: 0x47)
    /// A part of the object.
    public static let body = Self(rawValue: 0x48)
    /// The last part of the object.
    public static let endOfBody = Self(rawValue: 0x49)
    /// The service that answers, or asks.
    public static let who = Self(rawValue: 0x4A)
    /// The number of a directed connection.
    public static let connectionID = Self(rawValue: 0xCB)
    /// Parameters of the application.
    public static let applicationParameters = Self(rawValue: 0x4C)
    /// Asks for authentication.
    public static let authenticateChallenge = Self(rawValue: 0x4D)
    /// Answers a challenge.
    public static let authenticateResponse = Self(rawValue: 0x4E)
    /// Which application made the object (Palm).
    public static let creatorID = Self(rawValue: 0xCF)
    /// The id of a WAP client.
    public static let wanUUID = Self(rawValue: 0x50)
    /// The class of the object.
    public static let objectClass = Self(rawValue: 0x51)
    /// Parameters of a reliable session.
    public static let sessionParameters = Self(rawValue: 0x52)
    /// The number of a packet in a reliable session.
    public static let sessionSequenceNumber = Self(rawValue: 0x93)
}
