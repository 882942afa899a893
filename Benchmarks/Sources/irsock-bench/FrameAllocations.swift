import IrDAProtocol

/// How often memory is taken for a frame of a bulk transfer, acknowledgements included: framing and all layers of both stations.
struct FrameAllocations: Benchmark {
    let name = "allocations a frame"

    func run(report: (Figure) -> Void) throws {
        var generator = SeededGenerator(seed: 1)
        let bytes = generator.bytes(4_000_000)
        var pair = try StackPair()
        // The first turns are short, and buffers grow.
        try pair.send(Array(bytes.prefix(400_000)))
        let before = pair.framesSent
        let count = try Allocations.count { try pair.send(bytes) }
        let frames = pair.framesSent - before
        report(
            Figure(
                name, Double(count) / Double(frames), "",
                comparedWith: "\(count) for \(frames) frames, in both stacks and their framers; the aim is none"))
    }
}
