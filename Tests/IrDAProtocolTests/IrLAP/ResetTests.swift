import Testing

@testable import IrDAProtocol

/// The reset of a link, from either end, wanted and refused (IrLAP 1.1, 2.3.5 and 6.12).
@Suite struct ResetTests {
    private static func primary(afterSending informations: [String] = []) -> LAPDriver {
        var driver = LAPDriver.primary { $0.asksBeforeReset = true }
        for information in informations { _ = driver.send(information) }
        if driver.fire(.turnaround).transmitted.isEmpty { _ = driver.fire(.poll) }
        _ = driver.sent(after: .milliseconds(1))
        driver.wait(.milliseconds(11))
        return driver
    }

    private static func secondary() -> LAPDriver { .secondary { $0.asksBeforeReset = true } }

    @Test("IrLAP 1.1, 6.12.1: the primary's user resets: SNRM without information, UA, and numbers begin anew")
    func byPrimary() {
        var driver = Self.primary(afterSending: ["A0"])
        _ = driver.send("A1")
        #expect(driver.reset() == [])
        #expect(driver.turn(after: "54 11").said.transmitted == [hex("55 93")])
        _ = driver.sent()
        let (heard, said) = driver.turn(after: "54 73")
        #expect(heard == [.indicate(.reset(.done))])
        #expect(said.transmitted == [hex("55 11")], "what was not acknowledged is dropped")
        #expect(driver.lap.isDrained)
        _ = driver.sent()
        _ = driver.turn(after: "54 11")
        #expect(driver.send("A2").transmitted == [hex("55 10 A2")])
    }

    @Test("IrLAP 1.1, 6.12.3: on an idle line the reset goes at once")
    func idle() {
        var driver = LAPDriver.primary { $0.asksBeforeReset = true }
        _ = driver.fire(.turnaround)
        #expect(driver.reset() == [.cancelTimer(.poll), .frames("55 93")])
    }

    @Test(
        "IrLAP 1.1, 6.12.3: after an impossible Nr, FRMR or RNRM the layer above is asked, and may agree",
        arguments: [
            ("54 71", ResetIndication.protocolError), ("54 97 12 00 08", .protocolError), ("54 93", .peer),
        ])
    func asked(frame: String, cause: ResetIndication) {
        var driver = Self.primary(afterSending: ["A0"])
        let (heard, said) = driver.turn(after: frame)
        #expect(heard == [.indicate(.reset(cause))])
        #expect(said == [.setTimer(.poll, driver.after(milliseconds: 450))], "the turn is kept meanwhile")
        #expect(driver.reset().transmitted == [hex("55 93")])
        _ = driver.sent()
        #expect(driver.turn(after: "54 73").heard == [.indicate(.reset(.done))])
    }

    @Test("IrLAP 1.1, 6.12.3: who refuses, or does not answer, ends the link", arguments: [true, false])
    func refused(answers: Bool) {
        var driver = Self.primary()
        _ = driver.turn(after: "54 93")
        let said = answers ? driver.disconnect() : driver.fire(.poll)
        #expect(said.transmitted == [hex("55 53")])
        _ = driver.sent()
        _ = driver.receive("54 73")
        #expect(!driver.lap.isConnected)
    }

    @Test("IrLAP 1.1, 6.12.3: an impossible Nr in a frame without F: the reset waits for the turn")
    func withoutFinal() {
        var driver = Self.primary(afterSending: ["A0"])
        #expect(driver.receive("54 60 B0") == [.indicate(.reset(.protocolError))])
        #expect(driver.reset() == [])
        #expect(driver.receive("54 02 B1") == [], "what still comes is not taken")
        #expect(driver.turn(after: "54 14 B2").said.transmitted == [hex("55 93")])
    }

    @Test(
        "IrLAP 1.1, 6.12.3: a reset SNRM is repeated three times, also when something else comes, then the link is lost"
    )
    func unanswered() {
        var driver = Self.primary()
        _ = driver.reset()
        _ = driver.turn(after: "54 11")
        _ = driver.sent()
        #expect(driver.turn(after: "54 11").said.transmitted == [hex("55 93")])
        _ = driver.sent()
        for _ in 0..<2 {
            #expect(driver.fire(.final).transmitted == [hex("55 93")])
            _ = driver.sent()
        }
        #expect(driver.fire(.final) == .leaving(.linkLost))
    }

