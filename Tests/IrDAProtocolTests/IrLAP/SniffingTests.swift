import Testing

@testable import IrDAProtocol

/// Stations that sleep most of the time, and connecting to them (IrLAP 1.1, 6.9).
@Suite struct SniffingTests {
    private static let announcement = "FE BF 01 78563412 FFFFFFFF 00 00 00 | 84 20 00 \"SwiftIR\""
    private static let printer = "FE BF 01 F1DEBC9A FFFFFFFF 00 00 00 | 84 20 00 \"Printer-B\""
    private static let snrm = "FF 93 F1DEBC9A 78563412 54 01013E 820101 83013F 84017F 850180 860101 080107"

    /// A sniffer that has just announced itself.
    private static func listening() -> LAPDriver {
        var driver = LAPDriver.listening()
        _ = driver.sniff(true)
        _ = driver.fire(.sniff)
        _ = driver.sent()
        return driver
    }

    @Test("6.13.1: listen for 50 ms, announce, listen again, sleep for 3 s, and so on")
    func cycle() {
        var driver = LAPDriver.listening()
        #expect(driver.sniff(true) == [.setTimer(.sniff, driver.after(milliseconds: 50))])
        for _ in 0..<3 {
            #expect(driver.fire(.sniff) == [.contention(Self.announcement)])
            #expect(driver.sent() == [.setTimer(.sniff, driver.after(milliseconds: 150))])
            #expect(!driver.lap.isAsleep)
            #expect(driver.fire(.sniff) == [.setTimer(.sniff, driver.after(milliseconds: 3000))])
            #expect(driver.lap.isAsleep && !driver.lap.isBusy)
            #expect(driver.receive(Self.snrm) == [], "its receiver is off")
            #expect(driver.fire(.sniff) == [.setTimer(.sniff, driver.after(milliseconds: 50))])
        }
        #expect(driver.sniff(false) == [.cancelTimer(.sniff)])
    }

    @Test("6.13.1: whoever hears a connection says nothing, sleeps, and listens for more than 500 ms next time")
    func traffic() {
        var driver = LAPDriver.listening()
        _ = driver.sniff(true)
        _ = driver.receive("57 11")
        #expect(driver.fire(.sniff) == [.setTimer(.sniff, driver.after(milliseconds: 3000))])
        #expect(driver.fire(.sniff) == [.setTimer(.sniff, driver.after(milliseconds: 560))])
        #expect(driver.fire(.sniff).transmitted.count == 1)
        _ = driver.sent()
        _ = driver.fire(.sniff)
        #expect(driver.fire(.sniff) == [.setTimer(.sniff, driver.after(milliseconds: 50))])
    }

    @Test("6.9: an SNRM behind the announcement connects, also one whose end comes late")
    func connected() {
        var driver = Self.listening()
        driver.wait(.milliseconds(140))
        driver.sense()
        #expect(driver.fire(.sniff) == [.setTimer(.sniff, driver.after(milliseconds: 50))])
        #expect(
            driver.receive(Self.snrm) == [.cancelTimer(.sniff), .indicate(.connectionRequested(LAPDriver.peer))])
        _ = driver.accept()
        #expect(driver.fire(.turnaround).transmitted.first?.prefix(2) == [0x54, 0x73])
    }

    @Test("6.9: anything else behind the announcement sends it to sleep")
    func otherFrames() {
        var driver = Self.listening()
        #expect(driver.receive("FF 03 70 70") == [.setTimer(.sniff, driver.after(milliseconds: 3000))])
        #expect(driver.lap.isAsleep)
    }

    @Test("6.9: a sniffer takes part in a discovery, and sniffs again when it is over", arguments: [true, false])
    func discovered(hearsTheEnd: Bool) {
        var driver = Self.listening()
        let actions = driver.receive("FF 3F 01 F1DEBC9A FFFFFFFF 00 00 00")
        #expect(actions.contains { !$0.transmitted.isEmpty })
        _ = driver.sent()
        if hearsTheEnd {
            _ = driver.receive("FF 3F 01 F1DEBC9A FFFFFFFF 00 FF 00 | 04 00 41")
            #expect(driver.timers[.sniff] == driver.after(milliseconds: 50))
        } else {
            _ = driver.fire(.query)
            #expect(driver.timers[.sniff] == driver.after(milliseconds: 560))
        }
    }

    @Test("6.9: whoever wants something itself stops sniffing, and listens first")
    func ownRequest() {
        var driver = Self.listening()
        #expect(driver.connect() == [.cancelTimer(.sniff), .setTimer(.mediaAccess, driver.after(milliseconds: 560))])
        #expect(driver.fire(.mediaAccess).transmitted.first?.prefix(2) == [0xFF, 0x93])
    }

    @Test("6.9: an announcement is heard as a discovery")
    func heard() {
        var driver = LAPDriver.listening()
        let record = DiscoveryRecord(address: LAPDriver.peer, info: LAPDriver.printer, isSniffing: true)
        #expect(driver.receive(Self.printer) == [.indicate(.discovered(record))])
    }

    @Test("2.7: a connection to a sniffer waits for its announcement, and is tried once")
    func connectToSniffer() {
        var driver = LAPDriver.listening()
        #expect(driver.connectToSniffer() == [.setTimer(.sniff, driver.after(milliseconds: 8000))])
        #expect(driver.receive("FE BF 01 01020304 FFFFFFFF 00 00 00 | 04 00 41") == [], "another one")
        driver.wait(.seconds(2))
        #expect(
            driver.receive(Self.printer) == [.cancelTimer(.sniff), .setTimer(.backoff, driver.after(milliseconds: 10))])
        #expect(driver.fire(.backoff).transmitted.first?.prefix(2) == [0xFF, 0x93])
        _ = driver.sent()
        #expect(driver.fire(.final) == .leaving(.noAnswer))
    }

    @Test("2.7: a sniffer that does not come is given up after two of its cycles, or on request")
    func noSniffer() {
        var driver = LAPDriver.listening()
        _ = driver.connectToSniffer()
        #expect(driver.lap.peer == LAPDriver.peer)
        #expect(driver.fire(.sniff) == [.indicate(.disconnected(.noAnswer))])
        _ = driver.connectToSniffer()
        #expect(driver.disconnect() == [.cancelTimer(.sniff), .indicate(.disconnected(.requested))])
    }
}
