import Testing

@testable import IrDAProtocol

/// Whatever comes over the air: nothing traps, and no state is without a way out.
@Suite struct HostileInputTests {
    /// Where a station is when the nonsense begins.
    enum Situation: CaseIterable, Sendable {
        case switchedOn, quiet, waitingForTheMedium, discovering, beingDiscovered, settingUp, offered, connectingToIAS
        case querying, connecting, open, openOnSlowLink, closing, secondary, serving, closingAsSecondary
    }

    private static let snrm = "FF 93 F1DEBC9A 78563412 54 01013E 820101 83013F 84017F 850180 860103 080103"

    /// Valid frames of every kind; those of a connection on the address 2A.
    private static let corpus: [[UInt8]] = [
        "FF 3F 01 F1DEBC9A FFFFFFFF 01 00 00", "FF 3F 01 F1DEBC9A FFFFFFFF 01 04 00",
        "FF 3F 01 F1DEBC9A FFFFFFFF 01 FF 00 84 24 00 5072", "FE BF 01 F1DEBC9A 78563412 01 00 00 84 24 00 5072",
        "FF 3F 01 F1DEBC9A 78563412 05 00 00", snrm,
        "54 73 F1DEBC9A 78563412 01013E 820101 83013F 84017F 850180 860103 080103",
        "FF F3 F1DEBC9A 78563412 C0C17D", "FF 03 70 70 41", "54 11", "54 31", "54 15", "54 19", "54 1D", "55 11",
        "55 31",
        "55 15", "55 19", "55 1D", "54 10 90 00 81 00", "54 30 10 00 84 00 0001 0003 01 00000012",
        "54 50 91 12 81 00 10",
        "55 10 80 10 01 00", "55 30 00 10 84 04 4563686F 01 58", "55 50 92 11 01 00 0E", "55 70 12 11 01 41",
        "54 10 91 12 02 01", "55 10 92 11 02 01", "55 10 92 11 03 00 01", "54 73", "54 1F", "54 53", "54 93",
        "54 97 F6 20 01",
        "55 10 93 11 01 00", "55 10 94 11 01 00 8E 03 01 02 01 2C", "55 10 95 11 01 00 0E 03 00 01 04",
        "55 30 13 11 41 42", "55 30 14 11 81 41", "55 30 14 11 01 42", "55 30 15 11 01 00 41",
        "55 30 15 11 00 02 22 00",
        "55 13 70 70 01 00", "55 13 14 11 41", "55 30 00 10 81", "55 30 00 10 82 0000 0009 00",
        "55 30 00 10 83 0000 0001 01 41", "55 30 00 10 86 0000 0000 05", "55 30 00 10 04 04", "55 30 00 10 44",
        "55 53", "55 93", "55 F3 AA", "55 13 12 11 AA", "55 3F", "55 5F", "54 DF", "55 FF", "54 FF",
    ].map { hex($0) }

    /// A driver in a situation, with a service on LSAP 12, whose peer answers as usual.
    private func driver(in situation: Situation) -> StackDriver {
        let mute: [UInt8]? =
            switch situation {
            case .connectingToIAS: hex("80 10 01 00")
            case .querying: hex(ConnectTests.query)
            case .connecting: hex("92 11 01 00 0E")
            default: nil
            }
        let usual = ConnectTests.echoPeer()
        var driver = StackDriver { $0 == mute ? [] : usual($0) }
        let services: [(className: IASName, transport: IrDATransport, selector: UInt8)] = [
            ("Echo", .stream, 0x12), ("Raw", .raw, 0x13), ("Messages", .messages(maximumSize: 300), 0x14),
            ("Cooked", .cooked, 0x15),
        ]
        for service in services {
            _ = try? driver.stack.offer(
                className: service.className, transport: service.transport,
                selector: LSAPSelector(rawValue: service.selector))
        }
        if situation != .switchedOn && situation != .waitingForTheMedium { driver.run(for: .seconds(1)) }
        switch situation {
        case .switchedOn, .quiet: break
        case .waitingForTheMedium: _ = driver.connect(to: .service("Echo"))
        case .discovering: driver.tell { $0.discover(at: $1) }
        case .beingDiscovered: driver.receive(Self.corpus[0])
        case .settingUp:
            driver.isPeerSilent = true
            _ = driver.connect(to: .service("Echo"))
        case .offered: driver.receive(hex(Self.snrm))
        case .connectingToIAS, .querying, .connecting, .open, .openOnSlowLink, .closing:
            _ = driver.connect(to: .service("Echo"))
            driver.run(for: .milliseconds(400))
            if situation == .closing { driver.tell { $0.disconnectLink(at: $1) } }
        case .secondary, .serving, .closingAsSecondary:
            driver.peerConnects()
            if situation != .secondary { driver.say("92 11 01 00 0E") }
            driver.run(for: .milliseconds(100))
            if situation == .closingAsSecondary { driver.tell { $0.disconnectLink(at: $1) } }
        }
        return driver
    }

