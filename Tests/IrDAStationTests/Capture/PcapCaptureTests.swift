import IrDAProtocol
import Testing

@testable import IrDASimulation
@testable import IrDAStation

@Suite struct PcapCaptureTests {
    /// An RR frame of connection address 55 with the poll bit.
    private let bytes: [UInt8] = [0x55, 0x11]

    private func frame(
        _ direction: ObservedFrame.Direction, at nanoseconds: Int64 = 0, _ bytes: [UInt8]
    ) -> ObservedFrame {
        ObservedFrame(moment: IrDAInstant(nanoseconds: nanoseconds), direction: direction, bytes: bytes)
    }

    @Test func theHeaderIsThatOfLinkType144() {
        #expect(
            PcapCapture.header == [
                0x4D, 0x3C, 0xB2, 0xA1, 0x02, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                0xFF, 0xFF, 0x00, 0x00, 0x90, 0x00, 0x00, 0x00,
            ])
    }

    @Test func aSentFrameIsOfType4() {
        let record = PcapCapture.record(for: frame(.sent, at: 1_000_000_007, bytes), epoch: .seconds(0x6000_0000))
        #expect(
            record == [
                0x01, 0x00, 0x00, 0x60, 0x07, 0x00, 0x00, 0x00, 0x12, 0x00, 0x00, 0x00, 0x12, 0x00, 0x00, 0x00,
                0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x17,
                0x55, 0x11,
            ])
    }

    @Test func aReceivedFrameIsOfType0() {
        let record = PcapCapture.record(for: frame(.received, bytes), epoch: .zero)
        #expect(Array(record[16...]) == [0x00, 0x00] + [UInt8](repeating: 0, count: 12) + [0x00, 0x17, 0x55, 0x11])
    }

    @Test(
        arguments: [
            (Int64.min, Duration.zero, [0, 0, 0, 0, 0, 0, 0, 0]),
            (-1, .seconds(1), [0, 0, 0, 0, 0xFF, 0xC9, 0x9A, 0x3B]),
            (0, .seconds(Int64.max / 2), [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]),
        ] as [(Int64, Duration, [UInt8])])
    func timesBeyondTheFormatAreBroughtToItsLimits(moment: Int64, epoch: Duration, time: [UInt8]) {
        let record = PcapCapture.record(for: frame(.sent, at: moment, bytes), epoch: epoch)
        #expect(Array(record[..<8]) == time)
    }

    @Test func aRecordHasALimitAndSaysWhatIsMissing() {
        let record = PcapCapture.record(for: frame(.sent, [UInt8](repeating: 1, count: 70000)), epoch: .zero)
        #expect(record.count == 16 + 65535)
        #expect(Array(record[8..<16]) == [0xFF, 0xFF, 0x00, 0x00, 0x80, 0x11, 0x01, 0x00])
    }
}
