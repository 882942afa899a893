/// SigmaTel STIr4200, in many sticks of 2003 to 2008: SIR and 4 Mbit/s, one direction at a time through one FIFO of 4 KB.
public struct STIr4200: USBAdapter {
    private enum Operation: Sendable, Equatable {
        case clearHalts
        case write(UInt16, UInt8)
        case untilSent
        case untilRoom(for: Int)
        case send([UInt8])
    }

    /// Mode and divider of each speed.
    private static let settings: [(rate: Int, mode: UInt8, divider: UInt8)] = [
        (2400, 0x2B, 0xDF), (9600, 0x2A, 0x77), (19200, 0x2A, 0x3B), (38400, 0x2A, 0x1D), (57600, 0x2A, 0x13),
        (115_200, 0x2A, 0x09), (4_000_000, 0x8E, 0x02),
    ]
    /// A bit of the mode.
    private static let fastReceive: UInt8 = 0x08
    private static let fifoSize = 4096

    private var operations: ArraySlice<Operation> = []
    private var isPausing = false
    private var rate = 9600
    private var lightEnd = Duration.zero
    private var limit = Duration.zero
    /// The last count of the FIFO while it was waited for.
    private var lastCount: Int?
    private var receiver = FIRStream()

    private let receivesFast: Bool
    private let fillsWithFlags: Bool

    /// Describes the adapter.
    ///
    /// - Parameters:
    ///   - receivesFast: whether it hears in its fast mode, as it does on Linux; on NetBSD it does not, as it mixed up data.
    ///   - fillsWithFlags: whether 7E stands before frames of FIR instead of 7F; sources disagree.
    public init(receivesFast: Bool = true, fillsWithFlags: Bool = false) {
        self.receivesFast = receivesFast
        self.fillsWithFlags = fillsWithFlags
    }

    /// SIR and FIR.
    public var rates: [Int] { Self.settings.map(\.rate) }
    /// 1 ms.
    public var minimumTurnaround: Duration { .milliseconds(1) }
    /// Reading while sending confuses it.
    public var isHalfDuplex: Bool { true }
    /// It answers every millisecond, mostly with nothing; in FIR its FIFO is full after 8 ms, so it is read again and again.
    public var pollInterval: Duration { rate > 115_200 ? .zero : .milliseconds(5) }
    /// Frames of FIR are made here, into characters of its own.
    public func takesFrames(at rate: Int) -> Bool { rate > 115_200 }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        switch job {
        case .open: operations = ([.clearHalts, .untilSent] + setting(9600))[...]
        case .changeRate(let new): operations = ([.untilSent] + setting(new))[...]
        case .transmit(let light):
            let bytes = wrap(light)
            operations = [.untilRoom(for: bytes.count), .send(bytes)]
            lightEnd = max(lightEnd, now) + light.airTime(at: rate)
        case .finish: operations = [.untilSent]
        // Both halves of the transceiver without power.
        case .close: operations = [.untilSent, .write(3, 0x18)]
        }
        isPausing = false
        lastCount = nil
        limit = max(now, lightEnd) + .seconds(1)
        return step()
    }

    private mutating func setting(_ new: Int) -> [Operation] {
        guard let setting = Self.settings.first(where: { $0.rate == new }) else { return [] }
        rate = new
        receiver = FIRStream()
        let mode = receivesFast ? setting.mode : setting.mode & ~Self.fastReceive
        // The pair for register 3 resets the transceiver; 1 in register 4 is the sensitivity.
        return [
            .write(3, 0x01), .write(8, 0x15), .write(2, setting.divider), .write(1, mode), .write(3, 0x80),
            .write(3, 0x00), .write(4, 0x20),
        ]
    }

    private func wrap(_ light: AdapterLight) -> [UInt8] {
        let bytes =
            switch light {
            case .characters(let characters): characters
            case .frame(let frame, _): FIRStream.encode(frame, fillsWithFlags: fillsWithFlags)
            }
        let length = UInt16(clamping: bytes.count)
        return [0x55, 0xAA, UInt8(truncatingIfNeeded: length), UInt8(length >> 8)] + bytes
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        guard let operation = operations.first else { return .done }
        if isPausing {
            isPausing = false
            return step()
        }
        guard case .done(let bytes) = outcome else {
            guard now < limit else { return .failed(.refused("take a command")) }
            limit = min(limit, now + .milliseconds(100))
            return recover(keeping: operations)
        }
        switch operation {
        case .clearHalts, .write, .send:
            operations.removeFirst()
            return step()
        case .untilSent, .untilRoom: return take(status: bytes, for: operation, at: now)
        }
    }

    private mutating func take(status bytes: [UInt8], for operation: Operation, at now: Duration) -> USBStep {
        guard bytes.count >= 3 else { return .failed(.nonsense("less than its status")) }
        let count = Int(bytes[2] & 0x1F) << 8 | Int(bytes[1])
        let isSending = bytes[0] & 0x10 != 0 && bytes[0] & 0x04 == 0
        let hasOverrun = bytes[0] & 0x20 != 0
        defer { lastCount = count }
        // The count may be wrong by three; a FIFO that fills while it should empty is stuck. Once it has turned round it fills with an
        // answer.
        let hasRisen = isSending && (lastCount.map { count > $0 + 3 } ?? false)
        if hasOverrun || hasRisen || now >= limit {
            lastCount = nil
            return recover(keeping: operations.dropFirst())
        }
        if case .untilRoom(let length) = operation, Self.fifoSize - 4 > length + count {
            operations.removeFirst()
            return step()
        }
        guard isSending else {
            operations.removeFirst()
            return step()
        }
        isPausing = true
        let excess: Int
        if case .untilRoom(let length) = operation {
            excess = count + length - Self.fifoSize + 8
        } else {
            excess = count
        }
        return .wait(time(for: max(1, excess)))
    }

    /// How long its FIFO takes for so many bytes; in FIR they have no start and stop bits, and the peer may answer soon after the last.
    private func time(for count: Int) -> Duration {
        rate > 115_200
            ? max(.microseconds(250), .nanoseconds(Int64(count) * 8_000_000_000 / Int64(rate)))
            : max(.milliseconds(1), .characters(count, at: rate))
    }

    /// Empties a FIFO that hangs, and goes on.
    private mutating func recover(keeping rest: ArraySlice<Operation>) -> USBStep {
        operations = [.write(5, 0x08), .write(5, 0x00), .clearHalts] + rest.filter { $0 != .clearHalts }
        return step()
    }

    private func step() -> USBStep {
        switch operations.first {
        case nil: .done
        case .clearHalts: .transfer(.clearHalts)
        case .write(let register, let value):
            .transfer(.control(USBSetup(0x40, 0x03, value: UInt16(value), index: register)))
        case .untilSent, .untilRoom: .transfer(.control(USBSetup(0xC0, 0x01, index: 5, length: 3)))
        // The length in its head delimits a frame.
        case .send(let bytes): .transfer(.send(bytes, endsShort: false))
        }
    }

    /// What was on the air.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        guard !bytes.isEmpty else { return [] }
        guard takesFrames(at: rate) else { return [.characters(bytes)] }
        return bytes.compactMap { receiver.receive($0) }.map { .frame($0, additionalBOFs: 0) }
    }
}

