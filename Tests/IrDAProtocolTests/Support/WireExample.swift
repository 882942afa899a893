import Testing

/// One frame with its check sequence and, where laid down, its bytes on the line without fillers.
struct WireExample: Sendable, CustomTestStringConvertible {
    var name: String
    var frame: [UInt8]
    var check: UInt16
    var wire: [UInt8]?

    init(_ name: String, _ frame: String, _ check: UInt16, wire: String? = nil) {
        self.name = name
        self.frame = hex(frame)
        self.check = check
        self.wire = wire.map { hex($0) }
    }

    var testDescription: String { name }

    static let all = irLAP + discovery + setUp + irLMP + ias + tinyTP
}

// The link of the examples: primary 12345678, secondary 9ABCDEF1, connection address 2A.
extension WireExample {
    static let irLAP = [
        WireExample("RR cmd", "55 11", 0xA300, wire: "C0 55 11 00 A3 C1"),
        WireExample("RR rsp Nr0", "54 11", 0xBAD8, wire: "C0 54 11 D8 BA C1"),
        WireExample("RR rsp Nr1", "54 31", 0x9BDA, wire: "C0 54 31 DA 9B C1"),
        WireExample("RR rsp Nr6", "54 D1", 0x7CD4, wire: "C0 54 D1 D4 7C C1"),
        WireExample("RNR rsp", "54 75", 0x9FFA, wire: "C0 54 75 FA 9F C1"),
        WireExample("REJ rsp", "54 79", 0x5596, wire: "C0 54 79 96 55 C1"),
        WireExample("SREJ rsp", "54 7D", 0x13B2, wire: "C0 54 7D 5D B2 13 C1"),
        WireExample("DISC", "55 53", 0xC216, wire: "C0 55 53 16 C2 C1"),
        WireExample("UA bare", "54 73", 0xFACC, wire: "C0 54 73 CC FA C1"),
        WireExample("UA to DISC with addresses", "54 73 F1DEBC9A 78563412", 0x511E),
        WireExample("DM", "54 1F", 0x53A6, wire: "C0 54 1F A6 53 C1"),
        WireExample("RD", "54 53", 0xDBCE, wire: "C0 54 53 CE DB C1"),
        WireExample("RNRM", "54 93", 0x1DC2, wire: "C0 54 93 C2 1D C1"),
        WireExample("SNRM reset", "55 93", 0x041A, wire: "C0 55 93 1A 04 C1"),
        WireExample("FRMR", "54 97 F6 20 01", 0x46BC, wire: "C0 54 97 F6 20 01 BC 46 C1"),
        WireExample("UI in link", "55 13 12 11 AA BB", 0x76AC, wire: "C0 55 13 12 11 AA BB AC 76 C1"),
        WireExample("XCHG", "55 5F", 0x087A, wire: "C0 55 5F 7A 08 C1"),
        WireExample("DXCHG", "55 DF", 0x8C72, wire: "C0 55 DF 72 8C C1"),
        WireExample("RXCHG", "54 DF", 0x95AA, wire: "C0 54 DF AA 95 C1"),
        WireExample(
            "TEST cmd", "FF F3 78563412 F1DEBC9A C0C17D", 0x001B,
            wire: "C0 FF F3 78 56 34 12 F1 DE BC 9A 7D E0 7D E1 7D 5D 1B 00 C1"),
        WireExample("TEST rsp", "FE F3 F1DEBC9A 78563412 C0C17D", 0x1317),
    ]

