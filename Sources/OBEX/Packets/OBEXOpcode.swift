/// The first byte of a request, without its final bit (OBEX 1.3, 3.3).
public struct OBEXOpcode: RawRepresentable, Hashable, Sendable {
    /// The low seven bits of the byte; bits 5 and 6, which are reserved, are clear except in `abort`.
    public let rawValue: UInt8

    /// The opcode with this number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The opcode in a received byte: FF is ABORT, otherwise the final bit and the reserved bits do not count.
    init(received byte: UInt8) {
        self.init(rawValue: byte == 0xFF ? byte & 0x7F : byte & 0x1F)
    }

    /// Begins a session.
    public static let connect = Self(rawValue: 0x00)
    /// Ends a session.
    public static let disconnect = Self(rawValue: 0x01)
    /// Sends an object.
    public static let put = Self(rawValue: 0x02)
    /// Fetches an object.
    public static let get = Self(rawValue: 0x03)
    /// Changes the current folder.
    public static let setPath = Self(rawValue: 0x05)
    /// Commands of reliable sessions.
    public static let session = Self(rawValue: 0x07)
    /// Ends an operation of several packets.
    public static let abort = Self(rawValue: 0x7F)
}
