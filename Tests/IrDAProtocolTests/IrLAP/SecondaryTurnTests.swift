import Testing

@testable import IrDAProtocol

/// The watchdog and the end of a connection as secondary (IrLAP 1.1, 6.12.4).
@Suite struct SecondaryTurnTests {
    private static func secondary(disconnectTime: String) -> LAPDriver {
        .secondary(snrm: "FF 93 78563412 F1DEBC9A 54 01013E 860101 0801\(disconnectTime)")
    }

    @Test("IrLAP 1.1, 6.12.4: a secondary says nothing without a poll")
    func silent() {
        var driver = LAPDriver.secondary()
        #expect(driver.send("A0") == [])
        #expect(driver.fire(.watchdog).transmitted == [])
        #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 10 A0")])
    }

    @Test(
        "IrLAP 1.1, 6.12.4.2 note 2: watchdog expiries count against the negotiated times",
        arguments: [("01", 1, 3), ("02", 3, 8), ("04", 3, 12), ("07", 3, 12)])
    func linkLost(disconnectTime: String, warning: Int, loss: Int) {
        var driver = Self.secondary(disconnectTime: disconnectTime)
        _ = driver.answer(to: "55 11")
        _ = driver.sent()
        for expiry in 1..<loss {
            let actions = driver.fire(.watchdog)
            let warned: [IrLAPAction] = expiry == warning ? [.indicate(.noActivity)] : []
            #expect(
                actions == warned + [.setTimer(.watchdog, driver.after(milliseconds: 1000))], "expiry \(expiry)")
        }
        #expect(driver.fire(.watchdog) == .leaving(.linkLost))
        #expect(driver.timers.isEmpty && !driver.lap.isConnected)
    }

    @Test(
        "IrLAP 1.1, 6.6.9: the disconnect time is without valid frames: any of them starts it anew",
        arguments: ["55 11", "55 00 B0"])
    func validFrames(frame: String) {
        var driver = LAPDriver.secondary()
        for _ in 0..<11 { _ = driver.fire(.watchdog) }
        _ = driver.receive(frame)
        if driver.timers[.turnaround] != nil {
            _ = driver.fire(.turnaround)
            _ = driver.sent()
        }
        for _ in 0..<11 { #expect(driver.fire(.watchdog) != .leaving(.linkLost)) }
        #expect(driver.fire(.watchdog) == .leaving(.linkLost))
    }

    @Test("IrLAP 1.1, 6.12.4: DISC is answered by UA at the speed of the link; then the link has ended")
    func disconnected() {
        var driver = LAPDriver.secondary()
        _ = driver.send("A0")
        let (heard, said) = driver.answer(to: "55 53")
        #expect(heard == [] && said == [.frames("54 73")])
        #expect(driver.sent() == .leaving(.requested))
        #expect(driver.timers.isEmpty)
    }

    @Test("IrLAP 1.1, 6.12.4: an end is RD at the secondary's turn; the primary's DISC completes it")
    func disconnect() {
        var driver = LAPDriver.secondary()
        _ = driver.send("A0")
        #expect(driver.disconnect() == [])
        #expect(driver.answer(to: "55 11").said == [.frames("54 53")])
        #expect(driver.sent() == [.setTimer(.watchdog, driver.after(milliseconds: 1000))])
        #expect(driver.answer(to: "55 53").said == [.frames("54 73")])
        #expect(driver.sent() == .leaving(.requested))
    }

    @Test(
        "IrLAP 1.1, 6.12.4: in SCLOSE every other poll is answered by RD again",
        arguments: [
            "55 11", "55 10 B0", "55 52 B1", "55 15", "55 F3 AA", "55 93", "55 3F", "55 13 CC", "55 5F", "55 FF",
            "55 71",
        ])
    func closing(frame: String) {
        var driver = LAPDriver.secondary()
        _ = driver.disconnect()
        _ = driver.answer(to: "55 11")
        _ = driver.sent()
        #expect(driver.answer(to: frame).said == [.frames("54 53")])
    }

    @Test("IrLAP 1.1, 6.12.4: if the primary ignores RD, one watchdog expiry ends the link")
    func ignoredRD() {
        var driver = LAPDriver.secondary()
        _ = driver.disconnect()
        _ = driver.answer(to: "55 11")
        _ = driver.sent()
        #expect(driver.fire(.watchdog) == .leaving(.requested))
    }

    @Test("A primary that ignores RD and goes on polling is left after ten of them")
    func ignoredRDs() {
        var driver = LAPDriver.secondary()
        _ = driver.disconnect()
        for _ in 0..<10 {
            #expect(driver.answer(to: "55 11").said == [.frames("54 53")])
            _ = driver.sent()
        }
        #expect(driver.answer(to: "55 11").said == .leaving(.requested))
        #expect(driver.timers.isEmpty && !driver.lap.isConnected)
    }

    @Test("The DISC that comes after many RDs is answered by UA all the same")
    func lateDISC() {
        var driver = LAPDriver.secondary()
        _ = driver.disconnect()
        for _ in 0..<10 {
            _ = driver.answer(to: "55 11")
            _ = driver.sent()
        }
        #expect(driver.answer(to: "55 53").said == [.frames("54 73")])
        #expect(driver.sent() == .leaving(.requested))
    }

    @Test("IrLAP 1.1, 6.6.9: an end that finds no turn ends with the disconnect time")
    func neverPolled() {
        var driver = LAPDriver.secondary()
        _ = driver.disconnect()
        for _ in 0..<11 { _ = driver.fire(.watchdog) }
        #expect(driver.fire(.watchdog) == .leaving(.linkLost))
    }

    @Test("IrLAP 1.1, 6.12.4: before the poll is answered DISC can still come, and is answered instead")
    func discDuringTurnaround() {
        var driver = LAPDriver.secondary()
        _ = driver.receive("55 11")
        driver.wait(.milliseconds(1))
        #expect(driver.answer(to: "55 53").said == [.frames("54 73")])
    }

    @Test("IrLAP 1.1, 6.12.4.1: a second primary ends the link in SCLOSE too")
    func conflictWhileClosing() {
        var driver = LAPDriver.secondary()
        _ = driver.disconnect()
        _ = driver.answer(to: "55 11")
        _ = driver.sent()
        #expect(driver.receive("54 11") == .leaving(.primaryConflict))
    }
}
