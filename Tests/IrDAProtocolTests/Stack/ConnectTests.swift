import Testing

@testable import IrDAProtocol

/// Opening connections: by name, by selector, and how that fails (IrLMP 1.1, 4; TinyTP 1.1, 2 and 3).
@Suite struct ConnectTests {
    static let query = "00 10 84 04 \"Echo\" 13 \"IrDA:TinyTP:LsapSel\""

    /// A peer with the service Echo on LSAP 12, which answers everything; `overriding` replaces single answers.
    static func echoPeer(overriding answers: [String: [String]] = [:]) -> StackDriver.Script {
        let usual: [(String, [String])] = [
            ("80 10 01 00", ["90 00 81 00"]),
            (query, ["10 00 84 00 0001 0003 01 00000012"]),
            ("92 11 01 00 0E", ["91 12 81 00 10"]),
            ("92 10 01 00 0E", ["90 12 81 00 10"]),
        ]
        return { pdu in
            for (question, answer) in answers where hex(question) == pdu { return answer }
            return usual.first { hex($0.0) == pdu }?.1 ?? []
        }
    }

    /// A driver whose connection to Echo is open.
    static func connected() -> (driver: StackDriver, id: IrDAConnectionID) {
        var driver = StackDriver(script: echoPeer())
        let id = driver.connect(to: .service("Echo"))
        driver.run(for: .seconds(2))
        #expect(driver.takeEvents().last == .connected(id))
        return (driver, id)
    }

    private func isLinkConnected(_ event: IrDAEvent?) -> Bool {
        if case .linkConnected(StackDriver.peer, .primary, _)? = event { true } else { false }
    }

