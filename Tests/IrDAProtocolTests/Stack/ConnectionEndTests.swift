import Testing

@testable import IrDAProtocol

/// How connections end: at whose wish, in which phase, and what is heard of it.
@Suite struct ConnectionEndTests {
    /// The way of a connection by name: how far it is when so many PDUs have been sent.
    enum Phase: CaseIterable, Sendable {
        /// The medium is listened to, or the SNRM is on its way.
        case linking
        /// The Connect to IAS is sent.
        case connectingToIAS
        /// The query is sent.
        case querying
        /// The TinyTP Connect is sent.
        case connecting
        case open

        /// The number of the PDU that the peer leaves unanswered.
        var pdus: Int {
            switch self {
            case .linking: 0
            case .connectingToIAS: 1
            case .querying: 2
            case .connecting: 3
            case .open: 4
            }
        }
    }

    /// A driver whose connection by name stays in this phase, since the peer says no more above IrLAP.
    private func driver(in phase: Phase) -> (StackDriver, IrDAConnectionID) {
        let usual = ConnectTests.echoPeer()
        let last = [
            nil, hex("80 10 01 00"), hex(ConnectTests.query), hex("92 11 01 00 0E"), nil,
        ][phase.pdus]
        var driver = StackDriver { $0 == last ? [] : usual($0) }
        let id = driver.connect(to: .service("Echo"))
        if phase == .open {
            driver.run { $0.events.contains(.connected(id)) }
        } else {
            driver.run(untilSent: phase.pdus)
        }
        driver.run(for: .milliseconds(phase == .linking ? 565 : 100))
        _ = driver.takeEvents()
        return (driver, id)
    }

    @Test(
        "IrLAP 1.1, 6.6.9: when the peer falls silent the connection ends once, and the station is free again",
        arguments: Phase.allCases)
    func linkLost(phase: Phase) {
        var (driver, id) = driver(in: phase)
        driver.isPeerSilent = true
        driver.run(for: .seconds(30))
        let reason: IrLAPDisconnectReason = phase == .linking ? .noAnswer : .linkLost
        let stalled: [IrDAEvent] = phase == .linking ? [] : [.linkStalled]
        #expect(driver.takeEvents() == stalled + [.linkDisconnected(reason), .ended(id, .link(reason))])
        #expect(driver.timers.isEmpty && !driver.stack.isBusy && driver.stack.peer == nil)
        #expect(driver.stack.sendRoom(id) == 0)
    }

    @Test("A peer that is heard again after the threshold time has recovered")
    func recovered() {
        var (driver, _) = driver(in: .open)
        driver.isPeerSilent = true
        driver.run(for: .seconds(5))
        #expect(driver.takeEvents() == [.linkStalled] && driver.stack.linkStatus?.isStalled == true)
        driver.isPeerSilent = false
        driver.run(for: .seconds(2))
        #expect(driver.takeEvents() == [.linkRecovered] && driver.stack.linkStatus?.isStalled == false)
    }

    @Test("A connection that its user ends is heard of no more, in whatever phase", arguments: Phase.allCases)
    func disconnected(phase: Phase) {
        var (driver, id) = driver(in: phase)
        driver.tell { $0.disconnect(id, at: $1) }
        driver.run(for: .seconds(30))
        let closed: [IrDAEvent] = phase == .open ? [.closed(id)] : []
        #expect(driver.takeEvents() == closed + [.linkDisconnected(.requested)], "the link ends, unused")
        #expect(driver.timers.isEmpty && !driver.stack.isBusy && driver.stack.peer == nil)
        switch phase {
        case .linking: #expect(driver.sent == [])
        // There is no cancel on the air.
        case .connectingToIAS, .connecting: #expect(driver.sent.count == (phase == .connecting ? 4 : 1))
        case .querying: #expect(driver.sent.last == hex("80 10 02 01"))
        case .open: #expect(driver.sent.last == hex("92 11 02 01"))
        }
        driver.tell { $0.disconnect(id, at: $1) }
        driver.run(for: .seconds(1))
        #expect(driver.takeEvents() == [])
    }

    @Test(
        "When the link is ended from here, all that is on it ends with it, in whatever phase", arguments: Phase.allCases
    )
    func linkEnded(phase: Phase) {
        var (driver, id) = driver(in: phase)
        driver.tell { $0.disconnectLink(at: $1) }
        driver.run(for: .seconds(30))
        #expect(driver.takeEvents() == [.linkDisconnected(.requested), .ended(id, .link(.requested))])
        #expect(driver.timers.isEmpty && driver.stack.peer == nil)
    }

    @Test(
        "When the link is ended from here while a connection waits for the medium or a discovery, it ends too",
        arguments: [true, false])
    func linkEndedBeforeItBegan(discovering: Bool) {
        var driver = StackDriver(script: ConnectTests.echoPeer())
        if discovering { driver.tell { $0.discover(slots: .one, at: $1) } }
        let id = driver.connect(to: .service("Echo"))
        driver.run(for: .milliseconds(discovering ? 600 : 100))
        driver.tell { $0.disconnectLink(at: $1) }
        driver.run(for: .seconds(30))
        #expect(driver.takeEvents().contains(.ended(id, .link(.requested))))
        #expect(driver.sent == [] && driver.stack.peer == nil && !driver.stack.isBusy)
    }

