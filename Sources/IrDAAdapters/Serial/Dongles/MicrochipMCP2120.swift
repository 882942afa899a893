/// A Microchip MCP2120 with a bare transceiver, wired so that RTS is its reset and DTR its command mode.
///
/// It has power of its own, and data flows with both lines down. In command mode it echoes each byte, which proves that it is there.
/// Linux's driver, by a slip of digits, does not know 38400 bit/s.
public struct MicrochipMCP2120: SerialDongle {
    private static let codes: RateCodes = [
        (9600, 0x87), (19200, 0x8B), (38400, 0x85), (57600, 0x83), (115_200, 0x81),
    ]
    private static let takeRate: UInt8 = 0x11

    /// Describes the dongle, with its crystal of 7.3728 MHz and its three rate pins high.
    public init() {}

    /// 9600 to 115200 bit/s.
    public var rates: [Int] { Self.codes.rates }
    /// 10 ms.
    public var minimumTurnaround: Duration { .milliseconds(10) }
    /// It needs no feeding.
    public var opening: [SerialStep] { [] }
    /// Held in reset.
    public var closing: [SerialStep] { [.lines(.both)] }

    /// Reset, and time for its start-up timer of 30 ms.
    public var reset: [SerialStep] {
        [.lines(.both), .wait(.milliseconds(50)), .lines(.neither), .wait(.milliseconds(50))]
    }

    /// The speed and the order to take it, both of which it echoes at the old speed.
    public func change(to rate: Int) -> [SerialStep]? {
        guard let code = Self.codes.code(for: rate) else { return nil }
        let command = [code, Self.takeRate]
        return [
            .lines(.onlyDTR), .wait(.microseconds(500)), .discardInput, .write(command), .drain,
            .expect(command, within: .milliseconds(50)), .wait(.milliseconds(100)), .lines(.neither),
        ]
    }
}
