/// The two control lines with which a host feeds and commands a serial dongle.
///
/// A true line is asserted: the TIOCM bit is set, and an RS-232 driver puts out a positive voltage. Makers' manuals often name
/// the levels the other way round.
public struct SerialLines: Hashable, Sendable {
    /// Data terminal ready.
    public var dtr: Bool
    /// Request to send.
    public var rts: Bool

    /// Makes a pair of levels.
    public init(dtr: Bool, rts: Bool) {
        self.dtr = dtr
        self.rts = rts
    }

    /// Both asserted: how most dongles are fed.
    public static let both = SerialLines(dtr: true, rts: true)
    /// Only DTR asserted.
    public static let onlyDTR = SerialLines(dtr: true, rts: false)
    /// Only RTS asserted.
    public static let onlyRTS = SerialLines(dtr: false, rts: true)
    /// Neither asserted: dongles that live from the lines are without power.
    public static let neither = SerialLines(dtr: false, rts: false)
}

extension SerialLines: CustomStringConvertible {
    /// DTR and RTS as digits, for example `1 0`.
    public var description: String { "\(dtr ? 1 : 0) \(rts ? 1 : 0)" }
}
