import IrDAProtocol

/// How fast frames are checked, beside a plain copy of the same bytes.
struct FrameCheckSpeed: Benchmark {
    let name = "frame check sequence"

    func run(report: (Figure) -> Void) throws {
        var generator = SeededGenerator(seed: 1)
        let bytes = generator.bytes(8 << 20)
        try Throughput.report(name, of: bytes, to: report) { FrameCheckSequence.of(bytes) != 0 }
    }
}
