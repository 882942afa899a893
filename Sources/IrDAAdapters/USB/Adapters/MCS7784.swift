/// MosChip MCS7784, and 7703: a UART with infrared at its end, 2400 to 115200 bit/s, whatever its box says.
///
/// Facts about adapters, section 9.1. It was never seen on hardware by those who wrote its commands down, so the order is kept exactly.
public struct MCS7784: USBAdapter {
    private enum Operation: Sendable {
        case clearHalts
        case write(Space, UInt16, UInt8)
        /// Read, set some bits, write back.
        case set(UInt16, UInt8)
        case untilSent
        case wait(Duration)
        case send([UInt8])
    }

    /// The two sets of registers.
    private enum Space: UInt16, Sendable {
        case maker = 0x0000
        case uart = 0x0300
    }

    /// Registers of the UART.
    private enum UART {
        static let divisor: UInt16 = 0
        static let interrupts: UInt16 = 1
        static let fifo: UInt16 = 2
        static let line: UInt16 = 3
        static let modem: UInt16 = 4
        static let status: UInt16 = 5
        static let isEmpty: UInt8 = 0x40
    }

    private static let clock = 115_200
    private static let settleTime = Duration.milliseconds(50)
    private static let pollTime = Duration.milliseconds(2)
    private static let patience = Duration.milliseconds(250)

    private let raisesModemLines: Bool
    private var operations: ArraySlice<Operation> = []
    private var isReading = false
    private var isPausing = false
    private var limit = Duration.zero
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
        switch job {
        case .open: operations = ([.clearHalts, .set(1, 0x08)] + setting(9600))[...]
        case .changeRate(let new): operations = setting(new)[...]
        case .transmit(.characters(let characters)):
            lightBegan = now
            lightEnd = max(lightEnd, now) + .characters(characters.count, at: rate)
            operations = [.send(characters)]
        case .transmit(.frame), .close: operations = []
        case .finish: operations = [.untilSent]
        }
        isReading = false
        isPausing = false
        limit = max(now, lightEnd) + Self.patience
        return step()
    }

    private mutating func setting(_ new: Int) -> [Operation] {
        rate = new
        let modem: [Operation] = raisesModemLines ? [.write(.uart, UART.modem, 0x0B)] : []
        return [
            .untilSent, .wait(Self.settleTime), .write(.uart, UART.interrupts, 0x00),
            // Infrared on.
            .set(4, 0x40), .set(1, 0x50),
            // FIFOs off, then on and empty.
            .write(.uart, UART.fifo, 0x00), .write(.uart, UART.fifo, 0xCF),
            // 8N1, with the divisor open in place of the data. Its high byte stays 0: 48 is the largest.
            .write(.uart, UART.line, 0x83), .write(.maker, 2, new == Self.clock ? 1 : 0), .write(.maker, 3, 0),
            .write(.uart, UART.divisor, UInt8(clamping: Self.clock / max(1, new))), .write(.uart, UART.line, 0x03),
        ] + modem
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        guard case .done(let bytes) = outcome else { return .failed(.refused("set its registers, or send")) }
        guard let operation = operations.first else { return .done }
        if isPausing {
            isPausing = false
            if case .wait = operation { operations.removeFirst() }
            return step()
        }
        switch operation {
        case .clearHalts, .write, .send, .wait: operations.removeFirst()
        case .set(let register, let bits):
            guard isReading else {
                operations.removeFirst()
                break
            }
            guard let value = bytes.first else { return .failed(.nonsense("less than a register holds")) }
            isReading = false
            return write(.maker, register, value | bits)
        case .untilSent:
            guard let value = bytes.first else { return .failed(.nonsense("less than a register holds")) }
            if value & UART.isEmpty != 0 {
                operations.removeFirst()
            } else if now >= limit {
                return .failed(.refused("finish sending"))
            } else {
                isPausing = true
                return .wait(Self.pollTime)
            }
        }
        return step()
    }

    private mutating func step() -> USBStep {
        switch operations.first {
        case nil: return .done
        case .clearHalts: return .transfer(.clearHalts)
        case .write(let space, let register, let value): return write(space, register, value)
        case .set(let register, _):
            isReading = true
            return read(.maker, register)
        case .untilSent: return read(.uart, UART.status)
        case .wait(let time):
            isPausing = true
            return .wait(time)
        case .send(let bytes): return .transfer(.send(bytes, endsShort: false))
        }
    }

    private func read(_ space: Space, _ register: UInt16) -> USBStep {
        .transfer(.control(USBSetup(0xC0, 0x0D, value: space.rawValue, index: register, length: 1)))
    }

    private func write(_ space: Space, _ register: UInt16, _ value: UInt8) -> USBStep {
        .transfer(.control(USBSetup(0x40, 0x0E, value: space.rawValue | UInt16(value), index: register)))
    }

    /// Characters as they were on the air.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        bytes.isEmpty ? [] : [.characters(bytes)]
    }
}
