import Testing

@testable import IrDAProtocol

/// The exchange of roles (IrLAP 1.1, appendix C).
@Suite struct RoleExchangeTests {
    private static func asking() -> LAPDriver {
        var driver = LAPDriver.secondary()
        #expect(driver.becomePrimary() == [])
        #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 DF")])
        _ = driver.sent()
        return driver
    }

    private static func handingOver() -> LAPDriver {
        var driver = LAPDriver.primaryWaiting(afterSending: [])
        #expect(driver.turn(after: "54 DF").said.transmitted == [hex("55 5F")])
        _ = driver.sent()
        return driver
    }

    @Test("9.3: RXCHG, XCHG, RR as a command: the secondary is the primary when the answer comes")
    func becomesPrimary() {
        var driver = Self.asking()
        #expect(
            driver.receive("55 5F") == [
                .cancelTimer(.watchdog), .cancelTimer(.final), .setTimer(.turnaround, driver.after(milliseconds: 10)),
            ])
        #expect(driver.fire(.turnaround) == [.frames("55 11")])
        #expect(driver.sent() == [.setTimer(.final, driver.after(milliseconds: 500))])
        #expect(driver.receive("54 11").contains(.indicate(.role(.changed(.primary)))))
        _ = driver.send("A0")
        #expect(driver.fire(.turnaround).transmitted == [hex("55 10 A0")])
        #expect(driver.becomePrimary() == [.indicate(.role(.changed(.primary)))])
    }

    @Test("9.3: a command without P makes a secondary, too, and one that watches")
    func commandWithoutPoll() {
        var driver = Self.handingOver()
        #expect(driver.receive("55 00 A0").contains(.indicate(.role(.changed(.secondary)))))
        #expect(driver.timers.keys.contains(.watchdog))
        for _ in 0..<60 where driver.lap.isConnected { _ = driver.fire(.watchdog) }
        #expect(!driver.lap.isConnected)
    }

    @Test("9.3: a response that comes before the first command makes a primary that goes on by itself")
    func early() {
        var driver = Self.asking()
        _ = driver.receive("55 5F")
        #expect(driver.receive("54 00 A0").contains(.indicate(.role(.changed(.primary)))))
        #expect(driver.timers.keys.contains(.final) && !driver.timers.keys.contains(.turnaround))
        #expect(driver.fire(.final).transmitted == [hex("55 31")])
    }

    @Test("9.3: the primary that agrees answers the first command by RR, and is the secondary")
    func becomesSecondary() {
        var driver = Self.handingOver()
        let heard = driver.receive("55 11")
        #expect(heard.contains(.indicate(.role(.changed(.secondary)))))
        #expect(driver.fire(.turnaround) == [.frames("54 11")])
        #expect(driver.sent() == [.setTimer(.watchdog, driver.after(milliseconds: 1000))])
        _ = driver.send("A0")
        #expect(driver.receive("55 11").contains(.cancelTimer(.watchdog)))
        #expect(driver.fire(.turnaround).transmitted == [hex("54 10 A0")])
    }

    @Test("9.3: a primary that does not want to answers DXCHG, and the secondary hears of it")
    func denied() {
        var primary = LAPDriver.primary { $0.exchangesRoles = false }
        _ = primary.fire(.turnaround)
        _ = primary.fire(.poll)
        _ = primary.sent()
        #expect(primary.turn(after: "54 DF").said.transmitted == [hex("55 DF")])

        var secondary = Self.asking()
        #expect(secondary.answer(to: "55 DF").heard == [.indicate(.role(.denied))])
    }

    @Test("9.3.3.4: a primary that knows nothing of it is asked three times; then the secondary stays one")
    func unknown() {
        var driver = Self.asking()
        for _ in 0..<2 {
            #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 DF")])
            _ = driver.sent()
        }
        #expect(driver.answer(to: "55 11").said == [.indicate(.role(.denied)), .frames("54 11")])
    }

    @Test("9.3: a peer that rejects XCHG does not know it, and things go on as before")
    func rejected() {
        var driver = Self.handingOver()
        _ = driver.receive("54 97 5F 00 01")
        _ = driver.send("A0")
        #expect(driver.fire(.turnaround).transmitted == [hex("55 10 A0")])
    }

    @Test("9.3: XCHG is repeated after the F-timer and a random time, and after any other response")
    func repeated() {
        var driver = Self.handingOver()
        let backoff = driver.fire(.final)
        #expect(backoff.transmitted.isEmpty && driver.timers[.backoff] != nil)
        #expect(driver.fire(.backoff).transmitted == [hex("55 5F")])
        _ = driver.sent()
        #expect(driver.turn(after: "54 11").said.transmitted == [hex("55 5F")])
        _ = driver.sent()
        for _ in 0..<23 {
            _ = driver.fire(.final)
            guard driver.timers[.backoff] != nil else { break }
            _ = driver.fire(.backoff)
            _ = driver.sent()
        }
        _ = driver.fire(.final)
        #expect(!driver.lap.isConnected)
    }

    @Test("9.3: the first command is repeated until it is answered, also after another XCHG, or until the link is lost")
    func firstCommandRepeated() {
        var driver = Self.asking()
        _ = driver.receive("55 5F")
        _ = driver.fire(.turnaround)
        _ = driver.sent()
        _ = driver.fire(.final)
        #expect(driver.fire(.backoff) == [.frames("55 11")])
        _ = driver.sent()
        _ = driver.receive("55 5F")
        #expect(driver.fire(.turnaround) == [.frames("55 11")])
        _ = driver.sent()
        for _ in 0..<30 where driver.lap.isConnected {
            _ = driver.fire(.final)
            guard driver.timers[.backoff] != nil else { break }
            _ = driver.fire(.backoff)
            _ = driver.sent()
        }
        #expect(!driver.lap.isConnected)
    }

    @Test("9.3: DISC ends the link during the exchange too, and RD has the primary end it")
    func ended() {
        var secondary = Self.asking()
        _ = secondary.receive("55 5F")
        _ = secondary.fire(.turnaround)
        _ = secondary.sent()
        _ = secondary.receive("55 53")
        #expect(secondary.fire(.turnaround) == [.frames("54 73")])
        #expect(secondary.sent() == .leaving(.requested))

        var primary = Self.handingOver()
        #expect(primary.turn(after: "54 53").said.transmitted == [hex("55 53")])
    }

    @Test(
        "6.12.3: the answer to a DISC that took the place of XCHG ends the link at once, and only the F-timer repeats it",
        arguments: ["54 73", "54 1F"])
    func endedWhileHandingOver(answer: String) {
        var driver = Self.handingOver()
        _ = driver.disconnect()
        _ = driver.fire(.final)
        #expect(driver.fire(.backoff).transmitted == [hex("55 53")])
        _ = driver.sent()
        #expect(driver.receive("54 11") == [], "the peer's answer to XCHG, perhaps, that crossed")
        #expect(driver.receive(answer) == .leaving(.requested))
        #expect(driver.timers.isEmpty)
    }

    @Test("9.3: a peer that has taken over and has not heard the DISC is asked to end the link")
    func takenOverBeforeTheEnd() {
        var driver = Self.handingOver()
        _ = driver.disconnect()
        _ = driver.fire(.final)
        _ = driver.fire(.backoff)
        _ = driver.sent()
        #expect(driver.receive("55 11").contains(.indicate(.role(.changed(.secondary)))))
        #expect(driver.fire(.turnaround).transmitted == [hex("54 53")])
    }
}
