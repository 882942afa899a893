import Testing

@testable import IrDAProtocol

/// When a primary speaks: polling, the F-timer, the end (IrLAP 1.1, 6.12.2, 6.12.3 and 6.13.5).
@Suite struct PrimaryTurnTests {
    @Test("IrLAP 1.1, 6.13.5: an idle primary polls ever more slowly, but turns the link round every 500 ms")
    func idlePolling() {
        var driver = LAPDriver.primary()
        var waits: [Int] = []
        var said = driver.fire(.turnaround)
        for _ in 0..<12 {
            guard case .setTimer(.poll, let due)? = said.first, said.count == 1 else {
                Issue.record("not idle: \(said)")
                return
            }
            waits.append(Int(driver.now.duration(to: due) / .milliseconds(1)))
            #expect(driver.fire(.poll) == [.cancelTimer(.poll), .frames("55 11")])
            _ = driver.sent()
            said = driver.turn(after: "54 11").said
        }
        #expect(waits == [50, 100, 150, 200, 250, 300, 350, 400, 450, 450, 450, 450])
    }

    @Test("IrLAP 1.1, 6.12.2: data that comes up on an idle line goes at once, and polling is quick again")
    func dataWhileIdle() {
        var driver = LAPDriver.primary()
        _ = driver.fire(.turnaround)
        #expect(driver.send("A0") == [.cancelTimer(.poll), .frames("55 10 A0")])
        _ = driver.sent()
        #expect(driver.turn(after: "54 31").said == [.cancelTimer(.poll), .frames("55 11")])
        _ = driver.sent()
        #expect(driver.turn(after: "54 31").said == [.setTimer(.poll, driver.after(milliseconds: 50))])
        #expect(driver.lap.isDrained)
    }

    @Test("IrLAP 1.1, 2.10: a secondary that has more to say is polled again at once")
    func dataFromTheSecondary() {
        var driver = LAPDriver.primaryWaiting(afterSending: [])
        #expect(driver.turn(after: "54 10 B0").said.transmitted == [hex("55 31")])
        _ = driver.sent()
        #expect(driver.turn(after: "54 12 B1").said.transmitted == [hex("55 51")])
    }

    @Test("IrLAP 1.1, 6.12.6.3: when F does not come, RR asks what has arrived; data is not repeated blindly")
    func lostAnswer() {
        var driver = LAPDriver.primaryWaiting(afterSending: ["A0"])
        _ = driver.send("A1")
        #expect(driver.fire(.final) == [.cancelTimer(.poll), .frames("55 11")])
        #expect(driver.sent() == [.setTimer(.final, driver.after(milliseconds: 500))])
        #expect(driver.turn(after: "54 11").said.transmitted == [hex("55 00 A0"), hex("55 12 A1")])
    }

    @Test("IrLAP 1.1, 6.6.11: a frame that is coming in prolongs the F-timer once, by 300 ms")
    func prolonged() {
        var driver = LAPDriver.primaryWaiting(afterSending: ["A0"])
        driver.sense()
        let actions = driver.fire(.final)
        #expect(actions == [.setTimer(.final, driver.after(milliseconds: 300))])
        driver.wait(.milliseconds(100))
        #expect(driver.turn(after: "54 31").said.transmitted == [hex("55 11")])
    }

    @Test("IrLAP 1.1, 6.6.11: light that goes on for ever does not hold the primary up")
    func endlessLight() {
        var driver = LAPDriver.primaryWaiting(afterSending: ["A0"])
        driver.sense()
        _ = driver.fire(.final)
        driver.sense()
        #expect(driver.fire(.final).transmitted == [hex("55 11")])
    }

    @Test("IrLAP 1.1, 6.6.11: light that ended as garbage prolongs nothing")
    func garbage() {
        var driver = LAPDriver.primaryWaiting(afterSending: ["A0"])
        driver.sense()
        driver.garbage()
        #expect(driver.fire(.final).transmitted == [hex("55 11")])
    }

    @Test(
        "IrLAP 1.1, 6.6.9: N1 and N2 follow from the negotiated time; a threshold of zero warns at the first expiry",
        arguments: [("01", 1, 6), ("02", 6, 16), ("04", 6, 24), ("07", 6, 24)])
    func linkLost(disconnectTime: String, warning: Int, loss: Int) {
        var driver = LAPDriver.primaryWaiting(
            afterSending: ["A0"], ua: "54 73 F1DEBC9A 78563412 010120 84017F 860103 0801\(disconnectTime)")
        for expiry in 1..<loss {
            let actions = driver.fire(.final)
            #expect(actions.contains(.indicate(.noActivity)) == (expiry == warning), "expiry \(expiry)")
            #expect(actions.transmitted == [hex("55 11")], "expiry \(expiry)")
            _ = driver.sent(after: .milliseconds(1))
        }
        #expect(driver.fire(.final) == .leaving(.linkLost))
        #expect(driver.timers.isEmpty && !driver.lap.isConnected)
    }

