@testable import IrDAProtocol
import Testing

@Suite("PDUs of IrCOMM")
struct IrCOMMPDUTests {
    /// A worked example: the bytes behind the credit byte of TinyTP, and what they mean.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let pdu: IrCOMMPDU

        init(_ name: String, _ bytes: String, _ parameters: [IrCOMMParameter], data: [UInt8] = []) {
            self.name = name
            self.bytes = hex(bytes)
            pdu = IrCOMMPDU(parameters, data: data)
        }

        var testDescription: String { name }
    }

    private static let settings: [IrCOMMParameter] = [.dataRate(9600), .dataFormat(.eightNone1)]
    private static let hardware: SerialFlowControl = [.rtsCTSIn, .rtsCTSOut]

    static let examples = [
        Example(
            "F22, a Linux client", "12 00 01 04 10 04 00 00 25 80 11 01 03 12 01 00 20 01 0C",
            [.serviceType(.nineWire)] + settings + [.flowControl([]), .dteLines([.dtr, .rts])]),
        Example(
            "F73, with RTS/CTS", "12 00 01 04 10 04 00 00 25 80 11 01 03 12 01 0C 20 01 0C",
            [.serviceType(.nineWire)] + settings + [.flowControl(hardware), .dteLines([.dtr, .rts])]),
        Example(
            "F74, the answer of a modem", "0F 10 04 00 00 25 80 11 01 03 12 01 0C 21 01 B0",
            settings + [.flowControl(hardware), .dceLines([.cts, .dsr, .cd])]),
        Example("F72, in a connect", "03 00 01 04", [.serviceType(.nineWire)]),
        Example("F75, poll", "02 22 00", [.pollLines]),
        Example("F76, its answer", "03 21 01 B0", [.dceLines([.cts, .dsr, .cd])]),
        Example("F77, status query", "02 30 00", [.centronics(.statusQuery)]),
        Example("F78, the status", "03 38 01 04", [.centronics(.status(.selected))]),
        Example("data only", "00 41 54 0D", [], data: Array("AT\r".utf8)),
        Example(
            "everything else of a serial port", "13 13 02 11 13 14 02 05 06 15 01 0E 16 01 01 7F 03 01 02 03",
            [
                .xonXoff(.standardXonXoff), .enqAck(.standardEnqAck), .lineStatus([.overrun, .parity, .framing]),
                .breakCondition(true), .unknown(id: 0x7F, value: [1, 2, 3]),
            ]),
        Example(
            "everything else of a parallel port",
            """
            28 31 01 1E 32 00 33 00 34 02 08 01 35 02 10 07 39 01 01 3A 01 3F 3B 04 01 41 42 43 3C 01 00 3D 02 21 05
            34 01 01 3B 01 00 FF
            """,
            [
                .setBusyTimeout(30), .modeSupportQuery, .deviceIDQuery, .selectMode(.ecp, [1]),
                .transfer(kind: 0x10, channel: 7), .busyTimeoutAnswer(1), .modeSupport(IEEE1284Modes(rawValue: 0x3F)),
                .deviceID(isLast: true, Array("ABC".utf8)), .selectModeAnswer(0),
                .transferAnswer(kind: 0x21, channel: 5),
                .selectMode(.compatible, []), .deviceID(isLast: false, []),
            ].map { .centronics($0) }, data: [0xFF]),
    ]

    @Test("Written and read as laid down", arguments: examples)
    func example(_ example: Example) {
        #expect(trace(example.pdu.bytes) == trace(example.bytes))
        #expect(IrCOMMPDU(bytes: example.bytes) == example.pdu)
    }

    @Test("Odd parameters are taken as far as they go, and the data behind them stays")
    func odd() {
        #expect(IrCOMMPDU(bytes: []) == nil)
        #expect(IrCOMMPDU(bytes: hex("04 00 01 04")) == nil)
        #expect(IrCOMMPDU(bytes: hex("02 10 04 41"))?.data == [0x41])
        #expect(IrCOMMPDU(bytes: hex("02 10 04 41"))?.parameters == [])
        // Longer than needed, as Linux takes it; shorter, and so passed over.
        #expect(IrCOMMPDU(bytes: hex("04 11 02 03 FF"))?.parameters == [.dataFormat(.eightNone1)])
        #expect(IrCOMMPDU(bytes: hex("04 10 02 25 80"))?.parameters == [.unknown(id: 0x10, value: [0x25, 0x80])])
    }

    @Test(
        "Formats as people write them",
        arguments: [
            (0x03, "8N1"), (0x0A, "7O1"), (0x1E, "7E2"), (0x2B, "8M1"), (0x3B, "8S1"), (0x04, "5N1.5"), (0x13, "8N1"),
        ] as [(UInt8, String)])
    func formats(_ byte: UInt8, _ text: String) {
        let format = SerialFormat(rawValue: byte)
        #expect(format.description == text)
        let again = SerialFormat(
            dataBits: format.dataBits, parity: format.parity, hasTwoStopBits: format.hasTwoStopBits)
        #expect(again.description == text)
    }

    @Test("A long list takes several PDUs, no parameter is split, and no PDU is longer than permitted")
    func splitting() {
        let long = IrCOMMParameter.unknown(id: 0x70, value: [UInt8](repeating: 1, count: 58))
        let pdus = IrCOMMPDU.split([IrCOMMParameter](repeating: long, count: 9), data: [9], limit: 2000)
        #expect(pdus.map(\.parameters.count) == [4, 4, 1])
        #expect(pdus.map(\.data) == [[], [], [9]])
        let small = IrCOMMPDU.split([.pollLines, long], data: [UInt8](repeating: 2, count: 150), limit: 64)
        #expect(small.allSatisfy { $0.bytes.count <= 64 })
        #expect(small.flatMap(\.parameters) == [.pollLines, long])
        #expect(small.flatMap(\.data).count == 150)
    }

    @Test("Any bytes", arguments: 1...4 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var bytes = generator.bytes(Int.random(in: 0...40, using: &generator))
            if !bytes.isEmpty, Bool.random(using: &generator) {
                bytes[0] = UInt8(Int.random(in: 0...bytes.count, using: &generator))
            }
            if let pdu = IrCOMMPDU(bytes: bytes) {
                #expect(IrCOMMPDU(bytes: pdu.bytes) == pdu, "seed \(seed): \(trace(bytes))")
            }
            if let offer = IrCOMMOffer(bytes: bytes), !offer.hasUnknownDemands {
                #expect(IrCOMMOffer(bytes: offer.bytes) == offer, "seed \(seed): \(trace(bytes))")
            }
        }
    }
}

