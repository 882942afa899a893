import Testing

@testable import IrDAProtocol

/// What a secondary makes of the frames of its primary: the rows of NRM (IrLAP 1.1, 6.12.4).
@Suite struct SecondaryReceptionTests {
    typealias Row = PrimaryReceptionTests.Row

    private static func waiting() -> LAPDriver { .secondaryWaiting(afterSending: ["A0", "A1"]) }

    @Test("IrLAP 1.1, 6.12.4: of the frames of a turn only the last has F; then the watchdog runs")
    func burst() {
        var driver = LAPDriver.secondary()
        #expect(driver.send("A0") == [] && driver.send("A1") == [])
        let (heard, said) = driver.answer(to: "55 11")
        #expect(heard == [] && said == [.frames("54 00 A0", "54 12 A1")])
        #expect(driver.sent() == [.setTimer(.watchdog, driver.after(milliseconds: 1000))])
    }

    @Test(
        "IrLAP 1.1, 6.12.4: every poll is answered",
        arguments: [
            Row("I, Ns and Nr expected", "55 50 B0", delivers: "B0", answer: "54 31"),
            Row("I, Nr unexpected", "55 30 B0", delivers: "B0", answer: "54 32 A1"),
            Row("I, nothing acknowledged", "55 10 B0", delivers: "B0", answer: "54 20 A0", "54 32 A1"),
            Row("I, Ns unexpected", "55 52 B1", answer: "54 11"),
            Row("I, Ns and Nr unexpected", "55 32 B1", answer: "54 11"),
            Row("I, Nr invalid", "55 70 B0", answer: "54 97 70 04 08"),
            Row("UI", "55 13 CC", answer: "54 11"),
            Row("XID", "55 3F", answer: "54 11"),
            Row("TEST", "55 F3 AABB", answer: "54 F3 AABB"),
            Row("TEST without payload", "55 F3", answer: "54 F3"),
            Row("RR, Nr expected", "55 51", answer: "54 11"),
            Row("RR, Nr unexpected", "55 31", answer: "54 12 A1"),
            Row("RR, nothing acknowledged", "55 11", answer: "54 00 A0", "54 12 A1"),
            Row("RR, Nr invalid", "55 71", answer: "54 97 71 04 08"),
            Row("RNR, Nr expected", "55 55", answer: "54 11"),
            Row("RNR, Nr unexpected", "55 35", answer: "54 11"),
            Row("RNR, Nr invalid", "55 75", answer: "54 97 75 04 08"),
            Row("REJ", "55 39", answer: "54 12 A1"),
            Row("REJ, Nr invalid", "55 79", answer: "54 97 79 04 08"),
            Row("SREJ", "55 3D", answer: "54 12 A1"),
            Row("SREJ, Nr invalid", "55 7D", answer: "54 97 7D 04 08"),
            Row("SNRM, a reset", "55 93", answer: "54 53"),
            Row("XCHG", "55 5F", answer: "54 97 5F 04 01"),
            Row("UA as a command", "55 73", answer: "54 97 73 04 01"),
            Row("undefined control byte", "55 FF", answer: "54 97 FF 04 01"),
        ])
    func polls(row: Row) {
        var driver = Self.waiting()
        let (heard, said) = driver.answer(to: row.frame)
        if row.frame.hasPrefix("55 13") {
            #expect(heard == [.indicate(.unitData([0xCC]))])
        } else {
            #expect(heard == (row.delivered.map { [.indicate(.data(hex($0)))] } ?? []))
        }
        #expect(said.count == 1 && said.transmitted == row.answer.map { hex($0) })
        #expect(driver.sent() == [.setTimer(.watchdog, driver.after(milliseconds: 1000))])
    }

    @Test(
        "IrLAP 1.1, 6.12.4: without a poll nothing is said, and the watchdog is not restarted",
        arguments: [
            Row("I, Ns expected", "55 40 B0", delivers: "B0"), Row("I, Ns unexpected", "55 42 B1"),
            Row("I, Nr unexpected", "55 20 B0", delivers: "B0"), Row("I, Nr invalid", "55 60 B0"), Row("RR", "55 41"),
            Row("TEST", "55 E3 AA"), Row("XID", "55 2F"), Row("SNRM", "55 83"), Row("DISC", "55 43"),
            Row("undefined control byte", "55 EF"),
        ])
    func withoutPoll(row: Row) {
        var driver = Self.waiting()
        let watchdog = driver.timers[.watchdog]
        #expect(driver.receive(row.frame) == (row.delivered.map { [.indicate(.data(hex($0)))] } ?? []))
        #expect(driver.timers == [.watchdog: watchdog].compactMapValues(\.self))
    }

    @Test("IrLAP 1.1, 5.5: a whole window is taken in order, and acknowledged at the poll")
    func window() {
        var driver = Self.waiting()
        for number in 0..<6 {
            let frame: [UInt8] = [0x55, 0x40 | UInt8(number) << 1, UInt8(number)]
            #expect(driver.receive(frame) == [.indicate(.data([UInt8(number)]))])
        }
        let (heard, said) = driver.answer(to: "55 5C 06")
        #expect(heard == [.indicate(.data([6]))])
        #expect(said.transmitted == [hex("54 F1")])
    }

