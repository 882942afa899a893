import Testing

@testable import IrDAProtocol

@Suite struct IrDAInstantTests {
    @Test("Moments are nanoseconds on a clock of their owner's")
    func arithmetic() {
        let moment = IrDAInstant(nanoseconds: 1_500_000)
        #expect(moment.advanced(by: .milliseconds(2)) == IrDAInstant(nanoseconds: 3_500_000))
        #expect(moment.advanced(by: .milliseconds(-2)) == IrDAInstant(nanoseconds: -500_000))
        #expect(moment.duration(to: .start) == .microseconds(-1500))
        #expect(IrDAInstant.start < moment && !(moment < moment))
    }

    @Test("What the clock cannot tell is clamped, also for durations beyond 64 bits of nanoseconds")
    func clamped() {
        let centuries = Duration.seconds(Int64.max)
        #expect(IrDAInstant.start.advanced(by: centuries).nanoseconds == .max)
        #expect(IrDAInstant.start.advanced(by: .zero - centuries).nanoseconds == .min)
        #expect(IrDAInstant(nanoseconds: .max).advanced(by: .nanoseconds(1)).nanoseconds == .max)
        #expect(IrDAInstant(nanoseconds: .min).advanced(by: .nanoseconds(-1)).nanoseconds == .min)
        #expect(Duration.seconds(9_223_372_036).wholeNanoseconds == 9_223_372_036_000_000_000)
        #expect(Duration.seconds(9_223_372_037).wholeNanoseconds == .max)
        #expect(IrDAInstant(nanoseconds: .min).duration(to: IrDAInstant(nanoseconds: .max)) > .seconds(18_446_744_073))
    }

    @Test(
        "Moments are written in seconds to the microsecond",
        arguments: [
            (0, "0.000000 s"), (999, "0.000000 s"), (1_000, "0.000001 s"), (1_234_567_890, "1.234567 s"),
            (-2_500_000_000, "-2.500000 s"), (Int64.min, "-9223372036.854775 s"),
        ])
    func description(nanoseconds: Int64, text: String) {
        #expect(IrDAInstant(nanoseconds: nanoseconds).description == text)
    }

    @Test(
        "IrPHY 1.4, 5.2 to 5.5: ten bits a character up to 115200 bit/s, eight above",
        arguments: [
            (BaudRate.rate9600, 28, 29_166_666), (.rate9600, 46, 47_916_666), (.rate115200, 6, 520_833),
            (.rate2400, 1, 4_166_666), (.rate576000, 72, 1_000_000), (.rate4000000, 2048, 4_096_000), (.rate9600, 0, 0),
        ])
    func timeOnTheAir(rate: BaudRate, bytes: Int, nanoseconds: Int) {
        #expect(rate.time(forBytes: bytes) == .nanoseconds(nanoseconds))
    }
}