    @Test("A connection that is given up before its SNRM has gone leaves the medium alone", arguments: [true, false])
    func givenUpWhileHeld(discovering: Bool) {
        var driver = StackDriver(script: ConnectTests.echoPeer())
        if discovering { driver.tell { $0.discover(slots: .one, at: $1) } }
        let id = driver.connect(to: .service("Echo"))
        driver.run(for: .milliseconds(100))
        driver.tell { $0.disconnect(id, at: $1) }
        driver.run(for: .seconds(5))
        #expect(!driver.unnumbered.contains(.setNormalResponseMode))
        #expect(!driver.takeEvents().contains { if case .ended = $0 { true } else { false } })
        #expect(driver.timers.isEmpty && driver.stack.peer == nil && !driver.stack.isBusy)
    }

    @Test(
        "IrLMP 1.1, 3.5.4: a late confirm of a connection that was given up is answered by 06",
        arguments: [Phase.connectingToIAS, .connecting])
    func lateConfirm(phase: Phase) {
        var (driver, id) = driver(in: phase)
        driver.tell { $0.disconnect(id, at: $1) }
        driver.say(phase == .connecting ? "91 12 81 00 10" : "90 00 81 00")
        driver.run(for: .seconds(1))
        #expect(driver.sent.last == hex(phase == .connecting ? "92 11 02 06" : "80 10 02 06"))
        #expect(driver.takeEvents() == [])
    }

    @Test("The peer's end is told once, with its reason", arguments: [DisconnectReason.userRequest, .unspecified])
    func endedByPeer(reason: DisconnectReason) {
        var (driver, id) = driver(in: .open)
        driver.say("91 12 02 " + trace([reason.rawValue]))
        driver.say("91 12 02 01")
        driver.run(for: .milliseconds(1500))
        #expect(driver.takeEvents() == [.ended(id, .peer(reason))])
        #expect(driver.ask { $0.send([1], on: id, at: $1) } == 0)
    }

    @Test("IrLMP 1.1, 3.5.2.3.2: a connection to another device fails while this one is open, and does not disturb it")
    func anotherDevice() {
        var (driver, id) = driver(in: .open)
        let other = driver.ask { $0.connect(to: .service("Echo"), at: DeviceAddress(rawValue: 0x0102_0304), now: $1) }
        #expect(driver.takeEvents() == [.ended(other, .linkToAnotherDevice(StackDriver.peer))])
        #expect(driver.ask { $0.send([1], on: id, at: $1) } == 1)
    }

    /// A driver whose peer takes no more data, and whose only connection has ended with data on its way.
    private func stuck() -> StackDriver {
        var (driver, id) = driver(in: .open)
        driver.isPeerBusy = true
        #expect(driver.ask { $0.send([1, 2, 3], on: id, at: $1) } == 3)
        driver.tell { $0.disconnect(id, at: $1) }
        driver.run(for: .seconds(1))
        #expect(driver.takeEvents() == [.closed(id)])
        return driver
    }

    @Test("A link that nobody needs waits for a peer that says RNR, but no longer than the drain time")
    func unusedLinkToBusyPeer() {
        var driver = stuck()
        driver.run(for: IrDAStack.drainTime)
        #expect(driver.takeEvents() == [] && driver.stack.peer != nil, "the peer may yet take it")
        driver.run(for: .seconds(5))
        #expect(driver.takeEvents() == [.linkDisconnected(.requested)])
        #expect(driver.timers.isEmpty && driver.stack.peer == nil)
    }

    @Test("A peer that was busy for a while gets what was taken for it before the link ends")
    func busyForAWhile() {
        var driver = stuck()
        driver.run(for: .seconds(30))
        driver.isPeerBusy = false
        driver.run(for: .seconds(5))
        #expect(driver.sent.last == hex("92 11 02 01"))
        #expect(driver.takeEvents() == [.linkDisconnected(.requested)])
    }

    @Test("A link that has to make way for another waits for a peer that says RNR no longer than the drain time")
    func linkToBusyPeerMakesWay() {
        var driver = stuck()
        let other = driver.ask { $0.connect(to: .service("Echo"), at: DeviceAddress(rawValue: 0x0102_0304), now: $1) }
        driver.run(for: IrDAStack.drainTime)
        #expect(driver.takeEvents().contains(.ended(other, .noResponse)))
        driver.run(for: .seconds(1))
        #expect(driver.stack.peer == nil)
        driver.isPeerBusy = false
        let again = driver.connect(to: .service("Echo"))
        driver.run(for: .seconds(3))
        #expect(driver.takeEvents().last == .connected(again))
    }

    @Test(
        "A connection right after the last one ended uses the same link, or a new one where that is being ended",
        arguments: [1500, 2045, 2200])
    func reconnect(milliseconds: Int) {
        var (driver, id) = driver(in: .open)
        driver.tell { $0.disconnect(id, at: $1) }
        driver.run(for: .milliseconds(milliseconds))
        _ = driver.takeEvents()
        let again = driver.connect(to: .selector(LSAPSelector(rawValue: 0x12)))
        driver.run(for: .seconds(4))
        #expect(driver.takeEvents().last == .connected(again))
    }
}
