import Testing

@testable import IrDAProtocol

/// The link under the LSAP connections (IrLMP 1.1, 3.5.2 and 3.5.3).
@Suite struct LinkTests {
    private static let idle = Duration.seconds(2)

    @Test("IrLMP 1.1, 3.5.3: a link that a peer asks for is accepted, and given up after 2 s without use")
    func incomingLink() {
        var driver = LMPDriver()
        #expect(driver.lmp.linkRequested(by: LMPDriver.peer) == [.acceptLink])
        #expect(driver.linkUp() == [.setTimer(.idle, driver.after(Self.idle))])
        #expect(driver.fire(.idle) == [.disconnectLink])
        #expect(driver.lmp.peer == LMPDriver.peer, "it is still there until IrLAP says otherwise")
        #expect(driver.linkDown(.requested) == [.cancelTimer(.idle)])
        #expect(driver.lmp.peer == nil)
    }

    @Test("IrLMP 1.1, 3.5.3: the idle monitor does nothing while a connection needs the link")
    func idleMonitorInUse() {
        var (driver, _) = LMPDriver.connected()
        #expect(driver.timers[.idle] == nil)
        #expect(driver.fireStale(.idle) == [])
    }

    @Test("IrLMP 1.1, 3.3.2.1.4: connections that are idle do not keep the link; they are told when it goes")
    func idleConnections() {
        var (driver, id) = LMPDriver.connectedByPeer()
        #expect(driver.setIdle(true, id) == [.setTimer(.idle, driver.after(Self.idle))])
        #expect(driver.setIdle(false, id) == [.cancelTimer(.idle)])
        #expect(driver.setIdle(true, id) == [.setTimer(.idle, driver.after(Self.idle))])
        driver.wait(.seconds(1))
        #expect(
            driver.receive("12 11 41") == [.indicate(id, .data([0x41])), .setTimer(.idle, driver.after(Self.idle))],
            "traffic puts the end off")
        #expect(driver.fire(.idle) == [.disconnectLink])
        #expect(
            driver.linkDown(.requested) == [
                .cancelTimer(.idle), .cancelTimer(.watchdog(id)), .indicate(id, .disconnected(.link(.requested))),
            ])
    }

    @Test("IrLMP 1.1, 3.5.3: the idle monitor starts when the last connection that is in use leaves")
    func lastLeaves() {
        var (driver, first) = LMPDriver.connected()
        let second = driver.connect(to: 0x12).id
        #expect(driver.disconnect(first) == [.cancelTimer(.watchdog(first)), .pdu("92 10 02 01")])
        #expect(driver.disconnect(second).contains(.setTimer(.idle, driver.after(Self.idle))))
    }

    @Test(
        "IrLMP 1.1, 3.5.3: when the link breaks every connection is told, in whatever state",
        arguments: [IrLAPDisconnectReason.linkLost, .requested, .primaryConflict, .protocolError])
    func linkLost(reason: IrLAPDisconnectReason) {
        var (driver, first) = LMPDriver.connected()
        let second = driver.connect(to: 0x13).id
        _ = driver.receive("92 11 01 00")
        let third = LSAPConnectionID(number: 3)
        let actions = driver.linkDown(reason)
        #expect(
            actions
                == [.cancelTimer(.idle)]
                + [first, second, third].flatMap {
                    [.cancelTimer(.watchdog($0)), .indicate($0, .disconnected(.link(reason)))] as [IrLMPAction]
                })
        #expect(driver.timers.isEmpty)
        #expect(driver.linkDown(reason) == [.cancelTimer(.idle)])
    }

    @Test("IrLMP 1.1, 3.5.2.3.2: while a link to another device is in use, a connection fails")
    func linkToAnotherDevice() {
        var (driver, _) = LMPDriver.connected()
        let (id, actions) = driver.connect(to: 0x12, of: LMPDriver.other)
        #expect(actions == [.indicate(id, .disconnected(.linkToAnotherDevice(LMPDriver.peer)))])
        #expect(driver.disconnect(id) == [])
    }

    @Test("IrLMP 1.1, 3.5.2.3.2: while a link to another device is being set up, a connection fails")
    func linkToAnotherDeviceComing() {
        var driver = LMPDriver()
        _ = driver.connect(to: 0x12)
        let (id, actions) = driver.connect(to: 0x12, of: LMPDriver.other)
        #expect(actions == [.indicate(id, .disconnected(.linkToAnotherDevice(LMPDriver.peer)))])
    }

    @Test("IrLMP 1.1, 3.5.2.3.2: a link to another device that only idle connections use makes way")
    func idleLinkMakesWay() {
        var (driver, idle) = LMPDriver.connectedByPeer()
        _ = driver.setIdle(true, idle)
        let (id, actions) = driver.connect(to: 0x12, of: LMPDriver.other)
        #expect(actions == [.cancelTimer(.idle), .disconnectLink, driver.watchdog(id)])
        #expect(
            driver.linkDown(.requested) == [
                .cancelTimer(.idle), .cancelTimer(.watchdog(idle)), .indicate(idle, .disconnected(.link(.requested))),
                .connectLink(LMPDriver.other),
            ])
        #expect(
            driver.linkUp(to: LMPDriver.other) == [
                .pdu("92 10 01 00"), driver.watchdog(id),
            ])
    }

    @Test("IrLMP 1.1, 3.5.3: who connects while the link is being ended gets a new one, to whichever device")
    func reconnect() {
        for peer in [LMPDriver.peer, LMPDriver.other] {
            var driver = LMPDriver.linked()
            _ = driver.fire(.idle)
            let first = driver.connect(to: 0x12, of: peer)
            let second = driver.connect(to: 0x13, of: peer)
            #expect(first.actions == [driver.watchdog(first.id)])
            #expect(second.actions == [driver.watchdog(second.id)])
            #expect(driver.linkDown(.requested) == [.cancelTimer(.idle), .connectLink(peer)])
            #expect(driver.lmp.peer == peer)
            #expect(driver.linkUp(to: peer).count == 4)
        }
    }

    @Test("IrLMP 1.1, 3.5.2.3.2: of two devices wanted while a link is being ended the first gets the new one")
    func reconnectToTwo() {
        var driver = LMPDriver.linked()
        _ = driver.fire(.idle)
        _ = driver.connect(to: 0x12)
        let second = driver.connect(to: 0x12, of: LMPDriver.other).id
        #expect(
            driver.linkDown(.requested) == [
                .cancelTimer(.idle), .cancelTimer(.watchdog(second)),
                .indicate(second, .disconnected(.linkToAnotherDevice(LMPDriver.peer))),
                .connectLink(LMPDriver.peer),
            ])
    }

    @Test("IrLMP 1.1, 3.5.3: who waits for a link and gets that of the peer's SNRM uses it")
    func lostBattle() {
        var driver = LMPDriver()
        let id = driver.connect(to: 0x12).id
        _ = driver.lmp.linkRequested(by: LMPDriver.peer)
        #expect(driver.linkUp() == [.pdu("92 10 01 00"), driver.watchdog(id)])
    }

    @Test("IrLMP 1.1, 3.5.3: who connects while a peer's link is coming up waits for it; it is not given up with him")
    func connectDuringOffer() {
        var driver = LMPDriver()
        _ = driver.lmp.linkRequested(by: LMPDriver.peer)
        let first = driver.connect(to: 0x12)
        #expect(first.actions == [driver.watchdog(first.id)])
        #expect(driver.disconnect(first.id) == [.cancelTimer(.watchdog(first.id))])
        let second = driver.connect(to: 0x12)
        #expect(second.actions == [driver.watchdog(second.id)])
        let other = driver.connect(to: 0x12, of: LMPDriver.other)
        #expect(other.actions == [.indicate(other.id, .disconnected(.linkToAnotherDevice(LMPDriver.peer)))])
        #expect(
            driver.linkUp() == [.pdu("92 10 01 00"), driver.watchdog(second.id)])
    }

    @Test("IrLMP 1.1, 3.5.3: a peer's link that does not come about ends what waits for it")
    func offerFails() {
        var driver = LMPDriver()
        _ = driver.lmp.linkRequested(by: LMPDriver.peer)
        let id = driver.connect(to: 0x12).id
        #expect(driver.linkDown(.requested).last == .indicate(id, .disconnected(.link(.requested))))
        #expect(driver.lmp.peer == nil)
    }

    @Test("IrLMP 1.1, 3.5.2.3.2: who waits for a link and gets one with somebody else has failed")
    func otherDeviceConnects() {
        var driver = LMPDriver()
        let id = driver.connect(to: 0x12).id
        #expect(
            driver.linkUp(to: LMPDriver.other) == [
                .cancelTimer(.watchdog(id)), .indicate(id, .disconnected(.linkToAnotherDevice(LMPDriver.other))),
                .setTimer(.idle, driver.after(Self.idle)),
            ])
    }
}
