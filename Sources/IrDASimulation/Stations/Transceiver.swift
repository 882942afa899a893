public import IrDAProtocol

/// What stands between a simulated station and the light: an adapter and its driver, which take their time.
///
/// A station without one is ideal: its frames are light at once, and what it sees it hears. Rules of the medium hold for the light of
/// both; those that change what leaves or enters a station itself hold for ideal stations only.
public protocol Transceiver: Sendable {
    /// Whether it keeps the peer's minimum turn-around time when it is told it; otherwise the station does.
    var keepsTurnaround: Bool { get }
    /// When something happens in it by itself; nil if nothing will.
    var nextMoment: IrDAInstant? { get }

    /// Takes frames to be sent back to back, behind what it has still to do.
    ///
    /// - Parameters:
    ///   - frames: the frames.
    ///   - turnaround: how long the peer still needs; zero where the station has waited already.
    ///   - now: the moment.
    mutating func transmit(_ frames: [IrLAPTransmission], keeping turnaround: Duration, at now: IrDAInstant)
    /// Changes its rate, behind what it has still to do.
    mutating func setRate(_ rate: BaudRate, at now: IrDAInstant)
    /// Light has come in that ends now: characters in SIR, and a frame with its check sequence above.
    mutating func see(_ bytes: [UInt8], at rate: BaudRate, since start: IrDAInstant, now: IrDAInstant)
    /// Lets time pass.
    ///
    /// - Returns: what has happened since the last time, in order.
    mutating func advance(to now: IrDAInstant) -> [TransceiverEvent]
}

/// What happens in a transceiver.
public enum TransceiverEvent: Hashable, Sendable {
    /// Its light goes on: characters in SIR, a frame with its check sequence above.
    case shines([UInt8], rate: BaudRate, for: Duration)
    /// It has heard a frame with a good check sequence: A, C and information.
    case received([UInt8])
    /// It has heard something that is no frame.
    case garbage
    /// All light of a transmission is off.
    case transmitted
}
