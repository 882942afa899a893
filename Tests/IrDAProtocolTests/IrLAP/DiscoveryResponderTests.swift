import Testing

@testable import IrDAProtocol

/// The responder of a discovery: NDM to REPLY and back (IrLAP 1.1, 6.8.3 and 6.13.2).
@Suite struct DiscoveryResponderTests {
    private static let initiator = "78563412"
    private static let record = DiscoveryRecord(address: LAPDriver.address, info: LAPDriver.info)

    private static func query(_ slot: Int, of flags: String = "01") -> String {
        "FF 3F 01 \(initiator) FFFFFFFF \(flags) " + (slot < 16 ? "0" : "") + String(slot, radix: 16) + " 00"
    }

    private static func response(_ slot: Int, of flags: String = "01") -> IrLAPAction {
        .contention(
            "FE BF 01 F1DEBC9A \(initiator) \(flags) 0\(String(slot, radix: 16)) 00 | 84 24 00 \"Printer-B\"")
    }

    private static let final = "FF 3F 01 \(initiator) FFFFFFFF 01 FF 00 | 84 24 00 \"SwiftIR\""

    /// The peer of the examples, which draws its slots from this seed.
    private func responder(seed: UInt64 = 1) -> LAPDriver {
        .listening(
            address: LAPDriver.peer,
            info: DeviceInfo(
                hints: ServiceHints(rawValue: 0x2404), characterSet: .ascii, nickname: Array("Printer-B".utf8)),
            seed: seed)
    }

    /// Feeds a whole discovery; gives the slots in which it was answered.
    private func answeredSlots(_ driver: inout LAPDriver, slots: SlotCount, flags: String, from first: Int = 0) -> [Int]
    {
        var answered: [Int] = []
        for slot in first..<Int(slots.rawValue) {
            let actions = driver.receive(Self.query(slot, of: flags))
            let timer = IrLAPAction.setTimer(
                .query, driver.after(milliseconds: (Int(slots.rawValue) - slot) * 115 + 100))
            if actions == [timer, Self.response(slot, of: flags)] {
                answered.append(slot)
                _ = driver.sent(after: .milliseconds(42))
                driver.wait(.milliseconds(38))
            } else {
                #expect(actions == [timer], "slot \(slot) of \(slots)")
                driver.wait(.milliseconds(80))
            }
        }
        return answered
    }

    @Test(
        "IrLAP 1.1, 6.8.3.3: one answer a discovery, in any of the slots",
        arguments: zip(SlotCount.allCases, ["00", "01", "02", "03"]))
    func oneAnswer(slots: SlotCount, flags: String) {
        var seen: Set<Int> = []
        for seed in 0..<UInt64(slots.rawValue) * 20 {
            var driver = responder(seed: seed)
            let answered = answeredSlots(&driver, slots: slots, flags: flags)
            #expect(answered.count == 1, "seed \(seed)")
            seen.formUnion(answered)
        }
        #expect(seen == Set(0..<Int(slots.rawValue)), "every slot is drawn in time")
    }

    @Test("IrLAP 1.1, 6.8.3.2: who hears the discovery late draws among the slots that are left", arguments: 0..<6)
    func lateStart(first: Int) {
        var seen: Set<Int> = []
        for seed in 0..<100 as Range<UInt64> {
            var driver = responder(seed: seed)
            let answered = answeredSlots(&driver, slots: .six, flags: "01", from: first)
            #expect(answered.count == 1, "seed \(seed)")
            seen.formUnion(answered)
        }
        #expect(seen == Set(first..<6))
    }

