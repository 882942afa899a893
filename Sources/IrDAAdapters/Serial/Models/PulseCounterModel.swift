/// The hardware of dongles that count pulses: ACT-IR220L and L+, LiteLink.
public struct PulseCounterModel: SerialDongleModel {
    private let order: [Int]
    private let resetLines: SerialLines
    private let stepLines: SerialLines
    private let shortestPulse: Duration
    private var power = LinePower()
    private var history = LineHistory()
    private var count: Int

    private init(
        _ order: [Int], reset: SerialLines, step: SerialLines, shortestPulse: Duration, count: Int
    ) {
        self.order = order
        resetLines = reset
        stepLines = step
        self.shortestPulse = shortestPulse
        self.count = count
    }

    /// An ACT-IR220L, or an L+.
    ///
    /// - Parameters:
    ///   - isPlus: whether it is an L+.
    ///   - count: what its counter happens to stand at.
    public static func actisys(isPlus: Bool, count: Int = 0) -> Self {
        Self(
            [9600, 19200, 57600, 115_200] + (isPlus ? [38400] : []), reset: .onlyRTS, step: .onlyDTR,
            shortestPulse: .microseconds(2), count: count)
    }

    /// A LiteLink.
    ///
    /// - Parameters:
    ///   - wiring: whose reading of the lines is the right one.
    ///   - count: what its counter happens to stand at.
    public static func liteLink(wiring: ParallaxLiteLink.Wiring, count: Int = 0) -> Self {
        Self(
            [115_200, 57600, 38400, 19200, 9600], reset: wiring == .linux ? .onlyDTR : .onlyRTS,
            step: wiring == .linux ? .onlyRTS : .onlyDTR, shortestPulse: .microseconds(15), count: count)
    }

    /// The speed that the counter stands at.
    public func rate(at now: Duration) -> Int? {
        power.isOn(at: now) && !order.isEmpty ? order[count % order.count] : nil
    }

    /// Counts pulses that are long enough.
    public mutating func set(_ lines: SerialLines, at now: Duration) {
        let wasOn = power.isOn(at: now)
        if let (old, time) = history.change(to: lines, at: now), wasOn, time >= shortestPulse {
            if old == resetLines { count = 0 }
            if old == stepLines, lines == .both { count += 1 }
        }
        power.feed(lines != .neither, at: now)
    }

    /// Everything in data mode is data.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        hearsLight(at: now) ? .light(byte) : nil
    }

    /// In data mode.
    public func hearsLight(at now: Duration) -> Bool { power.isOn(at: now) && history.lines == .both }
}
