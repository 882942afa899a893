import Testing

@testable import IrDAAdapters

/// What a KS-959 is sent, to the byte, and how its counter is found.
@Suite struct KS959Tests {
    private static let frame: [UInt8] = [0x54, 0x11, 0xC0, 0x00, 0x7F, 0xC1, 0xBF]

    // MARK: To the adapter

    @Test func itIsReadUntilNothingIsLeft() {
        let reading = "C A1 01 0200 0000 2048"
        #expect(USBRun.opened(KS959(), KS959Model()).bench.log.text == [reading])
        #expect(USBRun.opened(KS959(), KS959Model(stale: [1, 2, 3])).bench.log.text == [reading, reading])
        // One that never stops is no reason to wait for ever.
        #expect(
            USBRun.opened(KS959(), KS959Model(stale: [UInt8](repeating: 9, count: 99), mostBytes: 1)).bench.log.text
                == [String](repeating: reading, count: 10))
    }

    @Test func itGetsCharactersUnderAMask() {
        #expect(KS959Key.hide([1, 2, 3]) == [0x3C, 0x3F, 0x3E] + [UInt8](repeating: 0, count: 21))
        let masks: [UInt8] = [
            0x20, 0x3A, 0x26, 0x3D, 0x3B, 0x32, 0x22, 0x34, 0x64, 0x65, 0x6C, 0x62, 0x3C, 0x64, 0x33, 0x30,
        ]
        #expect((0..<16).map(KS959Key.mask) == masks)
        var run = USBRun.opened(KS959(), KS959Model())
        let hidden = [String](repeating: "DF", count: 10) + ["E0 75 31 20 83 E1"] + [String](repeating: "00", count: 16)
        #expect(
            run.transfers { _ = $0.send([.characters(SIRAir.encode([0x55, 0x11], fillers: 10))]) }
                == ["C 21 09 0010 0000 32 \(hidden.joined(separator: " "))"])
    }

    @Test(arguments: [239, 240, 241, 480, 481, 2064])
    func longFramesGoInPieces(count: Int) {
        var run = USBRun.opened(KS959(), KS959Model())
        let characters = SIRAir.encode([UInt8](repeating: 0x33, count: count - 14), fillers: 10)
        let before = run.bench.log.count
        #expect(characters.count == count)
        #expect(run.send([.characters(characters)]).map(\.light) == [.characters(characters)])
        let sizes = run.bench.log[before...].map { transfer in
            if case .controlOut(let setup, _) = transfer { Int(setup.value) } else { 0 }
        }
        #expect(sizes.dropLast().allSatisfy { $0 == 240 } && sizes.reduce(0, +) == count)
    }

    // MARK: The speed

    @Test func theKernelKeepsTheRealRequestFromIt() {
        let setup = USBSetup(0x21, 0x09, value: 0x0200, index: 0x0001, length: 8)
        var bench = USBBench(KS959Model())
        bench.submit(.controlOut(setup, [0x80, 0x25, 0, 0, 3, 0, 0, 0]), limit: .seconds(1), at: .zero)
        #expect(bench.advance(to: .seconds(1)) == [.completed(.failed)])
    }

    @Test(arguments: [KingSunSpeedRequest.endpoint, .other, .index, .length])
    func aSpeedIsAskedForInTheFormThatItsOwnerChose(request: KingSunSpeedRequest) {
        var run = USBRun.opened(KS959(speed: request), KS959Model(speedRequest: request))
        #expect(run.driver.rates == [2400, 9600, 19200, 38400, 57600])
        for rate in [57600, 2400, 19200] {
            run.setRate(rate)
            let light = AdapterLight.characters(SIRAir.encode(Self.frame, fillers: 10))
            #expect(run.send([light]).map(\.rate) == [rate])
            #expect(run.hear(light, rate: rate).frames == [Self.frame])
        }
    }

    @Test(arguments: [KingSunSpeedRequest.device, .vendor, .endpoint])
    func aRefusedSpeedIsSaidWithTheQuirkThatAskedForIt(request: KingSunSpeedRequest) {
        #expect(USBRun.opened(KS959(speed: request), KS959Model()).problem == request.refusal)
    }

    // MARK: The counter

    @Test func charactersComeOutFromUnderTheCounter() {
        var receiver = KS959Receiver()
        #expect(
            receiver.receive([0xAB, 0xA8, 0xA9, 0x91, 0x04, 0x42, 0x8A, 0xE7, 0x9D])
                == [0xFF, 0xFF, 0xFF, 0xC0, 0x54, 0x11, 0xD8, 0xBA, 0xC1])
    }

    @Test(arguments: Array(stride(from: 0, to: 256, by: 5)))
    func anyCounterFromBeforeIsFound(start: Int) {
        for fillers in [0, 1, 11] {
            var run = USBRun.opened(KS959(), KS959Model(counter: UInt8(start)))
            for length in [2, 60, 300] {
                let frame = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ start) }
                let light = AdapterLight.characters(SIRAir.encode(frame, fillers: fillers))
                #expect(run.hear(light, rate: 9600).frames == [frame], "\(fillers) fillers, \(length) bytes")
            }
        }
    }

    @Test func fillersShowLightBeforeTheFrameIsOver() {
        var model = KS959Model(counter: 77)
        model.see(
            AirLight(.characters([UInt8](repeating: 0xFF, count: 8) + [0xC0, 0x54]), rate: 9600, start: .zero),
            at: .zero)
        var run = USBRun(KS959(), model)
        run.open()
        #expect(
            run.hear(.characters([0xFF, 0xFF, 0xFF, 0xFF, 0xC0]), rate: 9600, orUntil: .milliseconds(100)).isEmpty
                == false)
    }

    @Test func twoFramesInOneAnswerAreBothThere() {
        for start: UInt8 in [0, 200, 255] {
            var run = USBRun.opened(KS959(), KS959Model(counter: start))
            let light = SIRAir.encode([1, 2, 3], fillers: 0) + SIRAir.encode([4, 5, 6], fillers: 0)
            #expect(run.hear(.characters(light), rate: 9600).frames == [[1, 2, 3], [4, 5, 6]])
        }
    }

    @Test(arguments: 0..<28)
    func aLostByteCostsItsFrameAndNoMore(lost: Int) {
        // Frames without a filler: only the check sequence shows that the counter is wrong.
        for fillers in [0, 11] {
            var run = USBRun.opened(KS959(), KS959Model(counter: 9, losesByte: lost))
            let light = AdapterLight.characters(SIRAir.encode([0x54, 1, 2, 3, 4, 5, 6, 7, 8, 9], fillers: fillers))
            _ = run.hear(light, rate: 9600, orUntil: .milliseconds(300))
            _ = run.hear(light, rate: 9600, orUntil: .milliseconds(300))
            // By now it is known again, and light comes as it is heard.
            #expect(run.hear(light, rate: 9600).frames == [[0x54, 1, 2, 3, 4, 5, 6, 7, 8, 9]], "\(fillers) fillers")
        }
    }

    @Test func theFrameAfterALostByteIsWhole() {
        var run = USBRun.opened(KS959(), KS959Model(counter: 9, losesByte: 30))
        let light = AdapterLight.characters(SIRAir.encode([0x54, 1, 2, 3, 4, 5, 6, 7, 8, 9], fillers: 2))
        let heard = (0..<6).map { _ in run.hear(light, rate: 9600, orUntil: .milliseconds(300)).frames.count }
        #expect(heard.reduce(0, +) == 5, "\(heard)")
    }

    @Test(arguments: 0..<14)
    func aLostByteCostsOneFrameOfATurn(lost: Int) {
        let frames: [[UInt8]] = [
            [0x54, 0, 1, 2, 3, 4, 5, 6, 7, 8], [0x54, 2, 3, 4], [0x54, 4, 5, 6], [0x54, 0x16, 7, 8],
        ]
        var run = USBRun.opened(KS959(), KS959Model(counter: 9, losesByte: 14 + lost))
        let first = SIRAir.encode(frames[0], fillers: 0)
        #expect(first.count == 14)
        #expect(run.hear(.characters(first), rate: 9600).frames == [frames[0]], "the counter is known")
        let turn = frames.flatMap { SIRAir.encode($0, fillers: 0) }
        #expect(run.hear(.characters(turn), rate: 9600).frames.suffix(3) == frames.suffix(3))
    }

    @Test(arguments: 0..<40)
    func anythingIsHeard(seed: UInt64) {
        var random = Seeded(seed)
        var receiver = KS959Receiver()
        for _ in 0..<200 { _ = receiver.receive(random.bytes(0...40)) }
        // Whatever came, the next light is read.
        var model = KS959Model(counter: UInt8.random(in: 0...255, using: &random))
        for _ in 0..<3 { _ = receiver.receive([]) }
        model.see(AirLight(.characters(SIRAir.encode(Self.frame, fillers: 3)), rate: 9600, start: .zero), at: .zero)
        guard case .done(let bytes) = model.control(USBSetup(0xA1, 1, value: 0x0200, length: 2048), at: .zero) else {
            Issue.record("no answer, seed \(seed)")
            return
        }
        #expect(SIRAir.decode(receiver.receive(bytes)) == [Self.frame], "seed \(seed)")
    }
}
