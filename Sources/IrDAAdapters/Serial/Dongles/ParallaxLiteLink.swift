/// Parallax LiteLink: starts at 115200 bit/s, and pulses step down through the speeds.
///
/// Linux's and NetBSD's drivers disagree about which line resets and which steps, and nobody has settled it on hardware.
public struct ParallaxLiteLink: SerialDongle {
    /// Which line does what.
    public enum Wiring: Sendable, Hashable, CaseIterable {
        /// RTS down resets, DTR down steps.
        case linux
        /// DTR down resets, RTS down steps.
        case netBSD
    }

    /// The speeds in the order in which pulses select them.
    static let order = [115_200, 57600, 38400, 19200, 9600]
    private let wiring: Wiring

    /// Describes the dongle.
    public init(wiring: Wiring = .linux) {
        self.wiring = wiring
    }

    /// 9600 to 115200 bit/s.
    public var rates: [Int] { Self.order.sorted() }
    /// 115200 bit/s.
    public var rateAfterReset: Int { 115_200 }
    /// 10 us.
    public var minimumTurnaround: Duration { .microseconds(10) }
    private static let pulse = Duration.microseconds(25)

    /// A pulse of the one line.
    public var reset: [SerialStep] {
        let down = wiring == .linux ? SerialLines.onlyDTR : .onlyRTS
        return [
            .lines(.both), .wait(Self.pulse), .lines(down), .wait(Self.pulse), .lines(.both), .wait(Self.pulse),
        ]
    }

    /// Pulses of the other line.
    public func change(to rate: Int) -> [SerialStep]? {
        guard let count = Self.order.firstIndex(of: rate) else { return nil }
        let down = wiring == .linux ? SerialLines.onlyRTS : .onlyDTR
        let pulse: [SerialStep] = [.lines(down), .wait(Self.pulse), .lines(.both), .wait(Self.pulse)]
        return Array(repeatElement(pulse, count: count).joined())
    }
}
