import Testing

@testable import IrDAAdapters

/// Every adapter, driven against its hardware.
@Suite struct USBDriverTests {
    private static let frame: [UInt8] = [0x54, 0x11, 0xC0, 0xC1, 0x7D, 0x7E, 0x7F, 0xFF, 0x00]

    @Test(arguments: Stick.all)
    func everyChangeOfSpeedWorks(_ stick: Stick) {
        var run = USBRun(stick.adapter, stick.model)
        run.open()
        #expect(run.rates == [9600])
        let rates = run.driver.rates
        for first in rates {
            for second in rates where first != second {
                for rate in [first, second] {
                    run.setRate(rate)
                    #expect(run.rates.last == rate)
                    let (given, seen) = stick.light(Self.frame, rate: rate, asFrame: run.driver.takesFrames)
                    let air = run.send([given])
                    #expect(air.map(\.light) == [seen], "at \(rate)")
                    #expect(air.first?.rate == rate)
                    #expect(run.hear(seen, rate: rate).frames == [Self.frame], "at \(rate)")
                }
            }
        }
        run.close()
        #expect(run.isClosed && run.problem == nil)
    }

    @Test(arguments: Stick.all, [2, 62, 63, 64, 65, 126, 127, 128, 129, 510, 511, 512, 513, 2050])
    func framesOfEverySizeGetThrough(_ stick: Stick, size: Int) {
        let frame = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var run = USBRun(stick.adapter, stick.model)
        run.open()
        for rate in [9600, run.driver.rates.last ?? 9600] {
            run.setRate(rate)
            let (given, seen) = stick.light(frame, rate: rate, asFrame: run.driver.takesFrames)
            #expect(run.send([given, given]).map(\.light) == [seen, seen])
            #expect(run.hear(seen, rate: rate).frames == [frame])
        }
    }

    @Test(arguments: Stick.all)
    func aTransmissionEndsWhenItsLightIsOff(_ stick: Stick) throws {
        var run = USBRun(stick.adapter, stick.model)
        run.open()
        for rate in run.driver.rates {
            run.setRate(rate)
            let frame = [UInt8](repeating: 0x33, count: 2050)
            let (given, _) = stick.light(frame, rate: rate, asFrame: run.driver.takesFrames)
            // The speed is changed at once afterwards: what was still on its way would be spoilt.
            let air = run.send([given, given, given])
            let end = try #require(air.last?.end)
            #expect(air.count == 3)
            #expect(try #require(run.transmitted.last) >= end, "at \(rate)")
            run.setRate(9600)
            #expect(run.bench.model.light.allSatisfy { $0.light != .characters([]) })
        }
    }

    @Test(arguments: Stick.all)
    func theFastestSpeedIsUsed(_ stick: Stick) throws {
        var run = USBRun(stick.adapter, stick.model)
        run.open()
        let rate = try #require(run.driver.rates.last)
        run.setRate(rate)
        let frame = [UInt8](repeating: 0x33, count: 2050)
        let (given, _) = stick.light(frame, rate: rate, asFrame: run.driver.takesFrames)
        let air = run.send(Array(repeating: given, count: 7))
        let time = try #require(air.last?.end) - (try #require(air.first?.start))
        let light = air.reduce(Duration.zero) { $0 + ($1.end - $1.start) }
        #expect(light / time > 0.97, "\(light / time)")
    }

    @Test func aSpeedThatAnAdapterDoesNotHaveIsAnError() {
        var run = USBRun(IrDABridge(), IrDABridgeModel(baudMask: 0x3F))
        run.open()
        run.setRate(4_000_000)
        #expect(run.problem == .noSuchRate(4_000_000))
    }

