import IrDAProtocol
import IrDASimulation

/// How many seconds of the medium the simulation does in a second of processor time.
struct SimulationSpeed: Benchmark {
    let name = "simulation"

    func run(report: (Figure) -> Void) throws {
        try bulk(report)
        try idleHour(report)
        try manyLinks(report)
    }

    private func bulk(_ report: (Figure) -> Void) throws {
        var generator = SeededGenerator(seed: 1)
        let bytes = generator.bytes(4_000_000)
        var speeds: [Double] = []
        for _ in 0..<5 {
            var room = try Room.connected()
            let before = room.simulation.now
            let connection = room.connection
            let seconds = try ProcessorTime.seconds { _ = try room.room.throughput(of: bytes, over: connection) }
            speeds.append(before.duration(to: room.simulation.now) / .seconds(1) / seconds)
        }
        report(
            Figure(
                "\(name) of a bulk transfer", speeds.median, "s/s",
                comparedWith: "seconds on the medium in one second of processor time"))
    }

    private func idleHour(_ report: (Figure) -> Void) throws {
        var room = try Room.connected()
        let end = room.simulation.now.advanced(by: .seconds(3600))
        let seconds = ProcessorTime.seconds { room.room.simulation.run(until: end) }
        report(
            Figure(
                "\(name) of an hour of an idle link", seconds, "s", comparedWith: 1, called: "a second",
                bound: .atMost(100)))
    }

    private func manyLinks(_ report: (Figure) -> Void) throws {
        var rooms: [ConnectedRoom] = []
        for seed in 0..<50 as Range<UInt64> { rooms.append(try Room.connected(seed: seed)) }
        let steps = 1000
        let seconds = ProcessorTime.seconds {
            for step in 1...steps {
                for index in rooms.indices {
                    let end = rooms[index].start.advanced(by: .milliseconds(Int64(step) * 100))
                    rooms[index].room.simulation.run(until: end)
                }
            }
        }
        report(
            Figure(
                "\(name) of 100 stations on 50 links", Double(steps) / 10 / seconds, "s/s", comparedWith: 1000,
                called: "a thousand times real time", bound: .atLeast(100)))
    }
}
