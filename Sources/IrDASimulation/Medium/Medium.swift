import IrDAProtocol

/// The air between the stations: who sees whose light, and what is left of it.
///
/// A transmission takes as long as its characters take at its rate. A station sees the light of every station in range; it does
/// not see its own, and nothing else while its own is on. Where two lights overlap in one place neither can be read, and at the
/// wrong rate a character is garbage. What arrives may have bits flipped, at a given rate.
struct Medium: Sendable {
    /// Light that is on, or was on while some that still is was on.
    struct Light: Sendable {
        let number: UInt64
        let sender: StationID
        let rate: BaudRate
        let bytes: [UInt8]
        let start: IrDAInstant
        let end: IrDAInstant

        /// The characters of this light that fall into the time of another.
        func overlap(with other: Light) -> Range<Int>? {
            guard other.start < end, start < other.end else { return nil }
            let character = Double(end.nanoseconds - start.nanoseconds) / Double(bytes.count)
            let first = Int(Double(max(0, other.start.nanoseconds - start.nanoseconds)) / character)
            let last = Int(
                (Double(min(end.nanoseconds, other.end.nanoseconds) - start.nanoseconds) / character).rounded(.up))
            return min(first, bytes.count)..<max(min(first, bytes.count), min(last, bytes.count))
        }
    }

    /// How far light reaches, in metres.
    var range: Double
    private(set) var positions: [Position] = []
    private var lights: [Light] = []
    private var lastNumber: UInt64 = 0
    private var noise: BitErrors
    private var generator: SeededGenerator

    init(range: Double, bitErrorRate: Double, seed: UInt64) {
        self.range = range
        noise = BitErrors(rate: bitErrorRate, seed: seed ^ 0xB17_E220)
        generator = SeededGenerator(seed: seed ^ 0xC011_1DE)
    }

    /// Puts another station into the room; its number is its place in `positions`.
    mutating func place(at position: Position) -> StationID {
        positions.append(position)
        return StationID(index: positions.count - 1)
    }

    mutating func move(_ station: StationID, to position: Position) {
        positions[station.index] = position
    }

    /// The other stations that see a station's light.
    func observers(of sender: StationID) -> [StationID] {
        positions.indices.lazy.map(StationID.init(index:)).filter { $0 != sender && sees($0, sender) }
    }

    private func sees(_ station: StationID, _ other: StationID) -> Bool {
        positions[station.index].distance(to: positions[other.index]) <= range
    }

    /// Whether there is any light.
    func isLit(at now: IrDAInstant) -> Bool { lights.contains { $0.end > now } }

    /// Lights up; the transmission has arrived everywhere when it ends.
    mutating func emit(
        _ bytes: [UInt8], for time: Duration, rate: BaudRate, from sender: StationID, at now: IrDAInstant
    ) -> Light {
        lastNumber += 1
        let light = Light(
            number: lastNumber, sender: sender, rate: rate, bytes: bytes, start: now, end: now.advanced(by: time))
        lights.append(light)
        return light
    }

    /// What one station has received of a light that has just ended; nil if it was blinded by its own.
    ///
    /// - Parameters:
    ///   - sunlight: a bit error rate beside that of the medium.
    ///   - flippedBits: how many bits arrive wrong in any case.
    mutating func reception(
        of light: Light, by observer: StationID, listeningAt rate: BaudRate, sunlight: Double = 0,
        flippedBits: Int = 0
    ) -> [UInt8]? {
        var bytes = light.bytes
        if rate != light.rate {
            for index in bytes.indices { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
            return bytes
        }
        for other in lights where other.number != light.number {
            guard other.sender == observer || sees(observer, other.sender), let spoiled = light.overlap(with: other)
            else {
                continue
            }
            if other.sender == observer && spoiled.count == bytes.count { return nil }
            for index in spoiled { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
        }
        noise.apply(to: &bytes)
        if sunlight > 0 {
            var glare = BitErrors(rate: sunlight, seed: generator.next())
            glare.apply(to: &bytes)
        }
        for _ in 0..<flippedBits where !bytes.isEmpty {
            bytes[Int.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
        return bytes
    }

    /// Forgets light that can no longer have met any that is still to be received: one that is on, or ends just now.
    mutating func forgetPast(at now: IrDAInstant) {
        let oldest = lights.lazy.filter { $0.end >= now }.map(\.start).min() ?? now
        lights.removeAll { $0.end < now && $0.end <= oldest }
    }
}

/// A station on a simulated medium.
public struct StationID: Hashable, Sendable {
    /// Its place in the order in which stations were added.
    public let index: Int

    /// Names a station.
    public init(index: Int) {
        self.index = index
    }
}

/// A place in the room, in metres.
public struct Position: Hashable, Sendable {
    /// Metres along one wall.
    public var x: Double
    /// Metres along the other.
    public var y: Double

    /// A place.
    public init(x: Double = 0, y: Double = 0) {
        self.x = x
        self.y = y
    }

    func distance(to other: Self) -> Double {
        ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
    }
}