    @Test(arguments: Stick.all)
    func theBusMayFailAtAnyTransfer(_ stick: Stick) {
        for number in 0..<40 {
            for fault in [USBOutcome.stalled, .timedOut, .failed, .gone] {
                var run = USBRun(stick.adapter, stick.model, faults: [number: fault])
                run.open()
                let rate = stick.fastestSIR
                run.setRate(rate)
                let (given, seen) = stick.light(Self.frame, rate: rate, asFrame: run.driver.takesFrames)
                let air = run.send([given])
                if fault == .timedOut || fault == .failed {
                    #expect(run.problem == nil, "a transfer is tried again")
                    #expect(air.map(\.light) == [seen])
                }
                run.close()
                #expect(run.isOver)
                if fault == .gone, run.bench.log.count > number { #expect(run.problem == .gone) }
            }
        }
    }

    @Test(arguments: Stick.all)
    func itMayBeUnpluggedAtAnyMoment(_ stick: Stick) {
        for number in 0..<40 {
            var run = USBRun(stick.adapter, stick.model, unplugsAt: number)
            run.open()
            for rate in [stick.fastestSIR, 9600] {
                run.setRate(rate)
                let (given, _) = stick.light(Self.frame, rate: rate, asFrame: run.driver.takesFrames)
                _ = run.send([given])
            }
            let wasGone = run.bench.log.count > number
            run.close()
            #expect(run.isOver)
            #expect(!wasGone || run.problem == .gone)
        }
    }

    @Test(arguments: Stick.all)
    func lightOfNothingIsNoTransfer(_ stick: Stick) {
        for nothing in [AdapterLight.characters([]), .frame([], additionalBOFs: 12)] {
            var run = USBRun.opened(stick.adapter, stick.model)
            let sent = run.bench.log.count
            #expect(run.send([nothing]).isEmpty && run.transmitted.count == 1)
            let more = run.bench.log[sent...]
            #expect(!more.contains { if case .send = $0 { true } else { false } }, "\(more)")
            #expect(!more.contains { if case .controlOut = $0 { true } else { false } }, "\(more)")
        }
    }

    @Test func listeningGoesOnAfterAFailure() {
        var run = USBRun(MCS7780(), MCS7780Model())
        run.open()
        for _ in 0..<2 { run.tell { $0.heard(.failed, at: $1) } }
        run.run(for: .milliseconds(50))
        #expect(run.problem == nil)
        let (_, seen) = Stick.light(Self.frame, rate: 9600, asFrame: false)
        #expect(run.hear(seen, rate: 9600).frames == [Self.frame])
    }

    @Test func anAdapterThatCannotListenIsGivenUp() {
        var driver = USBDriver(MCS7780())
        _ = driver.open(at: .zero)
        var now = Duration.zero
        var actions: [USBDriver.Action] = []
        for _ in 0..<60 where !actions.contains(.listen) {
            now += .milliseconds(1)
            actions = driver.completed(.done([0, 0]), at: now)
        }
        #expect(driver.heard(.failed, at: now).contains(.wake(at: now + .milliseconds(10))))
        #expect(driver.wake(at: now + .milliseconds(10)).contains(.listen))
        _ = driver.heard(.stalled, at: now + .milliseconds(11))
        _ = driver.wake(at: now + .milliseconds(21))
        #expect(driver.heard(.failed, at: now + .milliseconds(22)) == [.failed(.refused("hear"))])
    }

    @Test(arguments: 0..<60)
    func aHostileAdapterIsSurvived(seed: UInt64) {
        var random = Seeded(seed)
        let adapters = Stick.all.map(\.adapter)
        var driver = USBDriver(adapters[Int(seed) % adapters.count])
        var now = Duration.zero
        var isOver = false
        for step in 0..<500 {
            now += .microseconds(Int.random(in: 0...20_000, using: &random))
            let outcomes: [USBOutcome] = [
                .done(random.bytes(0...64)), .done(random.bytes(0...300)), .done([]), .stalled,
            ]
            let bad: [USBOutcome] = [.timedOut, .failed, .cancelled]
            let outcome =
                (step % 50 == 49 ? bad : outcomes).randomElement(using: &random) ?? .stalled
            let actions: [USBDriver.Action]
            switch Int.random(in: 0..<9, using: &random) {
            case 0: actions = driver.open(at: now)
            case 1: actions = driver.transmit([.frame(random.bytes(0...40), additionalBOFs: 12)], at: now)
            case 2: actions = driver.transmit([.characters(random.bytes(0...40)), .characters([])], at: now)
            case 3: actions = driver.setRate([9600, 115_200, 4_000_000].randomElement(using: &random) ?? 9600, at: now)
            case 4, 5: actions = driver.completed(outcome, at: now)
            case 6: actions = driver.heard(outcome, at: now)
            case 7 where step > 450: actions = driver.close(at: now)
            default: actions = driver.wake(at: now)
            }
            #expect(!isOver || actions.isEmpty, "seed \(seed): \(actions)")
            isOver = isOver || actions.contains(.closed)
            for case .failed in actions { isOver = true }
        }
    }
}
