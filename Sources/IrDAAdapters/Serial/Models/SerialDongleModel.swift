/// The hardware of a serial dongle, as far as it can be seen from its host: what it does with lines and bytes.
///
/// Models are there to test drivers against. They know nothing of how a driver is made, only what is known of the devices.
public protocol SerialDongleModel: Sendable {
    /// The speed, in bit/s, at which it listens to its host and talks to it; nil while it does neither.
    ///
    /// - Parameter now: the moment; models are told of moments in order.
    func rate(at now: Duration) -> Int?

    /// The host has changed its lines.
    mutating func set(_ lines: SerialLines, at now: Duration)

    /// A byte from the host is complete.
    ///
    /// - Returns: what becomes of it.
    mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput?

    /// Whether light that it sees comes out at its host.
    func hearsLight(at now: Duration) -> Bool

    /// Whether it has no speed of its own and takes its host's.
    var followsHost: Bool { get }
}

extension SerialDongleModel {
    /// Most have a speed of their own.
    public var followsHost: Bool { false }
}

/// What a dongle makes of a byte from its host.
public enum SerialModelOutput: Hashable, Sendable {
    /// Light, at the dongle's speed.
    case light(UInt8)
    /// A byte back to the host, which begins to arrive after so long.
    case answer(UInt8, after: Duration)
}

/// Power that a dongle draws from the control lines, through a capacitor.
struct LinePower: Sendable {
    private var isFed = false
    private var isOn = false
    private var changed = Duration.zero
    private let chargeTime: Duration
    private let dischargeTime: Duration

    init(charge: Duration = .milliseconds(50), discharge: Duration = .milliseconds(50)) {
        chargeTime = charge
        dischargeTime = discharge
    }

    mutating func feed(_ feeding: Bool, at now: Duration) {
        guard feeding != isFed else { return }
        isOn = isOn(at: now)
        isFed = feeding
        changed = now
    }

    func isOn(at now: Duration) -> Bool {
        isFed ? isOn || now - changed >= chargeTime : isOn && now - changed < dischargeTime
    }
}

/// How long the lines have been as they are, and what they were before.
struct LineHistory: Sendable {
    private(set) var lines = SerialLines.neither
    private var since = Duration.zero

    /// Notes a change.
    ///
    /// - Returns: what the lines were and for how long; nil if they have not changed.
    mutating func change(to new: SerialLines, at now: Duration) -> (lines: SerialLines, time: Duration)? {
        guard new != lines else { return nil }
        defer {
            lines = new
            since = now
        }
        return (lines, now - since)
    }
}