    /// A frame that may be anything: noise, a valid frame, or one that was tampered with.
    private func frame(_ generator: inout SeededGenerator, for driver: StackDriver) -> [UInt8] {
        if Int.random(in: 0..<6, using: &generator) == 0 {
            return (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
        }
        var frame = Self.corpus.randomElement(using: &generator) ?? []
        // Mostly on the connection that there is.
        if frame[0] & 0xFE == 0x54, let address = driver.connectionAddress, Int.random(in: 0..<8, using: &generator) > 0
        {
            frame[0] = address.rawValue << 1 | frame[0] & 1
            // And with numbers that are not always wrong.
            if frame[1] & 3 != 3 { frame[1] = UInt8.random(in: 0...255, using: &generator) & 0xF1 | frame[1] & 0x0E }
        }
        for _ in 0..<[0, 0, 1, 1, 3][Int.random(in: 0..<5, using: &generator)] {
            let place = Int.random(in: 0..<frame.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: frame[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: frame[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: frame.removeLast(frame.count - max(1, place))
            default: frame += (0..<place).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
        }
        return frame
    }

    /// What a user does now and then.
    private func useStack(_ driver: inout StackDriver, _ ids: [IrDAConnectionID], _ generator: inout SeededGenerator) {
        guard let id = ids.randomElement(using: &generator) else { return }
        switch Int.random(in: 0..<20, using: &generator) {
        case 0: driver.tell { $0.disconnect(id, at: $1) }
        case 1, 2: driver.ask { $0.send([UInt8](repeating: 1, count: 3000), on: id, at: $1) }
        case 3: driver.tell { $0.consumed(segments: 1, on: id, at: $1) }
        case 4: driver.tell { $0.discover(slots: .one, at: $1) }
        case 5: driver.stack.receivedGarbage(at: driver.now)
        case 6: driver.stack.lightSensed(at: driver.now)
        case 7: driver.ask { stack, now in (0, (try? stack.sendMessage([1, 2, 3], on: id, at: now)) ?? []) }
        case 8: driver.ask { stack, now in (0, (try? stack.sendUnitData([1, 2, 3], on: id, at: now)) ?? []) }
        case 9: driver.ask { stack, now in (0, (try? stack.sendUltra([0, 1], protocolID: 1, at: now)) ?? []) }
        case 10: driver.ask { $0.waitForDevice(until: $1.advanced(by: .seconds(1)), at: $1) }
        case 11: driver.ask { $0.ask(.objectInfo(0), at: StackDriver.peer, now: $1) }
        case 12: driver.tell { $0.disconnect(id, dropsUnsentData: true, at: $1) }
        case 13: driver.tell { $0.consumed(segments: 9, on: id, at: $1) }
        default: break
        }
    }

    @Test(
        "Nonsense in every state traps nowhere, and when the peer is silent every state ends",
        arguments: Situation.allCases)
    func nonsense(situation: Situation) {
        for seed in 0..<25 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var driver = driver(in: situation)
            let transports: [IrDATransport] = [.stream, .raw, .messages(maximumSize: nil), .cooked, .linuxMessages]
            var ids = [driver.connect(to: .service("Echo"))]
            for transport in transports where Bool.random(using: &generator) {
                let target = IrDATarget.selector(LSAPSelector(rawValue: 0x12))
                ids.append(driver.ask { $0.connect(to: target, at: StackDriver.peer, transport: transport, now: $1) })
            }
            var events: [IrDAEvent] = []
            for _ in 0..<60 {
                driver.receive(frame(&generator, for: driver))
                driver.run(for: .milliseconds(Int.random(in: 0...25, using: &generator)))
                events += driver.events
                for event in driver.takeEvents() {
                    if case .incoming(let id, _, _) = event {
                        ids.append(id)
                        driver.tell { $0.accept(id, at: $1) }
                    }
                }
                useStack(&driver, ids, &generator)
                #expect(driver.hasWayOut, "\(situation), seed \(seed): \(driver.stack.lap.state)")
            }

            driver.isPeerSilent = true
            driver.stack.receivedGarbage(at: driver.now)  // The last light is off.
            driver.run(for: .seconds(60))
            events += driver.takeEvents()
            #expect(driver.timers.isEmpty, "\(situation), seed \(seed): \(driver.timers)")
            #expect(
                driver.isInContention && driver.stack.peer == nil && !driver.stack.isBusy, "\(situation), seed \(seed)")
            for id in ids {
                let ends = events.count { if case .ended(id, _) = $0 { true } else { false } }
                #expect(ends <= 1, "\(situation), seed \(seed)")
                #expect(driver.stack.sendRoom(id) == 0, "\(situation), seed \(seed)")
            }
        }
    }
}

extension StackDriver {
    var isInContention: Bool { if case .contention = stack.lap.state { true } else { false } }

    /// The address of the connection that is up, or is being set up.
    var connectionAddress: ConnectionAddress? {
        switch stack.lap.state {
        case .contention, .query, .reply, .sniffing, .awaitingSniffer: nil
        case .conn(let offer): offer.connectionAddress
        case .setup(let setup): setup.connectionAddress
        case .primary(let link): link.common.connectionAddress
        case .secondary(let link): link.common.connectionAddress
        }
    }

    /// Whether the state ends by itself: nothing is under way, or a timer of IrLAP runs, or our own light will go out.
    var hasWayOut: Bool {
        if isInContention || stack.lap.afterTransmission != nil { return true }
        return timers.keys.contains { if case .lap = $0 { true } else { false } }
    }
}
