/// MosChip MCS7784, and 7703: a UART with infrared at its end, 2400 to 115200 bit/s, whatever its box says.
///
/// Facts about adapters, section 9.1. It was never seen on hardware by those who wrote its commands down, so the order is kept exactly.
public struct MCS7784: USBAdapter {
    private enum Chip: RegisterChip {
        /// One of two sets of registers, by what stands above the value in a request.
        struct Register: Sendable {
            let space: UInt16
            let number: UInt16

            static func uart(_ number: UInt16) -> Register { Register(space: 0x0300, number: number) }
            static func maker(_ number: UInt16) -> Register { Register(space: 0x0000, number: number) }
        }

        static let registerLength: UInt16 = 1
        static let status = Register.uart(5)
        /// The bit says that its transmitter is empty, and what is before that.
        static func isSending(status: UInt16) -> Bool { status & 0x40 == 0 }
        static func reading(_ register: Register) -> USBSetup {
            USBSetup(0xC0, 0x0D, value: register.space, index: register.number)
        }
        static func writing(_ value: UInt16, to register: Register) -> USBSetup {
            USBSetup(0x40, 0x0E, value: register.space | value & 0xFF, index: register.number)
        }
    }

    private typealias Operation = RegisterJob<Chip>.Operation

    private static let clock = 115_200
    private static let settleTime = Duration.milliseconds(50)
    private static let patience = Duration.milliseconds(250)

    private let raisesModemLines: Bool
    private var work = RegisterJob<Chip>()
    private var lightEnd = Duration.zero
    private var rate = 9600
    /// When the light of what is being sent began: characters go out as they come.
    public private(set) var lightBegan: Duration?

    /// Describes the adapter.
    ///
    /// - Parameter raisesModemLines: whether to raise the UART's modem lines, for one that hears and gives no light.
    public init(raisesModemLines: Bool = false) {
        self.raisesModemLines = raisesModemLines
    }

    /// SIR.
    public var rates: [Int] { [2400, 9600, 19200, 38400, 57600, 115_200] }
    /// 1 ms.
    public var minimumTurnaround: Duration { .milliseconds(1) }
    /// Listening may go on always.
    public var isHalfDuplex: Bool { false }
    /// Listening waits by itself.
    public var pollInterval: Duration { .zero }
    /// Never: it is a UART.
    public func takesFrames(at rate: Int) -> Bool { false }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        let operations: [Operation]
        switch job {
        case .open: operations = [.clearHalts, .update(.maker(1), set: 0x08)] + setting(9600)
        case .changeRate(let new): operations = setting(new)
        case .transmit(.characters(let characters)):
            lightBegan = now
            lightEnd = max(lightEnd, now) + .characters(characters.count, at: rate)
            operations = [.send(characters, endsShort: false)]
        case .transmit(.frame), .close: operations = []
        case .finish: operations = [.untilSent]
        }
        work = RegisterJob(operations, until: max(now, lightEnd) + Self.patience)
        return work.step()
    }

    private mutating func setting(_ new: Int) -> [Operation] {
        rate = new
        // The modem register.
        let modem: [Operation] = raisesModemLines ? [.write(.uart(4), 0x0B)] : []
        return [
            // No interrupts.
            .untilSent, .wait(Self.settleTime), .write(.uart(1), 0x00),
            // Infrared on.
            .update(.maker(4), set: 0x40), .update(.maker(1), set: 0x50),
            // FIFOs off, then on and empty.
            .write(.uart(2), 0x00), .write(.uart(2), 0xCF),
            // 8N1, with the divisor open in place of the data. Its high byte stays 0: 48 is the largest.
            .write(.uart(3), 0x83), .write(.maker(2), new == Self.clock ? 1 : 0), .write(.maker(3), 0),
            .write(.uart(0), UInt16(clamping: Self.clock / max(1, new))), .write(.uart(3), 0x03),
        ] + modem
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep { work.next(outcome, at: now) }

    /// Characters as they were on the air.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        bytes.isEmpty ? [] : [.characters(bytes)]
    }
}
