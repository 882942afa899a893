import Testing

@testable import IrDAProtocol

/// Data, ends and PDUs that fit nothing (IrLMP 1.1, 3.2.2, 3.4 and 3.5.4).
@Suite struct LSAPTransferTests {
    @Test("IrLMP 1.1, 3.4.2: the PDUs are those of the worked examples")
    func workedExamples() {
        // As client of LSAP 00, from LSAP 10.
        var client = LMPDriver()
        let id = client.connect(to: 0).id
        #expect(client.linkUp().first == .pdu("80 10 01 00"))
        _ = client.receive("90 00 81 00")
        #expect(client.disconnect(id).contains(.pdu("80 10 02 01")))

        // As server of LSAP 12, asked from LSAP 11.
        var (server, connection) = LMPDriver.connectedByPeer()
        #expect(server.disconnect(connection, reason: .unspecified).contains(.pdu("91 12 02 FF")))
        #expect(server.receive("13 11 00 42").first == .pdu("91 13 02 06"))
        _ = server.receive("92 11 01 00")
        _ = server.accept(LSAPConnectionID(number: 2))
        #expect(server.receive("92 11 01 00").first == .pdu("91 12 02 09"))
    }

    @Test("IrLMP 1.1, 3.5.4: data goes both ways on a connection, also none at all")
    func data() {
        var (driver, id) = LMPDriver.connected()
        #expect(driver.receive("10 12 41 42") == [.indicate(id, .data([0x41, 0x42]))])
        #expect(driver.receive("10 12") == [.indicate(id, .data([]))])
        #expect(driver.receive("10 92 43") == [.indicate(id, .data([0x43]))], "the reserved bit is masked")
        #expect(driver.send("44 45", on: id) == [.pdu("12 10 44 45")])
    }

