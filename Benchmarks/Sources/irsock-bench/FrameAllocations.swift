import IrDAProtocol
import IrDASimulation

/// How often memory is taken for a frame of a bulk transfer, acknowledgements included, in both stations and on the medium.
struct FrameAllocations: Benchmark {
    let name = "allocations a frame"

    func run(report: (Figure) -> Void) throws {
        var generator = SeededGenerator(seed: 1)
        let bytes = generator.bytes(4_000_000)
        var parameters = NegotiationParameters.standard
        parameters.minimumTurnaround = .zero
        var room = try Room.connected(parameters: parameters)
        let connection = room.connection
        let before = room.room.framesSent
        let count = try Allocations.count { _ = try room.room.throughput(of: bytes, over: connection) }
        let frames = room.room.framesSent - before
        report(
            Figure(
                name, Double(count) / Double(frames), "",
                comparedWith: "\(frames) frames, in both stations and on the simulated medium; the aim is none"))
    }
}
