/// The old Belkin SmartBeam, and by report Adaptec AIRport 1000 and 2000: 9600 bit/s and nothing to set.
public struct BelkinSmartBeam: SerialDongle {
    /// Describes the dongle.
    public init() {}

    /// 9600 bit/s.
    public var rates: [Int] { [9600] }
    /// 10 ms.
    public var minimumTurnaround: Duration { .milliseconds(10) }
    /// Nothing to do.
    public var reset: [SerialStep] { [] }

    /// Nothing to do.
    public func change(to rate: Int) -> [SerialStep]? { rate == 9600 ? [] : nil }
}
