/// The hardware of a class bridge.
public struct IrDABridgeModel: USBAdapterModel {
    /// What is wrong with it, or left out.
    public struct Faults: Sendable {
        /// Changes come before the frame in the same transfer, as in three old devices.
        public var changesFirst = false
        /// A second frame that comes before the host has fetched the first is lost, as in the same devices.
        public var holdsOneFrame = false
        /// The class request for the descriptor is refused, and the standard one answered.
        public var hasStandardDescriptor = false
        /// Neither is answered.
        public var hasNoDescriptor = false

        /// A bridge without faults.
        public init() {}
    }

    /// The light that it has sent.
    public var light: [AirLight] = []
    /// Its class descriptor.
    public var descriptor: [UInt8]
    /// The number of its interface.
    public let interface: UInt8
    private let faults: Faults
    private let hasVFIR: Bool
    private var rate = 9600
    private var fillers = 48
    private var busyUntil = Duration.zero
    private var unfinished: [UInt8] = []
    private var queue: [[UInt8]] = []
    private static let packet = 64

    /// A bridge with any setting from before.
    ///
    /// - Parameters:
    ///   - rate: the speed that it was left at, in bit/s.
    ///   - baudMask: its speeds, as in the class descriptor.
    ///   - interface: the number of its interface.
    ///   - hasVFIR: whether it knows a code for 16 Mbit/s.
    ///   - faults: what is wrong with it.
    public init(
        rate: Int = 9600, baudMask: UInt16 = 0x01FF, interface: UInt8 = 0, hasVFIR: Bool = false,
        faults: Faults = Faults()
    ) {
        self.rate = rate
        self.interface = interface
        self.hasVFIR = hasVFIR
        self.faults = faults
        descriptor = [12, 0x21, 0, 1, 0x3F, 0x7F, 0x07, UInt8(baudMask & 0xFF), UInt8(baudMask >> 8), 0xFF, 0, 0]
    }

    /// One of the old devices: SIR, changes of speed before the frame, and room for one frame at a time.
    public static var early: IrDABridgeModel {
        var faults = Faults()
        faults.changesFirst = true
        faults.holdsOneFrame = true
        return IrDABridgeModel(baudMask: 0x3F, faults: faults)
    }

    /// Answers the class request.
    public mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome {
        guard setup.request == 6, setup.length >= 12, !faults.hasNoDescriptor else { return .stalled }
        switch (setup.requestType, faults.hasStandardDescriptor) {
        case (0xA1, false): return .done(descriptor)
        case (0x81, true) where setup.value == 0x2100: return .done(descriptor)
        default: return .stalled
        }
    }

    /// A header, and perhaps a frame. A transfer of full packets goes on in the next, if no empty packet ends it.
    public mutating func send(
        _ bytes: [UInt8], endsShort: Bool, at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        let start = max(now, busyUntil)
        unfinished += bytes
        guard endsShort || bytes.count % Self.packet != 0 else { return (.done([]), start) }
        defer { unfinished = [] }
        guard let header = unfinished.first else { return (.done([]), start) }
        let frame = Array(unfinished.dropFirst())
        guard let change = change(header) else { return (.stalled, start) }
        if frame.isEmpty || faults.changesFirst { (rate, fillers) = change }
        guard !frame.isEmpty else { return (.done([]), start) }
        let shape: AdapterLight =
            rate <= 115_200 ? .characters(SIRAir.encode(frame, fillers: fillers)) : .frame(frame, additionalBOFs: 0)
        let sent = AirLight(shape, rate: rate, start: start)
        light.append(sent)
        busyUntil = sent.end
        (rate, fillers) = change
        return (.done([]), start)
    }

    private func change(_ header: UInt8) -> (rate: Int, fillers: Int)? {
        let defined = [2400, 9600, 19200, 38400, 57600, 115_200, 576_000, 1_152_000, 4_000_000]
        let rates = defined + (hasVFIR ? [16_000_000] : [])
        let counts = [48, 24, 12, 6, 3, 2, 1, 0]
        let speed = Int(header & 0x0F)
        let bofs = Int(header >> 4)
        let mask = UInt16(descriptor[7]) | UInt16(descriptor[8]) << 8
        guard speed == 0 || (rates.indices.contains(speed - 1) && mask & 1 << UInt16(speed - 1) != 0),
            bofs <= counts.count
        else { return nil }
        return (speed == 0 ? rate : rates[speed - 1], bofs == 0 ? fillers : counts[bofs - 1])
    }

    /// A frame behind a header.
    public mutating func read(at now: Duration) -> [UInt8]? { queue.isEmpty ? nil : queue.removeFirst() }

    /// Frames with a good check sequence, at its own speed.
    public mutating func see(_ seen: AirLight, at now: Duration) {
        guard seen.rate == rate, now >= busyUntil, !faults.holdsOneFrame || queue.isEmpty else { return }
        switch seen.light {
        case .characters(let characters): queue += SIRAir.decode(characters).map { [0] + $0 }
        case .frame(let frame, _): queue.append([0] + frame)
        }
    }
}
