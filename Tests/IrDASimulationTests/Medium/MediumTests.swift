import IrDAProtocol
import Testing

@testable import IrDASimulation

/// The air by itself: who receives what is left of whose light.
@Suite struct MediumTests {
    private static let bytes = Array(repeating: 0x55 as UInt8, count: 96)  // 100 ms at 9600 bit/s

    private static func medium(
        _ positions: [Double], range: Double = 1, bitErrorRate: Double = 0, seed: UInt64 = 1
    ) -> (Medium, [StationID]) {
        var medium = Medium(range: range, bitErrorRate: bitErrorRate, seed: seed)
        let stations = positions.map { medium.place(at: Position(x: $0)) }
        return (medium, stations)
    }

    private static func moment(milliseconds: Int) -> IrDAInstant { .start.advanced(by: .milliseconds(milliseconds)) }

    /// What is left of one light, if it is received at its end.
    private func received(_ light: Medium.Light, by station: StationID, in medium: inout Medium) -> [UInt8]? {
        let bytes = medium.reception(of: light, by: station, listeningAt: light.rate)
        medium.forgetPast(at: light.end)
        return bytes
    }

    @Test("Light reaches as far as the range, and every station within it but its own")
    func range() {
        var (medium, stations) = Self.medium([0, 0.5, 1, 1.01])
        #expect(medium.observers(of: stations[0]) == [stations[1], stations[2]])
        #expect(medium.observers(of: stations[3]) == [stations[1], stations[2]])
        medium.move(stations[3], to: Position(x: 0, y: 0.9))
        #expect(medium.observers(of: stations[0]) == [stations[1], stations[2], stations[3]])
        medium.range = 0.95
        #expect(medium.observers(of: stations[0]) == [stations[1], stations[3]])
    }

    @Test("A transmission takes as long as its characters")
    func duration() {
        var (medium, stations) = Self.medium([0, 0])
        let light = medium.emit(Self.bytes, rate: .rate9600, from: stations[0], at: Self.moment(milliseconds: 5))
        #expect(light.end == Self.moment(milliseconds: 105))
        #expect(medium.isLit(at: Self.moment(milliseconds: 104)))
        #expect(!medium.isLit(at: light.end))
        #expect(received(light, by: stations[1], in: &medium) == Self.bytes)
    }

    @Test("Lights that overlap spoil each other, exactly where they do", arguments: [0, 1, 30, 50, 99])
    func collision(milliseconds: Int) {
        var (medium, stations) = Self.medium([0, 0, 0])
        let first = medium.emit(Self.bytes, rate: .rate9600, from: stations[0], at: .start)
        let second = medium.emit(
            Self.bytes, rate: .rate9600, from: stations[1], at: Self.moment(milliseconds: milliseconds))
        let clean = milliseconds * 96 / 100  // Whole characters before the second light.
        let one = received(first, by: stations[2], in: &medium) ?? []
        #expect(one.prefix(clean) == Self.bytes.prefix(clean) && one.count == 96 && one != Self.bytes)
        let other = received(second, by: stations[2], in: &medium) ?? []
        #expect(other.suffix(clean) == Self.bytes.suffix(clean) && other.count == 96 && other != Self.bytes)
    }

    @Test("A light that begins when another ends is not spoiled")
    func backToBack() {
        var (medium, stations) = Self.medium([0, 0, 0])
        let first = medium.emit(Self.bytes, rate: .rate9600, from: stations[0], at: .start)
        let second = medium.emit(Self.bytes, rate: .rate9600, from: stations[1], at: first.end)
        #expect(received(first, by: stations[2], in: &medium) == Self.bytes)
        #expect(received(second, by: stations[2], in: &medium) == Self.bytes)
    }

    @Test("A long light is spoiled by every short one within it")
    func severalCollisions() {
        var (medium, stations) = Self.medium([0, 0, 0])
        let long = medium.emit(
            Array(repeating: 0x55, count: 960), rate: .rate9600, from: stations[0], at: .start)
        for start in [100, 500] {
            let short = medium.emit(
                Self.bytes, rate: .rate9600, from: stations[1], at: Self.moment(milliseconds: start))
            _ = received(short, by: stations[2], in: &medium)
        }
        let bytes = received(long, by: stations[2], in: &medium) ?? []
        let spoiled = bytes.indices.filter { bytes[$0] != 0x55 }
        #expect(spoiled.allSatisfy { (96..<192).contains($0) || (480..<576).contains($0) })
        #expect(spoiled.count > 150, "random characters are rarely right")
    }

