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

    /// A frame with its fillers.
    public init(frame: IrLAPFrame, additionalBOFs: Int) {
        self.frame = frame
        self.additionalBOFs = additionalBOFs
    }
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
    /// The sense, sniff and sleep timers of a sniffer (6.9), and how long the announcement of one is waited for.
    case sniff
}

extension IrLAPTimer {
    /// Whether its end may be the beginning of a transmission, whatever else goes on.
    var leadsToLight: Bool {
        switch self {
        case .slot, .turnaround, .backoff, .poll, .final, .sniff: true
        case .mediaAccess, .query, .watchdog, .unitData: false
        }
    }
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
    /// The link is being reset, or has been.
    case reset(ResetIndication)
    /// We have become the other end of the link, or may not.
    case role(RoleIndication)
    /// Another station had our device address, and we have taken this one.
    case addressChanged(DeviceAddress)
    /// Those that shared an address have answered with new ones; who stays silent has not obeyed.
    case conflictResolved(DeviceAddress, [DiscoveryRecord])
}

/// What happens to the numbers of a link (IrLAP 1.1, 2.3.5).
public enum ResetIndication: Hashable, Sendable {
    /// The peer wants a reset: agree with `reset`, or refuse with `disconnect`.
    case peer
    /// Frames came that only a reset can mend: ask for it with `reset`, or `disconnect`.
    case protocolError
    /// Both ends begin anew; what had not been acknowledged is lost.
    case done
}

/// What came of an exchange of roles (IrLAP 1.1, 9.3).
public enum RoleIndication: Hashable, Sendable {
    /// This is what we are from now on.
    case changed(IrLAPRole)
    /// The peer keeps its role.
    case denied
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
    /// It was given up on request.
    case aborted
}

/// A station that answered a discovery, or that introduced itself in its own.
public struct DiscoveryRecord: Hashable, Sendable {
    /// Its device address.
    public var address: DeviceAddress
    /// What it says of itself.
    public var info: DeviceInfo
    /// Whether it announced itself in order to save power, and sleeps most of the time (IrLAP 1.1, 6.9).
    public var isSniffing: Bool

    /// Describes a station.
    public init(address: DeviceAddress, info: DeviceInfo, isSniffing: Bool = false) {
        self.address = address
        self.info = info
        self.isSniffing = isSniffing
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
