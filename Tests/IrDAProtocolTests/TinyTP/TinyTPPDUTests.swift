import IrDAProtocol
import Testing

@Suite("TinyTP PDUs")
struct TinyTPPDUTests {
    private func payload(_ name: String, behind header: Int) throws -> [UInt8] {
        Array(try #require(WireExample.tinyTP.first { $0.name == name }).frame[header...])
    }

    @Test(
        "Connect PDUs of the examples, both ways",
        arguments: [
            ("TTP connect", TinyTPConnectPDU(credit: 14)), ("TTP confirm", TinyTPConnectPDU(credit: 16)),
            ("TTP connect 2045", TinyTPConnectPDU(credit: 14, maximumSDUSize: 2045)),
            ("TTP connect unbounded", TinyTPConnectPDU(credit: 14, maximumSDUSize: 0xFFFF_FFFF)),
            ("TTP connect 64", TinyTPConnectPDU(credit: 7, maximumSDUSize: 64)),
        ])
    func connect(_ name: String, _ pdu: TinyTPConnectPDU) throws {
        let bytes = try payload(name, behind: 6)
        #expect(TinyTPConnectPDU(bytes: bytes) == pdu)
        #expect(pdu.bytes == bytes)
    }

    @Test(
        "Tolerated connect PDUs",
        arguments: [
            ("05 \"hi\"", TinyTPConnectPDU(credit: 5, payload: Array("hi".utf8))),
            ("85 00 AA", TinyTPConnectPDU(credit: 5, payload: [0xAA])),
            ("85 03 01 01 00", TinyTPConnectPDU(credit: 5)),
            ("85 02 01 00 AA", TinyTPConnectPDU(credit: 5, payload: [0xAA])),
            ("85 05 01 03 01 02 03", TinyTPConnectPDU(credit: 5, maximumSDUSize: 0x01_0203)),
            ("85 07 09 02 11 22 01 01 40 AA", TinyTPConnectPDU(credit: 5, maximumSDUSize: 0x40, payload: [0xAA])),
            ("85 07 01 05 00 00 00 00 40", TinyTPConnectPDU(credit: 5)),
            ("85 02 01 04 AA", TinyTPConnectPDU(credit: 5, payload: [0xAA])),
        ])
    func tolerated(_ bytes: String, _ pdu: TinyTPConnectPDU) {
        #expect(TinyTPConnectPDU(bytes: hex(bytes)) == pdu)
    }

    @Test("Refused connect PDUs", arguments: ["", "85", "85 04 01 02 07"])
    func refused(_ bytes: String) {
        #expect(TinyTPConnectPDU(bytes: hex(bytes)) == nil)
    }

    @Test("Sizes take one, two or four bytes; zero is never sent")
    func sizes() {
        #expect(TinyTPConnectPDU(credit: 0, maximumSDUSize: 0).bytes == [0])
        #expect(TinyTPConnectPDU(credit: 200, maximumSDUSize: 0xFF).bytes == hex("FF 03 01 01 FF"))
        #expect(TinyTPConnectPDU(credit: 0, maximumSDUSize: 0x100).bytes == hex("80 04 01 02 01 00"))
        #expect(TinyTPConnectPDU(credit: 0, maximumSDUSize: 0x1_0000).bytes == hex("80 06 01 04 00 01 00 00"))
    }

    @Test(
        "Data PDUs of the examples, both ways",
        arguments: [
            ("TTP dataless", TinyTPDataPDU(credit: 1, payload: [])),
            ("TTP data", TinyTPDataPDU(credit: 1, payload: hex("00 \"ATZ\" 0D"))),
            ("TTP first segment", TinyTPDataPDU(more: true, credit: 0, payload: Array("part1".utf8))),
        ])
    func data(_ name: String, _ pdu: TinyTPDataPDU) throws {
        // The data example carries its credit byte in front of the IrCOMM byte.
        let bytes = name == "TTP data" ? hex("01 00 41 54 5A 0D") : try payload(name, behind: 4)
        #expect(TinyTPDataPDU(bytes: bytes) == pdu)
        #expect(pdu.bytes == bytes)
        #expect(pdu.isDataless == pdu.payload.isEmpty)
    }

    @Test("M means nothing without data")
    func dataless() {
        #expect(TinyTPDataPDU(bytes: hex("85")) == TinyTPDataPDU(credit: 5, payload: []))
        #expect(TinyTPDataPDU(more: true, credit: 5, payload: []).bytes == hex("05"))
        #expect(TinyTPDataPDU(credit: 255, payload: [1]).bytes == hex("7F 01"))
        #expect(TinyTPDataPDU(bytes: []) == nil)
    }
}
