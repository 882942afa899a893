/// A line speed of IrLAP. The raw value is in bit/s.
public enum BaudRate: UInt32, Sendable, Hashable, Comparable, CaseIterable, CustomStringConvertible {
    /// 2400 bit/s.
    case rate2400 = 2400
    /// 9600 bit/s, the speed outside connections.
    case rate9600 = 9600
    /// 19200 bit/s.
    case rate19200 = 19200
    /// 38400 bit/s.
    case rate38400 = 38400
    /// 57600 bit/s.
    case rate57600 = 57600
    /// 115200 bit/s, the fastest asynchronous speed.
    case rate115200 = 115_200
    /// 576 kbit/s (MIR).
    case rate576000 = 576_000
    /// 1.152 Mbit/s (MIR).
    case rate1152000 = 1_152_000
    /// 4 Mbit/s (FIR).
    case rate4000000 = 4_000_000
    /// 16 Mbit/s (VFIR).
    case rate16000000 = 16_000_000

    /// The speed in bit/s.
    public var bitsPerSecond: Int { Int(rawValue) }

    /// The speed in bit/s, for example `115200`.
    public var description: String { String(rawValue) }

    /// Slower before faster.
    public static func < (first: BaudRate, second: BaudRate) -> Bool { first.rawValue < second.rawValue }
}

/// The line speeds a station can use: negotiation parameter 01, first byte in the low bits (IrLAP 1.1, 6.6.2).
public struct BaudRateSet: OptionSet, Sendable, Hashable {
    /// The bits of parameter 01, bytes 0 and 1.
    public let rawValue: UInt16

    /// The speeds with these bits; bits without a speed are dropped.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue & 0x03FF
    }

    /// The set of one speed.
    public init(_ rate: BaudRate) {
        self.init(rawValue: 1 << UInt16(BaudRate.allCases.firstIndex(of: rate) ?? 0))
    }

    /// 2400 bit/s.
    public static let rate2400 = BaudRateSet(.rate2400)
    /// 9600 bit/s; every station sets it.
    public static let rate9600 = BaudRateSet(.rate9600)
    /// 19200 bit/s.
    public static let rate19200 = BaudRateSet(.rate19200)
    /// 38400 bit/s.
    public static let rate38400 = BaudRateSet(.rate38400)
    /// 57600 bit/s.
    public static let rate57600 = BaudRateSet(.rate57600)
    /// 115200 bit/s.
    public static let rate115200 = BaudRateSet(.rate115200)
    /// 576 kbit/s.
    public static let rate576000 = BaudRateSet(.rate576000)
    /// 1.152 Mbit/s.
    public static let rate1152000 = BaudRateSet(.rate1152000)
    /// 4 Mbit/s.
    public static let rate4000000 = BaudRateSet(.rate4000000)
    /// 16 Mbit/s.
    public static let rate16000000 = BaudRateSet(.rate16000000)

    /// What a serial (SIR) device can do: 9600 to 115200 bit/s.
    public static let sir: BaudRateSet = [.rate9600, .rate19200, .rate38400, .rate57600, .rate115200]

    /// Every speed that there is.
    public static let all = BaudRateSet(rawValue: .max)

    /// The speeds in the set, slowest first.
    public var rates: [BaudRate] { BaudRate.allCases.filter { contains(BaudRateSet($0)) } }

    /// The fastest speed in the set; nil if it is empty.
    public var highest: BaudRate? { rates.last }
}
