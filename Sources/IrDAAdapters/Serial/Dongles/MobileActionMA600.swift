/// Mobile Action MA600, and its USB form MA-620: one byte in command mode, which it returns.
public struct MobileActionMA600: SerialDongle {
    private static let codes: RateCodes = [
        (2400, 0x08), (9600, 0x00), (19200, 0x01), (38400, 0x02), (57600, 0x03), (115_200, 0x04),
    ]
    private let startsCold: Bool

    /// Describes the dongle.
    ///
    /// - Parameter startsCold: whether it gets the maker's full power-up first, which takes two seconds.
    public init(startsCold: Bool = false) {
        self.startsCold = startsCold
    }

    /// 2400 to 115200 bit/s.
    public var rates: [Int] { Self.codes.rates }
    /// 10 ms.
    public var minimumTurnaround: Duration { .milliseconds(10) }

    /// Feeds it, from cold if asked for.
    public var opening: [SerialStep] {
        startsCold
            ? [.lines(.neither), .wait(.seconds(1)), .lines(.both), .wait(.seconds(1))]
            : [.lines(.both), .wait(.milliseconds(50))]
    }

    /// A pulse of DTR.
    public var reset: [SerialStep] {
        [.lines(.onlyRTS), .wait(.milliseconds(10)), .lines(.both), .wait(.milliseconds(10))]
    }

    /// A byte and its echo. Noise heard before is thrown away first, so that it is not taken for the answer.
    public func change(to rate: Int) -> [SerialStep]? {
        guard let code = Self.codes.code(for: rate) else { return nil }
        return [
            .lines(.onlyDTR), .wait(.milliseconds(1)), .discardInput, .write([code]), .drain,
            .expect([code], within: .milliseconds(15)), .lines(.both), .wait(.milliseconds(10)),
        ]
    }
}