    @Test(
        "IrLAP 1.1, 6.6.9: the disconnect time is without valid frames: any of them starts it anew",
        arguments: ["54 11", "54 00 B0"])
    func validFrames(frame: String) {
        var driver = LAPDriver.primaryWaiting(afterSending: [])
        for _ in 0..<23 {
            _ = driver.fire(.final)
            _ = driver.sent()
        }
        _ = driver.receive(frame)
        if driver.timers[.turnaround] != nil { _ = driver.fire(.turnaround) }
        if driver.timers[.poll] != nil { _ = driver.fire(.poll) }
        _ = driver.sent()
        for _ in 0..<23 {
            #expect(driver.fire(.final).transmitted.count == 1)
            _ = driver.sent()
        }
        #expect(driver.fire(.final) == .leaving(.linkLost))
    }

    @Test("IrLAP 1.1, 6.6.9: frames of others do not keep a link alive")
    func foreignFrames() {
        var driver = LAPDriver.primaryWaiting(afterSending: ["A0"])
        for _ in 0..<23 {
            _ = driver.receive("56 11")
            driver.garbage()
            _ = driver.fire(.final)
            _ = driver.sent()
        }
        #expect(driver.fire(.final) == .leaving(.linkLost))
    }

    @Test("IrLAP 1.1, 6.12.2: an end is DISC at the primary's turn; queued data is dropped")
    func disconnect() {
        var driver = LAPDriver.primary()
        _ = driver.send("A0")
        #expect(driver.disconnect() == [])
        #expect(driver.fire(.turnaround) == [.cancelTimer(.poll), .frames("55 53")])
        #expect(driver.sent() == [.setTimer(.final, driver.after(milliseconds: 500))])
        #expect(driver.receive("54 73 F1DEBC9A 78563412") == .leaving(.requested))
        #expect(driver.timers.isEmpty)
    }

    @Test("IrLAP 1.1, 6.12.2: on an idle line DISC goes at once")
    func disconnectWhileIdle() {
        var driver = LAPDriver.primary()
        _ = driver.fire(.turnaround)
        #expect(driver.disconnect() == [.cancelTimer(.poll), .frames("55 53")])
    }

    @Test("IrLAP 1.1, 6.12.3: while F is awaited an end waits for it, or for the F-timer", arguments: [false, true])
    func disconnectWhileWaiting(answered: Bool) {
        var driver = LAPDriver.primaryWaiting(afterSending: ["A0"])
        #expect(driver.disconnect() == [])
        let said = answered ? driver.turn(after: "54 31").said : driver.fire(.final)
        #expect(said == [.cancelTimer(.poll), .frames("55 53")])
    }

    @Test("IrLAP 1.1, 6.12.2: DISC is repeated three times; then the link has ended all the same")
    func unansweredDISC() {
        var driver = LAPDriver.primary()
        _ = driver.disconnect()
        _ = driver.fire(.turnaround)
        for _ in 0..<3 {
            _ = driver.sent()
            #expect(driver.fire(.final).transmitted == [hex("55 53")])
        }
        _ = driver.sent()
        #expect(driver.fire(.final) == .leaving(.requested))
    }

    @Test(
        "IrLAP 1.1, 6.12.3: in PCLOSE only UA, DM and a second primary end the wait",
        arguments: [
            ("54 73", [IrLAPAction].leaving(.requested)), ("54 1F", .leaving(.requested)),
            ("55 11", .leaving(.primaryConflict)),
            ("54 11", []), ("54 10 B0", []), ("54 71", []), ("54 53", []), ("54 97 00 00 01", []), ("54 13 CC", []),
            ("54 F3", []),
            ("54 FF", []),
        ])
    func closing(frame: String, actions: [IrLAPAction]) {
        var driver = LAPDriver.primary()
        _ = driver.disconnect()
        _ = driver.fire(.turnaround)
        _ = driver.sent()
        #expect(driver.receive(frame) == actions)
        #expect((driver.timers[.final] == nil) == !actions.isEmpty)
    }

    @Test("A timer that crossed with the event that made it pointless changes nothing", arguments: IrLAPTimer.allCases)
    func staleTimers(timer: IrLAPTimer) {
        var driver = LAPDriver.primaryWaiting(afterSending: ["A0"])
        _ = driver.receive("54 31")
        guard timer != .turnaround else { return }
        #expect(driver.fireStale(timer) == [])
    }
}
