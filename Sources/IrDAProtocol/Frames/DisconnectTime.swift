/// After how long without a valid frame a station gives a connection up: negotiation parameter 08 (IrLAP 1.1, 6.6.9).
public struct DisconnectTimeSet: OptionSet, Sendable, Hashable {
    /// The bits of parameter 08.
    public let rawValue: UInt8

    /// The times with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// 3 s, with no warning before; every station sets it.
    public static let s3 = DisconnectTimeSet(rawValue: 0x01)
    /// 8 s.
    public static let s8 = DisconnectTimeSet(rawValue: 0x02)
    /// 12 s.
    public static let s12 = DisconnectTimeSet(rawValue: 0x04)
    /// 16 s.
    public static let s16 = DisconnectTimeSet(rawValue: 0x08)
    /// 20 s.
    public static let s20 = DisconnectTimeSet(rawValue: 0x10)
    /// 25 s.
    public static let s25 = DisconnectTimeSet(rawValue: 0x20)
    /// 30 s.
    public static let s30 = DisconnectTimeSet(rawValue: 0x40)
    /// 40 s.
    public static let s40 = DisconnectTimeSet(rawValue: 0x80)
    /// Every time there is; also what counts for a station that announces none.
    public static let all = DisconnectTimeSet(rawValue: 0xFF)

    private static let seconds = [3, 8, 12, 16, 20, 25, 30, 40]

    /// The longest time in the set; nil if it is empty.
    public var longest: Duration? {
        let last = Self.seconds.indices.last { rawValue & (1 << UInt8($0)) != 0 }
        return last.map { .seconds(Self.seconds[$0]) }
    }

    /// The threshold that goes with a disconnect time: after that long without a valid frame the user is warned.
    public static func threshold(of disconnectTime: Duration) -> Duration {
        disconnectTime <= .seconds(3) ? .zero : .seconds(3)
    }
}
