/// How a socket carries data (`SOCK_STREAM` and its kin). Linux and Winsock number these alike.
public struct SocketType: RawRepresentable, Hashable, Sendable {
    /// The `SOCK_…` number.
    public let rawValue: Int32

    /// Makes a type from its number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// SOCK_STREAM, 1: a connection that carries a stream of bytes.
    public static let stream = Self(rawValue: 1)
    /// SOCK_DGRAM, 2: datagrams.
    public static let datagram = Self(rawValue: 2)
    /// SOCK_RAW, 3.
    public static let raw = Self(rawValue: 3)
    /// SOCK_RDM, 4.
    public static let reliablyDeliveredMessage = Self(rawValue: 4)
    /// SOCK_SEQPACKET, 5: a connection that carries messages.
    public static let sequencedPacket = Self(rawValue: 5)
}

extension SocketType: CustomStringConvertible {
    /// A word for the well-known types, else the number.
    public var description: String {
        switch self {
        case .stream: "stream"
        case .datagram: "datagram"
        case .raw: "raw"
        case .reliablyDeliveredMessage: "rdm"
        case .sequencedPacket: "seqpacket"
        default: "type \(rawValue)"
        }
    }
}

/// A protocol within a family, as the third argument of `socket`. Its meaning is the family's own.
public struct SocketProtocolNumber: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: Int32

    /// Makes a protocol from its number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// 0: whatever the family uses for the socket's type.
    public static let any = Self(rawValue: 0)
    /// IPPROTO_TCP, 6.
    public static let tcp = Self(rawValue: 6)
    /// IPPROTO_UDP, 17.
    public static let udp = Self(rawValue: 17)
    /// IRDA_PROTO_SOCK_STREAM, 1 (af_irda.h).
    public static let irdaStream = Self(rawValue: 1)
}
