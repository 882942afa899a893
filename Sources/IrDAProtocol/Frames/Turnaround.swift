/// How long a station lets its peer hold the line: negotiation parameter 82 (IrLAP 1.1, 6.6.4).
///
/// The raw value is the bit of the parameter.
public enum MaximumTurnaround: UInt8, Sendable, Hashable, CaseIterable {
    /// 500 ms, the only value below 115200 bit/s.
    case ms500 = 0
    /// 250 ms.
    case ms250 = 1
    /// 100 ms.
    case ms100 = 2
    /// 50 ms.
    case ms50 = 3

    /// The time in milliseconds.
    public var milliseconds: Int {
        switch self {
        case .ms500: 500
        case .ms250: 250
        case .ms100: 100
        case .ms50: 50
        }
    }

    /// The time.
    public var duration: Duration { .milliseconds(milliseconds) }
}

/// How long a station needs after its own transmission before it hears again: negotiation parameter 86 (IrLAP 1.1, 6.6.8).
///
/// The peer does the waiting. The raw value is the bit of the parameter.
public enum MinimumTurnaround: UInt8, Sendable, Hashable, CaseIterable {
    /// 10 ms, the time that counts before a connection.
    case ms10 = 0
    /// 5 ms.
    case ms5 = 1
    /// 1 ms.
    case ms1 = 2
    /// 0.5 ms.
    case us500 = 3
    /// 0.1 ms.
    case us100 = 4
    /// 0.05 ms.
    case us50 = 5
    /// 0.01 ms.
    case us10 = 6
    /// None.
    case zero = 7

    /// The time in microseconds.
    public var microseconds: Int {
        switch self {
        case .ms10: 10_000
        case .ms5: 5_000
        case .ms1: 1_000
        case .us500: 500
        case .us100: 100
        case .us50: 50
        case .us10: 10
        case .zero: 0
        }
    }

    /// The time.
    public var duration: Duration { .microseconds(microseconds) }

    /// The time in bytes of the line at a speed, for the line-capacity rule (table of IrLAP 1.1, 6.6.11).
    ///
    /// The table is near the proportion, with roundings of its own. 2400, 16 Mbit/s and the time zero are not in it.
    public func byteCount(at rate: BaudRate) -> Int {
        let row =
            switch rate {
            case .rate2400: [2, 1, 0, 0, 0, 0, 0, 0]
            case .rate9600: [10, 5, 1, 0, 0, 0, 0, 0]
            case .rate19200: [20, 10, 2, 1, 0, 0, 0, 0]
            case .rate38400: [40, 20, 4, 2, 0, 0, 0, 0]
            case .rate57600: [58, 29, 6, 3, 1, 0, 0, 0]
            case .rate115200: [115, 58, 12, 6, 1, 1, 0, 0]
            case .rate576000: [720, 360, 72, 36, 7, 4, 2, 0]
            case .rate1152000: [1440, 720, 144, 72, 14, 7, 1, 0]
            case .rate4000000: [5000, 2500, 500, 250, 50, 25, 5, 0]
            case .rate16000000: [20000, 10000, 2000, 1000, 200, 100, 20, 0]
            }
        return row[Int(rawValue)]
    }
}
