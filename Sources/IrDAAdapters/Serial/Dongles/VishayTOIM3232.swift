/// A Vishay TOIM3232 or TOIM4232 that is fed by DTR and commanded by RTS, as in the IRWave IR320ST-2.
///
/// Its code for 9600 is not Tekram's: driven as a Tekram it would run at 14400 bit/s.
public struct VishayTOIM3232: SerialDongle {
    /// Bit 4 asks for pulses of 1.6 us.
    private static let codes: RateCodes = [
        (2400, 0x1A), (9600, 0x16), (19200, 0x13), (38400, 0x12), (57600, 0x11), (115_200, 0x00),
    ]
    private let powerOffTime: Duration

    /// Describes the dongle.
    ///
    /// - Parameter powerOffTime: how long its capacitor takes to run out; the only reset there is. 500 ms for stubborn ones.
    public init(powerOffTime: Duration = .milliseconds(50)) {
        self.powerOffTime = powerOffTime
    }

    /// 2400 to 115200 bit/s.
    public var rates: [Int] { Self.codes.rates }
    /// 10 ms.
    public var minimumTurnaround: Duration { .milliseconds(10) }

    /// Off and on.
    public var reset: [SerialStep] {
        [.lines(.neither), .wait(powerOffTime), .lines(.both), .wait(.milliseconds(10))]
    }

    /// One byte in command mode.
    public func change(to rate: Int) -> [SerialStep]? {
        guard let code = Self.codes.code(for: rate) else { return nil }
        return [
            .lines(.onlyDTR), .wait(.microseconds(14)), .write([code]), .drain, .wait(.milliseconds(150)),
            .lines(.both), .wait(.microseconds(50)),
        ]
    }
}
