import Testing

@testable import IrDAAdapters

/// What each adapter is sent, to the byte.
@Suite struct USBAdapterTests {
    // MARK: Bridge

    @Test func aBridgeIsAskedForItsDescriptorAndSetTo9600() {
        #expect(
            USBRun.opened(IrDABridge(interface: 1), IrDABridgeModel(interface: 1)).bench.log.text == [
                "C A1 06 0000 0001 12", "O 32",
            ])
    }

    @Test func aBridgeGetsFramesBehindAHeaderAndChangesAlone() {
        var run = USBRun.opened(IrDABridge(), IrDABridgeModel())
        #expect(
            run.transfers { _ = $0.send([.frame([0x55, 0x11], additionalBOFs: 12)]) } == ["O 00 55 11"])
        #expect(run.transfers { $0.setRate(115_200) } == ["O 36"])
        #expect(
            run.transfers { _ = $0.send([.frame([0x55, 0x11], additionalBOFs: 5)]) } == ["O 46", "O 00 55 11"])
        #expect(run.transfers { $0.setRate(4_000_000) } == ["O 89"])
        #expect(run.transfers { $0.setRate(9600) } == ["O 32"])
    }

    @Test func aBridgeThatDoesNotSayWhatItCanDoIsNotUsed() {
        var faults = IrDABridgeModel.Faults()
        faults.hasNoDescriptor = true
        let run = USBRun.opened(IrDABridge(), IrDABridgeModel(faults: faults))
        #expect(run.problem == .refused("say what it can do"))
    }

    @Test func aDescriptorIsRead() throws {
        let descriptor = try BridgeDescriptor([0x0C, 0x21, 0, 1, 0x3F, 0x01, 0x07, 0x3F, 0, 0x80, 0, 0])
        #expect(descriptor.rates == [2400, 9600, 19200, 38400, 57600, 115_200])
        #expect(descriptor.dataSize == 2048)
        #expect(descriptor.windowSize == 1)
        #expect(descriptor.minimumTurnaround == .milliseconds(1), "the highest bit is the value, as in IrLAP")
        #expect(descriptor.additionalBOFs == 0)
        #expect(throws: USBProblem.self) { try BridgeDescriptor([0x0C, 0x21]) }
        #expect(throws: USBProblem.self) { try BridgeDescriptor([0x0C, 0x22] + [UInt8](repeating: 0xFF, count: 10)) }
        #expect(throws: USBProblem.self) { try BridgeDescriptor([0x0C, 0x21] + [UInt8](repeating: 0, count: 10)) }
    }

    @Test(arguments: [
        (48, 1), (28, 1), (24, 2), (12, 3), (7, 3), (6, 4), (5, 4), (3, 5), (2, 6), (1, 7), (0, 8), (99, 1),
    ])
    func theSmallestNumberOfFillersThatIsEnoughIsChosen(count: Int, code: UInt8) {
        #expect(BridgeDescriptor.fillerCode(atLeast: count) == code)
    }

    @Test func aHeaderAloneIsNoFrame() {
        var bridge = IrDABridge()
        #expect(bridge.heard([], at: .zero) == [])
        #expect(bridge.heard([0x80], at: .zero) == [])
        #expect(bridge.heard([0x86, 0x54, 0x11], at: .zero) == [.frame([0x54, 0x11], additionalBOFs: 0)])
    }

    // MARK: MCS7780

    @Test func anMCS7780IsSetUpRegisterByRegister() {
        let run = USBRun.opened(MCS7780(), MCS7780Model())
        let read0 = "C C0 0F 0000 0000 2"
        let read2 = "C C0 0F 0000 0002 2"
        #expect(
            run.bench.log.text == [
                "halts", read0, "C 40 0E D724 0000 0", "C 40 0E 0000 0004 0", read0, "C 40 0E D622 0000 0", read2,
                "C 40 0E 0105 0002 0", read2, "C 40 0E 0104 0002 0", read2, "C 40 0E 0100 0002 0", read2,
                "C 40 0E 0108 0002 0", read0, "C 40 0E 5622 0000 0",
            ])
    }

    @Test func anMCS7780ChangesItsSpeedWhenItHasSentEverything() {
        var run = USBRun.opened(MCS7780(), MCS7780Model())
        let read0 = "C C0 0F 0000 0000 2"
        #expect(
            run.transfers { $0.setRate(115_200) } == [
                "C C0 0F 0000 0007 2", read0, "C 40 0E D6A2 0000 0", read0, "C 40 0E 56A2 0000 0",
            ])
        #expect(run.transfers { $0.setRate(4_000_000) }.contains("C 40 0E 0005 0004 0"))
        #expect(run.transfers { $0.setRate(9600) }.contains("C 40 0E 0000 0004 0"))
    }

    @Test(arguments: [
        (576_000, "O 06 00 55 11 00 A3"), (1_152_000, "O 06 00 55 11 00 A3"), (4_000_000, "O 08 00 55 11 1C 9B A5 EC"),
    ])
    func anMCS7780GetsFramesWithTheirCheckSequence(rate: Int, expected: String) {
        var run = USBRun.opened(MCS7780(), MCS7780Model())
        run.setRate(rate)
        let sent = run.transfers { _ = $0.send([.frame([0x55, 0x11], additionalBOFs: 0)]) }
        #expect(sent.first == expected)
    }

    @Test func anMCS7780GetsCharactersBehindTheirLength() {
        var run = USBRun.opened(MCS7780(), MCS7780Model())
        let characters = SIRAir.encode([0x55, 0x11], fillers: 10)
        #expect(
            run.transfers { _ = $0.send([.characters(characters)]) }.first
                == "O 12 00 FF FF FF FF FF FF FF FF FF FF C0 55 11 00 A3 C1")
    }

    @Test func twoFramesThatComeAsOneAreTakenApart() {
        var run = USBRun.opened(MCS7780(), MCS7780Model(mergesFullFrames: true))
        run.setRate(4_000_000)
        let first = [UInt8](repeating: 0x21, count: 60)
        let second: [UInt8] = [0x55, 0x11, 0x22]
        run.bench.shine(AirLight(.frame(first, additionalBOFs: 0), rate: 4_000_000, start: run.now))
        #expect(
            run.hear(.frame(second, additionalBOFs: 0), rate: 4_000_000)
                == [.frame(first, additionalBOFs: 0), .frame(second, additionalBOFs: 0)])
    }

    @Test func anMCS7780ThatNeverFinishesIsGivenUp() {
        var adapter = MCS7780()
        var now = Duration.zero
        var step = adapter.begin(.finish, at: now)
        for _ in 0..<1000 {
            guard step != .failed(.refused("finish sending")) else { break }
            now += .milliseconds(1)
            step = adapter.next(.done([1, 0]), at: now)
        }
        #expect(step == .failed(.refused("finish sending")))
    }

    // MARK: STIr4200

    @Test func anSTIr4200IsSetUpRegisterByRegister() {
        let run = USBRun.opened(STIr4200(), STIr4200Model())
        #expect(
            run.bench.log.text == [
                "halts", "C C0 01 0000 0005 3", "C 40 03 0001 0003 0", "C 40 03 0015 0008 0", "C 40 03 0077 0002 0",
                "C 40 03 002A 0001 0",
                "C 40 03 0080 0003 0", "C 40 03 0000 0003 0", "C 40 03 0020 0004 0",
            ])
    }

    @Test func anSTIr4200GetsItsOwnHead() {
        var run = USBRun.opened(STIr4200(), STIr4200Model())
        let characters = SIRAir.encode([0x55, 0x11], fillers: 10)
        #expect(
            run.transfers { _ = $0.send([.characters(characters)]) }.dropFirst().first
                == "O 55 AA 10 00 FF FF FF FF FF FF FF FF FF FF C0 55 11 00 A3 C1 open")
        run.setRate(4_000_000)
        let preamble = "7F 7F 7F 7F 7F 7F 7F 7F 7F 7F 7F 7F 7F 7F 7F 7F 7E 7E"
        #expect(
            run.transfers { _ = $0.send([.frame([0x55, 0x11], additionalBOFs: 0)]) }.dropFirst().first
                == "O 55 AA 1A 00 \(preamble) 55 11 1C 9B A5 EC 7E 7E open")
        #expect(
            run.transfers { _ = $0.send([.frame([0x55, 0x7D, 0x7E, 0x7F], additionalBOFs: 0)]) }.dropFirst().first
                == "O 55 AA 1F 00 \(preamble) 55 7D 5D 7D 5E 7D 5F 5A E3 B8 F0 7E 7E open")
    }

    @Test func anSTIr4200IsNotReadWhileItSends() {
        var run = USBRun.opened(STIr4200(), STIr4200Model())
        run.setRate(115_200)
        let frame: [UInt8] = [0x54, 0x11]
        let light = AdapterLight.characters(SIRAir.encode(frame, fillers: 12))
        for _ in 0..<5 {
            _ = run.send([light])
            // A read at the wrong time would have lost this.
            #expect(run.hear(light, rate: 115_200) == [light])
        }
    }

    @Test func aFIFOThatOverflowsIsEmptiedBeforeTheNextFrame() {
        var run = USBRun.opened(STIr4200(), STIr4200Model())
        run.setRate(4_000_000)
        let big = AdapterLight.frame([UInt8](repeating: 0x7E, count: 2040), additionalBOFs: 0)
        for _ in 0..<3 { run.bench.shine(AirLight(big, rate: 4_000_000, start: run.now)) }
        run.run(for: .milliseconds(50))
        let small = AdapterLight.frame([0x54, 0x11], additionalBOFs: 0)
        _ = run.send([small])
        #expect(run.problem == nil)
        #expect(run.send([small]).map(\.light) == [small])
        #expect(run.hear(small, rate: 4_000_000) == [small])
    }

    @Test func brokenFIRFramesAreNone() {
        var stream = FIRStream()
        let good = FIRStream.encode([1, 2, 3])
        #expect(good.compactMap { stream.receive($0) } == [[1, 2, 3]])
        var bad = good
        bad[19] ^= 1
        #expect(bad.compactMap { stream.receive($0) } == [])
        #expect(
            ([0x7E, 1, 2, 0x7F] + [UInt8](repeating: 5, count: 9) + [0x7E]).compactMap { stream.receive($0) } == [])
        #expect([UInt8](repeating: 3, count: 100_000).compactMap { stream.receive($0) } == [])
        #expect(good.compactMap { stream.receive($0) } == [[1, 2, 3]])
    }
}
