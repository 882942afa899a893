import IrDAAdapters
import Testing

/// When bytes are sent, and when they are said to have been sent.
@Suite struct SerialPaceTests {
    private let frame = [UInt8](repeating: 0x33, count: 960)

    @Test func aTransmissionEndsWithItsLastBit() throws {
        var run = SerialRun(RawTransceiver(), PlainModel())
        run.open()
        let start = run.now
        let light = run.send(frame)
        #expect(run.transmitted == [start + .seconds(1)])
        let end = try #require(light.last?.moment)
        #expect(start + .seconds(1) - end < .microseconds(1))
    }

    @Test func aPacedPortGetsBytesWhenTheirTimeIsOver() {
        var faults = SerialBench.Faults()
        faults.hasWire = false
        var run = SerialRun(RawTransceiver(), PlainModel(), faults: faults, traits: .stream)
        run.open()
        let start = run.now
        #expect(run.send(frame).map(\.byte) == frame)
        let sizes = run.writes.map(\.bytes.count)
        #expect(sizes.allSatisfy { $0 == 9 || $0 == 6 } && sizes.reduce(0, +) == 960)
        let pauses = zip(run.writes, run.writes.dropFirst()).map { $1.moment - $0.moment }
        #expect(pauses.dropLast().allSatisfy { $0 == .microseconds(9375) })
        #expect(run.writes.first?.moment == start + .microseconds(9375))
        #expect(run.writes.last?.moment == start + .seconds(1))
        #expect(run.transmitted == [start + .seconds(1)])
    }

    @Test func framesFollowEachOtherWithoutAGap() {
        var run = SerialRun(RawTransceiver(), PlainModel())
        run.open()
        run.tell { $0.setRate(115_200, at: $1) }
        for _ in 0..<7 { run.tell { $0.transmit(frame, at: $1) } }
        run.settle()
        #expect(run.rates == [9600, 115_200])
        #expect(run.bench.light.count == 7 * 960)
        let gaps = zip(run.transmitted, run.transmitted.dropFirst()).map { $1 - $0 }
        #expect(gaps.count == 6)
        #expect(gaps.allSatisfy { $0 - .seconds(960) / 11520 < .microseconds(1) })
    }

    @Test func noTransmissionIsNoWork() {
        var run = SerialRun(RawTransceiver(), PlainModel())
        run.open()
        let start = run.now
        #expect(run.send([]).isEmpty)
        #expect(run.transmitted == [start])
    }

    @Test func closingWaitsForWhatIsUnderWay() {
        var run = SerialRun(TekramIR210B(), TekramModel())
        run.open()
        run.tell { $0.transmit(frame, at: $1) }
        run.close()
        #expect(run.isClosed)
        #expect(run.bench.light.count == 960)
        #expect(run.bench.lineLog.last == .neither)
    }

    @Test func nothingHappensBeforeOpeningOrAfterClosing() {
        var driver = SerialDriver(TekramIR210B(), behind: .uart)
        #expect(driver.received([1], at: .zero) == [])
        #expect(driver.wake(at: .zero) == [])
        #expect(driver.close(at: .zero) == [.closed])
        #expect(driver.open(at: .zero) == [])
        #expect(driver.setRate(9600, at: .zero) == [])
        #expect(driver.drained(at: .zero) == [])
    }
}
