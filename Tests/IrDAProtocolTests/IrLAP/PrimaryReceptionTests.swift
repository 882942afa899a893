import Testing

@testable import IrDAProtocol

/// What a primary makes of the frames of its secondary: the rows of NRM (IrLAP 1.1, 6.12.3).
@Suite struct PrimaryReceptionTests {
    /// What the primary does with one frame, two I frames of its own (0 and 1) being unacknowledged.
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        /// The frame, with F set.
        var frame: String
        /// Information that is delivered.
        var delivered: String?
        /// What goes out after the turn-around time.
        var answer: [String]

        init(_ name: String, _ frame: String, delivers: String? = nil, answer: String...) {
            self.name = name
            self.frame = frame
            delivered = delivers
            self.answer = answer
        }

        var testDescription: String { name }
    }

    private static func waiting() -> LAPDriver { .primaryWaiting(afterSending: ["A0", "A1"]) }

    @Test("IrLAP 1.1, 6.12.1: of the frames of a turn only the last has P")
    func burst() {
        var driver = LAPDriver.primary()
        #expect(driver.send("A0") == [] && driver.send("A1") == [])
        #expect(driver.fire(.turnaround) == [.cancelTimer(.poll), .frames("55 00 A0", "55 12 A1")])
        #expect(driver.sent() == [.setTimer(.final, driver.after(milliseconds: 500))])
    }

    @Test(
        "IrLAP 1.1, 6.12.3: frames with F give the turn back",
        arguments: [
            Row("I, Ns and Nr expected", "54 50 B0", delivers: "B0", answer: "55 31"),
            Row("I, Nr unexpected", "54 30 B0", delivers: "B0", answer: "55 32 A1"),
            Row("I, nothing acknowledged", "54 10 B0", delivers: "B0", answer: "55 20 A0", "55 32 A1"),
            Row("I without information", "54 50", delivers: "", answer: "55 31"),
            Row("I, Ns unexpected", "54 52 B1", answer: "55 11"),
            Row("I, Ns and Nr unexpected", "54 32 B1", answer: "55 11"),
            Row("I, Ns of the past", "54 5E B7", answer: "55 11"),
            Row("I, Nr invalid", "54 70 B0", answer: "55 53"),
            Row("I, Nr of the past", "54 F0 B0", answer: "55 53"),
            Row("UI", "54 13 CC", answer: "55 11"),
            Row("XID", "54 BF", answer: "55 11"),
            Row("RR, Nr expected", "54 51", answer: "55 11"),
            Row("RR, Nr unexpected", "54 31", answer: "55 12 A1"),
            Row("RR, nothing acknowledged", "54 11", answer: "55 00 A0", "55 12 A1"),
            Row("RR, Nr invalid", "54 71", answer: "55 53"),
            Row("RNR, Nr expected", "54 55", answer: "55 11"),
            Row("RNR, Nr unexpected", "54 35", answer: "55 11"),
            Row("RNR, Nr invalid", "54 75", answer: "55 53"),
            Row("REJ", "54 39", answer: "55 12 A1"),
            Row("REJ of everything", "54 19", answer: "55 00 A0", "55 12 A1"),
            Row("REJ, Nr invalid", "54 79", answer: "55 53"),
            Row("SREJ", "54 3D", answer: "55 12 A1"),
            Row("SREJ, Nr invalid", "54 7D", answer: "55 53"),
            Row("FRMR", "54 97 12 00 08", answer: "55 53"),
            Row("FRMR without a field", "54 97", answer: "55 53"),
            Row("RD", "54 53", answer: "55 53"),
            Row("RNRM", "54 93", answer: "55 53"),
            Row("UA", "54 73", answer: "55 11"),
            Row("TEST", "54 F3 AA", answer: "55 11"),
            Row("RXCHG", "54 DF", answer: "55 5F"),
            Row("undefined control byte", "54 FF", answer: "55 11"),
        ])
    func finalFrames(row: Row) {
        var driver = Self.waiting()
        let (heard, said) = driver.turn(after: row.frame)
        if row.frame.hasPrefix("54 13") {
            #expect(heard == [.indicate(.unitData([0xCC]))])
        } else {
            #expect(heard == (row.delivered.map { [.indicate(.data(hex($0)))] } ?? []))
        }
        #expect(said.first == .cancelTimer(.poll) && said.count == 2)
        #expect(said.transmitted == row.answer.map { hex($0) })
        #expect(driver.sent() == [.setTimer(.final, driver.after(milliseconds: 500))])
    }

    @Test(
        "IrLAP 1.1, 6.12.3: frames without F leave the turn where it is",
        arguments: [
            Row("I, Ns expected", "54 40 B0", delivers: "B0"), Row("I, Ns unexpected", "54 42 B1"),
            Row("I, Nr unexpected", "54 20 B0", delivers: "B0"), Row("I, Nr invalid", "54 60 B0"), Row("RR", "54 41"),
            Row("UA", "54 63"), Row("TEST", "54 E3"), Row("XID", "54 AF"), Row("undefined control byte", "54 EF"),
        ])
    func otherFrames(row: Row) {
        var driver = Self.waiting()
        #expect(driver.receive(row.frame) == (row.delivered.map { [.indicate(.data(hex($0)))] } ?? []))
        #expect(driver.timers[.final] != nil && driver.timers[.turnaround] == nil)
    }

    @Test("IrLAP 1.1, 5.5: a whole window is taken in order, and acknowledged at once")
    func window() {
        var driver = Self.waiting()
        for number in 0..<6 {
            let frame: [UInt8] = [0x54, 0x40 | UInt8(number) << 1, UInt8(number)]
            #expect(driver.receive(frame) == [.indicate(.data([UInt8(number)]))])
        }
        let (heard, said) = driver.turn(after: "54 5C 06")
        #expect(heard == [.indicate(.data([6]))])
        #expect(said.transmitted == [hex("55 F1")])
    }

    @Test(
        "IrLAP 1.1, 6.12.3.1: after a lost frame the rest is discarded, RR asks for it; no duplicates"
    )
    func lostAndRepeated() {
        var driver = Self.waiting()
        #expect(driver.receive("54 40 B0") == [.indicate(.data([0xB0]))])
        // Ns=1 is lost.
        #expect(driver.turn(after: "54 54 B2").said.transmitted == [hex("55 31")])
        _ = driver.sent()
        #expect(driver.receive("54 42 B1") == [.indicate(.data([0xB1]))])
        #expect(driver.receive("54 40 B0") == [])
        let (heard, said) = driver.turn(after: "54 54 B2")
        #expect(heard == [.indicate(.data([0xB2]))])
        #expect(said.transmitted == [hex("55 71")])
    }

    @Test("IrLAP 1.1, 6.12.3.1: where Ns and Nr are unexpected, what the peer lacks follows after its next RR")
    func bothUnexpected() {
        var driver = Self.waiting()
        _ = driver.turn(after: "54 32 B1")
        _ = driver.sent()
        #expect(driver.turn(after: "54 31").said.transmitted == [hex("55 12 A1")])
    }

    @Test("IrLAP 1.1, 6.12.3.4: RNR holds data back until RR; REJ and SREJ do not end that", arguments: ["19", "1D"])
    func remoteBusy(reject: String) {
        var driver = LAPDriver.primaryWaiting(afterSending: [])
        #expect(driver.turn(after: "54 15").said == [.setTimer(.poll, driver.after(milliseconds: 100))])
        #expect(driver.send("A0") == [], "nothing is sent, and the P-timer is not put off")
        #expect(driver.fire(.poll).transmitted == [hex("55 11")])
        _ = driver.sent()
        for frame in ["15", reject] {
            let said = driver.turn(after: "54 " + frame).said
            #expect(said.transmitted == [])
            #expect(driver.fire(.poll).transmitted == [hex("55 11")], "after \(frame)")
            _ = driver.sent()
        }
        #expect(driver.turn(after: "54 11").said.transmitted == [hex("55 10 A0")])
    }

    @Test("IrLAP 1.1, 6.12.3: REJ from a busy secondary is answered by RR, and the frames follow after RR")
    func rejectWhileBusy() {
        var driver = Self.waiting()
        #expect(driver.turn(after: "54 15").said.transmitted == [hex("55 11")])
        _ = driver.sent()
        _ = driver.turn(after: "54 19")
        if driver.timers[.poll] != nil { _ = driver.fire(.poll) }
        _ = driver.sent()
        #expect(driver.turn(after: "54 11").said.transmitted == [hex("55 00 A0"), hex("55 12 A1")])
    }

    @Test(
        "IrLAP 1.1, 6.12.3.1: a command on our own connection address is a second primary's",
        arguments: ["55 11", "55 10 AA", "55 01", "55 00 AA"])
    func primaryConflict(frame: String) {
        var driver = Self.waiting()
        #expect(driver.receive(frame) == .leaving(.primaryConflict))
    }

    @Test(
        "IrLAP 1.1, 6.5 and 4.3.1.1: U commands and other connections do nothing",
        arguments: [
            "55 53", "55 93", "55 F3 AA", "56 51", "57 51", "FE 51", "FF 3F 01 F1DEBC9A FFFFFFFF 00 00 00", "54", "",
        ])
    func foreignFrames(frame: String) {
        var driver = Self.waiting()
        #expect(driver.receive(frame) == [])
        #expect(driver.timers[.final] != nil)
    }

    @Test("A secondary that says DM has no link any more")
    func disconnectedMode() {
        var driver = Self.waiting()
        #expect(driver.receive("54 1F") == .leaving(.refused))
    }

    @Test("IrLAP 1.1, 6.2 rule 9: what is heard while our own light is on is our echo")
    func echo() {
        var driver = LAPDriver.primary()
        _ = driver.send("A0")
        _ = driver.fire(.turnaround)
        #expect(driver.receive("55 10 A0") == [])
        #expect(driver.receive("54 31") == [])
        #expect(driver.sent() == [.setTimer(.final, driver.after(milliseconds: 500))])
    }

    @Test("IrLAP 1.1, 6.12.3.1: SREJ whose frame is acknowledged in the same turn leaves nothing behind")
    func selectiveRejectOvertaken() {
        for waiting in [[], ["A2"]] {
            var driver = LAPDriver.primaryWaiting(afterSending: ["A0", "A1"])
            for information in waiting { _ = driver.send(information) }
            #expect(driver.receive("54 0D") == [])
            let said = driver.turn(after: "54 51").said
            #expect(said.transmitted == [hex(waiting.isEmpty ? "55 11" : "55 14 A2")])
            _ = driver.sent()
            #expect(driver.turn(after: waiting.isEmpty ? "54 51" : "54 71").heard == [])
            #expect(driver.lap.isDrained && driver.lap.room != nil && driver.lap.isConnected)
        }
    }
}
