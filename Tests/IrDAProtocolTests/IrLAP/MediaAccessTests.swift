import Testing

@testable import IrDAProtocol

/// When a station outside a connection may take an initiative (IrLAP 1.1, 6.13).
@Suite struct MediaAccessTests {
    private static let query = IrLAPAction.contention("FF 3F 01 78563412 FFFFFFFF 00 00 00")
    private static let final = "FF 3F 01 F1DEBC9A FFFFFFFF 00 FF 00 | 04 00 41"

    private func isSNRM(_ actions: [IrLAPAction]) -> Bool {
        actions.count == 1 && actions.transmitted.first?.prefix(10) == hex("FF 93 78563412 F1DEBC9A")[...]
    }

    @Test("IrLAP 1.1, 6.11.3.4: a station that was just switched on listens for 560 ms")
    func switchedOn() {
        var driver = LAPDriver()
        #expect(driver.discover(.one) == [.setTimer(.mediaAccess, driver.after(milliseconds: 560))])
        #expect(driver.fire(.mediaAccess) == [Self.query])
    }

    @Test("IrLAP 1.1, 6.13 rule 5: what is left of the 560 ms is waited for, and no more", arguments: [1, 300, 559])
    func partOfTheWait(milliseconds: Int) {
        var driver = LAPDriver()
        driver.wait(.milliseconds(milliseconds))
        #expect(driver.connect() == [.setTimer(.mediaAccess, driver.after(milliseconds: 560 - milliseconds))])
        #expect(isSNRM(driver.fire(.mediaAccess)))
    }

    @Test("IrLAP 1.1, 6.13 rule 5: after 560 quiet ms nothing is waited for")
    func quiet() {
        var driver = LAPDriver()
        driver.wait(.milliseconds(560))
        #expect(driver.discover(.one) == [Self.query])
    }

    @Test(
        "IrLAP 1.1, 6.13.3: any light means that somebody may have a connection",
        arguments: ["light", "garbage", "55 11", "54 10 00 00", "AA"])
    func anyLight(kind: String) {
        var driver = LAPDriver.listening()
        switch kind {
        case "light": driver.sense()
        case "garbage": driver.garbage()
        default: #expect(driver.receive(kind) == [])
        }
        driver.wait(.milliseconds(100))
        #expect(driver.discover(.one) == [.setTimer(.mediaAccess, driver.after(milliseconds: 460))])
    }

    @Test("IrLAP 1.1, 6.13.3: a held request is refused if the medium did not become quiet")
    func staysBusy() {
        var driver = LAPDriver()
        _ = driver.discover(.one)
        driver.wait(.milliseconds(400))
        driver.garbage()
        #expect(driver.fire(.mediaAccess) == [.indicate(.discoveryEnded(.mediaBusy))])

        _ = driver.connect()
        driver.wait(.milliseconds(10))
        _ = driver.receive("55 11")
        #expect(driver.fire(.mediaAccess) == [.indicate(.disconnected(.mediaBusy))])
        #expect(driver.timers.isEmpty)
    }

    @Test("One request is held at a time")
    func secondRequest() {
        var driver = LAPDriver()
        _ = driver.discover(.one)
        #expect(driver.discover(.one) == [.indicate(.discoveryEnded(.linkInUse))])
        #expect(driver.connect() == [.indicate(.disconnected(.mediaBusy))])
        #expect(driver.fire(.mediaAccess) == [Self.query])
    }

