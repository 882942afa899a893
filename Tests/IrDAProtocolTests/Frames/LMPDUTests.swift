import IrDAProtocol
import Testing

@Suite("LM-MUX PDUs")
struct LMPDUTests {
    private static func selector(_ number: UInt8) -> LSAPSelector { LSAPSelector(rawValue: number) }

    static let rows: [(name: String, pdu: LMPDU)] = [
        ("LM connect", .connectRequest(destination: .ias, source: selector(0x10), payload: [])),
        ("LM confirm", .connectConfirm(destination: selector(0x10), source: .ias, payload: [])),
        (
            "LM disconnect",
            .disconnect(destination: .ias, source: selector(0x10), reason: .userRequest, payload: [])
        ),
        (
            "LM refused, no client",
            .disconnect(destination: selector(0x11), source: selector(0x12), reason: .noClient, payload: [])
        ),
        (
            "LM refused, user data",
            .disconnect(
                destination: selector(0x11), source: selector(0x12), reason: .userRequest, payload: Array("busy".utf8))
        ),
        (
            "LM half open",
            .disconnect(destination: selector(0x11), source: selector(0x12), reason: .halfOpen, payload: [])
        ),
        (
            "LM data on closed",
            .disconnect(destination: selector(0x11), source: selector(0x13), reason: .dataOnDisconnected, payload: [])
        ),
        ("LM exclusive", .accessModeRequest(destination: selector(0x12), source: selector(0x11), mode: .exclusive)),
        (
            "LM exclusive ok",
            .accessModeConfirm(
                destination: selector(0x11), source: selector(0x12), status: .success, mode: .exclusive)
        ),
        (
            "LM exclusive no",
            .accessModeConfirm(
                destination: selector(0x11), source: selector(0x12), status: .failure, mode: .multiplexed)
        ),
        (
            "LM exclusive unsupported",
            .accessModeConfirm(
                destination: selector(0x11), source: selector(0x12), status: .unsupported, mode: .multiplexed)
        ),
        ("LM multiplexed", .accessModeRequest(destination: selector(0x12), source: selector(0x11), mode: .multiplexed)),
        (
            "LM multiplexed ok",
            .accessModeConfirm(
                destination: selector(0x11), source: selector(0x12), status: .success, mode: .multiplexed)
        ),
        ("TTP connect", .connectRequest(destination: selector(0x12), source: selector(0x11), payload: [0x0E])),
        ("TTP confirm", .connectConfirm(destination: selector(0x11), source: selector(0x12), payload: [0x10])),
        ("TTP dataless", .data(destination: selector(0x11), source: selector(0x12), payload: [0x01])),
        ("UI in link", .data(destination: selector(0x12), source: selector(0x11), payload: [0xAA, 0xBB])),
        ("IAS ack", .data(destination: selector(0x10), source: .ias, payload: [0x44])),
    ]

    @Test("Every example, both ways", arguments: rows)
    func examples(_ name: String, _ pdu: LMPDU) throws {
        let example = try #require(WireExample.all.first { $0.name == name })
        let information = Array(example.frame[2...])
        #expect(LMPDU(bytes: information) == pdu)
        #expect(pdu.bytes == information)
        #expect(pdu.destination.rawValue == information[0] & 0x7F)
        #expect(pdu.source.rawValue == information[1])
    }

    @Test("Every example of this layer is covered")
    func coverage() {
        #expect(Set(WireExample.irLMP.map(\.name)).isSubset(of: Set(Self.rows.map(\.name))))
    }

    @Test("Tolerated forms")
    func tolerance() {
        let (to, from) = (Self.selector(0x12), Self.selector(0x11))
        #expect(LMPDU(bytes: hex("92 11 01")) == .connectRequest(destination: to, source: from, payload: []))
        #expect(LMPDU(bytes: hex("92 11 81")) == .connectConfirm(destination: to, source: from, payload: []))
        #expect(
            LMPDU(bytes: hex("92 11 02"))
                == .disconnect(destination: to, source: from, reason: .unspecified, payload: []))
        #expect(LMPDU(bytes: hex("12 91 55")) == .data(destination: to, source: from, payload: [0x55]))
        #expect(LMPDU(bytes: hex("12 11")) == .data(destination: to, source: from, payload: []))
        #expect(
            LMPDU(bytes: hex("92 11 83 07"))
                == .accessModeConfirm(destination: to, source: from, status: .failure, mode: .multiplexed))
        #expect(
            LMPDU(bytes: hex("92 11 83 00 01 99"))
                == .accessModeConfirm(destination: to, source: from, status: .success, mode: .exclusive))
    }

    @Test(
        "No PDU",
        arguments: [
            "", "92", "92 11", "92 11 04", "92 11 82", "92 11 00", "92 11 03", "92 11 03 00", "92 11 03 00 02",
            "92 11 83",
        ])
    func refused(_ bytes: String) {
        #expect(LMPDU(bytes: hex(bytes)) == nil)
    }

    @Test("Reasons in words")
    func reasons() {
        let codes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0A, 0xFF, 0x42]
        let words = codes.map { DisconnectReason(rawValue: $0).description }
        #expect(Set(words).count == codes.count)
        #expect(DisconnectReason.noClient.rawValue == 8)
        #expect(words.last == "unknown reason 0x42")
    }
}
