/// ACTiSYS ACT-IR200L: a register chip; each command byte is a register (high digit) and a value (low digit).
public struct ActisysIR200L: SerialDongle {
    /// The divider of 230400 bit/s, less one, as its low and its high digit go to registers 8 and 9.
    private static let dividers: [(rate: Int, bytes: [UInt8])] = [
        (9600, [0x87, 0x91]), (19200, [0x8B, 0x90]), (38400, [0x85, 0x90]), (57600, [0x83, 0x90]),
        (115_200, [0x81, 0x90]),
    ]
    /// Take the new divider, and accept wide pulses.
    private static let loadDivider: UInt8 = 0x15

    /// Describes the dongle.
    public init() {}

    /// 9600 to 115200 bit/s.
    public var rates: [Int] { Self.dividers.map(\.rate) }
    /// 5 ms.
    public var minimumTurnaround: Duration { .milliseconds(5) }

    /// A pulse of RTS, then the registers: oscillator in the shadow bank, thresholds, blanking while sending, both ways on.
    public var reset: [SerialStep] {
        [
            .lines(.onlyDTR), .wait(.milliseconds(50)), .lines(.onlyRTS), .wait(.microseconds(25)), .hostRate(9600),
            .write([0xF0, 0xD1, 0x56, 0xD0, 0x74, 0x63, 0x51, 0x47, 0x03]), .drain, .wait(.milliseconds(15)),
            .lines(.both),
        ]
    }

    /// A new divider.
    public func change(to rate: Int) -> [SerialStep]? {
        guard let divider = Self.dividers.first(where: { $0.rate == rate })?.bytes else { return nil }
        return [
            .lines(.onlyRTS), .write(divider + [Self.loadDivider]), .drain, .wait(.milliseconds(5)), .lines(.both),
        ]
    }
}
