/// One kind of socket that a backend makes; what WSAEnumProtocols tells of it.
public struct CatalogueEntry: Hashable, Sendable {
    /// The name of the transport: `TCP/IP`, `IrDA TinyTP`.
    public var transport: String
    /// The socket type.
    public var type: SocketType
    /// The protocol that this type stands for when a program asks for protocol 0.
    public var protocolNumber: SocketProtocolNumber
    /// The least bytes of a usable `sockaddr` (rule R7: a shorter one is WSAEFAULT).
    public var minimumAddressLength: Int
    /// The bytes that an address of this kind can need.
    public var maximumAddressLength: Int
    /// What the transport promises (the XP1 bits of WSAPROTOCOL_INFO).
    public var services: TransportServices

    /// Describes a kind of socket.
    public init(
        transport: String, type: SocketType, protocolNumber: SocketProtocolNumber, minimumAddressLength: Int,
        maximumAddressLength: Int, services: TransportServices
    ) {
        self.transport = transport
        self.type = type
        self.protocolNumber = protocolNumber
        self.minimumAddressLength = minimumAddressLength
        self.maximumAddressLength = maximumAddressLength
        self.services = services
    }

    /// Whether connect opens a connection; otherwise it only sets the default destination (rules R37, R38).
    public var isConnectionOriented: Bool { !services.contains(.connectionless) }
}

/// What a transport promises: the XP1 flags of WSAPROTOCOL_INFO.
public struct TransportServices: OptionSet, Hashable, Sendable {
    /// The bits of dwServiceFlags1.
    public let rawValue: UInt32

    /// Makes a set from its bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// XP1_CONNECTIONLESS.
    public static let connectionless = Self(rawValue: 0x1)
    /// XP1_GUARANTEED_DELIVERY.
    public static let guaranteedDelivery = Self(rawValue: 0x2)
    /// XP1_GUARANTEED_ORDER.
    public static let guaranteedOrder = Self(rawValue: 0x4)
    /// XP1_MESSAGE_ORIENTED.
    public static let messageOriented = Self(rawValue: 0x8)
    /// XP1_GRACEFUL_CLOSE: one direction can be ended while the other still carries data.
    public static let gracefulClose = Self(rawValue: 0x20)
    /// XP1_EXPEDITED_DATA.
    public static let expeditedData = Self(rawValue: 0x40)
    /// XP1_SUPPORT_BROADCAST.
    public static let broadcast = Self(rawValue: 0x200)
    /// XP1_IFS_HANDLES: the socket has a descriptor that ordinary calls can use.
    public static let descriptor = Self(rawValue: 0x20000)
}