    @Test("IrLAP 1.1, 6.12.4: after a lost frame the rest is discarded and RR asks for it, even if data waits")
    func lostAndRepeated() {
        var driver = Self.waiting()
        _ = driver.send("A2")
        #expect(driver.receive("55 42 B1") == [])
        #expect(driver.answer(to: "55 54 B2").said.transmitted == [hex("54 11")])
        _ = driver.sent()
        #expect(driver.receive("55 40 B0") == [.indicate(.data([0xB0]))])
        #expect(driver.receive("55 42 B1") == [.indicate(.data([0xB1]))])
        let (heard, said) = driver.answer(to: "55 54 B2")
        #expect(heard == [.indicate(.data([0xB2]))])
        #expect(said.transmitted == [hex("54 74 A2")])
    }

    @Test("IrLAP 1.1, 6.12.3.1: a repeated poll is answered again; a duplicate is not delivered again")
    func duplicate() {
        var driver = Self.waiting()
        _ = driver.answer(to: "55 50 B0")
        _ = driver.sent()
        let (heard, said) = driver.answer(to: "55 50 B0")
        #expect(heard == [] && said.transmitted == [hex("54 31")])
    }

    @Test("IrLAP 1.1, 6.12.3.1: where Ns and Nr are unexpected, what the peer lacks follows after its next RR")
    func bothUnexpected() {
        var driver = Self.waiting()
        _ = driver.answer(to: "55 32 B1")
        _ = driver.sent()
        #expect(driver.answer(to: "55 31").said.transmitted == [hex("54 12 A1")])
    }

    @Test("IrLAP 1.1, 6.12.3.4: RNR holds data back until RR; REJ and SREJ do not end that", arguments: ["19", "1D"])
    func remoteBusy(reject: String) {
        var driver = LAPDriver.secondary()
        _ = driver.send("A0")
        for frame in ["15", "15", reject] {
            #expect(driver.answer(to: "55 " + frame).said.transmitted == [hex("54 11")], "\(frame)")
            _ = driver.sent()
        }
        #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 10 A0")])
    }

    @Test(
        "IrLAP 1.1, 6.12.4: an invalid Nr in a frame without P is answered by FRMR at the next poll; no I frames follow it"
    )
    func invalidWithoutPoll() {
        var driver = Self.waiting()
        #expect(driver.receive("55 60 B0") == [])
        #expect(driver.answer(to: "55 51").said.transmitted == [hex("54 97 60 04 08")])
        _ = driver.sent()
        #expect(driver.answer(to: "55 51").said.transmitted == [hex("54 11")])
        _ = driver.send("A2")
        _ = driver.sent()
        #expect(driver.answer(to: "55 51").said.transmitted == [hex("54 11")])
    }

    @Test("IrLAP 1.1, 6.12.4: before FRMR could be sent, DM ends the link")
    func invalidAndForgotten() {
        var driver = Self.waiting()
        _ = driver.receive("55 60 B0")
        #expect(driver.receive("54 1F") == .leaving(.linkLost))
    }

    @Test("IrLAP 1.1, 6.12.4: the reason for which the link was to end is told, also when DISC completes the end")
    func refusedAndDisconnected() {
        var driver = Self.waiting()
        #expect(driver.answer(to: "55 93").said.transmitted == [hex("54 53")])
        _ = driver.sent()
        _ = driver.answer(to: "55 53")
        #expect(driver.sent() == .leaving(.protocolError))
    }

    @Test(
        "IrLAP 1.1, 6.12.4.1: a response on our own connection address is another secondary's",
        arguments: ["54 11", "54 10 AA", "54 01", "54 00 AA"])
    func primaryConflict(frame: String) {
        var driver = Self.waiting()
        #expect(driver.receive(frame) == .leaving(.primaryConflict))
    }

    @Test(
        "IrLAP 1.1, 6.5 and 6.12.2: U responses, other connections and discoveries do nothing",
        arguments: [
            "54 73", "54 53", "54 F3 AA", "54 FF", "56 11", "57 11", "FF 3F 01 78563412 FFFFFFFF 00 00 00",
            "FF 03 70 70",
            "FF F3 78563412 F1DEBC9A", "FF FF", "55", "",
            "FF 93 04030201 F1DEBC9A 60 01013E",  // an SNRM of a stranger
            "FF 93 78563412 04030201 60 01013E",  // an SNRM of our primary for a stranger
            "FF 93",
        ])
    func foreignFrames(frame: String) {
        var driver = Self.waiting()
        let watchdog = driver.timers[.watchdog]
        #expect(driver.receive(frame) == [])
        #expect(driver.timers == [.watchdog: watchdog].compactMapValues(\.self))
    }

    @Test("IrLAP 1.1, 6.2 rule 9: what is heard while our own light is on is our echo")
    func echo() {
        var driver = LAPDriver.secondary()
        _ = driver.send("A0")
        _ = driver.answer(to: "55 11")
        #expect(driver.receive("54 10 A0") == [])
        #expect(driver.receive("55 11") == [])
        #expect(driver.sent() == [.setTimer(.watchdog, driver.after(milliseconds: 1000))])
    }

    @Test(
        "An SNRM of our own primary means that it has begun anew: a lost link and a new one"
    )
    func restart() {
        var driver = Self.waiting()
        #expect(
            driver.receive("FF 93 78563412 F1DEBC9A 60 01013E 820101 83013F 84017F 850180 860101 080107")
                == .leaving(.linkLost) + [.indicate(.connectionRequested(LAPDriver.address))])
        _ = driver.accept()
        #expect(driver.fire(.turnaround).transmitted.first?.prefix(2) == [0x60, 0x73])
    }
}
