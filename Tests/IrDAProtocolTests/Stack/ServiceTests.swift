import Testing

@testable import IrDAProtocol

/// Offering services, and answering peers (IrLMP 1.1, 4; TinyTP 1.1, 2 and 3).
@Suite struct ServiceTests {
    static let dataPDUs = ["12 11 00 41 42", "12 11 00 43"]

    /// A stack to which the peer has set up a link.
    private func served() -> StackDriver {
        var driver = StackDriver()
        driver.peerConnects()
        return driver
    }

    @Test("The peer's link is told, with our role")
    func link() {
        var driver = served()
        guard case .linkConnected(StackDriver.peer, .secondary, let parameters)? = driver.takeEvents().first else {
            Issue.record("no link")
            return
        }
        #expect(parameters.baudRate == .rate115200)
        #expect(driver.stack.peer == StackDriver.peer)
    }

    @Test("TinyTP 1.1, 3.1: a service that is offered can be looked up and connected to")
    func offered() throws {
        var driver = served()
        let service = try driver.stack.offer(
            className: "Echo", selector: LSAPSelector(rawValue: 0x12),
            attributes: [IASAttribute(name: "Extra", value: .octets([0xAB]))])
        #expect(service.selector == LSAPSelector(rawValue: 0x12))
        _ = driver.takeEvents()
        for pdu in [
            "80 10 01 00", "00 10 84 04 \"Echo\" 13 \"IrDA:TinyTP:LsapSel\"", "00 10 84 04 \"Echo\" 05 \"Extra\"",
            "00 10 84 04 \"Echo\" 04 \"None\"", "00 10 84 04 \"None\" 01 \"X\"",
            "00 10 84 06 \"Device\" 0A \"DeviceName\"",
            "00 10 81", "80 10 02 01", "92 11 01 00 0E",
        ] {
            driver.say(pdu)
        }
        driver.run(for: .seconds(1))
        #expect(
            driver.sent == [
                hex("90 00 81 00"), hex("10 00 84 00 0001 0001 01 00000012"), hex("10 00 84 00 0001 0001 02 0001 AB"),
                hex("10 00 84 02"), hex("10 00 84 01"), hex("10 00 84 00 0001 0000 03 00 08 \"Computer\""),
                hex("10 00 81 00 0002 0001"),
            ])
        guard case .incoming(let id, service: service.id, peer: StackDriver.peer)? = driver.takeEvents().last else {
            Issue.record("no connection came in")
            return
        }
        driver.tell { $0.accept(id, at: $1) }
        driver.run(for: .milliseconds(500))
        #expect(driver.sent.last == hex("91 12 81 00 0E"))
        #expect(driver.stack.sendRoom(id) == 14 * 2045)
    }

    @Test("TinyTP 1.1, 2.3.1: data in both directions, and credit for what was consumed")
    func data() throws {
        var driver = served()
        _ = try driver.stack.offer(className: nil, selector: LSAPSelector(rawValue: 0x12))
        driver.say("92 11 01 00 02")
        driver.run(for: .milliseconds(200))
        guard case .incoming(let id, _, _)? = driver.takeEvents().last else {
            Issue.record("no connection came in")
            return
        }
        driver.tell { $0.accept(id, at: $1) }
        for pdu in Self.dataPDUs { driver.say(pdu) }
        driver.run(for: .milliseconds(200))
        #expect(driver.takeEvents() == [.received(id, [0x41, 0x42]), .received(id, [0x43])])

        // Two credits were given: two segments go, however short the link wants them, and there is no room for more.
        #expect(driver.ask { $0.send([UInt8](repeating: 5, count: 5000), on: id, at: $1) } == 2 * 2045)
        #expect(driver.ask { $0.send([6], on: id, at: $1) } == 0)
        driver.run(for: .milliseconds(200))
        let before = driver.sent.count
        let unsent = driver.stack.info(of: id)?.queuedBytes ?? 0
        #expect(driver.sent.suffix(2).map { $0.count - 3 }.reduce(unsent, +) == 2 * 2045)
        driver.say("12 11 03")
        driver.run(for: .milliseconds(500))
        #expect(driver.sent.dropFirst(before).map { $0.count - 3 }.reduce(0, +) == unsent)
        #expect(driver.takeEvents() == [.sendRoom(id)])
        #expect(driver.stack.sendRoom(id) > 0)
        driver.tell { $0.consumed(segments: 2, on: id, at: $1) }
    }

    @Test("IrLMP 1.1, 3.5.4: a connection that is refused is answered by Disconnect 01, and heard of no more")
    func refused() throws {
        var driver = served()
        _ = try driver.stack.offer(className: nil, selector: LSAPSelector(rawValue: 0x12))
        driver.say("92 11 01 00 0E")
        driver.run(for: .milliseconds(200))
        guard case .incoming(let id, _, _)? = driver.takeEvents().last else {
            Issue.record("no connection came in")
            return
        }
        driver.tell { $0.disconnect(id, at: $1) }
        driver.run(for: .milliseconds(200))
        #expect(driver.sent == [hex("91 12 02 01")])
        driver.tell { $0.accept(id, at: $1) }
        driver.run(for: .milliseconds(200))
        #expect(driver.sent.count == 1 && driver.takeEvents() == [])
    }

    @Test(
        "A peer that withdraws its Connect, or goes, before it was answered: the offer has ended",
        arguments: [true, false])
    func withdrawnOffer(byPDU: Bool) throws {
        var driver = served()
        _ = try driver.stack.offer(className: nil, selector: LSAPSelector(rawValue: 0x12))
        driver.say("92 11 01 00 0E")
        driver.run(for: .milliseconds(200))
        guard case .incoming(let id, _, _)? = driver.takeEvents().last else {
            Issue.record("no connection came in")
            return
        }
        if byPDU { driver.say("92 11 02 01") } else { driver.isPeerSilent = true }
        driver.run(for: .seconds(12))
        let ended = driver.takeEvents()
        #expect(ended.contains(.ended(id, byPDU ? .peer(.userRequest) : .link(.linkLost))))
        driver.tell { $0.accept(id, at: $1) }
        #expect(driver.sent == [])
    }

    @Test(
        "IrLMP 1.1, 3.2.2: nothing listens where nothing is offered, and a Connect without a TinyTP header is refused",
        arguments: [("93 11 01 00 0E", "91 13 02 08"), ("92 11 01 00", "91 12 02 01")])
    func unavailable(connect: String, answer: String) throws {
        var driver = served()
        _ = try driver.stack.offer(className: "Echo", selector: LSAPSelector(rawValue: 0x12))
        _ = driver.takeEvents()
        driver.say(connect)
        driver.run(for: .milliseconds(200))
        #expect(driver.sent == [hex(answer)])
        #expect(driver.takeEvents() == [])
    }

    @Test("A service that was withdrawn is not found and not connected to; its connections go on")
    func withdrawn() throws {
        var driver = served()
        let service = try driver.stack.offer(className: "Echo", selector: LSAPSelector(rawValue: 0x12))
        driver.say("92 11 01 00 0E")
        driver.run(for: .milliseconds(200))
        guard case .incoming(let id, _, _)? = driver.takeEvents().last else {
            Issue.record("no connection came in")
            return
        }
        driver.tell { $0.accept(id, at: $1) }
        driver.stack.withdraw(service.id)
        driver.stack.withdraw(service.id)
        for pdu in ["80 10 01 00", "00 10 84 04 \"Echo\" 13 \"IrDA:TinyTP:LsapSel\"", "92 13 01 00 0E", "12 11 00 41"] {
            driver.say(pdu)
        }
        driver.run(for: .milliseconds(500))
        #expect(driver.sent.dropFirst() == [hex("90 00 81 00"), hex("10 00 84 01"), hex("93 12 02 08")])
        #expect(driver.takeEvents() == [.received(id, [0x41])])
        // The selector is free for another service, and the name too.
        let again = try driver.stack.offer(className: "Echo", selector: LSAPSelector(rawValue: 0x13))
        #expect(again.id != service.id)
    }

    @Test("A service cannot be offered twice on one selector, on a reserved one, or with an impossible name")
    func impossible() throws {
        var stack = StackDriver().stack
        _ = try stack.offer(className: "Echo", selector: LSAPSelector(rawValue: 0x12))
        for number in [0x12, 0x00, 0x70, 0x7F] as [UInt8] {
            let selector = LSAPSelector(rawValue: number)
            #expect(throws: IrDAServiceError.selectorUnavailable(selector)) {
                try stack.offer(className: "Echo", selector: selector)
            }
        }
        #expect(throws: IrDAServiceError.invalidObject(.emptyName)) {
            try stack.offer(className: "", selector: LSAPSelector(rawValue: 0x13))
        }
        // The attempt has left nothing behind.
        let selector = try stack.offer(className: "Other", selector: LSAPSelector(rawValue: 0x13)).selector
        #expect(selector == LSAPSelector(rawValue: 0x13))
        #expect(stack.database.objects.map(\.className) == ["Device", "Echo", "Other"])
    }

    @Test("IrLMP 1.1, 1.4: services get selectors of their own from 10 to 6F until there are none")
    func selectors() throws {
        var stack = StackDriver().stack
        var taken: Set<LSAPSelector> = []
        for _ in 0x10...0x6F { taken.insert(try stack.offer(className: nil).selector) }
        #expect(taken.count == 0x60 && taken.allSatisfy { (0x10...0x6F).contains($0.rawValue) })
        #expect(throws: IrDAServiceError.selectorUnavailable(nil)) { try stack.offer(className: nil) }
    }

    @Test("TinyTP 1.1, 2.4: data beyond every credit and buffer ends the connection", arguments: [28, 29])
    func overrun(segments: Int) throws {
        var driver = served()
        _ = try driver.stack.offer(className: nil, selector: LSAPSelector(rawValue: 0x12))
        driver.say("92 11 01 00 0E")
        driver.run(for: .milliseconds(200))
        guard case .incoming(let id, _, _)? = driver.takeEvents().last else {
            Issue.record("no connection came in")
            return
        }
        driver.tell { $0.accept(id, at: $1) }
        for _ in 0..<segments { driver.say("12 11 00 41") }
        driver.run(for: .seconds(1))
        let events = driver.takeEvents()
        #expect(events.contains(.ended(id, .protocolViolation)) == (segments > 28))
        #expect((driver.sent.last == hex("91 12 02 FF")) == (segments > 28))
    }
}
