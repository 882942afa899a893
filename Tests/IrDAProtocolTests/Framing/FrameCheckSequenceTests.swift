import IrDAProtocol
import Testing

@Suite("Frame check sequence")
struct FrameCheckSequenceTests {
    @Test("The check value of the algorithm")
    func checkValue() {
        #expect(FrameCheckSequence.of(Array("123456789".utf8)) == 0x906E)
        #expect(FrameCheckSequence.of([]) == 0x0000)
        #expect(FrameCheckSequence().value == 0x0000)
    }

    @Test("Every example", arguments: WireExample.all)
    func examples(_ example: WireExample) {
        #expect(FrameCheckSequence.of(example.frame) == example.check)
    }

    @Test("The table agrees with the bit-serial description")
    func bitSerial() {
        for byte in UInt8.min...UInt8.max {
            var register: UInt16 = 0xFFFF ^ UInt16(byte)
            for _ in 0..<8 {
                let out = register & 1
                register >>= 1
                if out == 1 { register ^= 0x8408 }
            }
            #expect(FrameCheckSequence.of([byte]) == ~register, "byte \(byte)")
        }
    }

    @Test("The residue is good behind the right check sequence only", arguments: WireExample.irLAP)
    func residue(_ example: WireExample) {
        let good = example.frame + [UInt8(truncatingIfNeeded: example.check), UInt8(example.check >> 8)]
        #expect(isGood(good))
        for bit in 0..<(good.count * 8) {
            var bad = good
            bad[bit / 8] ^= 1 << (bit % 8)
            #expect(!isGood(bad), "bit \(bit)")
        }
        #expect(!isGood(example.frame))
    }

    private func isGood(_ bytes: [UInt8]) -> Bool {
        var sequence = FrameCheckSequence()
        for byte in bytes { sequence.update(byte) }
        return sequence.isGoodResidue
    }
}
