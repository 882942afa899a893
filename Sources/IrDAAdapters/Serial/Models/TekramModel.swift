/// The hardware of a Tekram IR-210B or an IRXON IR220.
public struct TekramModel: SerialDongleModel {
    private var power = LinePower()
    private var history = LineHistory()
    private var current = 9600
    private var command: (code: UInt8, end: Duration)?
    private let commandTime: Duration

    /// A dongle with any setting from before.
    ///
    /// - Parameters:
    ///   - rate: the speed that it was left at, in bit/s.
    ///   - commandTime: how long after its byte a command mode must go on for the command to count.
    public init(rate: Int = 9600, commandTime: Duration = .milliseconds(10)) {
        current = rate
        self.commandTime = commandTime
    }

    /// Its speed, when it has power.
    public func rate(at now: Duration) -> Int? { power.isOn(at: now) ? current : nil }

    /// A millisecond of DTR down resets it; RTS up again ends command mode.
    public mutating func set(_ lines: SerialLines, at now: Duration) {
        let wasOn = power.isOn(at: now)
        if let (old, time) = history.change(to: lines, at: now) {
            switch old {
            case .onlyRTS where time >= .milliseconds(1): current = 9600
            case .onlyDTR:
                if wasOn, let command, now - command.end >= commandTime { obey(command.code) }
                command = nil
            default: break
            }
        }
        power.feed(lines != .neither, at: now)
        if !wasOn { current = 9600 }
    }

    private mutating func obey(_ code: UInt8) {
        let rates: [UInt8: Int] = [0: 115_200, 1: 57600, 2: 38400, 3: 19200, 4: 9600, 8: 2400]
        current = rates[code & 0x0F] ?? current
    }

    /// Data or a command; with RTS up and DTR down it is deaf.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        guard power.isOn(at: now) else { return nil }
        switch history.lines {
        case .both: return .light(byte)
        case .onlyDTR:
            command = (byte, now)
            return nil
        default: return nil
        }
    }

    /// In data mode.
    public func hearsLight(at now: Duration) -> Bool { power.isOn(at: now) && history.lines == .both }
}
