@testable import OBEX
import Testing

@Suite("Worked examples of packets")
struct WorkedExampleTests {
    @Test("What it means is written as these bytes", arguments: WireExample.all)
    func written(_ example: WireExample) {
        #expect(trace(example.meaning.bytes) == trace(example.bytes))
    }

    @Test("These bytes are read as what it means", arguments: WireExample.all)
    func read(_ example: WireExample) throws {
        #expect(try example.meaning.reread(example.bytes) == example.meaning)
    }

    @Test("The final bit and the reserved bits of an opcode do not count, except in ABORT")
    func opcodes() throws {
        #expect(try OBEXRequest(packet: hex("E2 00 06 49 00 03")) == .put(isFinal: true, [.endOfBody([])]))
        #expect(try OBEXRequest(packet: hex("62 00 03")) == .put(isFinal: false, []))
        #expect(try OBEXRequest(packet: hex("FF 00 03")) == .abort([]))
        #expect(try OBEXRequest(packet: hex("86 00 04 FF")) == .unknown(opcode: 0x86))
        #expect(try OBEXRequest(packet: hex("7F 00 03")) == .unknown(opcode: 0x7F))
    }

    @Test("What cannot be has a name")
    func errors() {
        func error(_ text: String) -> OBEXPacketError? {
            do throws(OBEXPacketError) {
                _ = try OBEXRequest(packet: hex(text))
                return nil
            } catch {
                return error
            }
        }
        #expect(error("82 00") == .cutShort)
        #expect(error("82 00 04") == .wrongLength(4))
        #expect(error("80 00 06 10 00 20") == .cutShort)
        #expect(error("82 00 06 49 00 02") == .headerTooShort(.endOfBody))
        #expect(error("82 00 06 49 00 04") == .cutShort)
        #expect(error("82 00 07 01 00 04 41") == .oddText(.name))
        #expect(error("82 00 05 CB 00") == .cutShort)
        #expect(error("85 00 04 02") == .cutShort)
    }

    @Test("Unknown and private headers are passed over by their form")
    func unknownHeaders() throws {
        let packet = hex("A0 00 19 F0 00 00 00 05 30 00 05 00 41 70 00 04 FF B0 01 97 02 C3 00 00 00 07")
        let whole = [packet[0], 0, UInt8(packet.count)] + packet[3...]
        let response = try OBEXResponse(packet: whole, answersConnect: false)
        #expect(response.headers.length == 7)
        #expect(response.headers.all.count == 6)
    }

    @Test("Texts that break the rules are told from those that do not")
    func texts() {
        #expect(OBEXText("").units == [])
        #expect(OBEXText(units: []).string == "")
        #expect(OBEXText(units: [0x41, 0]).string == "A")
        #expect(OBEXText(units: [0x41]).string == nil)
        #expect(OBEXText(units: [0x41, 0, 0x42, 0]).string == nil)
        #expect(OBEXText(units: [0xD800, 0]).string == nil)
        #expect(OBEXText(units: [0xD83D, 0xDE00, 0]).string == "😀")
        #expect(OBEXText(units: [0xD800, 0x41, 0, 0x42]).readableString == "\u{FFFD}A")
    }

    @Test("A header takes only values of its form")
    func forms() {
        #expect(OBEXHeader(.name, bytes: []) == nil)
        #expect(OBEXHeader(.body, text: "") == nil)
        #expect(OBEXHeader(.name, number: 1) == nil)
        #expect(OBEXHeader(.sessionSequenceNumber, number: 256) == nil)
        #expect(OBEXHeader(.sessionSequenceNumber, number: 255)?.size == 2)
    }
}
