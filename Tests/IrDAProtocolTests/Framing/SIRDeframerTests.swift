import IrDAProtocol
import Testing

/// A row of the receiver's state table: bytes that lead to the state, the byte of the column, what it completes and whether
/// a frame is open afterwards.
struct ReceiverRow: Sendable, CustomTestStringConvertible {
    var lead: [UInt8]
    var byte: UInt8
    var event: SIRDeframer.Event?
    var isInside: Bool

    init(_ lead: String, _ byte: UInt8, _ event: SIRDeframer.Event?, isInside: Bool) {
        self.lead = hex(lead)
        self.byte = byte
        self.event = event
        self.isInside = isInside
    }

    var testDescription: String { "[\(trace(lead))] \(trace([byte]))" }

    static let all = [
        // Outside.
        ReceiverRow("", 0xFF, nil, isInside: false),
        ReceiverRow("", 0xC0, nil, isInside: true),
        ReceiverRow("", 0xC1, .garbage(.strayByte), isInside: false),
        ReceiverRow("", 0x7D, .garbage(.strayByte), isInside: false),
        ReceiverRow("", 0x55, .garbage(.strayByte), isInside: false),
        // Behind a BOF.
        ReceiverRow("C0", 0xFF, nil, isInside: true),
        ReceiverRow("C0", 0xC0, nil, isInside: true),
        ReceiverRow("C0", 0xC1, .garbage(.tooShort), isInside: false),
        ReceiverRow("C0", 0x7D, nil, isInside: true),
        ReceiverRow("C0", 0x55, nil, isInside: true),
        // Inside.
        ReceiverRow("C0 55 11", 0xFF, nil, isInside: true),
        ReceiverRow("C0 55 11", 0xC0, .garbage(.restarted), isInside: true),
        ReceiverRow("C0 55 11", 0xC1, .garbage(.tooShort), isInside: false),
        ReceiverRow("C0 55 11 00", 0xC1, .garbage(.tooShort), isInside: false),
        ReceiverRow("C0 55 11 00 A4", 0xC1, .garbage(.badFrameCheckSequence), isInside: false),
        ReceiverRow("C0 55 11 00 A3", 0xC1, .frame([0x55, 0x11]), isInside: false),
        ReceiverRow("C0 55 11", 0x7D, nil, isInside: true),
        ReceiverRow("C0 55 11", 0x22, nil, isInside: true),
        // Behind a CE.
        ReceiverRow("C0 55 7D", 0xFF, nil, isInside: true),
        ReceiverRow("C0 55 7D", 0xC0, .garbage(.restarted), isInside: true),
        ReceiverRow("C0 7D", 0xC0, .garbage(.restarted), isInside: true),
        ReceiverRow("C0 55 11 00 A3 7D", 0xC1, .garbage(.aborted), isInside: false),
        ReceiverRow("C0 7D", 0xC1, .garbage(.aborted), isInside: false),
        ReceiverRow("C0 55 7D", 0x7D, nil, isInside: true),
        ReceiverRow("C0 55 7D", 0x5D, nil, isInside: true),
    ]
}

@Suite("SIR deframer")
struct SIRDeframerTests {
    private static let poll = hex("C0 55 11 00 A3 C1")

    @Test("The state table", arguments: ReceiverRow.all)
    func stateTable(_ row: ReceiverRow) {
        var deframer = SIRDeframer()
        #expect(deframer.receive(row.lead) == [])
        #expect(deframer.receive(row.byte) == row.event)
        #expect(deframer.isInsideFrame == row.isInside)
        // Whatever came before, an end and the next frame are understood.
        _ = deframer.receive(0xC1)
        #expect(deframer.receive(Self.poll) == [.frame([0x55, 0x11])])
    }

    @Test("Every example is read back", arguments: WireExample.all)
    func examples(_ example: WireExample) {
        var deframer = SIRDeframer()
        let line = example.wire ?? SIRFramer.encode(example.frame, additionalBOFs: 0)
        #expect(deframer.receive(line) == [.frame(example.frame)])
        #expect(!deframer.isInsideFrame)
    }

    @Test("Fillers of both kinds", arguments: ["FF FF FF", "C0 C0", "FF C0 C0", "C0 FF C1 FF", "FF C0 55 7D C1"])
    func fillers(_ lead: String) {
        var deframer = SIRDeframer()
        let events = deframer.receive(hex(lead) + Self.poll)
        #expect(events.last == .frame([0x55, 0x11]))
    }

    @Test("FF directly behind BOF is the broadcast address")
    func broadcastAddress() {
        var deframer = SIRDeframer()
        let line = hex("FF FF C0 FF 3F 01 78 56 34 12 FF FF FF FF 01 00 00 46 28 C1")
        #expect(deframer.receive(line) == [.frame(hex("FF 3F 01 78563412 FFFFFFFF 01 00 00"))])
    }