@Suite("What a device offers by IrCOMM")
struct IrCOMMOfferTests {
    @Test("The example of the specification, both ways")
    func example() {
        let offer = IrCOMMOffer(serviceTypes: [.threeWire, .nineWire], portTypes: .serial)
        #expect(offer.bytes == hex("00 01 06 01 01 01"))
        #expect(IrCOMMOffer(bytes: offer.bytes) == offer)
        #expect(offer.serviceTypes.preferredCooked == .nineWire)
    }

    @Test("Linux's port type 0 says nothing; unknown things that matter are noticed, others not")
    func lenient() {
        #expect(IrCOMMOffer(bytes: hex("00 01 06 01 01 00"))?.portTypes == [.serial, .parallel])
        #expect(IrCOMMOffer(bytes: hex("00 01 02 05 01 00"))?.hasUnknownDemands == false)
        #expect(IrCOMMOffer(bytes: hex("00 01 02 85 01 00"))?.hasUnknownDemands == true)
        #expect(IrCOMMOffer(bytes: hex("00 01 02 82 04 43 4F 4D 31"))?.portName == Array("COM1".utf8))
        #expect(IrCOMMOffer(bytes: hex("01 01 01")) == nil)
        #expect(IrCOMMOffer(bytes: hex("00 01 02 01"))?.serviceTypes == .threeWire)
    }

    @Test("Without a word about the type the highest cooked one holds")
    func preference() {
        #expect(IrCOMMServiceTypes([.threeWireRaw, .threeWire, .nineWire, .centronics]).preferredCooked == .centronics)
        #expect(IrCOMMServiceTypes([.threeWireRaw]).preferredCooked == nil)
    }
}
