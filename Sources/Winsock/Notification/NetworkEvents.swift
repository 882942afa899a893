/// What can happen to a socket that a program may want to be told of (FD_READ …). The number is that of the bit (FD_READ_BIT …).
public enum NetworkEvent: Int, CaseIterable, Hashable, Sendable {
    /// FD_READ: data can be received.
    case read = 0
    /// FD_WRITE: there is room to send, after a connection was made or a send found none.
    case write = 1
    /// FD_OOB: urgent data can be received.
    case outOfBand = 2
    /// FD_ACCEPT: a connection waits to be accepted.
    case accept = 3
    /// FD_CONNECT: an attempt to connect has ended, well or badly.
    case connect = 4
    /// FD_CLOSE: the connection has ended, and all that came before the end was received.
    case close = 5
    /// FD_QOS; never happens here.
    case qualityOfService = 6
    /// FD_GROUP_QOS; never happens here.
    case groupQualityOfService = 7
    /// FD_ROUTING_INTERFACE_CHANGE; never happens here.
    case routingInterfaceChange = 8
    /// FD_ADDRESS_LIST_CHANGE; never happens here.
    case addressListChange = 9
}

/// A set of network events, as WSAEventSelect takes it.
public struct NetworkEvents: OptionSet, Hashable, Sendable {
    /// The `FD_…` bits.
    public let rawValue: Int32

    /// Makes a set from its bits; those beyond FD_ALL_EVENTS are kept, and refused by the calls that take a set.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The set of one event.
    public init(_ event: NetworkEvent) {
        rawValue = 1 << Int32(event.rawValue)
    }

    /// FD_READ, 0x01.
    public static let read = Self(.read)
    /// FD_WRITE, 0x02.
    public static let write = Self(.write)
    /// FD_OOB, 0x04.
    public static let outOfBand = Self(.outOfBand)
    /// FD_ACCEPT, 0x08.
    public static let accept = Self(.accept)
    /// FD_CONNECT, 0x10.
    public static let connect = Self(.connect)
    /// FD_CLOSE, 0x20.
    public static let close = Self(.close)
    /// FD_ALL_EVENTS, 0x3FF.
    public static let all = Self(rawValue: 0x3FF)

    /// Whether the event is in the set.
    public func contains(_ event: NetworkEvent) -> Bool { contains(Self(event)) }

    /// The events of the set, in the order of their bits.
    public var events: [NetworkEvent] { NetworkEvent.allCases.filter { contains($0) } }
}