    static let discovery = [
        WireExample(
            "XID query slot 0", "FF 3F 01 78563412 FFFFFFFF 01 00 00", 0x2846,
            wire: "C0 FF 3F 01 78 56 34 12 FF FF FF FF 01 00 00 46 28 C1"),
        WireExample(
            "XID response", "FE BF 01 F1DEBC9A 78563412 01 00 00 | 84 24 00 \"Printer-B\"", 0x6879,
            wire: "C0 FE BF 01 F1DEBC9A 78563412 01 00 00 84 24 00 50 72 69 6E 74 65 72 2D 42 79 68 C1"),
        WireExample(
            "XID final", "FF 3F 01 78563412 FFFFFFFF 01 FF 00 | 84 20 00 \"SwiftIR\"", 0xDA45,
            wire: "C0 FF 3F 01 78 56 34 12 FF FF FF FF 01 FF 00 84 20 00 53 77 69 66 74 49 52 45 DA C1"),
        WireExample("XID final, 1 slot", "FF 3F 01 78563412 FFFFFFFF 00 FF 00 | 04 00 41", 0x3A0D),
        WireExample("XID conflict query", "FF 3F 01 78563412 F1DEBC9A 05 00 00", 0x6710),
        WireExample(
            "XID conflict response", "FE BF 01 0DF0AD0B 78563412 05 00 00 | 84 24 00 \"Printer-B\"", 0x147B),
        WireExample(
            "XID conflict final", "FF 3F 01 78563412 F1DEBC9A 05 FF 00 | 84 20 00 \"SwiftIR\"", 0xC1F5,
            wire: "C0 FF 3F 01 78563412 F1DEBC9A 05 FF 00 84 20 00 \"SwiftIR\" F5 7D E1 C1"),
        WireExample(
            "XID sniff", "FE BF 01 F1DEBC9A FFFFFFFF 00 00 00 | 84 24 00 \"Printer-B\"", 0x8D09,
            wire: "C0 FE BF 01 F1DEBC9A FFFFFFFF 00 00 00 84 24 00 50 72 69 6E 74 65 72 2D 42 09 8D C1"),
    ]

    static let setUp = [
        WireExample(
            "SNRM", "FF 93 78563412 F1DEBC9A 54 01013E 820101 83013F 84017F 850180 860101 080107", 0xF26B,
            wire: """
                C0 FF 93 78 56 34 12 F1 DE BC 9A 54 01 01 3E 82 01 01 83 01 3F 84 01 7F 85 01 80 86 01 01 08 01 07
                6B F2 C1
                """),
        WireExample(
            "UA", "54 73 F1DEBC9A 78563412 01013E 820101 83013F 84017F 850180 860103 080107", 0x7667,
            wire: """
                C0 54 73 F1 DE BC 9A 78 56 34 12 01 01 3E 82 01 01 83 01 3F 84 01 7F 85 01 80 86 01 03 08 01 07 67 76 C1
                """),
        WireExample(
            "SNRM 4 Mbit/s", "FF 93 78563412 F1DEBC9A 54 01023E01 820101 83013F 84017F 850180 860107 080107", 0xC0E3),
    ]

    static let irLMP = [
        WireExample("LM connect", "55 10 80 10 01 00", 0xA60A, wire: "C0 55 10 80 10 01 00 0A A6 C1"),
        WireExample("LM confirm", "54 30 90 00 81 00", 0x0848, wire: "C0 54 30 90 00 81 00 48 08 C1"),
        WireExample("LM disconnect", "55 BA 80 10 02 01", 0x3B87, wire: "C0 55 BA 80 10 02 01 87 3B C1"),
        WireExample("LM refused, no client", "54 10 91 12 02 08", 0x6EA3, wire: "C0 54 10 91 12 02 08 A3 6E C1"),
        WireExample(
            "LM refused, user data", "54 30 91 12 02 01 \"busy\"", 0xE538,
            wire: "C0 54 30 91 12 02 01 62 75 73 79 38 E5 C1"),
        WireExample("LM half open", "54 32 91 12 02 09", 0x0933, wire: "C0 54 32 91 12 02 09 33 09 C1"),
        WireExample("LM data on closed", "54 52 91 13 02 06", 0x0AAB, wire: "C0 54 52 91 13 02 06 AB 0A C1"),
        WireExample("LM exclusive", "55 F6 92 11 03 00 01", 0xDF2F, wire: "C0 55 F6 92 11 03 00 01 2F DF C1"),
        WireExample("LM exclusive ok", "54 98 91 12 83 00 01", 0xCA04, wire: "C0 54 98 91 12 83 00 01 04 CA C1"),
        WireExample("LM exclusive no", "54 54 91 12 83 01 00", 0xF4D2, wire: "C0 54 54 91 12 83 01 00 D2 F4 C1"),
        WireExample(
            "LM exclusive unsupported", "54 54 91 12 83 FF 00", 0x12CA, wire: "C0 54 54 91 12 83 FF 00 CA 12 C1"),
        WireExample("LM multiplexed", "55 76 92 11 03 00 00", 0xCB04, wire: "C0 55 76 92 11 03 00 00 04 CB C1"),
        WireExample("LM multiplexed ok", "54 96 91 12 83 00 00", 0xE22F, wire: "C0 54 96 91 12 83 00 00 2F E2 C1"),
    ]

