import IrDAProtocol
import IrDASimulation

/// How near a saturated link comes to what the rules of IrLAP allow, in the medium's own time.
///
/// `BulkLimit` derives the limit from the frame format, the line capacities (IrLAP 1.1, 6.6.11) and the turn-around times: random
/// data, one way. With errors it is the best that go-back-N can do with the frame size that suits them.
struct BulkTransfer: Benchmark {
    let rate: BaudRate
    let turnaround: MinimumTurnaround
    var bitErrorRate = 0.0
    let size: Int
    /// The figure that is published for plain turns of equal frames; to be exceeded.
    var published: Double?

    static let all: [any Benchmark] =
        [
            Self(rate: .rate2400, turnaround: .ms10, size: 60_000),
            Self(rate: .rate9600, turnaround: .ms10, size: 200_000, published: 6_818),
            Self(rate: .rate9600, turnaround: .zero, size: 200_000, published: 7_140),
            Self(rate: .rate19200, turnaround: .ms10, size: 400_000, published: 13_754),
            Self(rate: .rate38400, turnaround: .ms10, size: 800_000, published: 28_345),
            Self(rate: .rate57600, turnaround: .ms10, size: 1_000_000, published: 42_848),
            Self(rate: .rate115200, turnaround: .ms10, size: 2_000_000, published: 85_813),
            Self(rate: .rate115200, turnaround: .ms1, size: 2_000_000, published: 90_065),
            Self(rate: .rate115200, turnaround: .zero, size: 2_000_000, published: 90_564),
            Self(rate: .rate576000, turnaround: .ms10, size: 6_000_000),
            Self(rate: .rate1152000, turnaround: .ms1, size: 12_000_000),
            Self(rate: .rate4000000, turnaround: .ms10, size: 24_000_000, published: 2_333_000),
            Self(rate: .rate4000000, turnaround: .us100, size: 24_000_000, published: 3_910_000),
            Self(rate: .rate16000000, turnaround: .us100, size: 24_000_000),
        ]
        + [1e-5, 1e-4].flatMap { errors in
            [
                Self(rate: .rate9600, turnaround: .ms10, bitErrorRate: errors, size: 400_000),
                Self(rate: .rate38400, turnaround: .ms10, bitErrorRate: errors, size: 1_500_000),
                Self(rate: .rate115200, turnaround: .ms10, bitErrorRate: errors, size: 4_000_000),
                Self(rate: .rate115200, turnaround: .ms1, bitErrorRate: errors, size: 4_000_000),
            ]
        }

    var name: String {
        let wait = (Double(turnaround.microseconds) / 1000).text(decimals: turnaround.microseconds % 1000 == 0 ? 0 : 2)
        let errors = bitErrorRate > 0 ? ", bit errors \(bitErrorRate)" : ""
        return "bulk at \(rate), \(wait) ms\(errors)"
    }

    func run(report: (Figure) -> Void) throws {
        var parameters = NegotiationParameters.standard
        parameters.baudRates = [.rate9600, BaudRateSet(rate)]
        if rate == .rate2400 { parameters.baudRates = .rate2400 }
        parameters.minimumTurnaround = turnaround
        var room = Room(parameters: parameters, bitErrorRate: bitErrorRate)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        let connection = try room.connect(to: "Bulk")
        var generator = SeededGenerator(seed: 1)
        let throughput = try room.throughput(of: generator.bytes(size), over: connection)
        let limit = BulkLimit(of: .negotiate(own: parameters, peer: parameters))
        guard bitErrorRate == 0 else {
            let best = limit.goBackN(bitErrorRate: bitErrorRate)
            report(
                Figure(
                    name, throughput, "bit/s", comparedWith: best.bitsPerSecond,
                    called: "the best of go-back-N, with frames of \(best.frameSize) bytes", bound: .atLeast(90)))
            return
        }
        report(
            Figure(
                name, throughput, "bit/s", comparedWith: limit.withoutErrors, called: "what the rules allow",
                bound: .atLeast(99)))
        if let published {
            report(
                Figure(
                    // That figure leaves out the credit that the receiver of the data gives, three bytes every few turns.
                    "the same", throughput, "bit/s", comparedWith: published, called: "turns of equal frames",
                    bound: .atLeast(99.9)))
        }
    }
}
