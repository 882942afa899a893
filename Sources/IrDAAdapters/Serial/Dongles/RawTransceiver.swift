/// A transceiver without commands: a UART in infrared mode, an encoder chip with a fixed rate, or a kernel driver that follows the rate.
public struct RawTransceiver: SerialDongle {
    private let fixedRate: Int?
    private let lines: SerialLines

    /// Describes the transceiver.
    ///
    /// - Parameters:
    ///   - fixedRate: its only speed in bit/s; nil if it follows the host's.
    ///   - lines: the levels that it wants.
    public init(fixedRate: Int? = nil, lines: SerialLines = .both) {
        self.fixedRate = fixedRate
        self.lines = lines
    }

    /// The speeds of IrLAP on a serial line, or the fixed one.
    public var rates: [Int] { fixedRate.map { [$0] } ?? [2400, 9600, 19200, 38400, 57600, 115_200] }
    /// The fixed speed, or that at which devices look for each other.
    public var rateAfterReset: Int { fixedRate ?? 9600 }
    /// 5 ms.
    public var minimumTurnaround: Duration { .milliseconds(5) }
    /// The lines, and time for what they may feed.
    public var opening: [SerialStep] { [.lines(lines), .wait(.milliseconds(50))] }
    /// It may be at the end of a stream of bytes, where there are none.
    public var needsLines: Bool { false }
    /// Nothing to do.
    public var reset: [SerialStep] { [] }

    /// Nothing to do but the host's own change. A transceiver that follows takes any speed, for devices with one of their own.
    public func change(to rate: Int) -> [SerialStep]? {
        switch fixedRate {
        case rate, nil: []
        case .some: nil
        }
    }
}
