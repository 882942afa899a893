import IrDAProtocol
import Testing

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
