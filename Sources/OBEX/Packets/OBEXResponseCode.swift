/// The first byte of a response, without its final bit (OBEX 1.3, 3.2.1): the low seven bits follow HTTP's codes.
public struct OBEXResponseCode: RawRepresentable, Hashable, Sendable {
    /// The low seven bits of the byte: 10 is 1xx of HTTP, 20 is 2xx, and so on.
    public let rawValue: UInt8

    /// The code with this number; the final bit, which every response has, is dropped.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x7F
    }

    /// The byte on the line, with the final bit.
    public var byte: UInt8 { rawValue | 0x80 }
    /// Whether the operation has succeeded.
    public var isSuccess: Bool { rawValue & 0x70 == 0x20 }

    /// Go on (90).
    public static let `continue` = Self(rawValue: 0x10)
    /// Done (A0).
    public static let success = Self(rawValue: 0x20)
    /// The request cannot be understood (C0).
    public static let badRequest = Self(rawValue: 0x40)
    /// Authentication is wanted (C1).
    public static let unauthorized = Self(rawValue: 0x41)
    /// Not allowed (C3).
    public static let forbidden = Self(rawValue: 0x43)
    /// There is no such object or folder (C4).
    public static let notFound = Self(rawValue: 0x44)
    /// In conflict with what is there (C9).
    public static let conflict = Self(rawValue: 0x49)
    /// The object is too large (CD).
    public static let requestedEntityTooLarge = Self(rawValue: 0x4D)
    /// Objects of this type are not taken (CF).
    public static let unsupportedMediaType = Self(rawValue: 0x4F)
    /// The server has failed (D0).
    public static let internalServerError = Self(rawValue: 0x50)
    /// The operation does not exist here (D1).
    public static let notImplemented = Self(rawValue: 0x51)
    /// Not now (D3).
    public static let serviceUnavailable = Self(rawValue: 0x53)
    /// There is no room for more (E0).
    public static let databaseFull = Self(rawValue: 0x60)

    private static let names: [UInt8: String] = [
        0x10: "Continue", 0x20: "OK", 0x21: "Created", 0x22: "Accepted", 0x23: "Non-authoritative", 0x24: "No content",
        0x25: "Reset content", 0x26: "Partial content", 0x30: "Multiple choices", 0x31: "Moved permanently",
        0x32: "Moved temporarily", 0x33: "See other", 0x34: "Not modified", 0x35: "Use proxy", 0x40: "Bad request",
        0x41: "Unauthorized", 0x42: "Payment required", 0x43: "Forbidden", 0x44: "Not found",
        0x45: "Method not allowed", 0x46: "Not acceptable", 0x47: "Proxy authentication required",
        0x48: "Request time-out", 0x49: "Conflict", 0x4A: "Gone", 0x4B: "Length required",
        0x4C: "Precondition failed", 0x4D: "Requested entity too large", 0x4E: "Request URL too large",
        0x4F: "Unsupported media type", 0x50: "Internal server error", 0x51: "Not implemented", 0x52: "Bad gateway",
        0x53: "Service unavailable", 0x54: "Gateway time-out", 0x55: "HTTP version not supported",
        0x60: "Database full", 0x61: "Database locked",
    ]
}

extension OBEXResponseCode: CustomStringConvertible {
    /// The code as documents write it, with its name: `C3 Forbidden`.
    public var description: String {
        String(byte, radix: 16, uppercase: true) + (Self.names[rawValue].map { " \($0)" } ?? "")
    }
}
