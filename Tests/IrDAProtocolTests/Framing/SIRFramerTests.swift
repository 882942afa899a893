import Testing

@testable import IrDAProtocol

@Suite("SIR framer")
struct SIRFramerTests {
    @Test("Every example gives its bytes on the line", arguments: WireExample.all.filter { $0.wire != nil })
    func wire(_ example: WireExample) {
        #expect(SIRFramer.encode(example.frame, additionalBOFs: 0) == example.wire)
    }

    @Test("Fillers precede the BOF", arguments: [-1, 0, 1, 3, 10, 163])
    func fillers(_ count: Int) {
        let expected = Array(repeating: UInt8(0xFF), count: max(0, count)) + hex("C0 55 11 00 A3 C1")
        #expect(SIRFramer.encode(hex("55 11"), additionalBOFs: count) == expected)
    }

    @Test("An escaped check sequence")
    func escapedCheck() {
        let line = SIRFramer.encode(hex("FF 3F 01 78563412 F1DEBC9A 05 FF 00 84 20 00 \"SwiftIR\""), additionalBOFs: 0)
        #expect(Array(line.suffix(4)) == hex("F5 7D E1 C1"))
    }

    @Test("BOF, EOF and CE never appear inside", arguments: 1...20 as ClosedRange<UInt64>)
    func transparency(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let line = SIRFramer.encode(generator.bytes(300), additionalBOFs: 0)
        let inside = line.dropFirst().dropLast()
        #expect(!inside.contains(0xC0) && !inside.contains(0xC1), "seed \(seed)")
        for (byte, next) in zip(inside, inside.dropFirst()) where byte == 0x7D {
            #expect([0xE0, 0xE1, 0x5D].contains(next), "seed \(seed)")
        }
    }

    @Test("The length without building", arguments: 1...20 as ClosedRange<UInt64>)
    func length(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for size in [0, 1, 2, 17, 256, 2050] {
            let frame = generator.bytes(size)
            for fillers in [-5, 0, 12] {
                #expect(
                    SIRFramer.encodedLength(frame, additionalBOFs: fillers)
                        == SIRFramer.encode(frame, additionalBOFs: fillers).count, "seed \(seed), \(size) bytes")
            }
        }
    }
}

/// Runs of bytes are handled eight at a time; single bytes are the measure.
@Suite struct ByteRunTests {
    @Test("Escapes are found wherever they are", arguments: 0..<20 as Range<UInt64>)
    func escapes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let count = Int.random(in: 0...40, using: &generator)
            let candidates: [UInt8] = [0xC0, 0xC1, 0x7D, 0xC2, 0xBF, 0x7C, 0x00, 0xFF, 0x40, 0x41]
            let bytes = (0..<count).map { _ in candidates.randomElement(using: &generator) ?? 0 }
            let escapes = bytes.filter { $0 == 0xC0 || $0 == 0xC1 || $0 == 0x7D }
            #expect(SIRByte.escapes(in: bytes) == escapes.count, "seed \(seed)")
            var single = FrameCheckSequence()
            for byte in bytes { single.update(byte) }
            #expect(FrameCheckSequence.of(bytes) == single.value, "seed \(seed)")
        }
    }

    @Test("A deframer says the same of a run as of its bytes one by one", arguments: 0..<20 as Range<UInt64>)
    func deframing(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var line: [UInt8] = []
        for _ in 0..<20 {
            let frame = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            line += SIRFramer.encode(frame, additionalBOFs: Int.random(in: 0...3, using: &generator))
            if Bool.random(using: &generator) {
                line.append([0xC0, 0xC1, 0x7D, 0x55].randomElement(using: &generator) ?? 0)
            }
        }
        for _ in 0..<3 { line[Int.random(in: line.indices, using: &generator)] ^= 0x41 }
        var single = SIRDeframer(maximumFrameLength: 50)
        var run = single
        var expected: [SIRDeframer.Event] = []
        for byte in line { expected += single.receive(byte).map { [$0] } ?? [] }
        let events = run.receive(line)
        #expect(events == expected, "seed \(seed)")
        #expect(run == single)
    }
}