    @Test("A collision is one only where both lights are seen")
    func hiddenStation() {
        // 0 and 3 do not see each other; 1 sees both, and 2 sees all but 0.
        var (medium, stations) = Self.medium([0, 0.9, 1.2, 1.8])
        let first = medium.emit(Self.bytes, rate: .rate9600, from: stations[0], at: .start)
        let second = medium.emit(Self.bytes, rate: .rate9600, from: stations[3], at: .start)
        #expect(medium.observers(of: stations[3]) == [stations[1], stations[2]])
        #expect(medium.reception(of: first, by: stations[1], listeningAt: .rate9600) != Self.bytes)
        #expect(medium.reception(of: second, by: stations[1], listeningAt: .rate9600) != Self.bytes)
        #expect(medium.reception(of: second, by: stations[2], listeningAt: .rate9600) == Self.bytes)
    }

    @Test("A station does not see light while its own is on")
    func blinded() {
        var (medium, stations) = Self.medium([0, 0])
        let own = medium.emit(Self.bytes + Self.bytes, rate: .rate9600, from: stations[1], at: .start)
        let hidden = medium.emit(Self.bytes, rate: .rate9600, from: stations[0], at: Self.moment(milliseconds: 50))
        #expect(medium.reception(of: hidden, by: stations[1], listeningAt: .rate9600) == nil)
        let late = medium.emit(Self.bytes, rate: .rate9600, from: stations[0], at: Self.moment(milliseconds: 150))
        medium.forgetPast(at: own.end)
        let bytes = received(late, by: stations[1], in: &medium) ?? []
        #expect(bytes.suffix(48) == Self.bytes.suffix(48) && bytes.prefix(48) != Self.bytes.prefix(48))
    }

    @Test("At another rate than the sender's every character is garbage")
    func wrongRate() {
        var (medium, stations) = Self.medium([0, 0])
        let light = medium.emit(Self.bytes, rate: .rate9600, from: stations[0], at: .start)
        let bytes = medium.reception(of: light, by: stations[1], listeningAt: .rate115200) ?? []
        #expect(bytes.count == 96 && zip(bytes, Self.bytes).count(where: ==) < 10)
    }

    @Test("Bits are flipped at the given rate, each observer's on their own", arguments: [1e-1, 1e-3, 1e-5])
    func bitErrorRate(rate: Double) {
        let seed: UInt64 = 7
        var (medium, stations) = Self.medium([0, 0, 0], bitErrorRate: rate, seed: seed)
        let sent = [UInt8](repeating: 0xA5, count: 10_000)
        var now = IrDAInstant.start
        var errors = 0
        var both = 0
        let repetitions = 10
        for _ in 0..<repetitions {
            let light = medium.emit(sent, rate: .rate115200, from: stations[0], at: now)
            let heard = stations[1...].map { medium.reception(of: light, by: $0, listeningAt: .rate115200) ?? [] }
            errors += heard.joined().reduce(0) { $0 + ($1 ^ 0xA5).nonzeroBitCount }
            both += zip(heard[0], heard[1]).count { $0 != 0xA5 && $1 != 0xA5 }
            medium.forgetPast(at: light.end)
            now = light.end
        }
        let expected = rate * Double(repetitions * 2 * sent.count * 8)
        let deviation = (expected * (1 - rate)).squareRoot()
        #expect(abs(Double(errors) - expected) < 5 * deviation, "\(errors) errors, \(expected) expected, seed \(seed)")
        if rate == 1e-3 { #expect(both < errors / 20, "the errors of the two observers are independent") }
    }

    @Test("Without errors nothing is changed; at a rate of one, everything is; beyond that it is clamped")
    func extremeRates() {
        for (rate, byte) in [(-1.0, 0x55 as UInt8), (0, 0x55), (1, 0xAA), (2, 0xAA)] {
            var (medium, stations) = Self.medium([0, 0], bitErrorRate: rate)
            let light = medium.emit(Self.bytes, rate: .rate9600, from: stations[0], at: .start)
            #expect(
                medium.reception(of: light, by: stations[1], listeningAt: .rate9600)
                    == Array(repeating: byte, count: 96), "rate \(rate)")
        }
    }

    @Test("Bit errors do not begin anew with every frame")
    func errorsAcrossFrames() {
        // One frame of 1000 bytes or a thousand of one byte: the same errors.
        var whole = BitErrors(rate: 1e-2, seed: 3)
        var pieces = BitErrors(rate: 1e-2, seed: 3)
        var bytes = [UInt8](repeating: 0, count: 1000)
        whole.apply(to: &bytes)
        let single = (0..<1000).flatMap { _ in
            var piece: [UInt8] = [0]
            pieces.apply(to: &piece)
            return piece
        }
        #expect(bytes == single && bytes.contains { $0 != 0 })
    }
}

extension Medium {
    /// Lights up for as long as the characters take.
    fileprivate mutating func emit(
        _ bytes: [UInt8], rate: BaudRate, from sender: StationID, at now: IrDAInstant
    ) -> Light {
        emit(bytes, for: rate.time(forBytes: bytes.count), rate: rate, from: sender, at: now)
    }
}
