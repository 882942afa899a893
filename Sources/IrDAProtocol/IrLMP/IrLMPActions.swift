/// One connection between two LSAPs, for as long as it is known. Numbers are not used again.
public struct LSAPConnectionID: Hashable, Comparable, Sendable {
    let number: UInt64

    /// Orders connections by age.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// What an IrLMP machine wants done, in order.
public enum IrLMPAction: Hashable, Sendable {
    /// Set up the link to this station.
    case connectLink(DeviceAddress)
    /// Accept the link that a station asks for.
    case acceptLink
    /// End the link, or the attempt to set it up.
    case disconnectLink
    /// Send this as the information of an I frame.
    case send([UInt8])
    /// Send this as the information of a UI frame, inside the link if there is one, else as a broadcast.
    case sendUnitData([UInt8])
    /// Call `timerFired` at this moment; replaces an earlier setting of the same timer.
    case setTimer(IrLMPTimer, IrDAInstant)
    /// Forget the timer.
    case cancelTimer(IrLMPTimer)
    /// Tell the user of a connection.
    case indicate(LSAPConnectionID, IrLMPIndication)
    /// Data that belongs to no connection has arrived: selectors 70 and 70.
    case indicateConnectionless([UInt8])
}

/// The timers of IrLMP.
public enum IrLMPTimer: Hashable, Sendable {
    /// How long the link may take to come up for a Connect, and the peer to answer it (IrLMP 1.1, 3.5.4.3.5).
    case watchdog(LSAPConnectionID)
    /// How long a link that nobody needs is kept (IrLMP 1.1, 3.5.3.3.6).
    case idle
    /// How long the peer may take to answer a change of the access mode (IrLMP 1.1, 3.5.2).
    case accessMode
}

/// What the user of an LSAP connection is told.
public enum IrLMPIndication: Hashable, Sendable {
    /// The peer has accepted; with its user data.
    case connected(payload: [UInt8])
    /// A peer wants a connection to a registered LSAP: answer with `accept` or `refuse`.
    case connectionRequested(local: LSAPSelector, peer: DeviceAddress, payload: [UInt8])
    /// Data from the peer.
    case data([UInt8])
    /// Data that the peer sent without any promise that it arrives, in order, or once.
    case unitData([UInt8])
    /// The connection has the link to itself from now on, or shares it; also the answer to a request for either.
    case accessMode(AccessMode)
    /// Another connection has the link to itself from now on: this one may not send (IrLMP 1.1, 3.3.2.1.3).
    case locked
    /// It may send again.
    case unlocked
    /// It is over; the number of the connection means nothing any more.
    case disconnected(IrLMPDisconnectReason)
}

/// Why an LSAP connection is over or did not come about.
public enum IrLMPDisconnectReason: Hashable, Sendable {
    /// The peer sent a Disconnect with this reason.
    case peer(DisconnectReason)
    /// There is no link any more, or none could be set up.
    case link(IrLAPDisconnectReason)
    /// A link to another device is in use (IrLMP 1.1, 3.5.2.3.2).
    case linkToAnotherDevice(DeviceAddress)
    /// The peer did not answer the Connect in time.
    case noResponse
    /// Both ends sent a Connect for the same pair at once (IrLMP 1.1, 3.5.4.3.2).
    case race
    /// Another connection has the link to itself.
    case lockedOut
    /// The pair is connected already, or every LSAP-SEL is taken.
    case selectorInUse
}
