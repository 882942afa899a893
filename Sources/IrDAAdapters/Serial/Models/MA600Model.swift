/// The hardware of a Mobile Action MA600.
public struct MA600Model: SerialDongleModel {
    /// What it does with the byte that it should return.
    public enum Answering: Hashable, Sendable {
        /// Returns it after so long.
        case after(Duration)
        /// Returns another.
        case wrong
        /// Returns nothing.
        case never
    }

    private var power = LinePower()
    private var history = LineHistory()
    private var current: Int
    private var chosen: UInt8?
    private let answering: Answering

    /// A dongle with any speed from before, in bit/s.
    public init(rate: Int = 9600, answering: Answering = .after(.milliseconds(1))) {
        current = rate
        self.answering = answering
    }

    /// Its speed, when it has power.
    public func rate(at now: Duration) -> Int? { power.isOn(at: now) ? current : nil }

    /// A pulse of DTR resets it; leaving command mode applies the command.
    public mutating func set(_ lines: SerialLines, at now: Duration) {
        if let (old, time) = history.change(to: lines, at: now) {
            if old == .onlyRTS, time >= .milliseconds(10) { current = 9600 }
            if old == .onlyDTR, lines == .both, let chosen {
                let rates: [UInt8: Int] = [0: 9600, 1: 19200, 2: 38400, 3: 57600, 4: 115_200, 8: 2400]
                current = rates[chosen] ?? current
            }
            chosen = nil
        }
        power.feed(lines != .neither, at: now)
    }

    /// Data, or a command, which is returned.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        guard power.isOn(at: now) else { return nil }
        switch history.lines {
        case .both: return .light(byte)
        case .onlyDTR:
            chosen = byte
            switch answering {
            case .after(let time): return .answer(byte, after: time)
            case .wrong: return .answer(~byte, after: .milliseconds(1))
            case .never: return nil
            }
        default: return nil
        }
    }

    /// In data mode.
    public func hearsLight(at now: Duration) -> Bool { power.isOn(at: now) && history.lines == .both }
}
