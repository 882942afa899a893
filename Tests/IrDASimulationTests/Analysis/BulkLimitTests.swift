import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

/// The limit that transfers are measured against, beside figures that were worked out elsewhere.
@Suite struct BulkLimitTests {
    private static func limit(_ rate: BaudRate, _ turnaround: MinimumTurnaround) -> BulkLimit {
        let parameters = NegotiationParameters.limited(rate: rate, turnaround: turnaround)
        return BulkLimit(of: .negotiate(own: parameters, peer: parameters))
    }

    @Test(
        "Where a turn is full with equal frames, the limit is the published figure",
        arguments: [
            (BaudRate.rate576000, MinimumTurnaround.ms10, 513_295.0), (.rate1152000, .ms1, 1_105_899),
            (.rate4000000, .ms10, 2_333_000), (.rate4000000, .us100, 3_910_000),
        ])
    func equalFrames(rate: BaudRate, turnaround: MinimumTurnaround, published: Double) {
        let limit = Self.limit(rate, turnaround).withoutErrors
        #expect((limit / published - 1).magnitude < 0.0005, "\(limit)")
    }

    @Test(
        "A shorter last frame fills the turn, so the limit is above that of equal frames, or the same",
        arguments: [
            (BaudRate.rate9600, MinimumTurnaround.ms10, 6_818.0), (.rate9600, .zero, 7_140),
            (.rate19200, .ms10, 13_754),
            (.rate38400, .ms10, 28_345), (.rate57600, .ms10, 42_848), (.rate115200, .ms10, 85_813),
            (.rate115200, .zero, 90_560),
        ])
    func filledTurns(rate: BaudRate, turnaround: MinimumTurnaround, published: Double) {
        let limit = Self.limit(rate, turnaround).withoutErrors
        #expect(limit >= published && limit < published * 1.05, "\(limit)")
    }

    @Test("With errors frames get shorter and turns end with RR; with hardly any it is as without")
    func errors() {
        let limit = Self.limit(.rate115200, .ms10)
        let some = limit.goBackN(bitErrorRate: 1e-5)
        let more = limit.goBackN(bitErrorRate: 1e-4)
        #expect(some.frameSize > more.frameSize && more.endsWithSupervisory)
        #expect(limit.withoutErrors > some.bitsPerSecond && some.bitsPerSecond > more.bitsPerSecond)
        let hardly = limit.goBackN(bitErrorRate: 1e-12)
        #expect((hardly.bitsPerSecond / limit.withoutErrors - 1).magnitude < 0.001 && !hardly.endsWithSupervisory)
    }
}
