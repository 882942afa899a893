/// The hardware of an SF-620.
public struct SF620Model: USBAdapterModel {
    private var lamp = CharacterLamp(room: 16)
    /// Its speed in bit/s.
    public private(set) var rate: Int
    private var heard: [UInt8]
    private let speedRequest: KingSunSpeedRequest?
    private static let packet = 8

    /// An adapter with any state from before.
    ///
    /// - Parameters:
    ///   - rate: the speed that it was left at, in bit/s.
    ///   - speedRequest: the form in which it takes a speed; nil if in none that a program may send.
    ///   - stale: characters from before.
    public init(rate: Int = 9600, speedRequest: KingSunSpeedRequest? = nil, stale: [UInt8] = []) {
        self.rate = rate
        self.speedRequest = speedRequest
        heard = stale
    }

    /// The light that it has sent.
    public var light: [AirLight] {
        get { lamp.light }
        set { lamp.light = newValue }
    }

    /// Nothing can be asked.
    public mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome { .stalled }

    /// A speed, if it takes that form.
    public mutating func controlOut(
        _ setup: USBSetup, _ bytes: [UInt8], at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        guard let new = KingSunModel.rate(setup, bytes, as: speedRequest) else { return (.stalled, now) }
        lamp.cut(at: now)
        rate = new
        return (.done([]), now)
    }

    /// Exactly eight bytes: F8 and a number of characters, these, and zeros. What is anything else gives wrong light.
    public mutating func send(
        _ bytes: [UInt8], endsShort: Bool, at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        guard bytes.count == Self.packet, (0xF9...0xFF).contains(bytes[0]) else { return (.stalled, now) }
        let count = Int(bytes[0] - 0xF8)
        guard bytes[(1 + count)...].allSatisfy({ $0 == 0 }) else { return (.stalled, now) }
        return (.done([]), lamp.shine(Array(bytes[1...count]), rate: rate, at: now))
    }

    /// Up to eight characters.
    public mutating func read(at now: Duration) -> [UInt8]? {
        guard !heard.isEmpty else { return nil }
        defer { heard.removeFirst(min(Self.packet, heard.count)) }
        return Array(heard.prefix(Self.packet))
    }

    /// Characters at its own speed.
    public mutating func see(_ seen: AirLight, at now: Duration) {
        guard seen.rate == rate, case .characters(let characters) = seen.light else { return }
        heard += characters
    }
}

/// What the models of KingSun's adapters have in common.
enum KingSunModel {
    /// The speed that a request asks for, in bit/s; nil if it is no such request in the form that the adapter takes.
    static func rate(_ setup: USBSetup, _ bytes: [UInt8], as form: KingSunSpeedRequest?) -> Int? {
        guard let form, setup.requestType == form.requestType, setup.request == 0x09, setup.value == 0x0200,
            setup.index == form.index, setup.length == 8, bytes.count == 8, bytes[4...] == [3, 0, 0, 0]
        else { return nil }
        let rate = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        return [2400, 9600, 19200, 38400, 57600, 115_200].contains(rate) ? rate : nil
    }
}
