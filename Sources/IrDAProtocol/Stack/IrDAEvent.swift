/// What a stack tells its user.
public enum IrDAEvent: Hashable, Sendable {
    /// A discovery that was asked for is over.
    case discoveryEnded(DiscoveryReport)
    /// A station introduced itself.
    case discovered(DiscoveryRecord)
    /// Another station had our device address, and this is ours from now on.
    case addressChanged(DeviceAddress)
    /// The device that was waited for is there; nil: not in time.
    case deviceWaitEnded(IrDADeviceWaitID, DiscoveryRecord?)
    /// The answer to a query.
    case queryEnded(IASQueryID, IASQueryOutcome)
    /// A connection that was asked for is open.
    case connected(IrDAConnectionID)
    /// A peer wants a connection to a service: answer with `accept` or `disconnect`.
    case incoming(IrDAConnectionID, service: IrDAServiceID, peer: DeviceAddress)
    /// Data, never empty: a segment of a stream, a whole message, or one PDU of a raw connection. Report with `consumed` when
    /// it is out of the way.
    case received(IrDAConnectionID, [UInt8])
    /// A message whose end is missing, since it was longer than we take; otherwise like `received`.
    case receivedTruncated(IrDAConnectionID, [UInt8])
    /// Unit data on a connection: it came without a promise, and is not reported with `consumed`.
    case unitData(IrDAConnectionID, [UInt8])
    /// Data without a connection: Ultra, with the protocol identifier and all that stands behind it.
    case ultra(protocolID: UInt8, [UInt8])
    /// More can be sent than before.
    case sendRoom(IrDAConnectionID)
    /// Another connection has the link to itself: what this one has to send waits (IrLMP 1.1, 3.3.2.1.3).
    case locked(IrDAConnectionID)
    /// The link is everybody's again.
    case unlocked(IrDAConnectionID)
    /// A connection that `disconnect` has closed has sent all its data, or has given it up.
    case closed(IrDAConnectionID)
    /// An open connection is over, and this many bytes that were taken for it have not reached the peer; `ended` follows. What was
    /// in frames when the link itself came down is not counted: it may have arrived.
    case dropped(IrDAConnectionID, bytes: Int)
    /// A connection is over or did not come about; its number means nothing any more.
    case ended(IrDAConnectionID, IrDAEndReason)
    /// A link is up.
    case linkConnected(peer: DeviceAddress, role: IrLAPRole, parameters: LinkParameters)
    /// The peer has not been heard for the threshold time; the link is still up (IrLAP 1.1, 6.6.9).
    case linkStalled
    /// After `linkStalled`, the peer has been heard again.
    case linkRecovered
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
    /// The peer answered GetValueByClass.
    case answered(IASResult)
    /// The peer answered one of the optional operations.
    case replied(IASReply)
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
    /// Data came faster than it was taken, on a connection without credit.
    case overrun

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

/// Why something cannot be sent now, or at all.
public enum IrDASendError: Error, Hashable, Sendable {
    /// The connection is not open, or is not of the kind that the call is for.
    case notConnected
    /// There is nothing to send; TinyTP has no empty messages.
    case empty
    /// It does not fit; `limit` bytes would.
    case tooLong(limit: Int)
    /// Too much waits already, or the peer has given no credit; try again after `sendRoom`, or a little later.
    case noRoom
    /// Another connection has the link to itself, or the link is being set up.
    case linkInUse
    /// There is no such protocol identifier of Ultra: they go from 0 to 7F.
    case noSuchProtocol
}
