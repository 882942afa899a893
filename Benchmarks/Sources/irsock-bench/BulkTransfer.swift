import IrDAProtocol
import IrDASimulation

/// How near a saturated link comes to what the rules of IrLAP allow, in the medium's own time.
///
/// The limit follows from the frame format, the line capacities (IrLAP 1.1, 6.6.11) and the turnaround times: random data, one
/// way, no extra BOFs, no errors.
struct BulkTransfer: Benchmark {
    let rate: BaudRate
    let turnaround: MinimumTurnaround
    /// What is possible, in bit/s.
    let limit: Double
    let size: Int

    static let all: [any Benchmark] = [
        Self(rate: .rate115200, turnaround: .ms10, limit: 85_813, size: 2_000_000),
        Self(rate: .rate115200, turnaround: .zero, limit: 90_564, size: 2_000_000),
        Self(rate: .rate57600, turnaround: .ms10, limit: 42_848, size: 1_000_000),
        Self(rate: .rate9600, turnaround: .ms10, limit: 6_694, size: 200_000),
    ]

    var name: String { "bulk transfer at \(rate), \(turnaround.microseconds / 1000) ms turnaround" }

    func run(report: (Figure) -> Void) throws {
        var parameters = NegotiationParameters.standard
        parameters.baudRates = [.rate9600, BaudRateSet(rate)]
        parameters.dataSize = .bytes2048
        parameters.minimumTurnaround = turnaround
        var room = Room(parameters: parameters)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        let connection = try room.connect(to: "Bulk")
        var generator = SeededGenerator(seed: 1)
        let throughput = try room.throughput(of: generator.bytes(size), over: connection)
        report(
            Figure(
                name, throughput, "bit/s", comparedWith: limit, called: "the published limit", bound: .atLeast(95)))
    }
}
