/// A kind of serial infrared dongle: how it is fed, reset, told its speed, and let go.
///
/// A kind only says what to do, as lists of steps; `SerialDriver` does it. Before each change of speed the driver resets the dongle, so
/// a change always starts from the dongle's own speed, whatever was lost before.
public protocol SerialDongle: Sendable {
    /// The speeds it can be set to, in bit/s, slowest first.
    var rates: [Int] { get }
    /// Its speed after a reset, in bit/s.
    var rateAfterReset: Int { get }
    /// How long its receiver is deaf after its own light: the minimum turnaround that a station tells its peers.
    var minimumTurnaround: Duration { get }
    /// Feeds the dongle.
    var opening: [SerialStep] { get }
    /// Puts it into its initial state, at `rateAfterReset`; leaves it ready for data or for `change`.
    var reset: [SerialStep] { get }
    /// Takes it from its initial state to a speed.
    ///
    /// - Parameter rate: one of `rates`.
    /// - Returns: the steps; nil if it does not have this speed.
    func change(to rate: Int) -> [SerialStep]?
    /// Lets it go.
    var closing: [SerialStep] { get }
    /// Whether it cannot work without its control lines.
    var needsLines: Bool { get }
}

extension SerialDongle {
    /// Both lines up and 50 ms for the capacitor to charge, as most dongles want it.
    public var opening: [SerialStep] { [.lines(.both), .wait(.milliseconds(50))] }
    /// Most start at the speed at which infrared devices look for each other.
    public var rateAfterReset: Int { 9600 }
    /// Lines down.
    public var closing: [SerialStep] { [.lines(.neither)] }
    /// Most live from their lines or are commanded by them.
    public var needsLines: Bool { true }

    /// The speed to be at when nobody is connected: 9600 bit/s, where the dongle has it.
    public var discoveryRate: Int {
        let rates = rates
        return rates.contains(9600) ? 9600 : rates.first ?? rateAfterReset
    }
}

/// Speeds and the code that selects each.
typealias RateCodes = [(rate: Int, code: UInt8)]

extension RateCodes {
    /// The speeds, slowest first.
    var rates: [Int] { map(\.rate).sorted() }

    func code(for rate: Int) -> UInt8? { first { $0.rate == rate }?.code }
}
