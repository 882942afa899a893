/// A socket option: a level and a name, by their Winsock numbers.
///
/// Values travel as raw bytes in the layouts of the Winsock headers; what they mean is the business of the backend, except
/// for the level SOL_SOCKET, parts of which the `Winsock` runtime answers itself.
public struct SocketOption: Hashable, Sendable {
    /// Who defines the option.
    public var level: OptionLevel
    /// The option within its level.
    public var name: OptionName

    /// Names an option.
    public init(level: OptionLevel, name: OptionName) {
        self.level = level
        self.name = name
    }

    /// SO_REUSEADDR.
    public static let reuseAddress = Self(level: .socket, name: OptionName(rawValue: 0x0004))
    /// SO_ACCEPTCONN.
    public static let acceptsConnections = Self(level: .socket, name: OptionName(rawValue: 0x0002))
    /// SO_KEEPALIVE.
    public static let keepAlive = Self(level: .socket, name: OptionName(rawValue: 0x0008))
    /// SO_DONTROUTE.
    public static let doNotRoute = Self(level: .socket, name: OptionName(rawValue: 0x0010))
    /// SO_BROADCAST.
    public static let broadcast = Self(level: .socket, name: OptionName(rawValue: 0x0020))
    /// SO_LINGER: two u_short, whether and how many seconds.
    public static let linger = Self(level: .socket, name: OptionName(rawValue: 0x0080))
    /// SO_OOBINLINE.
    public static let outOfBandInline = Self(level: .socket, name: OptionName(rawValue: 0x0100))
    /// SO_SNDBUF.
    public static let sendBufferSize = Self(level: .socket, name: OptionName(rawValue: 0x1001))
    /// SO_RCVBUF.
    public static let receiveBufferSize = Self(level: .socket, name: OptionName(rawValue: 0x1002))
    /// SO_SNDTIMEO: milliseconds, 0 for ever.
    public static let sendTimeout = Self(level: .socket, name: OptionName(rawValue: 0x1005))
    /// SO_RCVTIMEO: milliseconds, 0 for ever.
    public static let receiveTimeout = Self(level: .socket, name: OptionName(rawValue: 0x1006))
    /// SO_ERROR.
    public static let error = Self(level: .socket, name: OptionName(rawValue: 0x1007))
    /// SO_TYPE.
    public static let type = Self(level: .socket, name: OptionName(rawValue: 0x1008))
    /// SO_CONNECT_TIME: seconds since the connection came about.
    public static let connectTime = Self(level: .socket, name: OptionName(rawValue: 0x700C))
    /// SO_UPDATE_CONNECT_CONTEXT: completes a ConnectEx; has no value.
    public static let updateConnectContext = Self(level: .socket, name: OptionName(rawValue: 0x7010))
    /// TCP_NODELAY.
    public static let noDelay = Self(level: .tcp, name: OptionName(rawValue: 0x0001))
    /// IP_TTL.
    public static let timeToLive = Self(level: .ip, name: OptionName(rawValue: 4))
    /// IPV6_UNICAST_HOPS.
    public static let unicastHops = Self(level: .ipv6, name: OptionName(rawValue: 4))
    /// IPV6_V6ONLY.
    public static let v6Only = Self(level: .ipv6, name: OptionName(rawValue: 27))
}

extension SocketOption: CustomStringConvertible {
    /// The two numbers: `option 0x1007 of level 0xffff`.
    public var description: String {
        "option 0x\(String(UInt32(bitPattern: name.rawValue), radix: 16)) of level "
            + "0x\(String(UInt32(bitPattern: level.rawValue), radix: 16))"
    }
}

/// The level of a socket option.
public struct OptionLevel: RawRepresentable, Hashable, Sendable {
    /// The `SOL_…` or `IPPROTO_…` number.
    public let rawValue: Int32

    /// Makes a level from its number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// SOL_SOCKET, 0xFFFF.
    public static let socket = Self(rawValue: 0xFFFF)
    /// IPPROTO_IP, 0.
    public static let ip = Self(rawValue: 0)
    /// IPPROTO_TCP, 6.
    public static let tcp = Self(rawValue: 6)
    /// IPPROTO_IPV6, 41.
    public static let ipv6 = Self(rawValue: 41)
    /// SOL_IRLMP, 0xFF (af_irda.h).
    public static let irlmp = Self(rawValue: 0x00FF)
}

/// The name of a socket option within its level.
public struct OptionName: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: Int32

    /// Makes a name from its number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}
