import IrDAProtocol
import IrDASimulation

/// How much payload goes through framing and all layers of both stations in a second of processor time.
///
/// The medium is the fastest, so that nothing but the layers is measured: encoding and escaping at 115200 bit/s, the turn, the
/// deframer, IrLAP, IrLMP and TinyTP, on both sides, on one core.
struct LayerSpeed: Benchmark {
    let name = "framing and all layers"

    func run(report: (Figure) -> Void) throws {
        var generator = SeededGenerator(seed: 1)
        let bytes = generator.bytes(16_000_000)
        var speeds: [Double] = []
        for _ in 0..<5 {
            var parameters = NegotiationParameters.standard
            parameters.minimumTurnaround = .zero
            var room = try Room.connected(parameters: parameters)
            let connection = room.connection
            let seconds = try ProcessorTime.seconds { _ = try room.room.throughput(of: bytes, over: connection) }
            speeds.append(Double(bytes.count) / 1e6 / seconds)
        }
        report(
            Figure(
                name, speeds.median, "MB/s", comparedWith: 100, called: "the target, simulated medium included",
                bound: nil))
    }
}