    @Test("IrLAP 1.1, 6.12.3: DM in RESET ends the link")
    func forgotten() {
        var driver = Self.primary()
        _ = driver.reset()
        _ = driver.turn(after: "54 11")
        _ = driver.sent()
        #expect(driver.receive("54 1F") == .leaving(.refused))
    }

    @Test("IrLAP 1.1, 6.12.4: a secondary that agrees answers UA, and its numbers begin anew")
    func agreed() {
        var driver = Self.secondary()
        _ = driver.send("A0")
        _ = driver.answer(to: "55 10 B0")
        _ = driver.sent()
        #expect(driver.receive("55 93") == [.indicate(.reset(.peer))])
        #expect(driver.reset() == [.cancelTimer(.watchdog), .setTimer(.turnaround, driver.after(milliseconds: 10))])
        #expect(driver.fire(.turnaround) == [.indicate(.reset(.done)), .frames("54 73")])
        _ = driver.sent()
        #expect(driver.answer(to: "55 10 B1").heard == [.indicate(.data(hex("B1")))])
    }

    @Test("IrLAP 1.1, 6.12.4: one that refuses answers RD; one that does not answer is taken to refuse")
    func refusedBySecondary() {
        var driver = Self.secondary()
        _ = driver.receive("55 93")
        _ = driver.disconnect()
        #expect(driver.fire(.turnaround).transmitted == [hex("54 53")])

        driver = Self.secondary()
        _ = driver.receive("55 93")
        _ = driver.fire(.watchdog)
        #expect(driver.answer(to: "55 93").said.transmitted == [hex("54 53")])
    }

    @Test("IrLAP 1.1, 6.12.4: a secondary asks for a reset by RNRM until SNRM comes")
    func bySecondary() {
        var driver = Self.secondary()
        #expect(driver.reset() == [])
        for _ in 0..<2 {
            #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 93")])
            _ = driver.sent()
        }
        #expect(driver.answer(to: "55 93").said == [.indicate(.reset(.done)), .frames("54 73")])
    }

    @Test(
        "IrLAP 1.1, 6.12.4: without an answer to RNRM the watchdog ends the link, and so does DM",
        arguments: [true, false])
    func unansweredRequest(byWatchdog: Bool) {
        var driver = Self.secondary()
        _ = driver.reset()
        _ = driver.answer(to: "55 11")
        _ = driver.sent()
        #expect((byWatchdog ? driver.fire(.watchdog) : driver.receive("54 1F")) == .leaving(.linkLost))
    }

    @Test(
        "A primary that goes on polling after FRMR, after which no data may go, is asked to end the link",
        arguments: [true, false])
    func ignoredFRMR(withPoll: Bool) {
        var driver = LAPDriver.secondary()
        if !withPoll { _ = driver.receive("55 61") }
        let said = driver.answer(to: withPoll ? "55 71" : "55 11").said
        #expect(said.transmitted.first?.prefix(2) == [0x54, 0x97])
        _ = driver.sent()
        _ = driver.send("A0")
        for _ in 0..<9 {
            #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 11")])
            _ = driver.sent()
        }
        #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 53")])
        _ = driver.sent()
        _ = driver.answer(to: "55 53")
        #expect(driver.sent() == .leaving(.protocolError))
    }

    @Test("IrLAP 1.1, 6.12.4: a primary that answers FRMR by a reset, be it late, goes on with the link")
    func resetAfterFRMR() {
        var driver = Self.secondary()
        for _ in 0..<2 {
            _ = driver.answer(to: "55 71")
            _ = driver.sent()
            for _ in 0..<8 {
                _ = driver.answer(to: "55 11")
                _ = driver.sent()
            }
            _ = driver.receive("55 93")
            _ = driver.reset()
            #expect(driver.fire(.turnaround) == [.indicate(.reset(.done)), .frames("54 73")])
            _ = driver.sent()
        }
        _ = driver.send("A0")
        #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 10 A0")])
    }
}