    @Test("Any byte behind CE is unescaped")
    func lenientEscapes() {
        // 55 and 11 need no escape, but a sender may use one; 7D behind 7D stands for 5D.
        var deframer = SIRDeframer()
        #expect(deframer.receive(hex("C0 7D 75 7D 31 00 A3 C1")) == [.frame([0x55, 0x11])])
        let line = hex("C0 7D 7D") + SIRFramer.encode([0x5D, 0x11], additionalBOFs: 0).dropFirst(2)
        #expect(deframer.receive(line) == [.frame([0x5D, 0x11])])
    }

    @Test("A restart drops what was gathered and keeps what follows")
    func restart() {
        var deframer = SIRDeframer()
        #expect(deframer.receive(hex("C0 54 10 AA") + Self.poll) == [.garbage(.restarted), .frame([0x55, 0x11])])
    }

    @Test("The stray sequence of a speed change that changes nothing")
    func strayAfterSpeedChange() {
        var deframer = SIRDeframer()
        #expect(deframer.receive(hex("C0 00 00 C1") + Self.poll) == [.garbage(.tooShort), .frame([0x55, 0x11])])
    }

    @Test("The longest frame fits, one byte more is an overrun")
    func overrun() {
        var deframer = SIRDeframer()
        let longest = [UInt8](repeating: 0x42, count: 2050)
        #expect(deframer.receive(SIRFramer.encode(longest, additionalBOFs: 0)) == [.frame(longest)])
        var small = SIRDeframer(maximumFrameLength: 4)
        #expect(small.receive(SIRFramer.encode([1, 2, 3, 4], additionalBOFs: 0)) == [.frame([1, 2, 3, 4])])
        let events = small.receive(SIRFramer.encode([1, 2, 3, 4, 5], additionalBOFs: 0) + Self.poll)
        #expect(events == [.garbage(.overrun), .garbage(.strayByte), .frame([0x55, 0x11])])
        #expect(small.receive(hex("C0 01 02 03 04 05 06 07")) == [.garbage(.overrun)])
        #expect(!small.isInsideFrame)
    }

    @Test("Reset forgets an open frame")
    func reset() {
        var deframer = SIRDeframer()
        _ = deframer.receive(hex("C0 55 11 7D"))
        deframer.reset()
        #expect(deframer == SIRDeframer())
        #expect(!deframer.isInsideFrame)
        #expect(deframer.receive(hex("C1")) == [.garbage(.strayByte)])
    }

    @Test("One wrong bit never gives a frame that was not sent", arguments: WireExample.irLAP)
    func bitErrors(_ example: WireExample) {
        let line = SIRFramer.encode(example.frame, additionalBOFs: 0)
        for bit in 0..<(line.count * 8) {
            var damaged = line
            damaged[bit / 8] ^= 1 << (bit % 8)
            var deframer = SIRDeframer()
            let events = deframer.receive(damaged)
            let frames = events.filter { if case .frame = $0 { true } else { false } }
            // A bit of an escape may turn it into another spelling of the same frame.
            #expect(frames.isEmpty || frames == [.frame(example.frame)], "bit \(bit)")
            let clean = frames.isEmpty && events.isEmpty && !deframer.isInsideFrame
            #expect(!clean, "bit \(bit) left no sign")
        }
    }

    @Test("Random light does no harm, in pieces or at once", arguments: 1...30 as ClosedRange<UInt64>)
    func randomBytes(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let noise = generator.bytes(5000)
        var atOnce = SIRDeframer(maximumFrameLength: 64)
        var inPieces = atOnce
        let events = atOnce.receive(noise)
        var pieces: [SIRDeframer.Event] = []
        var rest = noise[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...9, using: &generator))
            pieces += inPieces.receive(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(events == pieces, "seed \(seed)")
        #expect(atOnce == inPieces, "seed \(seed)")
        for case .frame(let frame) in events { #expect((2...64).contains(frame.count), "seed \(seed)") }
        _ = atOnce.receive(0xC1)
        #expect(atOnce.receive(Self.poll) == [.frame([0x55, 0x11])], "seed \(seed)")
    }

    @Test("What the framer writes is read back", arguments: 1...20 as ClosedRange<UInt64>)
    func roundTrip(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var deframer = SIRDeframer()
        for _ in 0..<20 {
            let frame = generator.bytes(Int.random(in: 2...2050, using: &generator))
            let line = SIRFramer.encode(frame, additionalBOFs: Int.random(in: 0...12, using: &generator))
            #expect(deframer.receive(line) == [.frame(frame)], "seed \(seed)")
        }
    }
}