    @Test("TinyTP 1.1, 3.1: by name: IAS connect, query, then the TinyTP connect with its credit, then the end of IAS")
    func byName() {
        var driver = StackDriver(script: Self.echoPeer())
        let id = driver.connect(to: .service("Echo"))
        #expect(driver.stack.isBusy && driver.stack.sendRoom(id) == 0)
        driver.run(untilSent: 4)
        driver.run(for: .milliseconds(100))
        #expect(
            driver.sent == [hex("80 10 01 00"), hex(Self.query), hex("92 11 01 00 0E"), hex("80 10 02 01")])
        let events = driver.takeEvents()
        #expect(isLinkConnected(events.first) && events.dropFirst() == [.connected(id)])
        #expect(driver.stack.peer == StackDriver.peer && !driver.stack.isBusy)
        #expect(driver.stack.sendRoom(id) == 16 * 2045)
    }

    @Test("TinyTP 1.1, 2.3: by selector: the TinyTP connect alone")
    func bySelector() {
        var driver = StackDriver(script: Self.echoPeer())
        let id = driver.connect(to: .selector(LSAPSelector(rawValue: 0x12)))
        driver.run(untilSent: 1)
        driver.run(for: .milliseconds(100))
        #expect(driver.sent == [hex("92 10 01 00 0E")])
        #expect(driver.takeEvents().last == .connected(id))
    }

    @Test(
        "IrLMP 1.1, 4.3.6.4: without the class, the attribute or a usable selector there is no such service",
        arguments: [
            ("10 00 84 01", IrDAEndReason.noSuchService), ("10 00 84 02", .noSuchService),
            ("10 00 84 00 0000", .noSuchService),
            ("10 00 84 00 0001 0003 00", .noSuchService),
            ("10 00 84 00 0001 0003 02 0001 12", .noSuchService),
            ("10 00 84 00 0001 0003 01 00000000", .noSuchService),
            ("10 00 84 00 0001 0003 01 00000070", .noSuchService),
            ("10 00 84 00 0001 0003 01 FFFFFFFF", .noSuchService), ("10 00 84 FF", .protocolViolation),
            ("10 00 84 00 0001 0003 01 0000", .protocolViolation), ("10 00 84", .protocolViolation),
        ])
    func noSuchService(answer: String, reason: IrDAEndReason) {
        var driver = StackDriver(script: Self.echoPeer(overriding: [Self.query: [answer]]))
        let id = driver.connect(to: .service("Echo"))
        driver.run(for: .seconds(5))
        #expect(driver.sent == [hex("80 10 01 00"), hex(Self.query), hex("80 10 02 01")])
        #expect(driver.takeEvents().dropFirst() == [.ended(id, reason), .linkDisconnected(.requested)])
        #expect(driver.timers.isEmpty && driver.stack.peer == nil)
    }

    @Test("TinyTP 1.1, 3.1: of several objects of the class the first with a usable selector counts")
    func severalObjects() {
        var driver = StackDriver(
            script: Self.echoPeer(overriding: [
                Self.query: ["10 00 84 00 0003 0003 00 0004 01 00000012 0005 01 00000013"]
            ]))
        let id = driver.connect(to: .service("Echo"))
        driver.run(untilSent: 4)
        driver.run(for: .milliseconds(100))
        #expect(driver.sent[2] == hex("92 11 01 00 0E"))
        #expect(driver.takeEvents().last == .connected(id))
    }

    @Test("A name that IAS cannot carry is refused before it is asked for", arguments: [0, 61])
    func impossibleName(length: Int) {
        var driver = StackDriver(script: Self.echoPeer())
        let id = driver.connect(to: .service(IASName(bytes: Array(repeating: 0x41, count: length))))
        driver.run(for: .seconds(5))
        #expect(driver.takeEvents().contains(.ended(id, .noSuchService)))
        #expect(driver.sent == [hex("80 10 01 00"), hex("80 10 02 01")])
    }

    @Test(
        "IrLMP 1.1, 3.5.4: a refusal is told with the peer's reason",
        arguments: [
            ("91 12 02 08", DisconnectReason.noClient), ("91 12 02 01", .userRequest), ("91 12 02", .unspecified),
        ])
    func refused(answer: String, reason: DisconnectReason) {
        var driver = StackDriver(script: Self.echoPeer(overriding: ["92 11 01 00 0E": [answer]]))
        let id = driver.connect(to: .service("Echo"))
        driver.run(for: .seconds(5))
        #expect(driver.takeEvents().dropFirst() == [.ended(id, .peer(reason)), .linkDisconnected(.requested)])
    }

    @Test("TinyTP 1.1, 2.3.2: a confirm without a TinyTP header breaks the rules")
    func badConfirm() {
        var driver = StackDriver(script: Self.echoPeer(overriding: ["92 11 01 00 0E": ["91 12 81 00"]]))
        let id = driver.connect(to: .service("Echo"))
        driver.run(for: .seconds(1))
        #expect(driver.takeEvents().last == .ended(id, .protocolViolation))
        #expect(driver.sent.last == hex("92 11 02 FF"))
    }

    @Test("A query that is not answered is given up after 10 s", arguments: [true, false])
    func queryTimeout(forConnection: Bool) {
        var driver = StackDriver(script: Self.echoPeer(overriding: [Self.query: []]))
        if forConnection {
            let id = driver.connect(to: .service("Echo"))
            driver.run(untilSent: 2)
            #expect(driver.run(for: .milliseconds(9_900)) { $0.events.contains(.ended(id, .noResponse)) } == false)
            #expect(driver.run(for: .milliseconds(200)) { $0.events.contains(.ended(id, .noResponse)) })
        } else {
            let id = driver.ask { $0.query("IrDA:TinyTP:LsapSel", of: "Echo", at: StackDriver.peer, now: $1) }
            driver.run(untilSent: 2)
            driver.run(for: .milliseconds(10_100))
            #expect(driver.takeEvents().last == .queryEnded(id, .failed(.noResponse)))
        }
        driver.run(for: .milliseconds(200))
        #expect(driver.sent.last == hex("80 10 02 01"))
    }

    @Test(
        "IrLMP 1.1, 3.5.4.3.5: a Connect that is not answered is given up after 20 s, to a guessed selector after 5 s",
        arguments: [(true, 20), (false, 5)])
    func connectTimeout(byName: Bool, seconds: Int) {
        var driver = StackDriver(
            script: Self.echoPeer(overriding: ["92 11 01 00 0E": [], "92 10 01 00 0E": []]))
        let id = driver.connect(to: byName ? .service("Echo") : .selector(LSAPSelector(rawValue: 0x12)))
        driver.run(untilSent: byName ? 3 : 1)
        let sent = driver.now
        driver.run { $0.events.contains(.ended(id, .noResponse)) }
        // The time begins when the Connect is handed to the link, at most two turns before it is sent.
        let taken = sent.duration(to: driver.now)
        #expect(taken <= .seconds(seconds) && taken > .seconds(seconds) - .milliseconds(100), "\(taken)")
    }

    @Test("IrLMP 1.1, 4.3.6.4: a query answers its user, with the result as the peer gave it")
    func query() {
        var driver = StackDriver(script: Self.echoPeer())
        let id = driver.ask { $0.query("IrDA:TinyTP:LsapSel", of: "Echo", at: StackDriver.peer, now: $1) }
        driver.run(untilSent: 3)
        let entry = IASEntry(objectID: 3, value: .integer(0x12))
        #expect(driver.takeEvents().last == .queryEnded(id, .answered(.success([entry]))))
        driver.run(for: .milliseconds(100))
        #expect(!driver.stack.isBusy)
    }

    @Test("Several connections by name at once, each with its own query")
    func severalAtOnce() {
        var driver = StackDriver { pdu in
            guard let pdu = LMPDU(bytes: pdu) else { return [] }
            let selectors = "\(pdu.source) \(pdu.destination)"
            switch pdu {
            case .connectRequest(let destination, let source, _):
                return [trace([0x80 | source.rawValue, destination.rawValue]) + " 81 00 10"]
            case .data(.ias, _, _): return [selectors + " 84 00 0001 0003 01 00000012"]
            default: return []
            }
        }
        let ids = (0..<5).map { _ in driver.connect(to: .service("Echo")) }
        driver.run(for: .seconds(3))
        let events = driver.takeEvents()
        for id in ids { #expect(events.contains(.connected(id))) }
        #expect(events.count == 6)
    }
}
