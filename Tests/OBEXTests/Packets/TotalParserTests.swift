@testable import OBEX
import TestSupport
import Testing

@Suite("Packets of any bytes")
struct TotalParserTests {
    /// What is read must mean the same when it is written and read again.
    private static func isStable(_ bytes: [UInt8]) -> Bool {
        let readings: [WireExample.Meaning?] = [
            (try? OBEXRequest(packet: bytes)).map { .request($0) },
            (try? OBEXResponse(packet: bytes, answersConnect: false)).map { .response($0) },
            (try? OBEXResponse(packet: bytes, answersConnect: true)).map { .connectResponse($0) },
        ]
        return readings.allSatisfy { reading in
            guard let reading else { return true }
            return (try? reading.reread(reading.bytes)) == reading
        }
    }

    private static func withLength(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= 3 else { return bytes }
        return [bytes[0], UInt8(bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes[3...]
    }

    @Test("Truncation at every length, with the length wrong and right")
    func truncation() {
        for example in WireExample.all {
            for count in 0...example.bytes.count {
                let cut = Array(example.bytes.prefix(count))
                #expect(Self.isStable(cut), "\(trace(cut))")
                #expect(Self.isStable(Self.withLength(cut)), "\(trace(cut))")
            }
        }
    }

    @Test("A byte or two changed", arguments: 1...4 as ClosedRange<UInt64>)
    func mutation(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for example in WireExample.all {
            for _ in 0..<40 {
                var changed = example.bytes
                for _ in 0...1 {
                    changed[Int.random(in: 0..<changed.count, using: &generator)] = generator.bytes(1)[0]
                }
                #expect(Self.isStable(changed), "seed \(seed): \(trace(changed))")
                #expect(Self.isStable(Self.withLength(changed)), "seed \(seed): \(trace(changed))")
            }
        }
    }

    @Test("Random bytes", arguments: 1...4 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<1000 {
            let bytes = Self.withLength(generator.bytes(Int.random(in: 0...60, using: &generator)))
            #expect(Self.isStable(bytes), "seed \(seed): \(trace(bytes))")
        }
    }

    @Test("A stream is cut into the packets that were put into it", arguments: 1...20 as ClosedRange<UInt64>)
    func assembling(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let packets = WireExample.all.map(\.bytes).shuffled(using: &generator)
        var assembler = OBEXPacketAssembler(limit: 255)
        var found: [[UInt8]] = []
        for piece in generator.pieces(of: Array(packets.joined())) {
            assembler.append(piece)
            while let packet = try assembler.next() { found.append(packet) }
        }
        #expect(found == packets, "seed \(seed)")
    }

    @Test("A length that cannot be, or is more than was announced, ends the stream at once")
    func lengths() {
        var short = OBEXPacketAssembler(limit: 255)
        short.append(hex("A0 00 02"))
        #expect(throws: OBEXPacketError.wrongLength(2)) { try short.next() }
        var long = OBEXPacketAssembler(limit: 255)
        long.append(hex("A0 01 00"))
        #expect(throws: OBEXPacketError.tooLarge(256, limit: 255)) { try long.next() }
    }
}
