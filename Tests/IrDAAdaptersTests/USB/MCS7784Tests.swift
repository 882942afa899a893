import Testing

@testable import IrDAAdapters

/// What an MCS7784 is sent, to the byte, and what goes wrong with one.
@Suite struct MCS7784Tests {
    private static let setting = [
        "C C0 0D 0300 0005 1", "C 40 0E 0300 0001 0",  // sent everything; no interrupts
        "C C0 0D 0000 0004 1", "C 40 0E 0040 0004 0",  // infrared on
        "C C0 0D 0000 0001 1", "C 40 0E 0058 0001 0",  //
        "C 40 0E 0300 0002 0", "C 40 0E 03CF 0002 0", "C 40 0E 0383 0003 0",
    ]

    @Test func itIsSetUpRegisterByRegister() {
        let run = USBRun.opened(MCS7784(), MCS7784Model())
        #expect(
            run.bench.log.text == ["halts", "C C0 0D 0000 0001 1", "C 40 0E 0008 0001 0"] + Self.setting + [
                "C 40 0E 0000 0002 0", "C 40 0E 0000 0003 0", "C 40 0E 030C 0000 0", "C 40 0E 0303 0003 0",
            ])
    }

    @Test(arguments: [
        (2400, "0330", "0000"), (19200, "0306", "0000"), (38400, "0303", "0000"), (57600, "0302", "0000"),
        (115_200, "0301", "0001"),
    ])
    func eachSpeedHasItsDivisor(rate: Int, divisor: String, fastest: String) {
        var run = USBRun.opened(MCS7784(), MCS7784Model())
        #expect(
            run.transfers { $0.setRate(rate) }.suffix(4) == [
                "C 40 0E \(fastest) 0002 0", "C 40 0E 0000 0003 0", "C 40 0E \(divisor) 0000 0", "C 40 0E 0303 0003 0",
            ])
    }

    @Test func itRestsForAMomentBeforeAChange() {
        var run = USBRun.opened(MCS7784(), MCS7784Model())
        let before = run.now
        run.setRate(115_200)
        #expect(run.now - before >= .milliseconds(50))
    }

    @Test func itGetsBareCharacters() {
        var run = USBRun.opened(MCS7784(), MCS7784Model())
        let characters = SIRAir.encode([0x55, 0x11], fillers: 3)
        let sent = run.transfers { _ = $0.send([.characters(characters)]) }
        #expect(sent.first == "O FF FF FF C0 55 11 00 A3 C1 open")
        #expect(sent.dropFirst().allSatisfy { $0 == "C C0 0D 0300 0005 1" } && sent.count > 1)
    }

    @Test func oneThatNeedsItsModemLinesIsDarkWithoutThem() {
        let light = AdapterLight.characters(SIRAir.encode([0x55, 0x11], fillers: 3))
        var dark = USBRun.opened(MCS7784(), MCS7784Model(needsModemLines: true))
        #expect(dark.send([light]).isEmpty)
        var lit = USBRun.opened(MCS7784(raisesModemLines: true), MCS7784Model(needsModemLines: true))
        #expect(lit.bench.log.text.last == "C 40 0E 030B 0004 0")
        #expect(lit.send([light]).map(\.light) == [light])
    }

    @Test func oneThatNeverFinishesIsGivenUp() {
        var adapter = MCS7784()
        var now = Duration.zero
        var step = adapter.begin(.finish, at: now)
        for _ in 0..<1000 {
            guard step != .failed(.refused("finish sending")) else { break }
            now += .milliseconds(1)
            step = adapter.next(.done([0x20]), at: now)
        }
        #expect(step == .failed(.refused("finish sending")))
        #expect(now <= .milliseconds(260))
    }

    @Test func aRegisterWithoutAValueIsNonsense() {
        var adapter = MCS7784()
        _ = adapter.begin(.finish, at: .zero)
        #expect(adapter.next(.done([]), at: .zero) == .failed(.nonsense("less than a register holds")))
    }
}
