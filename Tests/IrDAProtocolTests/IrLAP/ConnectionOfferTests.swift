import Testing

@testable import IrDAProtocol

/// Being asked for a connection: NDM to CONN to NRM (IrLAP 1.1, 6.11).
@Suite struct ConnectionOfferTests {
    private static let snrm = "FF 93 78563412 F1DEBC9A 54 01013E 820101 83013F 84017F 850180 860101 080107"

    private func asked(
        _ snrm: String = snrm, parameters: NegotiationParameters = LAPDriver.parameters
    ) -> LAPDriver {
        var driver = LAPDriver.listening(address: LAPDriver.peer, parameters: parameters)
        #expect(driver.receive(snrm) == [.indicate(.connectionRequested(LAPDriver.address))])
        #expect(driver.lap.peer == LAPDriver.address && !driver.lap.isConnected)
        return driver
    }

    @Test("IrLAP 1.1, 6.11.3.2: UA after 10 ms at 9600 bit/s; then the speed changes and the watchdog runs")
    func accepted() {
        var parameters = LAPDriver.parameters
        parameters.minimumTurnaround = .ms5
        var driver = asked(parameters: parameters)
        #expect(driver.accept() == [.setTimer(.turnaround, driver.after(milliseconds: 10))])
        let actions = driver.fire(.turnaround)
        // The UA of the worked example, with every bit below a type 1 value set (6.6.11).
        #expect(
            actions.first == .contention("54 73 F1DEBC9A 78563412 01013E 820101 83013F 84017F 8501FF 860103 080107"))
        guard case .indicate(.connected(LAPDriver.address, .secondary, let negotiated)) = actions.last else {
            Issue.record("not connected: \(actions)")
            return
        }
        #expect(negotiated.baudRate == .rate115200 && negotiated.disconnectTime == .seconds(12))
        #expect(negotiated.transmit.minimumTurnaround == .milliseconds(10))
        #expect(negotiated.receive.minimumTurnaround == .milliseconds(5))
        #expect(
            driver.sent() == [.setBaudRate(.rate115200), .setTimer(.watchdog, driver.after(milliseconds: 1000))])
    }

    /// A station that has sent its UA, and has heard nothing at the speed of the link for a watchdog time.
    private func unheard() -> (driver: LAPDriver, ua: IrLAPAction?) {
        var driver = asked()
        _ = driver.accept()
        let ua = driver.fire(.turnaround).first
        _ = driver.sent()
        #expect(
            driver.fire(.watchdog) == [.setBaudRate(.rate9600), .setTimer(.watchdog, driver.after(milliseconds: 1000))])
        return (driver, ua)
    }

    @Test("A UA that is lost is sent again: without a poll we go back to where the SNRM is repeated")
    func lostAcknowledgement() {
        var (driver, ua) = unheard()
        driver.wait(.milliseconds(100))
        #expect(
            driver.receive(Self.snrm) == [
                .cancelTimer(.watchdog), .setTimer(.turnaround, driver.after(milliseconds: 10)),
            ])
        #expect(driver.fire(.turnaround) == [ua].compactMap { $0 }, "and the layer above hears nothing of it")
        #expect(driver.sent() == [.setBaudRate(.rate115200), .setTimer(.watchdog, driver.after(milliseconds: 1000))])
        #expect(driver.lap.isConnected)
        #expect(driver.answer(to: "55 11").said.transmitted == [hex("54 11")])
    }

    @Test("We wait a watchdog time at the speed of the link and one at 9600 bit/s in turns, till the disconnect time")
    func unheardForGood() {
        var (driver, _) = unheard()
        for missed in 2..<12 {
            let rate: BaudRate = missed.isMultiple(of: 2) ? .rate115200 : .rate9600
            let changes = driver.fire(.watchdog).filter { if case .setBaudRate = $0 { true } else { false } }
            #expect(changes == [.setBaudRate(rate)])
        }
        #expect(driver.fire(.watchdog) == .leaving(.linkLost))
    }

    @Test("A primary that begins anew later, with another address, is heard as well")
    func unheardTillTheNextAttempt() {
        var (driver, _) = unheard()
        for _ in 0..<4 { _ = driver.fire(.watchdog) }
        let actions = driver.receive("FF 93 78563412 F1DEBC9A 56 01013E")
        #expect(actions == .leaving(.linkLost) + [.indicate(.connectionRequested(LAPDriver.address))])
    }

    @Test("Another request than the one that was answered ends the link and is a new one")
    func anotherRequest() {
        var (driver, _) = unheard()
        let actions = driver.receive("FF 93 78563412 F1DEBC9A 56 01013E")
        #expect(actions == .leaving(.linkLost) + [.indicate(.connectionRequested(LAPDriver.address))])
    }

    @Test("Once the primary has polled, the speed stays")
    func polled() {
        var driver = LAPDriver.secondary()
        _ = driver.answer(to: "55 11")
        _ = driver.sent()
        #expect(driver.fire(.watchdog) == [.setTimer(.watchdog, driver.after(milliseconds: 1000))])
    }

    @Test("IrLAP 1.1, 6.6.11: the UA returns the common type 0 parameters and our own type 1 parameters")
    func reducedParameters() {
        var driver = asked("FF 93 78563412 F1DEBC9A 54 01010E 820101 830101 840101 850101 860180 080103")
        _ = driver.accept()
        #expect(
            driver.fire(.turnaround).first
                == .contention("54 73 F1DEBC9A 78563412 01010E 820101 83013F 84017F 8501FF 860101 080103"))
        #expect(driver.sent().first == .setBaudRate(.rate38400))
    }

    @Test("IrLAP 1.1, 6.6.10: without parameters the defaults count: 9600 bit/s")
    func defaults() {
        var driver = asked("FF 93 78563412 F1DEBC9A 54")
        _ = driver.accept()
        _ = driver.fire(.turnaround)
        #expect(driver.sent().first == .setBaudRate(.rate9600))
    }

    @Test("IrLAP 1.1, 5.7.1.9: a connection is refused by DM on the offered address", arguments: [false, true])
    func refused(byDisconnect: Bool) {
        var driver = asked()
        let actions = byDisconnect ? driver.disconnect() : driver.refuse()
        #expect(actions.filter { !$0.transmitted.isEmpty } == [.contention("54 1F")])
        #expect(driver.sent() == [])
        #expect(driver.lap.peer == nil && driver.timers.isEmpty)
    }

    @Test("IrLAP 1.1, 6.11: a connection that was accepted can still be refused before the UA has gone out")
    func refusedLate() {
        var driver = asked()
        _ = driver.accept()
        #expect(driver.refuse() == [.cancelTimer(.turnaround), .contention("54 1F")])
    }

    @Test(
        "IrLAP 1.1, 6.11.3.2: every frame in CONN is ignored",
        arguments: [
            snrm, "FF 3F 01 78563412 FFFFFFFF 00 00 00", "55 11", "55 53", "54 1F", "FF F3 78563412 F1DEBC9A 00",
        ])
    func otherFrames(frame: String) {
        var driver = asked()
        #expect(driver.receive(frame) == [])
    }

    @Test(
        "IrLAP 1.1, 6.2: an SNRM that is ill-formed, or not for us, or asks for a reset is ignored",
        arguments: [
            "FF 93", "FF 93 78563412 F1DEBC9A", "FF 93 78563412 01020304 54", "FF 93 78563412 FFFFFFFF 54",
            "FF 93 00000000 F1DEBC9A 54", "FF 93 FFFFFFFF F1DEBC9A 54", "FF 93 78563412 F1DEBC9A 00",
            "FF 93 78563412 F1DEBC9A 01", "FF 93 78563412 F1DEBC9A FE", "FF 93 78563412 F1DEBC9A FF",
            "FE 93 78563412 F1DEBC9A 54", "55 93 78563412 F1DEBC9A 54",
        ])
    func ignored(frame: String) {
        var driver = LAPDriver.listening(address: LAPDriver.peer)
        #expect(driver.receive(frame) == [])
        #expect(driver.lap.peer == nil)
    }

    @Test("IrLAP 1.1, 2.8: the C/R bit of the offered address is ignored on reception")
    func commandBitOfTheAddress() {
        var driver = asked("FF 93 78563412 F1DEBC9A 55 01013E")
        _ = driver.accept()
        #expect(driver.fire(.turnaround).transmitted.first?.first == 0x54)
    }

    @Test("Requests are refused while the layer above decides")
    func refusedRequests() {
        var driver = asked()
        #expect(driver.discover(.one) == [.indicate(.discoveryEnded(.linkInUse))])
        #expect(driver.connect() == [.indicate(.disconnected(.mediaBusy))])
    }
}
