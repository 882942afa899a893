import Testing

@testable import IrDAAdapters

/// The echo of one's own light, and the light of others.
@Suite struct EchoTests {
    private let command: [UInt8] = [UInt8](repeating: 0xFF, count: 10) + [0xC0, 0xFF, 0x3F, 0x01, 0x9A, 0xC1]
    private let answer: [UInt8] = [UInt8](repeating: 0xFF, count: 8) + [0xC0, 0xFF, 0xBF, 0x01, 0x77, 0xC1]

    private func sent(_ bytes: [UInt8]) -> EchoFilter {
        var filter = EchoFilter(.match)
        filter.send(bytes)
        return filter
    }

    @Test(arguments: [1, 3, 7, 100])
    func theWholeEchoIsDropped(chunk: Int) {
        for isLate in [false, true] {
            var filter = sent(command)
            if isLate { filter.sendingEnded(at: .milliseconds(16)) }
            var heard: [UInt8] = []
            for start in stride(from: 0, to: command.count, by: chunk) {
                heard += filter.filter(Array(command[start...].prefix(chunk)), at: .milliseconds(17))
            }
            #expect(heard == [])
            if !isLate { filter.sendingEnded(at: .milliseconds(18)) }
            #expect(filter.filter(answer, at: .milliseconds(30)) == answer)
        }
    }

    @Test(arguments: 0...3)
    func theFirstBytesOfAnEchoMayBeMissing(count: Int) {
        var filter = sent(Array(command.dropFirst(9)))
        #expect(filter.filter(Array(command.dropFirst(9 + count)), at: .zero) == [])
        filter.sendingEnded(at: .milliseconds(1))
        #expect(filter.filter(answer, at: .milliseconds(2)) == answer)
    }

    @Test func aFrameThatBeginsLikeOnesOwnIsHeard() {
        var filter = sent(command)
        filter.sendingEnded(at: .milliseconds(16))
        var heard: [UInt8] = []
        for byte in answer { heard += filter.filter([byte], at: .milliseconds(20)) }
        #expect(heard == answer)
    }

    @Test func whatIsHeldBackComesWhenTheTimeIsUp() {
        var filter = sent(command)
        filter.sendingEnded(at: .milliseconds(16))
        #expect(filter.filter([0xFF, 0xFF], at: .milliseconds(20)) == [])
        #expect(filter.deadline == .milliseconds(36))
        #expect(filter.expire(at: .milliseconds(35)) == [])
        #expect(filter.expire(at: .milliseconds(36)) == [0xFF, 0xFF])
        #expect(filter.deadline == nil)
    }

    @Test func theDriverAsksToBeWokenForWhatItHoldsBack() {
        var run = SerialRun(RawTransceiver(), PlainModel())
        run.open()
        _ = run.send(command)
        #expect(run.hear([0xFF, 0xFF], rate: 9600) == [0xFF, 0xFF])
    }

    @Test func anEchoWithADamagedByteStillIsOne() {
        let frames = command + command
        var damaged = frames
        damaged[command.count + 11] ^= 0x10
        var filter = sent(frames)
        #expect(filter.filter(damaged, at: .zero) == [])
    }

    @Test func noiseBeforeTheEchoDoesNotLetItThrough() {
        var filter = sent(command)
        #expect(filter.filter([0x00, 0x80] + command, at: .zero) == [0x00, 0x80])
    }

    @Test func severalFramesOfOneTurnAreFollowed() {
        var filter = sent(command)
        #expect(filter.filter(Array(command.prefix(12)), at: .zero) == [])
        filter.sendingEnded(at: .milliseconds(1))
        filter.send(answer)
        #expect(filter.filter(Array(command.dropFirst(12)) + answer, at: .milliseconds(2)) == [])
    }

    @Test func aBlindStationHearsNothingWhileItsLightIsOn() {
        var filter = EchoFilter(.blind)
        filter.send(command)
        #expect(filter.filter([1, 2, 3], at: .zero) == [])
        filter.sendingEnded(at: .milliseconds(1))
        #expect(filter.filter([1], at: .microseconds(1999)) == [])
        #expect(filter.filter([1], at: .milliseconds(2)) == [1])
    }

    @Test func everythingMayBePassedOn() {
        var filter = EchoFilter(.pass)
        filter.send(command)
        #expect(filter.filter(command, at: .zero) == command)
    }

    @Test(arguments: 0..<50)
    func nothingOfOthersIsLostAndNothingOfOnesOwnIsHeard(seed: UInt64) {
        var random = Seeded(seed)
        for _ in 0..<20 {
            let own = random.frame()
            let others = random.frame()
            let echoes = Bool.random(using: &random)
            var filter = sent(own)
            var heard: [UInt8] = []
            if echoes {
                for piece in random.pieces(of: own) { heard += filter.filter(piece, at: .zero) }
            }
            filter.sendingEnded(at: .milliseconds(1))
            for piece in random.pieces(of: others) { heard += filter.filter(piece, at: .milliseconds(2)) }
            heard += filter.expire(at: .milliseconds(50))
            #expect(heard == others, "seed \(seed)")
        }
    }
}

/// Repeatable chance.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ counts: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: counts, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// A frame of a few bytes from a small alphabet, so that frames are alike.
    mutating func frame() -> [UInt8] {
        let body = (0..<Int.random(in: 4...12, using: &self)).map { _ in UInt8.random(in: 1...3, using: &self) }
        return [UInt8](repeating: 0xFF, count: Int.random(in: 0...12, using: &self)) + [0xC0] + body + [0xC1]
    }

    mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...6, using: &self))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
