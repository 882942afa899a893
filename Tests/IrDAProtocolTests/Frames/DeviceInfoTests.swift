import IrDAProtocol
import Testing

@Suite("Device info")
struct DeviceInfoTests {
    @Test(
        "Hint bytes",
        arguments: [
            ([.computer, .obex], "84 20"), ([.printer, .irCOMM], "88 04"), (.computer, "04"), ([], "00"),
            (.obex, "80 20"), (ServiceHints(rawValue: 0x01_0000), "80 80 01"),
            ([.computer, ServiceHints(rawValue: 0x40_0000)], "84 80 40"),
        ] as [(ServiceHints, String)])
    func hints(_ hints: ServiceHints, _ bytes: String) {
        #expect(hints.wireBytes == hex(bytes))
        let decoded = ServiceHints.decode(hex(bytes) + [0x55])
        #expect(decoded.hints == hints)
        #expect(decoded.length == hex(bytes).count)
    }

    @Test("Received hints with padding and surplus bytes")
    func oddHints() {
        #expect(ServiceHints.decode(hex("84 80 00")) == (.computer, 3))
        #expect(ServiceHints.decode(hex("84 A0 80 81 7F 00")) == ([.computer, .obex], 5))
        #expect(ServiceHints.decode(hex("")) == ([], 0))
        #expect(ServiceHints.decode(hex("84")) == (.computer, 1))
        #expect(ServiceHints(rawValue: 0xFFFF_FFFF).rawValue == 0x7F_7F7F)
    }

    @Test("Names of hints")
    func names() {
        #expect(ServiceHints([.computer, .obex, .irCOMM]).names == ["Computer", "IrCOMM", "OBEX"])
        #expect(ServiceHints([.pnp, ServiceHints(rawValue: 0x4000)]).names == ["PnP", "0x4000"])
        for bit in 0..<24 where bit % 8 != 7 {
            let hint = ServiceHints(rawValue: 1 << UInt32(bit))
            #expect(hint.names.count == 1)
            #expect(ServiceHints(name: hint.names[0]) == hint, "bit \(bit)")
        }
        #expect(ServiceHints(name: "lanaccess") == .lanAccess)
        #expect(ServiceHints(name: "toaster") == nil)
        #expect(ServiceHints(name: "0xzz") == nil)
    }

    @Test("Infos as they are received")
    func received() {
        let full = DeviceInfo(bytes: hex("84 24 00 \"Printer-B\""))
        #expect(full.hints == [.computer, .obex, .irCOMM])
        #expect(full.characterSet == .ascii && full.name == "Printer-B")
        #expect(DeviceInfo(bytes: []) == DeviceInfo(hints: [], characterSet: .ascii, nickname: []))
        #expect(DeviceInfo(bytes: hex("84 20")).hints == [.computer, .obex])
        #expect(DeviceInfo(bytes: hex("84")).hints == .computer)
        #expect(DeviceInfo(bytes: hex("04 FF")).characterSet == .unicode)
        #expect(DeviceInfo(bytes: hex("04 00 766D42")).name == "vmB")
        #expect(DeviceInfo(bytes: hex("04 00 \"name\" 00 00")).name == "name")
        let long = [UInt8](repeating: 0x61, count: 30)
        #expect(DeviceInfo(bytes: hex("04 00") + long).name.count == 30)
    }

    @Test(
        "Infos as they are sent",
        arguments: [(.computer, 21), (.obex, 20), (.init(rawValue: 0x01_0000), 19)] as [(ServiceHints, Int)])
    func limit(_ hints: ServiceHints, _ room: Int) {
        let info = DeviceInfo(name: String(repeating: "x", count: 40), hints: hints)
        #expect(info.nickname.count == room)
        #expect(info.bytes.count == 23)
        #expect(DeviceInfo(bytes: info.bytes) == info)
        var longer = info
        longer.nickname += [1, 2, 3]
        #expect(longer.bytes == info.bytes)
    }

    @Test("Names beyond ASCII")
    func characterSets() {
        let latin = DeviceInfo(name: "Müller", hints: .computer)
        #expect(latin.characterSet == .latin(1))
        #expect(latin.bytes == hex("04 01 4D FC 6C 6C 65 72"))
        #expect(latin.name == "Müller")
        let unicode = DeviceInfo(name: "Ωμέγα", hints: .computer)
        #expect(unicode.characterSet == .unicode)
        #expect(unicode.nickname == hex("03A9 03BC 03AD 03B3 03B1"))
        #expect(unicode.name == "Ωμέγα")
        // Ten units fit; a pair of surrogates is not torn apart.
        let pairs = DeviceInfo(name: "Ω" + String(repeating: "😀", count: 9), hints: .computer)
        #expect(pairs.nickname.count == 18)
        #expect(pairs.name == "Ω😀😀😀😀")
    }

    @Test("Text of every set is shown as well as possible")
    func decoding() {
        #expect(CharacterSet.ascii.decode(Array("Zoë".utf8)) == "Zoë")
        #expect(CharacterSet.ascii.decode([0x41, 0xFC]) == "A\u{FFFD}")
        #expect(CharacterSet.latin(5).decode([0x41, 0xD0]) == "A\u{FFFD}")
        #expect(CharacterSet(rawValue: 77).decode([0x41]) == "A")
        #expect(CharacterSet.unicode.decode([0x00, 0x41, 0x42]) == "A")
        #expect(CharacterSet.unicode.decode([]) == "")
        #expect(CharacterSet.unicode.decode([0xD8, 0x00, 0x00, 0x41]) == "\u{FFFD}A")
        #expect(CharacterSet.latin(1).decode([0xE9]) == "é")
        #expect(
            [CharacterSet.ascii, .latin(9), .unicode, CharacterSet(rawValue: 77)].map(\.description)
                == ["ASCII", "ISO-8859-9", "Unicode", "character set 77"])
    }
}
