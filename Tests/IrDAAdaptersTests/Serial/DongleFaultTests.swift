import IrDAAdapters
import Testing

/// What goes wrong with dongles, and how a driver takes it.
@Suite struct DongleFaultTests {
    typealias Answering = MA600Model.Answering
    private let sample = DriverModelTests.sample

    @Test(arguments: [Answering.never, .wrong, .after(.milliseconds(60))])
    func anMA600ThatDoesNotAnswerIsNotUsed(_ answering: Answering) throws {
        var run = SerialRun(MobileActionMA600(), MA600Model(answering: answering), traits: .askingUSB)
        run.open()
        #expect(run.rates.isEmpty)
        let failure = try #require(run.failure)
        guard case .noAnswer(expected: [0], let heard) = failure else {
            Issue.record("unexpected \(failure)")
            return
        }
        #expect(heard == (answering == .wrong ? [0xFF] : []))
        let writes = run.writes.count
        _ = run.send(sample)
        #expect(run.writes.count == writes, "nothing is done after a failure")
    }

    @Test(arguments: [Duration.milliseconds(14), .milliseconds(45)])
    func aLateAnswerCounts(_ time: Duration) {
        var run = SerialRun(MobileActionMA600(), MA600Model(answering: .after(time)), traits: .askingUSB)
        run.open()
        run.setRate(115_200)
        #expect(run.rates == [9600, 115_200])
    }

    @Test func anAnswerOnTimeIsTheLimitOfAPortWithoutLatency() {
        // The limit counts from the end of the guard time, 2 ms after the byte.
        for (time, works) in [(Duration.milliseconds(17), true), (.microseconds(17_001), false)] {
            var run = SerialRun(MobileActionMA600(), MA600Model(answering: .after(time)))
            run.open()
            #expect(run.rates == (works ? [9600] : []))
        }
    }

    @Test func noiseBeforeACommandIsNotTakenForItsAnswer() {
        var run = SerialRun(MobileActionMA600(), MA600Model(answering: .never))
        run.bench.shine([0, 0, 0], rate: 9600, at: .zero)
        run.open()
        #expect(run.failure == .noAnswer(expected: [0], heard: []))
    }

    @Test func aChangeThatFailsEndsAt9600OnBothSides() {
        // It answers at 9600, which is its first command, and never again.
        var run = SerialRun(MobileActionMA600(), Forgetful())
        run.open()
        run.setRate(115_200)
        #expect(run.problems == [.noAnswer(expected: [4], heard: [])])
        #expect(run.rates == [9600, 9600])
        #expect(run.send(sample).map(\.rate) == sample.map { _ in 9600 })
    }

    /// An MA600 that answers only the command for 9600.
    private struct Forgetful: SerialDongleModel {
        private var model = MA600Model()

        func rate(at now: Duration) -> Int? { model.rate(at: now) }
        mutating func set(_ lines: SerialLines, at now: Duration) { model.set(lines, at: now) }
        func hearsLight(at now: Duration) -> Bool { model.hearsLight(at: now) }
        mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
            let output = model.receive(byte, at: now)
            if case .answer(4, _) = output { return nil }
            return output
        }
    }

    @Test func anMCP2120WithAFixedRateIsFoundOut() {
        // It echoes commands, but its speed does not change: nothing that is sent then is understood.
        var run = SerialRun(MicrochipMCP2120(), MCP2120Model(isFixed: true))
        run.open()
        run.setRate(115_200)
        #expect(run.send(sample).map(\.byte) != sample)
    }

    @Test func aTOIMDrivenAsATekramRunsAt14400() {
        var run = SerialRun(TekramIR210B(), TOIM3232Model())
        run.open()
        #expect(run.bench.model.rate(at: run.now) == 14400)
        #expect(run.send(sample).map(\.byte) != sample)
    }

    @Test(arguments: ParallaxLiteLink.Wiring.allCases)
    func aLiteLinkWithTheOtherWiringIsNotUnderstood(_ wiring: ParallaxLiteLink.Wiring) {
        let other: ParallaxLiteLink.Wiring = wiring == .linux ? .netBSD : .linux
        var run = SerialRun(ParallaxLiteLink(wiring: wiring), PulseCounterModel.liteLink(wiring: other, count: 0))
        run.open()
        #expect(run.send(sample).map(\.byte) != sample)
    }

    @Test func aCommandThatIsCutShortIsLost() {
        // The driver trusts a delay that is shorter than this dongle needs.
        var run = SerialRun(
            TekramIR210B(commandTime: .milliseconds(10)), TekramModel(commandTime: .milliseconds(150)))
        run.open()
        run.setRate(115_200)
        #expect(run.bench.model.rate(at: run.now) == 9600)
    }

    @Test func aPortThatKeepsItsBytesIsReported() {
        var driver = SerialDriver(RawTransceiver(), behind: .uart)
        var actions = driver.open(at: .zero)
        actions += driver.wake(at: .milliseconds(50))
        #expect(actions.contains(.ready(rate: 9600)))
        #expect(driver.transmit([1, 2, 3], at: .seconds(1)).first == .write([1, 2, 3]))
        #expect(driver.wake(at: .milliseconds(1004)).contains { $0 == .transmitted } == false)
        #expect(driver.wake(at: .seconds(4)) == [.failed(.portHoldsBytes)])
        #expect(driver.transmit([1], at: .seconds(5)) == [])
        #expect(driver.close(at: .seconds(5)) == [])
    }

    @Test func aPortThatKeepsItsBytesIsLetGoAllTheSame() {
        var driver = SerialDriver(RawTransceiver(), behind: .uart)
        _ = driver.open(at: .zero)
        _ = driver.wake(at: .milliseconds(50))
        _ = driver.transmit([1, 2, 3], at: .seconds(1))
        _ = driver.close(at: .seconds(1))
        #expect(driver.wake(at: .seconds(4)) == [.setLines(.neither), .closed])
    }
}
