import IrDAProtocol
import IrDASimulation

/// How many seconds of the medium the simulation does in a second of processor time.
struct SimulationSpeed: Benchmark {
    let name = "simulation of a bulk transfer"

    func run(report: (Figure) -> Void) throws {
        var generator = SeededGenerator(seed: 1)
        let bytes = generator.bytes(1_000_000)
        var speeds: [Double] = []
        for _ in 0..<5 {
            var room = Room()
            _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
            let connection = try room.connect(to: "Bulk")
            let before = room.simulation.now
            let seconds = try ProcessorTime.seconds { _ = try room.throughput(of: bytes, over: connection) }
            speeds.append(before.duration(to: room.simulation.now) / .seconds(1) / seconds)
        }
        report(
            Figure(
                name, speeds.median, "s/s", comparedWith: "seconds on the medium in one second of processor time"))
    }
}
