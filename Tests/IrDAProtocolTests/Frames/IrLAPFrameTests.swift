import IrDAProtocol
import Testing

/// A control byte with its meaning and the frame's name as command and response.
struct ControlRow: Sendable, CustomTestStringConvertible {
    var byte: UInt8
    var control: IrLAPControl
    var command: String
    var response: String

    init(_ byte: UInt8, _ control: IrLAPControl, _ command: String, _ response: String? = nil) {
        self.byte = byte
        self.control = control
        self.command = command
        self.response = response ?? command
    }

    var testDescription: String { trace([byte]) }

    /// The U frames without P/F; bit 10 sets it.
    static let unnumbered: [ControlRow] = [
        ControlRow(0x83, .unnumbered(.setNormalResponseMode, pollFinal: false), "SNRM", "RNRM"),
        ControlRow(0x43, .unnumbered(.disconnect, pollFinal: false), "DISC", "RD"),
        ControlRow(0x03, .unnumbered(.unnumberedInformation, pollFinal: false), "UI"),
        ControlRow(0x2F, .unnumbered(.xidCommand, pollFinal: false), "XID"),
        ControlRow(0xAF, .unnumbered(.xidResponse, pollFinal: false), "XID"),
        ControlRow(0xE3, .unnumbered(.test, pollFinal: false), "TEST"),
        ControlRow(0x63, .unnumbered(.unnumberedAcknowledgement, pollFinal: false), "UA"),
        ControlRow(0x87, .unnumbered(.frameReject, pollFinal: false), "FRMR"),
        ControlRow(0x0F, .unnumbered(.disconnectedMode, pollFinal: false), "DM"),
        ControlRow(0x4F, .unnumbered(.exchangePrimary, pollFinal: false), "XCHG"),
        ControlRow(0xCF, .unnumbered(.exchangeDenied, pollFinal: false), "DXCHG", "RXCHG"),
    ]

    static let numbered: [ControlRow] = [
        ControlRow(0x10, .information(ns: 0, nr: 0, pollFinal: true), "I"),
        ControlRow(0x32, .information(ns: 1, nr: 1, pollFinal: true), "I"),
        ControlRow(0x6E, .information(ns: 7, nr: 3, pollFinal: false), "I"),
        ControlRow(0xD1, .supervisory(.receiveReady, nr: 6, pollFinal: true), "RR"),
        ControlRow(0x01, .supervisory(.receiveReady, nr: 0, pollFinal: false), "RR"),
        ControlRow(0x75, .supervisory(.receiveNotReady, nr: 3, pollFinal: true), "RNR"),
        ControlRow(0x79, .supervisory(.reject, nr: 3, pollFinal: true), "REJ"),
        ControlRow(0x7D, .supervisory(.selectiveReject, nr: 3, pollFinal: true), "SREJ"),
    ]
}

@Suite("IrLAP frames")
struct IrLAPFrameTests {
    @Test("Control bytes", arguments: ControlRow.numbered + ControlRow.unnumbered)
    func control(_ row: ControlRow) {
        #expect(IrLAPControl(byte: row.byte) == row.control)
        #expect(row.control.byte == row.byte)
        #expect(row.control.name(isCommand: true) == row.command)
        #expect(row.control.name(isCommand: false) == row.response)
    }

    @Test("P/F of unnumbered frames", arguments: ControlRow.unnumbered)
    func pollFinal(_ row: ControlRow) throws {
        #expect(!row.control.pollFinal)
        let polled = try #require(IrLAPControl(byte: row.byte | 0x10))
        #expect(polled.pollFinal && polled.byte == row.byte | 0x10)
        #expect(polled.name(isCommand: false) == row.response)
    }

    @Test("Every control byte is written back or unknown")
    func everyByte() {
        var unknown = 0
        for byte in UInt8.min...UInt8.max {
            if let control = IrLAPControl(byte: byte) {
                #expect(control.byte == byte)
            } else {
                unknown += 1
                #expect(byte & 0x03 == 0x03, "I and S frames have no unknown codes")
            }
        }
        #expect(unknown == 64 - 2 * UnnumberedKind.allCases.count)
    }

    @Test("Numbers are taken modulo 8")
    func modulo() {
        #expect(IrLAPControl.information(ns: 9, nr: 15, pollFinal: false).byte == 0xE2)
        #expect(IrLAPControl.supervisory(.reject, nr: 8, pollFinal: false).byte == 0x09)
    }

    @Test("Every example", arguments: WireExample.all)
    func examples(_ example: WireExample) throws {
        #expect(try #require(IrLAPFrame(bytes: example.frame)).bytes == example.frame)
    }

    @Test("Too short or unknown", arguments: ["", "55", "55 FF", "55 07"])
    func refused(_ bytes: String) {
        #expect(IrLAPFrame(bytes: hex(bytes)) == nil)
    }

    @Test(
        "Frames in words",
        arguments: [
            ("55 71", "RR cmd P Nr=3 CA=2A"), ("54 31", "RR rsp F Nr=1 CA=2A"), ("54 01", "RR rsp Nr=0 CA=2A"),
            ("55 32 00 10 84", "I cmd P Ns=1 Nr=1 CA=2A 3 bytes"), ("54 93", "RNRM rsp F CA=2A"),
            ("FF 93", "SNRM cmd P CA=7F"), ("54 53", "RD rsp F CA=2A"), ("FF 03 70 70", "UI cmd CA=7F 2 bytes"),
        ])
    func words(_ bytes: String, _ expected: String) throws {
        #expect(try #require(IrLAPFrame(bytes: hex(bytes))).description == expected)
    }
}
