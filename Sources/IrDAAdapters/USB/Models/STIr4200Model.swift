/// The hardware of an STIr4200: one FIFO of 4 KB for both directions.
public struct STIr4200Model: USBAdapterModel {
    /// The light that it has sent.
    public var light: [AirLight] = []
    private var registers = [UInt8](repeating: 0, count: 16)
    private var isSending = false
    /// What is in the FIFO to be sent, as moments at which each frame has left.
    private var departures: [(end: Duration, count: Int)] = []
    private var heard: [UInt8] = []
    private var isStuck = false
    private var isConfused = false
    private let countError: Int
    private static let fifoSize = 4096

    /// A stick that has just been plugged in.
    ///
    /// - Parameters:
    ///   - countError: by how much the count of its FIFO is wrong, up to 3.
    ///   - isStuck: whether its FIFO hangs from before.
    public init(countError: Int = 0, isStuck: Bool = false) {
        self.countError = countError
        self.isStuck = isStuck
        isSending = isStuck
    }

    /// Its speed in bit/s.
    public var rate: Int {
        if registers[1] & 0x80 != 0 { return 4_000_000 }
        let divider = Int(registers[2]) | Int(registers[1] & 1) << 8
        return [0xDF + 256: 2400, 0x77: 9600, 0x3B: 19200, 0x1D: 38400, 0x13: 57600, 0x09: 115_200][divider]
            ?? 1_152_000 / (divider + 1)
    }

    private mutating func settle(at now: Duration) {
        departures.removeAll { $0.end <= now }
        if departures.isEmpty, !isStuck { isSending = false }
    }

    private func count(at now: Duration) -> Int {
        departures.reduce(0) { sum, departure in
            let left = (departure.end - now) / .characters(1, at: rate)
            return sum + min(departure.count, max(0, Int(left.rounded(.up))))
        }
    }

    /// Registers, byte by byte, and the status.
    public mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome {
        settle(at: now)
        let register = Int(setup.index)
        guard registers.indices.contains(register) else { return .stalled }
        switch (setup.requestType, setup.request) {
        case (0x40, 0x03):
            if register == 5, setup.value & 0x08 != 0 {
                departures = []
                heard = []
                isStuck = false
                isSending = false
            } else if register != 5, isSending, let last = light.indices.last, light[last].end > now {
                // Changes while it sends spoil the frame.
                light[last].light = .characters([])
                light[last].end = now
                departures = []
            }
            registers[register] =
                register == 4
                ? UInt8(truncatingIfNeeded: setup.value) & 0xF8 | 7 : UInt8(truncatingIfNeeded: setup.value)
            return .done([])
        case (0xC0, 0x01):
            guard register == 5, setup.length >= 3 else {
                return .done((0..<Int(setup.length)).map { registers[(register + $0) % 16] })
            }
            let count = (isSending ? self.count(at: now) : heard.count) + countError
            let status: UInt8 =
                (isSending ? 0x10 : 0) | (isStuck ? 0x20 : 0) | (count <= countError && !isStuck ? 0x04 : 0)
            return .done([status, UInt8(count & 0xFF), UInt8(count >> 8 & 0x1F)])
        default: return .stalled
        }
    }

    /// A head of 55 AA and a length, then bytes for the FIFO.
    public mutating func send(
        _ bytes: [UInt8], endsShort: Bool, at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        settle(at: now)
        guard !isStuck else { return (.timedOut, now) }
        guard bytes.count > 4, bytes[0] == 0x55, bytes[1] == 0xAA, Int(bytes[2]) | Int(bytes[3]) << 8 == bytes.count - 4
        else { return (.stalled, now) }
        guard Self.fifoSize - 4 > bytes.count - 4 + count(at: now) else {
            isStuck = true
            return (.done([]), now)
        }
        let content = Array(bytes.dropFirst(4))
        let start = max(now, departures.last?.end ?? now)
        isSending = true
        heard = []
        var sent: AirLight
        if rate > 115_200 {
            var stream = FIRStream()
            let frames = content.compactMap { stream.receive($0) }
            sent = AirLight(
                frames.first.map { .frame($0, additionalBOFs: 0) } ?? .characters([]), rate: rate, start: start)
            sent.end = start + .nanoseconds(Int64(content.count) * 2000)
        } else {
            sent = AirLight(.characters(content), rate: rate, start: start)
        }
        light.append(sent)
        departures.append((sent.end, content.count))
        return (.done([]), now + .microseconds(50))
    }

    /// What is in the FIFO, at once, even if it is nothing. Reading while it sends loses what comes next.
    public mutating func read(at now: Duration) -> [UInt8]? {
        settle(at: now)
        if isSending {
            isConfused = true
            return []
        }
        defer { heard = [] }
        return isStuck ? [] : heard
    }

    /// Everything goes into the FIFO.
    public mutating func see(_ seen: AirLight, at now: Duration) {
        switch seen.light {
        case .characters(let characters): take(characters, rate: seen.rate, at: now)
        case .frame(let frame, _): take(FIRStream.encode(frame).dropFirst(16), rate: seen.rate, at: now)
        }
    }

    /// Its host is to find out.
    public mutating func see(damaged packet: [UInt8], rate: Int, at now: Duration) {
        take(FIRStream.wrap(packet).dropFirst(16), rate: rate, at: now)
    }

    private mutating func take(_ bytes: some Collection<UInt8>, rate: Int, at now: Duration) {
        settle(at: now)
        guard rate == self.rate, !isSending, !isStuck else { return }
        if isConfused {
            isConfused = false
            return
        }
        heard += bytes
        if heard.count > Self.fifoSize {
            isStuck = true
            heard = []
        }
    }
}
