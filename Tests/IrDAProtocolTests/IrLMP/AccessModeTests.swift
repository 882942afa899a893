import Testing

@testable import IrDAProtocol

/// Exclusive mode: the station rows of IrLMP 1.1, 3.5.2, with the worked PDUs of 3.4.2.
@Suite("IrLMP 1.1, 3.5.2: access mode") struct AccessModeTests {
    private let request = "92 10 03 00 01"

    @Test("a request is sent when all others are idle, and its confirm gives the link")
    func granted() {
        var (driver, id) = LMPDriver.connected()
        #expect(
            driver.requestExclusive(id) == [
                .pdu(request), .setTimer(.accessMode, driver.after(.seconds(20))),
            ])
        #expect(
            driver.receive("90 12 83 00 01") == [.cancelTimer(.accessMode), .indicate(id, .accessMode(.exclusive))])
        #expect(driver.requestExclusive(id) == [.indicate(id, .accessMode(.exclusive))], "it has it already")
    }

    @Test("a confirm with failure or unsupported leaves the link shared", arguments: ["01", "FF"])
    func refused(status: String) {
        var (driver, id) = LMPDriver.connected()
        _ = driver.requestExclusive(id)
        #expect(
            driver.receive("90 12 83 \(status) 00") == [
                .cancelTimer(.accessMode), .indicate(id, .accessMode(.multiplexed)),
            ])
        #expect(driver.connect(to: 0x20).actions.contains(.pdu("A0 11 01 00")), "others may connect again")
    }

    @Test("the lock test fails while another connection is in use, and passes when it is idle")
    func lockTest() {
        var (driver, id) = LMPDriver.connected()
        let other = driver.connect(to: 0x13).id
        #expect(driver.requestExclusive(id) == [.indicate(id, .accessMode(.multiplexed))], "being set up")
        _ = driver.receive("91 13 81 00")
        #expect(driver.requestExclusive(id) == [.indicate(id, .accessMode(.multiplexed))], "in use")
        _ = driver.setIdle(true, other)
        #expect(driver.requestExclusive(id).first == .pdu(request))
        #expect(driver.send("41", on: other) == [], "a locked connection may not send")
        #expect(driver.receive("11 13 42") == [.indicate(other, .data([0x42]))], "but it receives")
    }

    @Test("3.3.2.1.3: the others are told when they have to stand back, and when no longer", arguments: [false, true])
    func status(ownerEnds: Bool) {
        var (driver, id) = LMPDriver.connected()
        let other = driver.connect(to: 0x13).id
        _ = driver.receive("91 13 81 00")
        _ = driver.setIdle(true, other)
        _ = driver.requestExclusive(id)
        #expect(driver.receive("90 12 83 00 01").last == .indicate(other, .locked))
        if ownerEnds {
            #expect(driver.disconnect(id).contains(.indicate(other, .unlocked)))
        } else {
            #expect(!driver.releaseExclusive(id).contains(.indicate(other, .unlocked)), "the peer has to agree")
            #expect(driver.receive("90 12 83 00 00").last == .indicate(other, .unlocked))
        }
        _ = driver.setIdle(false, other)
        #expect(driver.send("41", on: other) == [.pdu("13 11 41")])
    }

    @Test("3.3.2.1.3: a peer's lock is told, too; a refusal is none")
    func statusOfAPeersLock() {
        var (driver, id) = LMPDriver.connectedByPeer()
        let other = driver.connect(to: 0x13).id
        _ = driver.receive("90 13 81 00")
        #expect(driver.receive("92 11 03 00 01") == [.pdu("91 12 83 01 00")])
        _ = driver.setIdle(true, other)
        #expect(
            driver.receive("92 11 03 00 01") == [
                .pdu("91 12 83 00 01"), .indicate(id, .accessMode(.exclusive)), .indicate(other, .locked),
            ])
    }

    @Test("a peer's request is granted, or refused while others use the link")
    func requestedByPeer() {
        var (driver, id) = LMPDriver.connectedByPeer()
        _ = driver.receive("92 14 01 00")
        let other = LSAPConnectionID(number: 2)
        _ = driver.accept(other)
        #expect(driver.receive("92 11 03 00 01") == [.pdu("91 12 83 01 00")])
        _ = driver.disconnect(other)
        #expect(
            driver.receive("92 11 03 00 01") == [.pdu("91 12 83 00 01"), .indicate(id, .accessMode(.exclusive))])
        #expect(driver.receive("92 15 01 00") == [.pdu("95 12 02 FF")], "nobody else gets in")
        #expect(
            driver.receive("92 11 03 00 00") == [
                .pdu("91 12 83 00 00"), .cancelTimer(.accessMode), .indicate(id, .accessMode(.multiplexed)),
            ])
    }

    @Test("IrLMP 1.1, 6.3.2: a station without the mode answers FF, and nothing to a request for multiplexed mode")
    func unsupported() {
        var driver = LMPDriver(lmp: IrLMP(supportsExclusiveMode: false))
        _ = driver.lmp.register(LSAPSelector(rawValue: 0x12))
        _ = driver.linkUp()
        _ = driver.receive("92 11 01 00")
        _ = driver.accept(LSAPConnectionID(number: 1))
        #expect(driver.receive("92 11 03 00 01") == [.pdu("91 12 83 FF 00")])
        #expect(driver.receive("92 11 03 00 00") == [])
    }

    @Test("both may ask at once: for the same connection both have it, for different ones nobody")
    func race() {
        var (driver, id) = LMPDriver.connected()
        _ = driver.requestExclusive(id)
        #expect(
            driver.receive("90 12 03 00 01") == [.cancelTimer(.accessMode), .indicate(id, .accessMode(.exclusive))])

        var (second, first) = LMPDriver.connected()
        let other = second.connect(to: 0x13).id
        _ = second.receive("91 13 81 00")
        _ = second.setIdle(true, other)
        _ = second.requestExclusive(first)
        #expect(
            second.receive("91 13 03 00 01") == [
                .cancelTimer(.accessMode), .indicate(first, .accessMode(.multiplexed)),
            ])
    }

    @Test("the owner gives the link back with a request, or by its end without one")
    func release() {
        var (driver, id) = LMPDriver.connected()
        _ = driver.requestExclusive(id)
        _ = driver.receive("90 12 83 00 01")
        #expect(driver.connect(to: 0x20).actions.contains { $0.isDisconnect(.lockedOut) })
        #expect(
            driver.releaseExclusive(id) == [
                .pdu("92 10 03 00 00"), .setTimer(.accessMode, driver.after(.seconds(20))),
            ])
        #expect(
            driver.receive("90 12 83 00 00") == [.cancelTimer(.accessMode), .indicate(id, .accessMode(.multiplexed))])
        #expect(driver.releaseExclusive(id) == [], "there is nothing to release")

        _ = driver.requestExclusive(id)
        _ = driver.receive("90 12 83 00 01")
        #expect(driver.disconnect(id).contains(.pdu("92 10 02 01")))
        #expect(driver.connect(to: 0x20).actions.contains(.pdu("A0 10 01 00")))
    }

    @Test("a peer that does not answer costs the link, since the two may disagree about the mode")
    func unanswered() {
        var (driver, id) = LMPDriver.connected()
        _ = driver.requestExclusive(id)
        #expect(
            driver.fire(.accessMode) == [
                .cancelTimer(.accessMode), .indicate(id, .accessMode(.multiplexed)), .disconnectLink,
            ])
    }

    @Test("the end of the link is the end of the mode")
    func linkLost() {
        var (driver, id) = LMPDriver.connected()
        _ = driver.requestExclusive(id)
        _ = driver.receive("90 12 83 00 01")
        _ = driver.linkDown()
        #expect(driver.connect(to: 0x20).actions.first == .connectLink(LMPDriver.peer))
    }
}

extension LMPDriver {
    fileprivate mutating func requestExclusive(_ id: LSAPConnectionID) -> [IrLMPAction] {
        keep(lmp.requestExclusiveMode(for: id, at: now))
    }

    fileprivate mutating func releaseExclusive(_ id: LSAPConnectionID) -> [IrLMPAction] {
        keep(lmp.releaseExclusiveMode(of: id, at: now))
    }
}

extension IrLMPAction {
    fileprivate func isDisconnect(_ reason: IrLMPDisconnectReason) -> Bool {
        if case .indicate(_, .disconnected(reason)) = self { true } else { false }
    }
}
