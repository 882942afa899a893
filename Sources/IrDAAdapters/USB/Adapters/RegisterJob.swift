/// A chip that is driven by its registers.
protocol RegisterChip {
    associatedtype Register: Sendable

    /// How many bytes a register has: 1 or 2.
    static var registerLength: UInt16 { get }
    /// The register that says whether it sends.
    static var status: Register { get }
    /// Whether it sends, by that register.
    static func isSending(status: UInt16) -> Bool
    /// The request that reads a register, but for its length.
    static func reading(_ register: Register) -> USBSetup
    /// The request that writes a register.
    static func writing(_ value: UInt16, to register: Register) -> USBSetup
}

/// A job on such a chip: operations, one after the other.
struct RegisterJob<Chip: RegisterChip>: Sendable {
    enum Operation: Sendable {
        case clearHalts
        case write(Chip.Register, UInt16)
        /// Read, change some bits, write back.
        case update(Chip.Register, clear: UInt16 = 0, set: UInt16)
        /// Wait until it sends no more, or until the limit.
        case untilSent
        case wait(Duration)
        case send([UInt8], endsShort: Bool)
    }

    private static var pollTime: Duration { .milliseconds(2) }

    private var operations: ArraySlice<Operation>
    private let limit: Duration
    private var isReading = false
    private var isPausing = false

    /// A job of these operations; it waits for the end of light until a moment.
    init(_ operations: [Operation] = [], until limit: Duration = .zero) {
        self.operations = operations[...]
        self.limit = limit
    }

    /// The first step, or the next after a wait.
    mutating func step() -> USBStep {
        isPausing = false
        switch operations.first {
        case nil: return .done
        case .clearHalts: return .transfer(.clearHalts)
        case .write(let register, let value): return write(register, value)
        case .send(let bytes, let endsShort): return .transfer(.send(bytes, endsShort: endsShort))
        case .update(let register, _, _):
            isReading = true
            return read(register)
        case .untilSent: return read(Chip.status)
        case .wait(let time):
            isPausing = true
            return .wait(time)
        }
    }

    /// The step after a step.
    mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        guard case .done(let bytes) = outcome else { return .failed(.refused("set its registers, or send")) }
        switch operations.first {
        case nil: return .done
        case .wait: operations.removeFirst()
        case .untilSent where isPausing: break
        case .clearHalts, .write, .send: operations.removeFirst()
        case .update(let register, let clear, let set):
            guard isReading else {
                operations.removeFirst()
                break
            }
            guard let value = Self.value(bytes) else { return .failed(.nonsense("less than a register holds")) }
            isReading = false
            return write(register, value & ~clear | set)
        case .untilSent:
            guard let value = Self.value(bytes) else { return .failed(.nonsense("less than a register holds")) }
            if !Chip.isSending(status: value) {
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

    private func read(_ register: Chip.Register) -> USBStep {
        var setup = Chip.reading(register)
        setup.length = Chip.registerLength
        return .transfer(.control(setup))
    }

    private func write(_ register: Chip.Register, _ value: UInt16) -> USBStep {
        .transfer(.control(Chip.writing(value, to: register)))
    }

    private static func value(_ bytes: [UInt8]) -> UInt16? {
        let length = Int(Chip.registerLength)
        guard bytes.count >= length else { return nil }
        return bytes.prefix(length).reversed().reduce(0) { $0 << 8 | UInt16($1) }
    }
}
