import Testing

@testable import IrDAProtocol

/// Connecting LSAPs: the rows of DISCONNECTED, SETUP and CONNECT (IrLMP 1.1, 3.5.4).
@Suite struct LSAPConnectTests {
    @Test("IrLMP 1.1, 3.5.3: the first connection sets up the link, then sends its Connect and waits 20 s")
    func firstConnection() {
        var driver = LMPDriver()
        let (id, actions) = driver.connect(to: 0)
        #expect(actions == [.connectLink(LMPDriver.peer), driver.watchdog(id)])
        #expect(driver.lmp.peer == LMPDriver.peer)
        driver.wait(.seconds(2))
        #expect(driver.linkUp() == [.pdu("80 10 01 00"), driver.watchdog(id)], "its time begins anew")
        #expect(driver.receive("90 00 81 00") == [.cancelTimer(.watchdog(id)), .indicate(id, .connected(payload: []))])
        #expect(driver.send("84", on: id) == [.pdu("00 10 84")])
    }

    @Test("IrLMP 1.1, 3.5.3: over a link that is up the Connect goes at once, and the idle monitor stops")
    func linkUp() {
        var driver = LMPDriver.linked()
        let (id, actions) = driver.connect(to: 0x12, payload: [0x0E], patience: .seconds(5))
        #expect(
            actions == [
                .cancelTimer(.idle), .pdu("92 10 01 00 0E"), .setTimer(.watchdog(id), driver.after(.seconds(5))),
            ])
        #expect(
            driver.receive("90 12 81 00 10") == [
                .cancelTimer(.watchdog(id)), .indicate(id, .connected(payload: [0x10])),
            ])
    }

    @Test("IrLMP 1.1, 3.5.3: several connections wait for one link, and each has a selector of its own")
    func severalConnections() {
        var driver = LMPDriver()
        let first = driver.connect(to: 0x12)
        let second = driver.connect(to: 0x12)
        #expect(first.actions == [.connectLink(LMPDriver.peer), driver.watchdog(first.id)])
        #expect(second.actions == [driver.watchdog(second.id)])
        #expect(
            driver.linkUp() == [
                .pdu("92 10 01 00"), driver.watchdog(first.id), .pdu("92 11 01 00"), driver.watchdog(second.id),
            ])
        #expect(driver.receive("91 12 81 00").last == .indicate(second.id, .connected(payload: [])))
        #expect(driver.receive("90 12 81 00").last == .indicate(first.id, .connected(payload: [])))
    }

    @Test("IrLMP 1.1, 3.2.2: a connection comes from the LSAP of choice, unless that has one to the same already")
    func ownSelector() {
        var driver = LMPDriver.linked()
        let own = LSAPSelector(rawValue: 0x12)
        #expect(driver.connect(to: 0x20, from: own).actions.contains(.pdu("A0 12 01 00")))
        #expect(driver.connect(to: 0x21, from: own).actions.contains(.pdu("A1 12 01 00")))
        #expect(driver.connect(to: 0x20, from: own).actions.contains(.pdu("A0 10 01 00")))
    }

    @Test(
        "IrLMP 1.1, 3.5.4: a refusal is told with its reason, whatever it is; none means FF",
        arguments: [
            ("90 12 02 08", DisconnectReason.noClient), ("90 12 02 01", .userRequest),
            ("90 12 02 01 \"busy\"", .userRequest),
            ("90 12 02", .unspecified), ("90 92 02 EE", DisconnectReason(rawValue: 0xEE)),
        ])
    func refused(pdu: String, reason: DisconnectReason) {
        var driver = LMPDriver.linked()
        let id = driver.connect(to: 0x12).id
        #expect(
            driver.receive(pdu) == [
                .cancelTimer(.watchdog(id)), .indicate(id, .disconnected(.peer(reason))),
                .setTimer(.idle, driver.after(.seconds(2))),
            ])
        #expect(driver.send("00", on: id) == [])
    }

    @Test("IrLMP 1.1, 3.5.4.3.5: without an answer the watchdog ends the attempt; nothing is sent", arguments: [5, 20])
    func watchdog(seconds: Int) {
        var driver = LMPDriver.linked()
        let id = driver.connect(to: 0x12, patience: .seconds(seconds)).id
        let start = driver.now
        let actions = driver.fire(.watchdog(id))
        #expect(start.duration(to: driver.now) == .seconds(seconds))
        #expect(
            actions == [
                .cancelTimer(.watchdog(id)), .indicate(id, .disconnected(.noResponse)),
                .setTimer(.idle, driver.after(.seconds(2))),
            ])
        #expect(driver.receive("90 12 81 00").first == .pdu("92 10 02 06"), "a confirm that comes too late")
    }

    @Test("IrLMP 1.1, 3.5.4: a link that does not come up is waited for as long; the last who waits gives it up")
    func noLinkInTime() {
        var driver = LMPDriver()
        let first = driver.connect(to: 0x12).id
        driver.wait(.seconds(1))
        let second = driver.connect(to: 0x13, patience: .seconds(5)).id
        #expect(
            driver.fire(.watchdog(second)) == [
                .cancelTimer(.watchdog(second)), .indicate(second, .disconnected(.noResponse)),
            ])
        #expect(
            driver.fire(.watchdog(first)) == [
                .cancelTimer(.watchdog(first)), .indicate(first, .disconnected(.noResponse)), .disconnectLink,
            ])
        #expect(driver.lmp.peer == nil)
    }

    @Test("IrLMP 1.1, 3.5.4: a confirm ends the watchdog for good")
    func staleWatchdog() {
        var (driver, id) = LMPDriver.connected()
        #expect(driver.fireStale(.watchdog(id)) == [])
    }

    @Test("IrLMP 1.1, 3.5.4.3.2: two Connects for the same pair that cross fail both, without a PDU")
    func race() {
        var driver = LMPDriver.linked()
        let id = driver.connect(to: 0x12).id
        #expect(
            driver.receive("90 12 01 00") == [
                .cancelTimer(.watchdog(id)), .indicate(id, .disconnected(.race)),
                .setTimer(.idle, driver.after(.seconds(2))),
            ])
    }

    @Test("IrLMP 1.1, 3.5.4: there is no cancel: a given-up attempt is forgotten, and a late confirm answered by 06")
    func givenUp() {
        var driver = LMPDriver.linked()
        let id = driver.connect(to: 0x12).id
        #expect(driver.disconnect(id) == [.cancelTimer(.watchdog(id)), .setTimer(.idle, driver.after(.seconds(2)))])
        #expect(
            driver.receive("90 12 81 00") == [.pdu("92 10 02 06"), .setTimer(.idle, driver.after(.seconds(2)))])
    }

    @Test("IrLMP 1.1, 3.5.3: when the last that waits for a link gives up, so does the link")
    func lastWaiterGivesUp() {
        var driver = LMPDriver()
        let first = driver.connect(to: 0x12).id
        let second = driver.connect(to: 0x12).id
        #expect(driver.disconnect(first) == [.cancelTimer(.watchdog(first))])
        #expect(driver.disconnect(second) == [.cancelTimer(.watchdog(second)), .disconnectLink])
        #expect(driver.lmp.peer == nil)
        #expect(driver.linkDown(.requested) == [.cancelTimer(.idle)])
    }

    @Test(
        "IrLMP 1.1, 3.5.3: if the link does not come up, all that wait are told",
        arguments: [IrLAPDisconnectReason.noAnswer, .refused, .mediaBusy])
    func noLink(reason: IrLAPDisconnectReason) {
        var driver = LMPDriver()
        let first = driver.connect(to: 0x12).id
        let second = driver.connect(to: 0).id
        #expect(
            driver.linkDown(reason) == [
                .cancelTimer(.idle), .cancelTimer(.watchdog(first)), .indicate(first, .disconnected(.link(reason))),
                .cancelTimer(.watchdog(second)), .indicate(second, .disconnected(.link(reason))),
            ])
        #expect(driver.connect(to: 0x12).actions.first == .connectLink(LMPDriver.peer), "a new attempt can begin")
    }

    // MARK: Being connected to

    @Test("IrLMP 1.1, 3.5.4: a Connect to a registered LSAP is told, and the user decides", arguments: [true, false])
    func incoming(accepted: Bool) {
        var driver = LMPDriver.linked()
        let id = LSAPConnectionID(number: 1)
        #expect(
            driver.receive("92 11 01 00 0E") == [
                .cancelTimer(.idle),
                .indicate(
                    id,
                    .connectionRequested(local: LSAPSelector(rawValue: 0x12), peer: LMPDriver.peer, payload: [0x0E])),
            ])
        #expect(driver.send("00", on: id) == [], "no data before the confirm")
        if accepted {
            #expect(driver.accept(id, payload: [0x10]) == [.pdu("91 12 81 00 10")])
            #expect(driver.accept(id) == [], "only once")
            #expect(driver.send("00 41", on: id) == [.pdu("11 12 00 41")])
        } else {
            #expect(
                driver.disconnect(id) == [
                    .cancelTimer(.watchdog(id)), .pdu("91 12 02 01"), .setTimer(.idle, driver.after(.seconds(2))),
                ])
            #expect(driver.accept(id) == [])
        }
    }

    @Test("IrLMP 1.1, 3.4.2.2: a Connect without the reserved byte is accepted")
    func shortConnect() {
        var driver = LMPDriver.linked()
        #expect(driver.receive("92 11 01").count == 2)
    }

    @Test(
        "IrLMP 1.1, 3.2.2: a Connect to an LSAP without a client is answered by 08",
        arguments: ["91 10 01 00", "91 10 01"])
    func noClient(pdu: String) {
        var driver = LMPDriver.linked()
        #expect(driver.receive(pdu) == [.pdu("90 11 02 08"), .setTimer(.idle, driver.after(.seconds(2)))])
    }

    @Test("IrLMP 1.1, 3.5.4: a Connect that is repeated before the user has decided is ignored")
    func repeatedConnect() {
        var driver = LMPDriver.linked()
        _ = driver.receive("92 11 01 00")
        #expect(driver.receive("92 11 01 00") == [])
        #expect(driver.receive("12 11 00 41") == [], "and so is data")
        #expect(driver.receive("92 11 81 00") == [], "and a confirm")
    }

    @Test("IrLMP 1.1, 3.5.4: a peer can withdraw its Connect before the user has decided")
    func withdrawnConnect() {
        var driver = LMPDriver.linked()
        let id = LSAPConnectionID(number: 1)
        _ = driver.receive("92 11 01 00")
        #expect(
            driver.receive("92 11 02 01") == [
                .cancelTimer(.watchdog(id)), .indicate(id, .disconnected(.peer(.userRequest))),
                .setTimer(.idle, driver.after(.seconds(2))),
            ])
        #expect(driver.accept(id) == [])
    }

    @Test("IrLMP 1.1, 3.2.2: one LSAP serves several peers' LSAPs at once")
    func severalClients() {
        var driver = LMPDriver.linked()
        _ = driver.receive("92 11 01 00")
        _ = driver.receive("92 13 01 00")
        #expect(driver.accept(LSAPConnectionID(number: 2)) == [.pdu("93 12 81 00")])
        #expect(driver.accept(LSAPConnectionID(number: 1)) == [.pdu("91 12 81 00")])
        #expect(driver.receive("12 13 00 42") == [.indicate(LSAPConnectionID(number: 2), .data([0x00, 0x42]))])
    }
}
