/// Why an LSAP connection ended (IrLMP 1.1, 3.4.2.2). Reasons are advisory.
public struct DisconnectReason: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The user closed the connection, or refused it.
    public static let userRequest = DisconnectReason(rawValue: 0x01)
    /// The IrLAP connection broke.
    public static let unexpectedIrLAPDisconnect = DisconnectReason(rawValue: 0x02)
    /// No IrLAP connection could be established.
    public static let irLAPConnectFailed = DisconnectReason(rawValue: 0x03)
    /// The IrLAP connection was reset.
    public static let irLAPReset = DisconnectReason(rawValue: 0x04)
    /// Link management gave the link up.
    public static let linkManagement = DisconnectReason(rawValue: 0x05)
    /// Data came for a connection that does not exist.
    public static let dataOnDisconnected = DisconnectReason(rawValue: 0x06)
    /// The client did not answer in time.
    public static let nonResponsiveClient = DisconnectReason(rawValue: 0x07)
    /// Nothing listens on the selector.
    public static let noClient = DisconnectReason(rawValue: 0x08)
    /// One side does not know of the connection.
    public static let halfOpen = DisconnectReason(rawValue: 0x09)
    /// The source selector is not allowed.
    public static let illegalSourceAddress = DisconnectReason(rawValue: 0x0A)
    /// No reason given; always valid.
    public static let unspecified = DisconnectReason(rawValue: 0xFF)

    /// The code on the wire.
    public let rawValue: UInt8

    /// The reason with this code; unknown ones are allowed.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The reason in words.
    public var description: String {
        switch self {
        case .userRequest: "user request"
        case .unexpectedIrLAPDisconnect: "unexpected IrLAP disconnect"
        case .irLAPConnectFailed: "IrLAP connection could not be established"
        case .irLAPReset: "IrLAP reset"
        case .linkManagement: "link management disconnect"
        case .dataOnDisconnected: "data on a disconnected LSAP connection"
        case .nonResponsiveClient: "non-responsive LM-MUX client"
        case .noClient: "no available LM-MUX client"
        case .halfOpen: "connection half open"
        case .illegalSourceAddress: "illegal source address"
        case .unspecified: "unspecified reason"
        default: "unknown reason 0x" + Hexadecimal.digits(rawValue)
        }
    }
}