/// FIR frames in the characters of an STIr4200: flags 7E, escapes 7D, and a check sequence of 32 bits.
struct FIRStream: Sendable {
    private static let flag: UInt8 = 0x7E
    private static let filler: UInt8 = 0x7F
    private static let escape: UInt8 = 0x7D
    private static let mask: UInt8 = 0x20
    private static let mostBytes = 2048 + 16

    private var buffer: [UInt8] = []
    private var isEscaped = false
    private var isBroken = true

    static func encode(_ frame: [UInt8], fillsWithFlags: Bool = false) -> [UInt8] {
        wrap(frame + FrameCheck.thirtyTwo(frame), fillsWithFlags: fillsWithFlags)
    }

    /// The characters of a frame with its check sequence.
    static func wrap(_ packet: [UInt8], fillsWithFlags: Bool = false) -> [UInt8] {
        var bytes = [UInt8](repeating: fillsWithFlags ? flag : filler, count: 16) + [flag, flag]
        for byte in packet {
            bytes += (escape...filler).contains(byte) ? [escape, byte ^ mask] : [byte]
        }
        return bytes + [flag, flag]
    }

    /// Takes a byte; returns a frame that it has completed.
    mutating func receive(_ byte: UInt8) -> [UInt8]? {
        if byte == Self.flag {
            defer { self = FIRStream(isBroken: false) }
            return isBroken || isEscaped ? nil : FrameCheck.strip(buffer, rate: 4_000_000)
        }
        guard !isBroken else { return nil }
        if byte == Self.filler || buffer.count > Self.mostBytes {
            isBroken = true
        } else if isEscaped {
            isEscaped = false
            buffer.append(byte ^ Self.mask)
        } else if byte == Self.escape {
            isEscaped = true
        } else {
            buffer.append(byte)
        }
        return nil
    }

    init() {}

    private init(isBroken: Bool) {
        self.isBroken = isBroken
    }
}
