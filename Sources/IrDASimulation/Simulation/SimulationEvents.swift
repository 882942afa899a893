public import IrDAProtocol

/// Something that happened on a station.
public struct StationEvent: Hashable, Sendable {
    /// Where.
    public let station: StationID
    /// What.
    public let event: IrDAEvent

    /// Describes an event.
    public init(station: StationID, event: IrDAEvent) {
        self.station = station
        self.event = event
    }
}

/// A frame that a station sent or received.
public struct ObservedFrame: Hashable, Sendable {
    /// Which way it went.
    public enum Direction: Hashable, Sendable {
        /// From the observed station.
        case sent
        /// To it, with a good FCS.
        case received
    }

    /// When its first bit left, or its last bit arrived.
    public let moment: IrDAInstant
    /// Which way it went.
    public let direction: Direction
    /// A, C and information.
    public let bytes: [UInt8]

    /// Describes a frame.
    public init(moment: IrDAInstant, direction: Direction, bytes: [UInt8]) {
        self.moment = moment
        self.direction = direction
        self.bytes = bytes
    }
}
