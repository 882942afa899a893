/// What an IrLAP machine wants done, in order.
public enum IrLAPAction: Hashable, Sendable {
    /// Put these frames on the air, back to back, and report the end with `transmissionEnded`.
    case transmit([IrLAPTransmission])
    /// Send and receive at this rate from now on.
    case setBaudRate(BaudRate)
    /// Call `timerFired` at this moment; replaces an earlier setting of the same timer.
    case setTimer(IrLAPTimer, IrDAInstant)
    /// Forget the timer.
    case cancelTimer(IrLAPTimer)
    /// Tell the layer above.
    case indicate(IrLAPIndication)
}

/// One frame, with the fillers that go before it.
public struct IrLAPTransmission: Hashable, Sendable {
    /// The frame: A, C and information.
    public var frame: IrLAPFrame
    /// Fillers in front of the BOF (XBOFs, IrLAP 1.1 section 10.1).
    public var additionalBOFs: Int
}

/// The timers of IrLAP. At most one of each runs.
public enum IrLAPTimer: Hashable, Sendable, CaseIterable {
    /// The time for which a request waits for a quiet medium (IrLAP 1.1, 6.13.3).
    case mediaAccess
    /// A slot of our own discovery.
    case slot
    /// How long a responder stays in a discovery.
    case query
    /// The other station's minimum turn-around time: we may speak when it is over.
    case turnaround
    /// Backoff before an SNRM is repeated.
    case backoff
    /// P-timer: how long the primary keeps the line idle.
    case poll
    /// F-timer: how long the primary waits for the final bit.
    case final
    /// WD-timer: how long the secondary waits for a poll.
    case watchdog
    /// When the next UI frame may be broadcast (IrLAP 1.1, 6.12.5).
    case unitData
}

/// What IrLAP tells the layer above.
public enum IrLAPIndication: Hashable, Sendable {
    /// Our discovery is over.
    case discoveryEnded(DiscoveryOutcome)
    /// Another station finished a discovery and introduced itself (a passive discovery).
    case discovered(DiscoveryRecord)
    /// A station wants a connection: answer with `acceptConnection` or `refuseConnection` within 500 ms.
    case connectionRequested(DeviceAddress)
    /// The link is up.
    case connected(peer: DeviceAddress, role: IrLAPRole, parameters: LinkParameters)
    /// The link is down, or the attempt to set it up has failed.
    case disconnected(IrLAPDisconnectReason)
    /// The information of an I frame, in order and without loss.
    case data([UInt8])
    /// The information of a UI frame inside the link, or of one that was broadcast outside.
    case unitData([UInt8])
    /// No valid frame for the threshold time (IrLAP 1.1, 6.6.9); the link is still up.
    case noActivity
}

/// Which end of the link a station is.
public enum IrLAPRole: Hashable, Sendable {
    /// It sent the SNRM and gives the turns.
    case primary
    /// It answers when polled.
    case secondary
}

/// How a discovery ended.
public enum DiscoveryOutcome: Hashable, Sendable {
    /// Every answer, also those that look alike: equal addresses show a conflict.
    case completed([DiscoveryRecord])
    /// It never began: somebody holds the medium.
    case mediaBusy
    /// It never began: a link is up or being set up.
    case linkInUse
}

/// A station that answered a discovery, or that introduced itself in its own.
public struct DiscoveryRecord: Hashable, Sendable {
    /// Its device address.
    public var address: DeviceAddress
    /// What it says of itself.
    public var info: DeviceInfo

    /// Describes a station.
    public init(address: DeviceAddress, info: DeviceInfo) {
        self.address = address
        self.info = info
    }
}

/// Why there is no link.
public enum IrLAPDisconnectReason: Hashable, Sendable {
    /// One of the two asked for it.
    case requested
    /// Nobody answered the SNRM.
    case noAnswer
    /// The other station answered with DM or DISC.
    case refused
    /// The other station has been silent for the disconnect time.
    case linkLost
    /// Somebody else holds the medium.
    case mediaBusy
    /// A second primary speaks on our connection address (IrLAP 1.1, 6.12.3.1).
    case primaryConflict
    /// Frames arrived that only a reset could mend; resets are refused (IrDA Lite 1.0, 2.2).
    case protocolError
}
