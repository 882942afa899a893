/// The hardware of an STIr421x: nothing without its firmware, then a bridge with longer headers.
public struct STIr421xModel: USBAdapterModel {
    private enum State: Sendable {
        case plain
        case loading([UInt8])
        case loaded
        /// It was sent something that is no firmware.
        case stuck
    }

    private var state = State.plain
    private var bridge: IrDABridgeModel
    private var unfinished: [UInt8] = []
    private var readyAt = Duration.zero
    /// The times that it was told to wait before frames, as codes.
    public private(set) var turnarounds: [UInt8] = []
    private let release: UInt16
    private let image: [UInt8]
    private static let packet = 64
    private static let settleTime = Duration.milliseconds(10)
    private static let longestPiece = 1023

    /// An adapter that has just been plugged in.
    ///
    /// - Parameters:
    ///   - release: its release (bcdDevice).
    ///   - image: the firmware that it needs.
    ///   - baudMask: its speeds, as in the class descriptor; one more bit than there is a definition for is 16 Mbit/s.
    public init(release: UInt16 = 0x1001, image: [UInt8], baudMask: UInt16 = 0x01FF) {
        self.release = release
        self.image = image
        bridge = IrDABridgeModel(baudMask: baudMask, hasVFIR: true)
    }

    /// The light that it has sent.
    public var light: [AirLight] {
        get { bridge.light }
        set { bridge.light = newValue }
    }

    /// Whether it has its firmware.
    public var isLoaded: Bool { if case .loaded = state { true } else { false } }

    /// Its descriptors, and the way to its firmware.
    public mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome {
        switch (setup.requestType, setup.request) {
        case (0x80, 6) where setup.value == 0x0100:
            let head: [UInt8] = [18, 1, 0, 2, 0, 0, 0, 64, 0x6F, 0x06, 0x10, 0x42]
            let descriptor = head + [UInt8(release & 0xFF), UInt8(release >> 8), 1, 2, 0, 1]
            return .done(Array(descriptor.prefix(Int(setup.length))))
        case (0x40, 2) where setup.length == 0:
            state = .loading([])
            readyAt = now + Self.settleTime
            return .done([])
        default: return isLoaded ? bridge.control(setup, at: now) : .stalled
        }
    }

    /// Firmware in pieces that do not come too fast, or headers with frames.
    public mutating func send(
        _ bytes: [UInt8], endsShort: Bool, at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        switch state {
        case .plain, .stuck: return (.stalled, now)
        case .loading(let before):
            guard now >= readyAt, bytes.count <= Self.longestPiece else { return (.stalled, now) }
            readyAt = now + Self.settleTime
            let all = before + bytes
            state = all == image ? .loaded : all.count < image.count ? .loading(all) : .stuck
            return (.done([]), now)
        case .loaded:
            unfinished += bytes
            guard endsShort || bytes.count % Self.packet != 0 else { return (.done([]), now) }
            defer { unfinished = [] }
            return take(unfinished, at: now)
        }
    }

    private mutating func take(_ bytes: [UInt8], at now: Duration) -> (outcome: USBOutcome, moment: Duration) {
        guard bytes.count >= 3, bytes[1] <= 1, bytes[2] <= 7 else { return (.stalled, now) }
        let frame = Array(bytes.dropFirst(3).dropLast(Int(bytes[1])))
        let isPadded = !frame.isEmpty && frame.count % 128 == 0 && frame.count % 512 != 0
        // Speed and fillers are told together, or neither.
        guard (bytes[0] & 0x0F == 0) == (bytes[0] >> 4 == 0), isPadded == (bytes[1] == 1),
            !isPadded || bytes.count == frame.count + 4
        else { return (.stalled, now) }
        if !frame.isEmpty { turnarounds.append(bytes[2]) }
        return bridge.send([bytes[0]] + frame, endsShort: true, at: now)
    }

    /// A frame behind a header.
    public mutating func read(at now: Duration) -> [UInt8]? {
        guard isLoaded, let bytes = bridge.read(at: now) else { return nil }
        return [bytes[0], 0, 0] + bytes.dropFirst()
    }

    /// Frames with a good check sequence, at its own speed.
    public mutating func see(_ seen: AirLight, at now: Duration) {
        if isLoaded { bridge.see(seen, at: now) }
    }
}
