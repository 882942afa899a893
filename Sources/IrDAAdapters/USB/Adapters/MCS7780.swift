/// MosChip MCS7780, the stick that most owners of dive computers have: 2400 bit/s to 4 Mbit/s, without firmware.
public struct MCS7780: USBAdapter {
    private enum Chip: RegisterChip {
        enum Register: UInt16, Sendable {
            case mode = 0
            case transceiver = 2
            case pulseWidth = 4
            case status = 7
        }

        static let registerLength: UInt16 = 2
        static let status = Register.status
        static func isSending(status: UInt16) -> Bool { status & 0x0001 != 0 }
        static func reading(_ register: Register) -> USBSetup { USBSetup(0xC0, 0x0F, index: register.rawValue) }
        static func writing(_ value: UInt16, to register: Register) -> USBSetup {
            USBSetup(0x40, 0x0E, value: value, index: register.rawValue)
        }
    }

    private typealias Operation = RegisterJob<Chip>.Operation

    /// Bits of the mode register.
    private enum Mode {
        static let fir: UInt16 = 0x0001
        static let shortPulse: UInt16 = 0x0002
        static let backToBack: UInt16 = 0x0004
        static let ask: UInt16 = 0x0008
        static let speed: UInt16 = 0x00E0
        static let pllDown: UInt16 = 0x0100
        static let configured: UInt16 = 0x0200
        static let ownDirection: UInt16 = 0x0400
        static let sip: UInt16 = 0x1000
        static let notReset: UInt16 = 0x8000
    }

    /// The speeds in the order of their codes; FIR is a bit of its own.
    private static let codes = [2400, 9600, 19200, 38400, 57600, 115_200, 576_000, 1_152_000]
    private static let patience = Duration.milliseconds(250)

    private var work = RegisterJob<Chip>()
    private var rate = 9600
    /// When the light of what was sent is off; a frame of 2 KB takes 2.1 s at 9600 bit/s.
    private var lightEnd = Duration.zero

    /// Describes the adapter, with a transceiver of Vishay's, which is the only kind that is known.
    public init() {}

    /// SIR, MIR and FIR.
    public var rates: [Int] { Self.codes + [4_000_000] }
    /// 1 ms.
    public var minimumTurnaround: Duration { .milliseconds(1) }
    /// Listening may go on always.
    public var isHalfDuplex: Bool { false }
    /// Listening waits by itself.
    public var pollInterval: Duration { .zero }
    /// Above SIR the adapter makes frames itself, all but their check sequence.
    public func takesFrames(at rate: Int) -> Bool { rate > 115_200 }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        let operations: [Operation]
        switch job {
        case .open:
            rate = 9600
            operations = opening
        case .changeRate(let new):
            operations = changing(to: new)
            rate = new
        case .transmit(let light):
            lightEnd = max(lightEnd, now) + light.airTime(at: rate)
            operations = [.send(wrap(light), endsShort: true)]
        case .finish: operations = [.untilSent]
        case .close: operations = []
        }
        work = RegisterJob(operations, until: max(now, lightEnd) + Self.patience)
        return work.step()
    }

    private var opening: [Operation] {
        [
            .clearHalts, .update(.mode, set: Mode.configured), .write(.pulseWidth, 0),
            .update(
                .mode, clear: Mode.fir | Mode.backToBack | Mode.ask | Mode.pllDown | Mode.speed,
                set: Self.bits(of: 9600) | Mode.shortPulse | Mode.ownDirection | Mode.sip),
        ] + transceiver + [.update(.transceiver, set: 0x0008), restart]
    }

    /// Sets a Vishay transceiver to its mode, by the levels of its pins.
    private var transceiver: [Operation] {
        [
            .update(.transceiver, clear: 0x0082, set: 0x0005), .update(.transceiver, clear: 0x0001, set: 0),
            .update(.transceiver, clear: 0x0004, set: 0),
        ]
    }

    /// The bit goes up again by itself.
    private var restart: Operation { .update(.mode, clear: Mode.notReset, set: 0) }

    private func changing(to new: Int) -> [Operation] {
        let isOtherMode = Self.family(of: new) != Self.family(of: rate)
        let width: [Operation] = isOtherMode ? [.write(.pulseWidth, new > 115_200 ? 5 : 0)] : []
        return [.untilSent] + width + [.update(.mode, clear: Mode.fir | Mode.speed, set: Self.bits(of: new))]
            + (isOtherMode ? transceiver : []) + [restart]
    }

    private static func family(of rate: Int) -> Int { rate <= 115_200 ? 0 : rate < 4_000_000 ? 1 : 2 }

    private static func bits(of rate: Int) -> UInt16 {
        codes.firstIndex(of: rate).map { UInt16($0) << 5 } ?? Mode.fir
    }

    private func wrap(_ light: AdapterLight) -> [UInt8] {
        let bytes =
            switch light {
            case .characters(let characters): characters
            case .frame(let frame, _): frame + FrameCheck.fast(frame, rate: rate)
            }
        let length = UInt16(clamping: bytes.count + 2)
        return [UInt8(truncatingIfNeeded: length), UInt8(length >> 8)] + bytes
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep { work.next(outcome, at: now) }

    /// One frame: without BOF and EOF in SIR, with its check sequence always.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        guard !bytes.isEmpty else { return [] }
        guard takesFrames(at: rate) else { return [.characters([0xC0] + bytes + [0xC1])] }
        if let frame = FrameCheck.strip(bytes, rate: rate) { return [.frame(frame, additionalBOFs: 0)] }
        return split(bytes)
    }

    /// It is not known how a frame ends that fills its packets: two of them may come as one.
    private func split(_ bytes: [UInt8]) -> [AdapterLight] {
        for place in stride(from: 64, to: min(bytes.count, 4096), by: 64) {
            guard let first = FrameCheck.strip(bytes[..<place], rate: rate),
                let second = FrameCheck.strip(bytes[place...], rate: rate)
            else { continue }
            return [.frame(first, additionalBOFs: 0), .frame(second, additionalBOFs: 0)]
        }
        return []
    }
}