    @Test("IrLAP 1.1, 6.13.4: after its own discovery a station may connect at once")
    func connectAfterDiscovery() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        _ = driver.sent()
        driver.sense()
        _ = driver.receive("FE BF 01 F1DEBC9A 78563412 00 00 00 | 84 24 00 \"Printer-B\"")
        _ = driver.fire(.slot)
        _ = driver.sent()
        #expect(isSNRM(driver.connect()))
    }

    @Test("IrLAP 1.1, 6.13 rule 8: a discovery is not repeated within 500 ms")
    func repeatedDiscovery() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        _ = driver.sent()
        _ = driver.fire(.slot)
        _ = driver.sent()
        #expect(driver.discover(.one) == [.setTimer(.mediaAccess, driver.after(milliseconds: 560))])
        #expect(driver.fire(.mediaAccess) == [Self.query])
    }

    @Test("IrLAP 1.1, 6.13.4: a responder leaves the initiator 100 ms")
    func initiatorsAdvantage() {
        var driver = LAPDriver.listening()
        driver.sense()
        _ = driver.receive(Self.final)
        #expect(driver.connect() == [.setTimer(.mediaAccess, driver.after(milliseconds: 100))])
        #expect(isSNRM(driver.fire(.mediaAccess)))
    }

    @Test("IrLAP 1.1, 6.13.4: a request during somebody else's discovery waits for its end, and 100 ms more")
    func duringReply() {
        var driver = LAPDriver.listening()
        _ = driver.receive("FF 3F 01 F1DEBC9A FFFFFFFF 01 05 00")
        _ = driver.sent()
        #expect(driver.connect() == [.setTimer(.mediaAccess, driver.after(milliseconds: 1940))])
        driver.wait(.milliseconds(80))
        let ended = driver.receive("FF 3F 01 F1DEBC9A FFFFFFFF 01 FF 00 | 04 00 41")
        #expect(ended.prefix(2) == [.cancelTimer(.query), .setTimer(.mediaAccess, driver.after(milliseconds: 100))])
        #expect(isSNRM(driver.fire(.mediaAccess)))
    }

    @Test("IrLAP 1.1, 6.8.3.3: if that discovery just stops, the request waits for a quiet medium")
    func replyTimesOut() {
        var driver = LAPDriver.listening()
        _ = driver.receive("FF 3F 01 F1DEBC9A FFFFFFFF 01 05 00")
        _ = driver.sent()
        _ = driver.discover(.one)
        #expect(driver.fire(.query) == [.setTimer(.mediaAccess, driver.after(milliseconds: 560))])
        #expect(driver.fire(.mediaAccess) == [Self.query])
    }

    @Test("IrLAP 1.1, 6.8.3.2: a held discovery is refused when a connection is asked for first")
    func heldDiscoveryAndSNRM() {
        var driver = LAPDriver()
        _ = driver.discover(.one)
        driver.wait(.milliseconds(10))
        #expect(
            driver.receive("FF 93 F1DEBC9A 78563412 54 01013E 820101 83013F 84017F 850180 860103 080107") == [
                .cancelTimer(.mediaAccess), .indicate(.discoveryEnded(.mediaBusy)),
                .indicate(.connectionRequested(LAPDriver.peer)),
            ])
    }

    @Test("IrLMP 1.1, 3.5.3: a held connection gives way to one that a peer asks for, without failing on its own")
    func heldConnectAndSNRM() {
        var driver = LAPDriver()
        _ = driver.connect()
        driver.wait(.milliseconds(10))
        #expect(
            driver.receive("FF 93 F1DEBC9A 78563412 54 01013E 820101 83013F 84017F 850180 860103 080107") == [
                .cancelTimer(.mediaAccess), .indicate(.connectionRequested(LAPDriver.peer)),
            ])
    }

    @Test("A held connection can be given up")
    func givenUp() {
        var driver = LAPDriver()
        _ = driver.connect()
        #expect(driver.disconnect() == [.cancelTimer(.mediaAccess), .indicate(.disconnected(.requested))])
        #expect(driver.timers.isEmpty)
        #expect(driver.fireStale(.mediaAccess) == [])
    }

    @Test("IrLAP 1.1, 6.13: answers need no media access, and a request meanwhile waits for them")
    func requestDuringAnswer() {
        var driver = LAPDriver.listening()
        #expect(driver.receive("FF F3 F1DEBC9A 78563412 AA") == [.contention("FE F3 78563412 F1DEBC9A AA")])
        #expect(driver.discover(.one) == [.setTimer(.mediaAccess, driver.after(milliseconds: 560))])
        #expect(driver.sent() == [])
        #expect(driver.fire(.mediaAccess) == [Self.query])
    }
}
