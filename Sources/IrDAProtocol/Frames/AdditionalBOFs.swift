/// How many extra begin-of-frame fillers a station needs: negotiation parameter 85 (IrLAP 1.1, 6.6.7).
///
/// The raw value is the bit of the parameter.
public enum AdditionalBOFs: UInt8, Sendable, Hashable, CaseIterable {
    /// 48 at 115200 bit/s.
    case bofs48 = 0
    /// 24 at 115200 bit/s.
    case bofs24 = 1
    /// 12 at 115200 bit/s.
    case bofs12 = 2
    /// 6 at 115200 bit/s. The specification says 5 in one place and 6 in another; sending 6 satisfies both.
    case bofs6 = 3
    /// 3 at 115200 bit/s.
    case bofs3 = 4
    /// 2 at 115200 bit/s.
    case bofs2 = 5
    /// 1 at 115200 bit/s.
    case bofs1 = 6
    /// None.
    case bofs0 = 7

    /// The number at 115200 bit/s.
    public var countAt115200: Int {
        switch self {
        case .bofs48: 48
        case .bofs24: 24
        case .bofs12: 12
        case .bofs6: 6
        case .bofs3: 3
        case .bofs2: 2
        case .bofs1: 1
        case .bofs0: 0
        }
    }

    /// The number to send at a speed: in proportion, rounded down; none above 115200 bit/s, where no BOFs exist.
    public func count(at rate: BaudRate) -> Int {
        guard rate <= .rate115200 else { return 0 }
        return countAt115200 * rate.bitsPerSecond / BaudRate.rate115200.bitsPerSecond
    }
}
