/// What a stack wants done, in order.
public enum IrDAStackAction: Hashable, Sendable {
    /// Put these frames on the air, back to back, and report the end with `transmissionEnded`.
    case transmit([IrLAPTransmission])
    /// Send and receive at this rate from now on.
    case setBaudRate(BaudRate)
    /// Call `timerFired` at this moment; replaces an earlier setting of the same timer.
    case setTimer(IrDAStackTimer, IrDAInstant)
    /// Forget the timer.
    case cancelTimer(IrDAStackTimer)
    /// Tell the station's user.
    case event(IrDAEvent)
}

/// The timers of a stack, by the layer that wants them.
public enum IrDAStackTimer: Hashable, Sendable {
    /// A timer of IrLAP.
    case lap(IrLAPTimer)
    /// A timer of IrLMP.
    case lmp(IrLMPTimer)
    /// How long an IAS server may take to answer.
    case query(IASQueryID)
}

/// One query of another station's information base.
public struct IASQueryID: Hashable, Sendable {
    let number: UInt64
}

/// One TinyTP connection, from the request on.
public struct IrDAConnectionID: Hashable, Sendable {
    let number: UInt64
}

/// A service that this station offers.
public struct IrDAServiceID: Hashable, Sendable {
    let number: UInt64
}

/// What a connection is opened to.
public enum IrDATarget: Hashable, Sendable {
    /// A class in the peer's information base whose attribute IrDA:TinyTP:LsapSel names the selector.
    case service(IASName)
    /// A selector that is known otherwise.
    case selector(LSAPSelector)
}

/// What a stack tells its user.
public enum IrDAEvent: Hashable, Sendable {
    /// A discovery that was asked for is over.
    case discoveryEnded(DiscoveryReport)
    /// A station introduced itself.
    case discovered(DiscoveryRecord)
    /// The answer to a query.
    case queryEnded(IASQueryID, IASQueryOutcome)
    /// A connection that was asked for is open.
    case connected(IrDAConnectionID)
    /// A peer wants a connection to a service: answer with `accept` or `refuse`.
    case incoming(IrDAConnectionID, service: IrDAServiceID, peer: DeviceAddress)
    /// One segment of data; report with `consumed` when it is out of the way.
    case received(IrDAConnectionID, [UInt8])
    /// More can be sent than before.
    case sendRoom(IrDAConnectionID)
    /// A connection is over or did not come about; its number means nothing any more.
    case ended(IrDAConnectionID, IrDAEndReason)
    /// A link is up.
    case linkConnected(peer: DeviceAddress, role: IrLAPRole, parameters: LinkParameters)
    /// The link is down.
    case linkDisconnected(IrLAPDisconnectReason)
}

/// What a discovery found.
public enum DiscoveryReport: Hashable, Sendable {
    /// The stations that answered, in the order of their answers.
    case found([DiscoveryRecord])
    /// While a link is up no discovery is possible; this is what was known before (IrLMP 1.1, 3.5.2).
    case remembered([DiscoveryRecord])
    /// Somebody holds the medium.
    case mediaBusy
}

/// How a query ended.
public enum IASQueryOutcome: Hashable, Sendable {
    /// The peer answered.
    case answered(IASResult)
    /// It did not.
    case failed(IrDAEndReason)
}

/// Why a connection is over, or why an attempt failed.
public enum IrDAEndReason: Hashable, Sendable {
    /// The peer ended or refused it, with this reason.
    case peer(DisconnectReason)
    /// There is no link any more, or none could be set up.
    case link(IrLAPDisconnectReason)
    /// The link belongs to a connection with another device.
    case linkToAnotherDevice(DeviceAddress)
    /// The peer did not answer in time.
    case noResponse
    /// The peer's information base has no such service, or no usable selector for it.
    case noSuchService
    /// Both ends asked for the same connection at once.
    case race
    /// Another connection has the link to itself.
    case lockedOut
    /// The link cannot be this connection's alone: others use it, or the peer does not let it.
    case exclusiveModeRefused
    /// Every LSAP-SEL is taken.
    case outOfSelectors
    /// The peer broke a rule of IAS or TinyTP.
    case protocolViolation

    init(_ reason: IrLMPDisconnectReason) {
        self =
            switch reason {
            case .peer(let reason): .peer(reason)
            case .link(let reason): .link(reason)
            case .linkToAnotherDevice(let device): .linkToAnotherDevice(device)
            case .noResponse: .noResponse
            case .race: .race
            case .lockedOut: .lockedOut
            case .selectorInUse: .outOfSelectors
            }
    }
}