    @Test("IrLAP 1.1, 6.8: the answer is that of the worked example on the line")
    func workedExample() {
        var driver = responder()
        let answer = driver.receive(Self.query(0, of: "00")).transmitted.first ?? []
        #expect(answer == hex("FE BF 01 F1DEBC9A 78563412 00 00 00 | 84 24 00 \"Printer-B\""))
        // With six slots, whichever was drawn, only flags and slot number differ from F2.
        #expect(
            SIRFramer.encode(
                hex("FE BF 01 F1DEBC9A 78563412 01 00 00 | 84 24 00 \"Printer-B\""), additionalBOFs: 0
            ) == hex("C0 FE BF 01 F1DEBC9A 78563412 01 00 00 84 24 00 50 72 69 6E 74 65 72 2D 42 79 68 C1"))
    }

    @Test("IrLAP 1.1, 6.8.3.3: a chosen slot whose query was lost is answered in the next that is heard")
    func missedSlot() {
        // Of six slots one below five is drawn by most seeds; only slot 5 is heard after slot 0.
        for seed in 0..<20 as Range<UInt64> {
            var driver = responder(seed: seed)
            let first = driver.receive(Self.query(0))
            _ = driver.sent()
            let last = driver.receive(Self.query(5))
            #expect(first.transmitted.count + last.transmitted.count == 1, "seed \(seed)")
        }
    }

    @Test("IrDA Lite 1.0, 2.3.3: a number that goes back is a new discovery, with a new slot and a new answer")
    func redraw() {
        for seed in 0..<30 as Range<UInt64> {
            var driver = responder(seed: seed)
            #expect(answeredSlots(&driver, slots: .six, flags: "01").count == 1, "seed \(seed)")
            #expect(answeredSlots(&driver, slots: .six, flags: "01").count == 1, "seed \(seed), again")
        }
    }

    @Test("IrDA Lite 1.0, 2.3.3: so is another number of slots, whose numbers may be beyond the old one's")
    func otherSlots() {
        var driver = responder()
        _ = driver.receive(Self.query(0, of: "00"))
        _ = driver.sent()
        let actions = driver.receive(Self.query(3, of: "01"))
        #expect(actions.contains { if case .setTimer(.query, let moment) = $0 { moment > driver.now } else { false } })
    }

    @Test("IrLAP 1.1, 6.8.3.3: the final command introduces its sender, and ends the query timer")
    func finalCommand() {
        var driver = responder()
        _ = driver.receive(Self.query(0))
        _ = driver.sent()
        #expect(
            driver.receive("FF 3F 01 78563412 FFFFFFFF 01 FF 00 | 84 20 00 \"SwiftIR\"")
                == [.cancelTimer(.query), .indicate(.discovered(Self.record))])
        #expect(driver.timers.isEmpty)
        #expect(driver.fireStale(.query) == [])
    }

    @Test("IrLAP 1.1, 6.8: a final command whose queries were all missed introduces its sender too")
    func passive() {
        var driver = responder()
        #expect(
            driver.receive("FF 3F 01 78563412 FFFFFFFF 01 FF 00 | 84 20 00 \"SwiftIR\"")
                == [.indicate(.discovered(Self.record))])
    }

    @Test("IrDA Lite 1.0: a final command may carry no info")
    func noInfo() {
        var driver = responder()
        let nobody = DiscoveryRecord(
            address: LAPDriver.address, info: DeviceInfo(hints: [], characterSet: .ascii, nickname: []))
        #expect(driver.receive("FF 3F 01 78563412 FFFFFFFF 01 FF 00") == [.indicate(.discovered(nobody))])
    }

    @Test("IrLAP 1.1, 6.8.3.3: without a final command the query timer ends REPLY, and the medium counts as busy")
    func queryTimer() {
        var driver = responder()
        _ = driver.receive(Self.query(0, of: "00"))
        _ = driver.sent()
        #expect(driver.fire(.query) == [])
        #expect(driver.discover(.one) == [.setTimer(.mediaAccess, driver.after(milliseconds: 560))])
    }

    @Test(
        "IrLAP 1.1, 6.8.3.3: every other frame in REPLY does nothing",
        arguments: [
            "FF 3F 01 04030201 FFFFFFFF 01 05 00",  // a discovery by somebody else
            "FF 3F 01 04030201 FFFFFFFF 01 FF 00 | 84 20 00 \"SwiftIR\"",
            "FF 3F 01 78563412 01020304 01 05 00",  // not for us
            "FF 3F 01 78563412 FFFFFFFF 01 06 00",  // a slot that there is not
            "FE BF 01 01020304 78563412 01 00 00 | 84 24 00 \"Other\"",
            "FF 93 78563412 F1DEBC9A 54 01013E 820101 83013F 84017F 850180 860101 080107",
            "FF F3 78563412 F1DEBC9A AA", "FF 03 70 70 00", "55 11", "FF FF",
        ])
    func otherFrames(frame: String) {
        var driver = responder()
        _ = driver.receive(Self.query(4))
        _ = driver.sent()
        #expect(driver.receive(frame) == [])
    }

    @Test(
        "IrLAP 1.1, 6.2 rule 8: a query that is ill-formed or not for us does nothing in NDM",
        arguments: [
            "FF 3F 01 78563412 01020304 01 00 00", "FF 3F 01 78563412 FFFFFFFF 01 06 00",
            "FF 3F 01 00000000 FFFFFFFF 01 00 00", "FF 3F 01 FFFFFFFF FFFFFFFF 01 00 00",
            "FF 3F 02 78563412 FFFFFFFF 01 00 00", "FF 3F 01 78563412 FFFFFFFF 01 00",
            "FE 3F 01 78563412 FFFFFFFF 01 00 00",
            "FF BF 01 78563412 FFFFFFFF 01 00 00",
        ])
    func illFormed(frame: String) {
        var driver = responder()
        #expect(driver.receive(frame) == [])
        #expect(driver.timers.isEmpty)
    }

    @Test("IrLAP 1.1, 2.4: reserved flag bits are masked, and a directed query is answered")
    func reservedFlags() {
        var driver = responder()
        #expect(
            driver.receive("FF 3F 01 78563412 F1DEBC9A F8 00 00").transmitted
                == [hex("FE BF 01 F1DEBC9A 78563412 00 00 00 | 84 24 00 \"Printer-B\"")])
    }
}
