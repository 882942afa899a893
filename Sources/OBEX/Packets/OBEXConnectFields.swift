/// What a CONNECT request, and every response to one, says before its headers (OBEX 1.3, 3.3.1).
public struct OBEXConnectFields: Hashable, Sendable {
    /// The least that the largest packet may be (OBEX 1.3, 3.3.1.3).
    public static let smallestMaximum = 255

    /// The flag of a server that takes several transport connections at once.
    static let takesSeveralConnections: UInt8 = 0x01

    /// The version of the protocol: 10 is 1.0, which every version of the specification has.
    public var version: UInt8
    /// Bit 0 of a response: the server takes several transport connections at once.
    public var flags: UInt8
    /// The largest packet that the sender of these fields can receive, in bytes.
    public var maximumPacketLength: UInt16

    /// Fields with these values.
    public init(version: UInt8 = 0x10, flags: UInt8 = 0, maximumPacketLength: UInt16) {
        self.version = version
        self.flags = flags
        self.maximumPacketLength = maximumPacketLength
    }

    /// The largest packet to send to who said this: a smaller number than the specification permits is a slip.
    public var usableMaximum: Int { max(Int(maximumPacketLength), Self.smallestMaximum) }

    func append(to packet: inout [UInt8]) {
        packet += [version, flags]
        packet.append(bigEndian: maximumPacketLength)
    }

    init(from reader: inout OBEXReader) throws(OBEXPacketError) {
        version = try reader.byte()
        flags = try reader.byte()
        maximumPacketLength = try reader.bigEndian16()
    }
}

/// The flags of SETPATH (OBEX 1.3, 3.3.6).
public struct OBEXSetPathFlags: OptionSet, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The flags of this byte.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Go up one level first.
    public static let up = Self(rawValue: 0x01)
    /// Do not create the folder if it is missing.
    public static let doNotCreate = Self(rawValue: 0x02)
}
