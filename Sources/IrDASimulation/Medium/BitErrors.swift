import Glibc
import IrDAProtocol

/// Flips bits at a given rate, each independently of the others.
///
/// Rather than throwing dice for every bit it draws the distance to the next error, which is geometrically distributed.
struct BitErrors: Sendable {
    private let rate: Double
    private var generator: SeededGenerator
    private var bitsUntilNext: Int

    /// - Parameter rate: the probability that a bit is flipped, 0 to 1; outside it is clamped.
    init(rate: Double, seed: UInt64) {
        self.rate = min(max(rate, 0), 1)
        generator = SeededGenerator(seed: seed)
        bitsUntilNext = 0
        bitsUntilNext = drawDistance()
    }

    mutating func apply(to bytes: inout [UInt8]) {
        guard rate > 0 else { return }
        let bits = bytes.count * 8
        var position = bitsUntilNext
        while position < bits {
            bytes[position / 8] ^= 1 << UInt8(position % 8)
            position += 1 + drawDistance()
        }
        bitsUntilNext = position - bits
    }

    private mutating func drawDistance() -> Int {
        guard rate > 0 else { return .max }
        guard rate < 1 else { return 0 }
        // The distance has P(d >= n) = (1 - rate)^n; half of Int's range is beyond every run.
        let distance = log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator)) / log1p(-rate)
        return Int(min(distance, 1e15))
    }
}
