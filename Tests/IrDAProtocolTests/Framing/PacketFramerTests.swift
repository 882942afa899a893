import Testing

@testable import IrDAProtocol

/// Frames at the synchronous rates (IrPHY 1.4, 5.3 to 5.5).
@Suite struct PacketFramerTests {
    private static let rates = [BaudRate.rate576000, .rate1152000, .rate4000000, .rate16000000]

    @Test("IrPHY 1.4: the worked check sequences")
    func worked() {
        #expect(LongFrameCheckSequence.of([0x1B, 0xA4]) == 0x3954_BE94)
        #expect(FrameCheckSequence.of([0xCC, 0xF5, 0xF1, 0xA7]) == 0x51DF)
    }

    @Test("What was encoded is decoded; any flipped bit is noticed", arguments: rates)
    func roundTrip(rate: BaudRate) throws {
        let frame = try #require(IrLAPFrame(bytes: hex("55 12 A0 7D C0 C1")))
        let packet = PacketFramer.encode(frame, at: rate)
        #expect(PacketFramer.decode(packet, at: rate) == frame.bytes)
        for bit in 0..<packet.count * 8 {
            var spoiled = packet
            spoiled[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(PacketFramer.decode(spoiled, at: rate) == nil, "bit \(bit)")
        }
        for length in 0..<4 { #expect(PacketFramer.decode(Array(packet.prefix(length)), at: rate) == nil) }
    }

    @Test("IrPHY 1.4: how long frames take")
    func airTime() {
        // An RR is two bytes and its check sequence; 52 us at 4 Mbit/s.
        #expect(BaudRate.rate4000000.airTime(ofPacket: 6) == .microseconds(52))
        #expect(BaudRate.rate16000000.airTime(ofPacket: 6) == .nanoseconds(18_500))
        let mir = BaudRate.rate1152000.airTime(ofPacket: 4) / .microseconds(1)
        #expect(mir > 48 && mir < 50)
        #expect(BaudRate.rate1152000.airTime(ofPacket: 4, additionalBOFs: .bofs2) > .microseconds(62))
        #expect(BaudRate.rate9600.airTime(ofPacket: 96) == .milliseconds(100))
    }
}