    @Test("IrLMP 1.1, 3.5.4: a user's end is a Disconnect with reason 01; then the idle monitor runs")
    func disconnect() {
        var (driver, id) = LMPDriver.connected()
        #expect(
            driver.disconnect(id) == [
                .cancelTimer(.watchdog(id)), .pdu("92 10 02 01"), .setTimer(.idle, driver.after(.seconds(2))),
            ])
        #expect(driver.disconnect(id) == [])
        #expect(driver.send("00", on: id) == [])
        #expect(driver.setIdle(true, id) == [])
        #expect(driver.receive("90 12 02 01") == [.setTimer(.idle, driver.after(.seconds(2)))], "both ended at once")
    }

    @Test("IrLMP 1.1, 3.5.4: a peer's Disconnect is told with its reason")
    func disconnectedByPeer() {
        var (driver, id) = LMPDriver.connected()
        #expect(
            driver.receive("90 12 02 01") == [
                .cancelTimer(.watchdog(id)), .indicate(id, .disconnected(.peer(.userRequest))),
                .setTimer(.idle, driver.after(.seconds(2))),
            ])
    }

    @Test(
        "IrLMP 1.1, 3.5.4.3.2: a Connect for a connected pair means that the peer has forgotten: 09"
    )
    func halfOpen() {
        var (driver, id) = LMPDriver.connectedByPeer()
        #expect(
            driver.receive("92 11 01 00") == [
                .pdu("91 12 02 09"), .cancelTimer(.watchdog(id)), .indicate(id, .disconnected(.peer(.halfOpen))),
                .setTimer(.idle, driver.after(.seconds(2))),
            ])
    }

    @Test("IrLMP 1.1, 3.5.4.3.2: the same where we had connected")
    func halfOpenAsClient() {
        var (driver, id) = LMPDriver.connected()
        let actions = driver.receive("90 12 01 00")
        #expect(actions.first == .pdu("92 10 02 09"))
        #expect(actions.contains(.indicate(id, .disconnected(.peer(.halfOpen)))))
    }

    @Test(
        "IrLMP 1.1, 3.2.2: what an unfitting PDU is answered by",
        arguments: [
            // Received while LSAP 10 is connected to the peer's LSAP 12, and LSAP 12 is registered.
            ("10 13 41", "93 10 02 06"),  // data from an LSAP that is not connected
            ("12 12 41", "92 12 02 06"),  // data to another LSAP
            ("00 10 84", "90 00 02 06"),  // data to IAS without a connection
            ("12 13", "93 12 02 06"),
            ("92 13 81 00", "93 12 02 06"),  // a confirm that nobody waits for
            ("93 10 01 00", "90 13 02 08"),  // a Connect to nobody
            ("90 12 81 00", ""),  // a confirm for a connection that is up
            ("80 12 81 00", ""),  // a confirm to IAS, which asks nobody
            ("93 12 02 01", ""),  // a Disconnect for nobody
            ("70 12 41", ""), ("10 70 41", ""),  // connectionless data has both selectors
            ("90 12 83 00 00", ""),  // an access mode confirm that nobody waits for
            ("90 12 03 00 00", ""),  // a return to multiplexed mode
            ("90 12 03 00 02", ""), ("90 12 03 00", ""),
            ("90 12 55 00", ""),  // an unknown opcode
            ("71 12 41", ""), ("10 71 41", ""), ("7F 12 41", ""), ("10 7F 41", ""), ("FE 12 01 00", ""),
            ("92 7E 01 00", ""),
            ("90", ""), ("", ""), ("90 12", ""),
        ])
    func unfitting(received: String, answer: String) {
        var (driver, _) = LMPDriver.connected()
        #expect(driver.receive(received) == (answer.isEmpty ? [] : [.pdu(answer)]))
    }

    @Test("IrLMP 1.1, 3.5.4: data before the confirm is discarded")
    func earlyData() {
        var driver = LMPDriver.linked()
        _ = driver.connect(to: 0x12)
        #expect(driver.receive("10 12 41") == [])
    }

    @Test("IrLMP 1.1, 3.5.3: what comes without a link, or from one that is being ended, is dropped")
    func withoutLink() {
        var driver = LMPDriver()
        #expect(driver.receive("80 10 01 00") == [])
        _ = driver.connect(to: 0)
        #expect(driver.receive("90 00 81 00") == [])
        _ = driver.linkUp()
        _ = driver.receive("90 00 81 00")
        _ = driver.disconnect(LSAPConnectionID(number: 1))
        _ = driver.fire(.idle)
        #expect(driver.receive("80 11 01 00") == [])
    }

    // MARK: Selectors

    @Test("IrLMP 1.1, 1.4: only 01 to 6F can be registered, each once")
    func registration() {
        var lmp = IrLMP()
        for number in 0...0x7F as ClosedRange<UInt8> {
            let isUsable = (0x01...0x6F).contains(number)
            #expect(lmp.register(LSAPSelector(rawValue: number)) == isUsable, "\(number)")
            #expect(lmp.register(LSAPSelector(rawValue: number)) == false, "\(number) again")
        }
        #expect(lmp.unusedSelector() == nil)
        lmp.unregister(LSAPSelector(rawValue: 0x33))
        #expect(lmp.unusedSelector() == LSAPSelector(rawValue: 0x33))
    }

    @Test("IrLMP 1.1, 3.2.2: when every selector is in use a connection fails at once; one that ends frees its own")
    func exhausted() {
        var driver = LMPDriver.linked()
        var ids: [LSAPConnectionID] = []
        for _ in 0..<0x5F { ids.append(driver.connect(to: 0x12).id) }
        let (id, actions) = driver.connect(to: 0x12)
        #expect(actions == [.indicate(id, .disconnected(.selectorInUse))])
        _ = driver.disconnect(ids[5])
        #expect(driver.connect(to: 0x12).actions.count == 3)
    }

    @Test("IrLMP 1.1, 3.5.4: an LSAP that was unregistered takes no new connection, and keeps the old")
    func unregistered() {
        var (driver, id) = LMPDriver.connectedByPeer()
        driver.lmp.unregister(LSAPSelector(rawValue: 0x12))
        #expect(driver.receive("92 13 01 00") == [.pdu("93 12 02 08")])
        #expect(driver.receive("12 11 41") == [.indicate(id, .data([0x41]))])
        #expect(driver.lmp.unusedSelector() == LSAPSelector(rawValue: 0x10))
    }
}
