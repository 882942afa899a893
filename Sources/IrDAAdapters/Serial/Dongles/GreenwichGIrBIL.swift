/// Greenwich Instruments GIrBIL: bytes in command mode.
///
/// Linux's driver asks this dongle for 9600 when it means 38400 bit/s, by a slip of digits; here it gets the right byte.
public struct GreenwichGIrBIL: SerialDongle {
    private static let codes: RateCodes = [
        (9600, 0x32), (19200, 0x33), (38400, 0x34), (57600, 0x35), (115_200, 0x36),
    ]
    private static let loadRate: UInt8 = 0x51
    private let control: UInt8

    /// Describes the dongle.
    ///
    /// - Parameter cancelsEcho: whether the chip is told to suppress the echo of its own light; nobody is known to have tried.
    public init(cancelsEcho: Bool = false) {
        control = cancelsEcho ? 0x07 : 0x03
    }

    /// 9600 to 115200 bit/s.
    public var rates: [Int] { Self.codes.rates }
    /// 5 ms.
    public var minimumTurnaround: Duration { .milliseconds(5) }

    /// A pulse of RTS, then transmitter and receiver on.
    public var reset: [SerialStep] {
        [
            .lines(.onlyDTR), .wait(.milliseconds(20)), .lines(.onlyRTS), .wait(.milliseconds(20)), .hostRate(9600),
            .write([control]), .drain, .wait(.milliseconds(20)), .lines(.both),
        ]
    }

    /// The speed and the order to take it.
    public func change(to rate: Int) -> [SerialStep]? {
        guard let code = Self.codes.code(for: rate) else { return nil }
        return [
            .lines(.onlyRTS), .wait(.microseconds(25)), .write([code, Self.loadRate]), .drain,
            .wait(.milliseconds(100)), .lines(.both), .wait(.microseconds(25)),
        ]
    }
}
