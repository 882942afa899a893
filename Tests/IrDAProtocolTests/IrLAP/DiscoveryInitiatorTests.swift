import Testing

@testable import IrDAProtocol

/// The initiator of a discovery: NDM to QUERY and back (IrLAP 1.1, 6.8.3, 6.13.2 and 6.13.5).
@Suite struct DiscoveryInitiatorTests {
    private static let queryTime = BaudRate.rate9600.time(forBytes: 28)
    private static let finalTime = BaudRate.rate9600.time(forBytes: 38)

    @Test(
        "IrLAP 1.1, 6.8.3.2: S queries numbered from 0, one slot time apart, then the final command with our info",
        arguments: zip(SlotCount.allCases, ["00", "01", "02", "03"]))
    func wholeDiscovery(slots: SlotCount, flags: String) {
        var driver = LAPDriver.listening()
        var actions = driver.discover(slots)
        for slot in 0..<slots.rawValue {
            let number = String(slot, radix: 16)
            #expect(
                actions == [.contention("FF 3F 01 78563412 FFFFFFFF \(flags) 0\(number) 00")],
                "slot \(slot) of \(slots)")
            let ended = driver.sent(after: Self.queryTime)
            #expect(ended == [.setTimer(.slot, driver.after(milliseconds: 80))])
            actions = driver.fire(.slot)
        }
        #expect(actions == [.contention("FF 3F 01 78563412 FFFFFFFF \(flags) FF 00 | 84 20 00 \"SwiftIR\"")])
        let ended = driver.sent(after: Self.finalTime)
        #expect(ended == [.indicate(.discoveryEnded(.completed([])))])
        #expect(driver.timers.isEmpty)
    }

    @Test("IrLAP 1.1, 6.8: the frames are those of the worked example on the line")
    func workedExample() {
        var driver = LAPDriver.listening()
        let query = driver.discover(.six).transmitted.first ?? []
        #expect(
            SIRFramer.encode(query, additionalBOFs: 0)
                == hex("C0 FF 3F 01 78 56 34 12 FF FF FF FF 01 00 00 46 28 C1"))
        var final: [IrLAPAction] = []
        for _ in 0..<6 {
            _ = driver.sent()
            final = driver.fire(.slot)
        }
        #expect(
            SIRFramer.encode(final.transmitted.first ?? [], additionalBOFs: 0)
                == hex(
                    "C0 FF 3F 01 78 56 34 12 FF FF FF FF 01 FF 00 84 20 00 53 77 69 66 74 49 52 45 DA C1"))
    }

    @Test(
        "IrLAP 1.1, 6.13.5: a discovery with 80 ms slots takes as long as calculated",
        arguments: [(SlotCount.one, 148_750), (.six, 694_583), (.eight, 912_916), (.sixteen, 1_786_250)])
    func duration(slots: SlotCount, microseconds: Int) {
        var driver = LAPDriver.listening()
        let start = driver.now
        _ = driver.discover(slots)
        for _ in 0..<slots.rawValue {
            _ = driver.sent(after: Self.queryTime)
            _ = driver.fire(.slot)
        }
        _ = driver.sent(after: Self.finalTime)
        let taken = start.duration(to: driver.now)
        #expect(abs(taken.wholeNanoseconds - Int64(microseconds) * 1000) < 1000, "\(taken)")
    }

    /// Runs a one-slot discovery in which these frames are heard; gives what was logged.
    private func log(hearing frames: [String]) -> [IrLAPAction] {
        var driver = LAPDriver.listening { $0.resolvesConflicts = false }
        _ = driver.discover(.one)
        _ = driver.sent()
        for frame in frames {
            driver.wait(.milliseconds(1))
            #expect(driver.receive(frame) == [], "nothing is answered in QUERY: \(frame)")
        }
        _ = driver.fire(.slot)
        return driver.sent()
    }

    private static let response = "FE BF 01 F1DEBC9A 78563412 00 00 00 | 84 24 00 \"Printer-B\""
    private static let entry = DiscoveryRecord(
        address: LAPDriver.peer,
        info: DeviceInfo(hints: ServiceHints(rawValue: 0x2404), characterSet: .ascii, nickname: Array("Printer-B".utf8))
    )

    @Test("IrLAP 1.1, 6.10: the log is a bag, so that equal answers show an address conflict")
    func bag() {
        #expect(
            log(hearing: [Self.response, Self.response])
                == [.indicate(.discoveryEnded(.completed([Self.entry, Self.entry])))])
    }

    @Test("IrLAP 1.1, 6.9: an answer to the broadcast address is a sniffer's, and taken too")
    func sniffer() {
        let actions = log(hearing: ["FE BF 01 F1DEBC9A FFFFFFFF 00 00 00 | 84 24 00 \"Printer-B\""])
        var sniffer = Self.entry
        sniffer.isSniffing = true
        #expect(actions == [.indicate(.discoveryEnded(.completed([sniffer])))])
    }

    @Test(
        "IrLAP 1.1, 6.8.3.3: every other frame in QUERY does nothing",
        arguments: [
            "FE BF 01 F1DEBC9A 01020304 00 00 00 | 84 24 00 \"Printer-B\"",  // for somebody else
            "FE BF 01 00000000 78563412 00 00 00 | 84 24 00 \"Printer-B\"",  // from no device
            "FF 3F 01 F1DEBC9A FFFFFFFF 01 00 00",  // another discovery
            "FF 93 F1DEBC9A 78563412 54 01013E 820101 83013F 84017F 850180 860103 080107",
            "FF F3 F1DEBC9A 78563412 AA", "FF 03 70 70 00", "55 11", "54 73", "FF FF",
        ])
    func otherFrames(frame: String) {
        #expect(log(hearing: [frame]) == [.indicate(.discoveryEnded(.completed([])))])
    }

    @Test("IrLAP 1.1, 6.13.5: a slot in which a frame is still coming in is prolonged once, for up to 85 ms")
    func prolongedSlot() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        _ = driver.sent()
        driver.wait(.milliseconds(40))
        driver.sense()
        let prolonged = driver.fire(.slot)
        #expect(prolonged == [.setTimer(.slot, driver.after(milliseconds: 5))])
        driver.wait(.milliseconds(4))
        // With its end the slot has ended too.
        let final = driver.receive(Self.response)
        #expect(
            final == [.cancelTimer(.slot), .contention("FF 3F 01 78563412 FFFFFFFF 00 FF 00 | 84 20 00 \"SwiftIR\"")])
        #expect(driver.sent() == [.indicate(.discoveryEnded(.completed([Self.entry])))])
    }

    @Test("IrLAP 1.1, 6.13.5: light that goes on for ever does not hold a slot up")
    func endlessLight() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        _ = driver.sent()
        driver.sense()
        _ = driver.fire(.slot)
        driver.sense()
        let final = driver.fire(.slot)
        #expect(final.transmitted.first?.prefix(2) == [0xFF, 0x3F])
    }

    @Test("IrLAP 1.1, 6.2 rule 9: what is heard while our own light is on is our echo")
    func echo() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        #expect(driver.receive("FF 3F 01 78563412 FFFFFFFF 00 00 00") == [])
        #expect(driver.receive(Self.response) == [])
        _ = driver.sent()
        _ = driver.fire(.slot)
        #expect(driver.receive(Self.response) == [])
        #expect(driver.sent() == [.indicate(.discoveryEnded(.completed([])))])
    }

    @Test("A second discovery, or a connection, is refused while a discovery is under way")
    func refusedRequests() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        #expect(driver.discover(.six) == [.indicate(.discoveryEnded(.linkInUse))])
        #expect(driver.connect() == [.indicate(.disconnected(.mediaBusy))])
    }
}
