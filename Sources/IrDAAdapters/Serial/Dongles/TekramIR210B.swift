/// Tekram IrMate IR-210B, its OEM copies, and the IRXON IR220, which is sold with the same commands today.
///
/// The maker's manual says "clear DTR, set RTS" and means the levels on the wire; asserted as Linux and NetBSD do it, a command
/// is sent with DTR up and RTS down.
public struct TekramIR210B: SerialDongle {
    /// How long the pulses of its light are below 115200 bit/s.
    public enum Pulse: Sendable, Hashable {
        /// 1.6 us at every speed (bit 4 of the command), as Linux and NetBSD ask for.
        case fixed
        /// Three sixteenths of a bit, as IRXON's manual has it.
        case threeSixteenths
    }

    private let pulse: Pulse
    private let commandTime: Duration
    private let startsCold: Bool

    /// Describes the dongle.
    ///
    /// - Parameters:
    ///   - pulse: the length of its pulses.
    ///   - commandTime: how long a command needs after its byte has left. The drivers wait 100 to 150 ms.
    ///   - startsCold: whether power is taken away for a moment first, for a dongle that does not react.
    public init(pulse: Pulse = .fixed, commandTime: Duration = .milliseconds(100), startsCold: Bool = false) {
        self.pulse = pulse
        self.commandTime = commandTime
        self.startsCold = startsCold
    }

    private static let codes: RateCodes = [(115_200, 0), (57600, 1), (38400, 2), (19200, 3), (9600, 4)]

    /// 9600 to 115200 bit/s.
    public var rates: [Int] { Self.codes.rates }
    /// 10 ms.
    public var minimumTurnaround: Duration { .milliseconds(10) }

    /// Feeds it, from cold if asked for.
    public var opening: [SerialStep] {
        (startsCold ? [.lines(.neither), .wait(.milliseconds(50))] : []) + [.lines(.both), .wait(.milliseconds(50))]
    }

    /// DTR down for a millisecond.
    public var reset: [SerialStep] {
        [.lines(.onlyRTS), .wait(.milliseconds(1)), .lines(.both), .wait(.microseconds(75))]
    }

    /// One byte in command mode.
    public func change(to rate: Int) -> [SerialStep]? {
        guard let code = Self.codes.code(for: rate) else { return nil }
        // At 115200 both lengths are the same, and the drivers leave the bit out.
        let bit: UInt8 = pulse == .fixed && rate < 115_200 ? 0x10 : 0
        return [
            .lines(.onlyDTR), .wait(.microseconds(14)), .write([code | bit]), .drain, .wait(commandTime),
            .lines(.both), .wait(.microseconds(50)),
        ]
    }
}
