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
    /// How long the data of a connection that was closed may take to go out.
    case closing(IrDAConnectionID)
    /// The next discovery of those that go on by themselves.
    case discovery
    /// How long somebody waits for a device.
    case deviceWait(IrDADeviceWaitID)
}

/// One query of another station's information base.
public struct IASQueryID: Hashable, Sendable {
    let number: UInt64
}

/// One connection, from the request on.
public struct IrDAConnectionID: Hashable, Comparable, Sendable {
    let number: UInt64

    /// Orders connections by age.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// A service that this station offers.
public struct IrDAServiceID: Hashable, Sendable {
    let number: UInt64
}

/// Somebody who waits for a device.
public struct IrDADeviceWaitID: Hashable, Sendable {
    let number: UInt64
}

/// What a connection is opened to.
public enum IrDATarget: Hashable, Sendable {
    /// A class in the peer's information base, one of whose attributes names the selector: IrDA:TinyTP:LsapSel, or
    /// IrDA:IrLMP:LsapSel for a connection without TinyTP.
    case service(IASName)
    /// A selector that is known otherwise.
    case selector(LSAPSelector)
}
