import Testing

@testable import IrDAAdapters

/// The moments around a change of direction.
@Suite struct USBTurnaroundTests {
    private static let question: [UInt8] = [0x55, 0x11]
    private static let answer: [UInt8] = [0x54, 0x11]

    /// A driver at 4 Mbit/s that has sent a question, and the moment at which its light is off.
    private func asked() throws -> (driver: USBDriver, end: Duration) {
        var run = USBRun(MCS7780(), MCS7780Model())
        run.open()
        run.setRate(4_000_000)
        var driver = run.driver
        _ = driver.transmit([.frame(Self.question, additionalBOFs: 0)], at: run.now)
        let actions = driver.completed(.done([]), at: run.now)
        let end = actions.compactMap { action -> Duration? in
            if case .wake(let moment) = action { moment } else { nil }
        }
        return (driver, try #require(end.last))
    }

    @Test func anAnswerThatComesBeforeTheEndIsKnownIsReportedAfterIt() throws {
        var (driver, end) = try asked()
        _ = driver.wake(at: end)
        let packet = Self.answer + FrameCheck.thirtyTwo(Self.answer)
        #expect(driver.heard(.done(packet), at: end + .microseconds(90)) == [.listen])
        let actions = driver.completed(.done([0, 0]), at: end + .microseconds(200))
        #expect(actions == [.transmitted, .received(.frame(Self.answer, additionalBOFs: 0))])
    }

    @Test func whatComesWhileItsOwnLightIsOnIsDropped() throws {
        var (driver, end) = try asked()
        let packet = Self.answer + FrameCheck.thirtyTwo(Self.answer)
        #expect(driver.heard(.done(packet), at: end - .microseconds(10)) == [.listen])
        _ = driver.wake(at: end)
        #expect(driver.completed(.done([0, 0]), at: end + .microseconds(200)) == [.transmitted])
    }

    /// An adapter that writes down what it is told.
    private struct Keeper: USBAdapter {
        var told: [String] = []
        var rates: [Int] { [9600] }
        var minimumTurnaround: Duration { .zero }
        var isHalfDuplex: Bool { false }
        var pollInterval: Duration { .zero }
        var keepsTurnaround: Bool { true }

        func takesFrames(at rate: Int) -> Bool { true }
        mutating func keepTurnaround(_ time: Duration) { told.append("\(time)") }
        mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
            if case .transmit = job { told.append("frame") }
            return .done
        }
        mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep { .done }
        mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] { [] }
    }

    @Test func anAdapterThatKeepsTheTurnaroundIsToldItBeforeTheFirstFrame() throws {
        var driver = USBDriver(Keeper())
        _ = driver.open(at: .zero)
        let frame = AdapterLight.frame(Self.question, additionalBOFs: 0)
        _ = driver.transmit([frame, frame], keeping: .milliseconds(5), at: .zero)
        let keeper = try #require(driver.adapter as? Keeper)
        #expect(keeper.told == ["0.005 seconds", "frame", "frame"])
    }

    @Test func anAnswerInTheFIFOIsNoFIFOThatHangs() {
        var adapter = STIr4200()
        _ = adapter.begin(.finish, at: .zero)
        // Still sending, one character to go; then it has turned round, and nine characters have come.
        #expect(adapter.next(.done([0x10, 1, 0]), at: .zero) == .wait(.milliseconds(1) + .nanoseconds(41_666)))
        #expect(
            adapter.next(.done([]), at: .milliseconds(2))
                == .transfer(.control(USBSetup(0xC0, 0x01, index: 5, length: 3))))
        #expect(adapter.next(.done([0x00, 9, 0]), at: .milliseconds(2)) == .done)
    }

    @Test func anEarlyBridgeHearsOneFrameATurn() {
        #expect(IrDABridge(isEarly: true).windowSize == 1)
        let kinds = [(0x050F, 0x0180, true), (0x1234, 0x5678, false)].map { vendor, product, isEarly in
            (USBAdapterKind.kind(vendor: vendor, product: product, classes: [.irdaBridge])?.make?(0), isEarly)
        }
        for (adapter, isEarly) in kinds {
            var driver = adapter.map { USBDriver($0) }
            _ = driver?.open(at: .zero)
            _ = driver?.completed(.done(IrDABridgeModel().descriptor), at: .zero)
            #expect(driver?.adapter.windowSize == (isEarly ? 1 : 7))
        }
    }
}
