/// The hardware of a USB infrared adapter, as far as it can be seen from its host and from the air.
public protocol USBAdapterModel: Sendable {
    /// A control transfer.
    ///
    /// - Returns: the outcome, at once.
    mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome

    /// A control transfer with bytes to the device.
    ///
    /// - Returns: the outcome, and when it comes.
    mutating func controlOut(
        _ setup: USBSetup, _ bytes: [UInt8], at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration)

    /// A transfer to the data endpoint.
    ///
    /// - Returns: the outcome, and when it comes: a device that is busy takes nothing before.
    mutating func send(_ bytes: [UInt8], endsShort: Bool, at now: Duration) -> (outcome: USBOutcome, moment: Duration)

    /// What the device answers to reading: bytes, an empty packet, or nil if it lets the host wait.
    mutating func read(at now: Duration) -> [UInt8]?

    /// Light that has ended now.
    mutating func see(_ light: AirLight, at now: Duration)

    /// A frame above SIR has ended now that has arrived with errors.
    ///
    /// - Parameters:
    ///   - packet: A, C, I-field and check sequence.
    ///   - rate: its speed in bit/s.
    ///   - now: the moment.
    mutating func see(damaged packet: [UInt8], rate: Int, at now: Duration)

    /// The light that it has sent, or is sending.
    var light: [AirLight] { get set }

    /// The number of its interface.
    var interface: UInt8 { get }
    /// The addresses of its endpoints.
    var endpoints: Set<UInt8> { get }
}

extension USBAdapterModel {
    /// Refused, as most adapters know no such request.
    public mutating func controlOut(
        _ setup: USBSetup, _ bytes: [UInt8], at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) { (.stalled, now) }

    /// The first.
    public var interface: UInt8 { 0 }
    /// One for each direction.
    public var endpoints: Set<UInt8> { [0x81, 0x02] }

    /// Whether the kernel lets a program send a control request to the device: one to an interface or an endpoint must be
    /// to one that exists, by the low byte of its index, unless it is the maker's own.
    func isLetThrough(_ setup: USBSetup) -> Bool {
        let index = UInt8(truncatingIfNeeded: setup.index)
        switch (setup.requestType & 0x60, setup.requestType & 0x1F) {
        case (0x40, _): return true
        case (_, 1): return index == interface
        case (_, 2): return index & 0x7F == 0 || endpoints.contains(index) || endpoints.contains(index ^ 0x80)
        default: return true
        }
    }
}

extension USBAdapterModel {
    /// What checks frames itself says nothing of bad ones.
    public mutating func see(damaged packet: [UInt8], rate: Int, at now: Duration) {}
}

/// Light on the air.
public struct AirLight: Hashable, Sendable {
    /// When it begins.
    public var start: Duration
    /// When it ends.
    public var end: Duration
    /// Its speed in bit/s.
    public var rate: Int
    /// Characters in SIR, a frame above.
    public var light: AdapterLight

    /// Makes light that begins at a moment.
    public init(_ light: AdapterLight, rate: Int, start: Duration) {
        self.light = light
        self.rate = rate
        self.start = start
        end = start + light.airTime(at: rate)
    }
}

/// The characters of SIR, for models of adapters that frame by themselves.
enum SIRAir {
    static func encode(_ frame: [UInt8], fillers: Int) -> [UInt8] {
        var characters = [UInt8](repeating: 0xFF, count: fillers) + [0xC0]
        for byte in frame + FrameCheck.sixteen(frame) {
            characters += byte == 0xC0 || byte == 0xC1 || byte == 0x7D ? [0x7D, byte ^ 0x20] : [byte]
        }
        return characters + [0xC1]
    }

    static func decode(_ characters: [UInt8]) -> [[UInt8]] {
        characters.split(separator: 0xC1).compactMap { piece in
            guard let start = piece.lastIndex(of: 0xC0) else { return nil }
            var bytes: [UInt8] = []
            var isEscaped = false
            for byte in piece[(start + 1)...] {
                if byte == 0x7D {
                    isEscaped = true
                } else {
                    bytes.append(isEscaped ? byte ^ 0x20 : byte)
                    isEscaped = false
                }
            }
            return FrameCheck.strip(bytes, rate: 9600)
        }
    }
}
