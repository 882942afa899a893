/// A transceiver without commands: one with a fixed rate, such as the old SmartBeam, or one that follows its host.
public struct PlainModel: SerialDongleModel {
    private let fixedRate: Int?
    private let needsLines: Bool
    private var power = LinePower()

    /// A transceiver.
    ///
    /// - Parameters:
    ///   - fixedRate: its only speed, in bit/s; nil if it follows its host.
    ///   - needsLines: whether it lives from both lines.
    public init(fixedRate: Int? = nil, needsLines: Bool = true) {
        self.fixedRate = fixedRate
        self.needsLines = needsLines
    }

    /// Whether it has no fixed speed.
    public var followsHost: Bool { fixedRate == nil }

    /// The fixed speed, when it has power.
    public func rate(at now: Duration) -> Int? {
        !needsLines || power.isOn(at: now) ? fixedRate ?? 9600 : nil
    }

    /// Lines feed it.
    public mutating func set(_ lines: SerialLines, at now: Duration) { power.feed(lines == .both, at: now) }

    /// Everything is data.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        rate(at: now) == nil ? nil : .light(byte)
    }

    /// With power.
    public func hearsLight(at now: Duration) -> Bool { rate(at: now) != nil }
}
