/// The hardware of an MCS7780.
public struct MCS7780Model: USBAdapterModel {
    /// The light that it has sent.
    public var light: [AirLight] = []
    private var registers: [UInt16: UInt16] = [0: 0xD524, 2: 0x0100, 4: 0, 6: 0x400A, 7: 0x0028]
    private var busyUntil = Duration.zero
    private var queue: [[UInt8]] = []
    private let mergesFullFrames: Bool

    /// A stick that has just been plugged in.
    ///
    /// - Parameter mergesFullFrames: whether a frame that fills its packets comes together with the next one.
    public init(mergesFullFrames: Bool = false) {
        self.mergesFullFrames = mergesFullFrames
    }

    private var mode: UInt16 { registers[0] ?? 0 }

    /// Its speed in bit/s; nil while its clock is off.
    public var rate: Int? {
        guard mode & 0x0100 == 0 else { return nil }
        if mode & 1 != 0 { return 4_000_000 }
        return [2400, 9600, 19200, 38400, 57600, 115_200, 576_000, 1_152_000][Int(mode & 0x00E0) >> 5]
    }

    /// The registers, word by word; all but the first are closed until the driver bit is set.
    public mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome {
        switch (setup.requestType, setup.request) {
        case (0xC0, 0x0F):
            var value = registers[setup.index] ?? 0
            if setup.index == 7, now < busyUntil { value |= 1 }
            return .done([UInt8(value & 0xFF), UInt8(value >> 8)])
        case (0x40, 0x0E):
            guard setup.index == 0 || mode & 0x0200 != 0 else { return .stalled }
            let old = rate
            // A reset ends by itself.
            registers[setup.index] = setup.index == 0 ? setup.value | 0x8000 : setup.value
            let isReset = setup.index == 0 && setup.value & 0x8000 == 0
            if isReset || rate != old { cutLight(at: now) }
            return .done([])
        default: return .stalled
        }
    }

    /// A change while it sends spoils the frame.
    private mutating func cutLight(at now: Duration) {
        guard now < busyUntil, let last = light.indices.last else { return }
        light[last].light = .characters([])
        light[last].end = now
        busyUntil = now
    }

    /// A length, and a frame in the form of its speed.
    public mutating func send(
        _ bytes: [UInt8], endsShort: Bool, at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        let start = max(now, busyUntil)
        guard let rate, bytes.count > 2, Int(bytes[0]) | Int(bytes[1]) << 8 == bytes.count else {
            return (.done([]), start)
        }
        let content = Array(bytes.dropFirst(2))
        let shape: AdapterLight
        if rate <= 115_200 {
            guard content.contains(0xC0), content.last == 0xC1 else { return (.done([]), start) }
            shape = .characters(content)
        } else {
            guard let frame = FrameCheck.strip(content, rate: rate) else { return (.done([]), start) }
            shape = .frame(frame, additionalBOFs: 0)
        }
        let sent = AirLight(shape, rate: rate, start: start)
        light.append(sent)
        busyUntil = sent.end
        return (.done([]), start)
    }

    /// A frame.
    public mutating func read(at now: Duration) -> [UInt8]? {
        guard let first = queue.first else { return nil }
        if mergesFullFrames, first.count % 64 == 0 {
            guard queue.count > 1 else { return nil }
            queue.removeFirst()
            return first + queue.removeFirst()
        }
        return queue.removeFirst()
    }

    /// SIR frames lose their BOF and EOF and keep their escapes; others come with their check sequence.
    public mutating func see(_ seen: AirLight, at now: Duration) {
        guard seen.rate == rate, now >= busyUntil else { return }
        switch seen.light {
        case .characters(let characters):
            for piece in characters.split(separator: 0xC1) {
                guard let start = piece.lastIndex(of: 0xC0) else { continue }
                queue.append(Array(piece[(start + 1)...]))
            }
        case .frame(let frame, _): queue.append(frame + FrameCheck.fast(frame, rate: seen.rate))
        }
    }

    /// Its host is to find out.
    public mutating func see(damaged packet: [UInt8], rate: Int, at now: Duration) {
        guard rate == self.rate, now >= busyUntil else { return }
        queue.append(packet)
    }
}