    static let ias = [
        WireExample(
            "IAS request", "55 32 00 10 84 0B \"IrDA:IrCOMM\" 13 \"IrDA:TinyTP:LsapSel\"", 0x0BA6,
            wire: """
                C0 55 32 00 10 84 0B 49 72 44 41 3A 49 72 43 4F 4D 4D 13 49 72 44 41 3A 54 69 6E 79 54 50
                3A 4C 73 61 70 53 65 6C A6 0B C1
                """),
        WireExample(
            "IAS integer", "54 52 10 00 84 00 00 01 00 03 01 00 00 00 12", 0x6685,
            wire: "C0 54 52 10 00 84 00 00 01 00 03 01 00 00 00 12 85 66 C1"),
        WireExample("IAS request 2", "55 54 00 10 84 0B \"IrDA:IrCOMM\" 0A \"Parameters\"", 0xDF09),
        WireExample("IAS octets", "54 74 10 00 84 00 00 01 00 03 02 00 06 00 01 06 01 01 01", 0xB55D),
        WireExample("IAS request 3", "55 76 00 10 84 06 \"Device\" 0A \"DeviceName\"", 0x6886),
        WireExample("IAS string", "54 96 10 00 84 00 00 01 00 00 03 00 09 \"Printer-B\"", 0xB435),
        WireExample("IAS request 4", "55 98 00 10 84 04 \"Nope\" 01 \"X\"", 0xE1F3),
        WireExample("IAS no such class", "54 B8 10 00 84 01", 0x9A62),
        WireExample("IAS request 5", "55 76 00 10 84 06 \"Device\" 0C \"IrLMPSupport\"", 0x8866),
        WireExample("IAS support", "54 96 10 00 84 00 00 01 00 00 02 00 03 01 00 00", 0xD2E6),
        WireExample("IAS details", "55 12 00 10 81", 0x6686),
        WireExample("IAS details result", "54 52 10 00 81 00 00 04 00 07", 0x9FEF),
        WireExample("IAS unsupported", "54 52 10 00 81 FF", 0x9D65),
        WireExample("IAS GetValue", "55 54 00 10 83 00 00 00 01 0A \"DeviceName\"", 0xA6EC),
        WireExample("IAS GetValue result", "54 74 10 00 83 00 00 01 03 00 09 \"Printer-B\"", 0x1B6D),
        WireExample("IAS part 1", "54 32 10 00 04 00 00 01 00 00 03 00 09 \"Prin\"", 0xE4C3),
        WireExample("IAS part 2", "54 54 10 00 84 \"ter-B\"", 0x30C4),
        WireExample("IAS ack", "54 32 10 00 44", 0x6334),
        WireExample("IAS ack last", "55 54 00 10 C4", 0x2E02),
    ]

    static let tinyTP = [
        WireExample("TTP connect", "55 BC 92 11 01 00 0E", 0xB9BF),
        WireExample("TTP confirm", "54 FA 91 12 81 00 10", 0xF153),
        WireExample("TTP connect 2045", "55 F2 93 13 01 00 8E 04 01 02 07 FD", 0xB026),
        WireExample("TTP connect unbounded", "55 18 93 12 01 00 8E 06 01 04 FF FF FF FF", 0x750F),
        WireExample("TTP connect 64", "55 18 93 12 01 00 87 03 01 01 40", 0xBFE9),
        WireExample("TTP dataless", "54 1C 11 12 01", 0xAB71, wire: "C0 54 1C 11 12 01 71 AB C1"),
        WireExample("TTP data", "55 F0 12 11 01 00 41 54 5A 0D", 0x373F),
        WireExample("TTP first segment", "55 F4 13 13 80 70 61 72 74 31", 0xB2D9),
    ]
}
