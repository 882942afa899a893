@testable import IrDAProtocol
import Testing

@Suite("Both ends of IrCOMM")
struct IrCOMMTests {
    private static let offered: IrCOMMServiceTypes = [.threeWire, .nineWire]

    private static func computer(_ type: IrCOMMServiceTypes, limit: Int = 2042) -> IrCOMM {
        IrCOMM(
            side: .dte, offering: type, settings: SerialSettings(flowControl: [.rtsCTSIn, .rtsCTSOut]),
            messageLimit: limit)
    }

    private static func modem(_ types: IrCOMMServiceTypes = offered) -> IrCOMM {
        IrCOMM(side: .dce, offering: types, messageLimit: 2042)
    }

    /// A computer and a modem on a 9-wire connection.
    private static func pair() -> (IrCOMM, IrCOMM) {
        var ends = (computer(.nineWire), modem())
        _ = ends.1.accepted()
        let answer = ends.0.connected().flatMap { deliver($0, to: &ends.1) }
        for action in answer { _ = deliver(action, to: &ends.0) }
        return ends
    }

    private static func deliver(_ action: IrCOMMAction, to end: inout IrCOMM) -> [IrCOMMAction] {
        if case .send(let message) = action { end.received(message) } else { [] }
    }

    @Test("9-wire begins as the worked examples do: type, settings and lines, and the modem repeats the settings")
    func nineWire() {
        var computer = Self.computer(.nineWire)
        let opening = hex("12 00 01 04 10 04 00 00 25 80 11 01 03 12 01 0C 20 01 0C")
        #expect(computer.connected() == [.send(opening), .event(.ready(.nineWire))])
        var modem = Self.modem()
        #expect(modem.accepted() == [])
        #expect(modem.serviceType == nil)
        let answer = hex("0F 10 04 00 00 25 80 11 01 03 12 01 0C 21 01 B0")
        let settings = SerialSettings(flowControl: [.rtsCTSIn, .rtsCTSOut])
        #expect(
            modem.received(opening) == [
                .send(answer), .event(.ready(.nineWire)), .event(.dteLines([.dtr, .rts])), .event(.settings(settings)),
            ])
        #expect(
            computer.received(answer) == [.event(.dceLines([.cts, .dsr, .cd])), .event(.settings(settings))])
    }

    @Test("Windows asks for two types at once and means the higher; one that says none gets the highest offered")
    func types() {
        var modem = Self.modem()
        // The recorded beginning of a direct cable connection.
        let windows = hex("19 00 01 06 10 04 00 00 4B 00 11 01 03 12 01 0C 13 02 11 13 14 02 13 11 20 01 0F")
        let message = [UInt8(windows.count - 1)] + windows.dropFirst()
        #expect(modem.received(message + Array("CLIENT".utf8)).contains(.event(.data(Array("CLIENT".utf8)))))
        #expect(modem.serviceType == .nineWire)
        #expect(modem.settings.dataRate == 19200)
        var silent = Self.modem([.threeWire])
        #expect(silent.received(hex("00 41")).last == .event(.data([0x41])))
        #expect(silent.serviceType == .threeWire)
        var wrong = Self.modem()
        #expect(wrong.received(hex("03 00 01 08")) == [])
        #expect(wrong.serviceType == nil)
    }

    @Test("A peer that says nothing about settings leaves ours as they are")
    func ownSettings() {
        let settings = SerialSettings(dataRate: 2400)
        var modem = IrCOMM(side: .dce, offering: .threeWire, settings: settings, messageLimit: 100)
        _ = modem.received(hex("03 00 01 02 41"))
        #expect(modem.settings == settings)
        _ = modem.received(hex("03 12 01 0C"))
        #expect(modem.settings.flowControl == [.rtsCTSIn, .rtsCTSOut])
    }

    @Test("3-wire says no lines, and the programs at both ends see them on")
    func threeWire() {
        var computer = Self.computer(.threeWire)
        let opening = hex("0F 00 01 02 10 04 00 00 25 80 11 01 03 12 01 0C")
        #expect(
            computer.connected() == [.send(opening), .event(.ready(.threeWire)), .event(.dceLines(.ready))])
        #expect(computer.set([] as DTELines) == [])
        #expect(computer.pollLines() == [])
        #expect(computer.setBreak(true) == [.send(hex("03 16 01 01"))])
        var modem = Self.modem()
        #expect(modem.received(opening).contains(.event(.dteLines(.all))))
    }

    @Test("Raw has no framing at all; Centronics only the type")
    func withoutControl() {
        var raw = Self.computer(.threeWireRaw, limit: 64)
        #expect(raw.connected() == [.event(.ready(.threeWireRaw)), .event(.dceLines(.ready))])
        #expect(raw.send([UInt8](repeating: 7, count: 100)).count == 2)
        #expect(raw.dataLimit == 64)
        #expect(raw.received([0, 1]) == [.event(.data([0, 1]))])
        #expect(raw.set(SerialSettings(dataRate: 300)) == [])
        var printer = IrCOMM(side: .dce, offering: [.threeWireRaw], messageLimit: 64)
        #expect(printer.accepted(isRaw: true).first == .event(.ready(.threeWireRaw)))

        var parallel = Self.computer(.centronics)
        #expect(parallel.connected().first == .send(hex("03 00 01 08")))
        #expect(parallel.send(.statusQuery) == [.send(hex("02 30 00"))])
        #expect(parallel.received(hex("03 38 01 04")) == [.event(.centronics(.status(.selected)))])
        #expect(parallel.send([0x41]) == [.send(hex("00 41"))])
        #expect(parallel.set(SerialSettings(dataRate: 300)) == [])
    }

    @Test("Only what changes is said: settings, lines with their marks, breaks")
    func changes() {
        var (computer, modem) = Self.pair()
        var settings = computer.settings
        settings.dataRate = 115_200
        #expect(computer.set(settings) == [.send(hex("06 10 04 00 01 C2 00"))])
        #expect(computer.set(settings) == [])
        #expect(modem.received(hex("06 10 04 00 01 C2 00")) == [.event(.settings(settings))])
        #expect(modem.settings == settings)
        #expect(computer.set([.rts] as DTELines) == [.send(hex("03 20 01 09"))])
        #expect(computer.set([.rts] as DTELines) == [])
        #expect(modem.received(hex("03 20 01 09")) == [.event(.dteLines([.rts]))])
        #expect(modem.set([.cts, .dsr, .ri] as DCELines) == [.send(hex("03 21 01 7C"))])
        #expect(computer.received(hex("03 21 01 7C")) == [.event(.dceLines([.cts, .dsr, .ri]))])
        #expect(modem.set([.rts] as DTELines) == [] && computer.set(.ready as DCELines) == [])
        #expect(computer.setBreak(true) == [.send(hex("03 16 01 01"))])
        #expect(computer.setBreak(true) == [])
        #expect(modem.received(hex("03 16 01 01")) == [.event(.breakCondition(true))])
        #expect(modem.report(.framing) == [.send(hex("03 15 01 08"))])
        #expect(computer.received(hex("03 15 01 08")) == [.event(.lineErrors(.framing))])
    }

    @Test("A poll is answered with the lines and no marks")
    func poll() {
        var (computer, modem) = Self.pair()
        #expect(computer.pollLines() == [.send(hex("02 22 00"))])
        #expect(modem.received(hex("02 22 00")) == [.send(hex("03 21 01 B0"))])
        #expect(computer.received(hex("02 22 00")) == [.send(hex("03 20 01 0C"))])
    }

    @Test("Two computers see each other through a null modem")
    func nullModem() {
        var (computer, _) = Self.pair()
        #expect(computer.received(hex("03 20 01 0C")) == [.event(.dceLines([.cts, .dsr, .cd, .ri]))])
        #expect(computer.received(hex("03 20 01 09")) == [.event(.dceLines([.cts]))])
    }

    @Test("Data is cut to the peer's messages; what is given too early waits for the type")
    func data() {
        var modem = Self.modem()
        #expect(modem.send([1, 2]) == [])
        #expect(modem.received(hex("03 00 01 02")).last == .send(hex("00 01 02")))
        var computer = Self.computer(.nineWire, limit: 100)
        _ = computer.connected()
        let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var got: [UInt8] = []
        for action in computer.send(content) {
            guard case .send(let message) = action else { continue }
            #expect(message.count <= 100)
            for case .event(.data(let part)) in modem.received(message) { got += part }
        }
        #expect(got == content)
    }

    @Test("Whatever a peer sends, this end goes on", arguments: 1...100 as ClosedRange<UInt64>)
    func hostile(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var end = seed % 2 == 0 ? Self.computer(.nineWire) : Self.modem([.threeWire, .nineWire, .centronics])
        if seed % 2 == 0 { _ = end.connected() }
        for _ in 0..<100 {
            var message = generator.bytes(Int.random(in: 0...30, using: &generator))
            if !message.isEmpty { message[0] %= UInt8(message.count) }
            let answers = end.received(message).filter { if case .send = $0 { true } else { false } }
            // An answer or two to a question, never a flood.
            #expect(answers.count <= 12, "seed \(seed): \(trace(message))")
        }
        #expect(end.send([1]).count <= 1)
    }
}
