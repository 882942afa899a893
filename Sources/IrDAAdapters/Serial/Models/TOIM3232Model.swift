/// The hardware of a TOIM3232 with 3.6864 MHz, fed by DTR and commanded by RTS.
public struct TOIM3232Model: SerialDongleModel {
    private var power: LinePower
    private var lines = SerialLines.neither
    private var current: Int

    /// A dongle with any speed from before.
    ///
    /// - Parameters:
    ///   - rate: the speed, in bit/s.
    ///   - powerOffTime: how long its capacitor lasts.
    public init(rate: Int = 9600, powerOffTime: Duration = .milliseconds(50)) {
        power = LinePower(charge: .milliseconds(10), discharge: powerOffTime)
        current = rate
    }

    /// Its speed, when it has power.
    public func rate(at now: Duration) -> Int? { power.isOn(at: now) ? current : nil }

    /// Without power it forgets its speed.
    public mutating func set(_ lines: SerialLines, at now: Duration) {
        if lines.dtr, !self.lines.dtr, !power.isOn(at: now) { current = 9600 }
        power.feed(lines.dtr, at: now)
        self.lines = lines
    }

    /// Data, or a code that counts from the end of its byte.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        guard power.isOn(at: now) else { return nil }
        if lines.rts { return .light(byte) }
        let rates = [
            115_200, 57600, 38400, 19200, 14400, 12800, 9600, 7200, 4800, 3600, 2400, 1800, 1200,
        ]
        let code = Int(byte & 0x0F)
        if rates.indices.contains(code) { current = rates[code] }
        return nil
    }

    /// In data mode.
    public func hearsLight(at now: Duration) -> Bool { power.isOn(at: now) && lines.rts }
}
