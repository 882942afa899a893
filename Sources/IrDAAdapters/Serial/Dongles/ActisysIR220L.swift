/// ACTiSYS ACT-IR220L and ACT-IR220L+: pulses of RTS step through the speeds.
public struct ActisysIR220L: SerialDongle {
    /// The speeds in the order in which pulses select them.
    public let order: [Int]

    /// Describes the dongle.
    ///
    /// - Parameter isPlus: whether it is an ACT-IR220L+, which has 38400 bit/s too.
    public init(isPlus: Bool) {
        order = [9600, 19200, 57600, 115_200] + (isPlus ? [38400] : [])
    }

    /// 9600 to 115200 bit/s.
    public var rates: [Int] { order.sorted() }
    /// 10 us.
    public var minimumTurnaround: Duration { .microseconds(10) }
    private static let pulse = Duration.microseconds(10)

    /// A pulse of DTR.
    public var reset: [SerialStep] { [.lines(.onlyRTS), .wait(Self.pulse), .lines(.both), .wait(Self.pulse)] }

    /// As many pulses of RTS as the speed is away from 9600.
    public func change(to rate: Int) -> [SerialStep]? {
        guard let count = order.firstIndex(of: rate) else { return nil }
        let pulse: [SerialStep] = [.lines(.onlyDTR), .wait(Self.pulse), .lines(.both), .wait(Self.pulse)]
        return Array(repeatElement(pulse, count: count).joined())
    }
}
