/// The hardware of an ESI-9680: the levels of the lines are its speed, at once.
public struct ESI9680Model: SerialDongleModel {
    private var lines = SerialLines.neither

    /// A dongle without power.
    public init() {}

    /// The speed that the levels mean.
    public func rate(at now: Duration) -> Int? {
        switch lines {
        case .onlyRTS: 9600
        case .onlyDTR: 19200
        case .both: 115_200
        default: nil
        }
    }

    /// Takes the levels.
    public mutating func set(_ lines: SerialLines, at now: Duration) { self.lines = lines }

    /// Everything is data.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        rate(at: now) == nil ? nil : .light(byte)
    }

    /// With power.
    public func hearsLight(at now: Duration) -> Bool { rate(at: now) != nil }
}
