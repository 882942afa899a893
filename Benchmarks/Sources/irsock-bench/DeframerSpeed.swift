import IrDAProtocol

/// How fast frames are found in the bytes of a line, beside a plain copy of the same bytes.
struct DeframerSpeed: Benchmark {
    let name = "deframer"

    func run(report: (Figure) -> Void) throws {
        var generator = SeededGenerator(seed: 1)
        let frames = 4096
        var line: [UInt8] = []
        for _ in 0..<frames { line += SIRFramer.encode(generator.bytes(2050), additionalBOFs: 0) }
        let bytes = line
        try Throughput.report(name, of: bytes, to: report) {
            var deframer = SIRDeframer()
            return deframer.receive(bytes).count == frames
        }
    }
}
