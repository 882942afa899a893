import Testing

@testable import IrDAProtocol

/// Discovery at the level of the station, and how it goes along with links (IrLMP 1.1, 3.5.2).
@Suite struct StationTests {
    private static let address = StackDriver.record.address

    @Test("IrLMP 1.1, 3.5.2: a discovery tells what it found")
    func discovery() {
        var driver = StackDriver()
        driver.tell { $0.discover(slots: .one, at: $1) }
        #expect(driver.stack.isBusy)
        driver.run(for: .seconds(2))
        #expect(driver.takeEvents() == [.discoveryEnded(.found([StackDriver.record]))])
        #expect(!driver.stack.isBusy && driver.timers.isEmpty)
    }

    @Test("Whoever asks during a discovery hears of the one that is under way")
    func askedTwice() {
        var driver = StackDriver()
        driver.tell { $0.discover(slots: .one, at: $1) }
        driver.tell { $0.discover(slots: .six, at: $1) }
        driver.run(for: .seconds(3))
        #expect(driver.takeEvents().count == 1)
    }

    @Test("IrLMP 1.1, 3.5.2: while a link is up or coming, a discovery tells what is remembered")
    func remembered() {
        var driver = StackDriver(script: ConnectTests.echoPeer())
        driver.tell { $0.discover(slots: .one, at: $1) }
        driver.run(for: .seconds(1))
        _ = driver.connect(to: .service("Echo"))
        _ = driver.takeEvents()
        driver.tell { $0.discover(at: $1) }
        #expect(driver.takeEvents() == [.discoveryEnded(.remembered([StackDriver.record]))])
        driver.run(for: .seconds(1))
        _ = driver.takeEvents()
        driver.tell { $0.discover(at: $1) }
        #expect(driver.takeEvents() == [.discoveryEnded(.remembered([StackDriver.record]))])
    }

    @Test("IrLMP 1.1, 3.5.2: a discovery that finds nobody forgets who was there")
    func forgotten() {
        var driver = StackDriver(script: ConnectTests.echoPeer())
        driver.tell { $0.discover(slots: .one, at: $1) }
        driver.run(for: .seconds(2))
        driver.isPeerSilent = true
        driver.tell { $0.discover(slots: .one, at: $1) }
        driver.run(for: .seconds(2))
        #expect(driver.takeEvents().last == .discoveryEnded(.found([])))
    }

    @Test("IrLMP 1.1, 3.5.2: a station that introduces itself is told, and remembered")
    func passive() {
        var driver = StackDriver(script: ConnectTests.echoPeer())
        driver.run(for: .seconds(1))
        let final = hex("FF 3F 01 F1DEBC9A FFFFFFFF 01 FF 00") + StackDriver.record.info.bytes
        driver.tell { $0.received(final, at: $1) }
        #expect(driver.takeEvents() == [.discovered(StackDriver.record)])
        _ = driver.connect(to: .service("Echo"))
        driver.tell { $0.discover(at: $1) }
        #expect(driver.takeEvents() == [.discoveryEnded(.remembered([StackDriver.record]))])
    }

    @Test("IrLMP 1.1, 3.5.2: a connection that is asked for during a discovery waits for its end, and no longer")
    func deferred() {
        var driver = StackDriver(script: ConnectTests.echoPeer())
        driver.tell { $0.discover(slots: .one, at: $1) }
        driver.run(for: .milliseconds(570))
        let id = driver.connect(to: .service("Echo"))
        #expect(!driver.unnumbered.contains(.setNormalResponseMode))
        driver.run { !$0.events.isEmpty }
        #expect(driver.takeEvents() == [.discoveryEnded(.found([StackDriver.record]))])
        // No new wait for a quiet medium (IrLAP 1.1, 6.13.4).
        #expect(driver.unnumbered.last == .setNormalResponseMode)
        driver.run(for: .milliseconds(500))
        #expect(driver.takeEvents().last == .connected(id))
    }

    @Test("IrLMP 1.1, 3.5.3: who waits for a discovery to connect, and is connected to, uses that link")
    func connectedToWhileDeferred() {
        var driver = StackDriver(script: ConnectTests.echoPeer())
        driver.tell { $0.discover(slots: .one, at: $1) }  // It is held, since the station was just switched on.
        let id = driver.connect(to: .service("Echo"))
        driver.run(for: .milliseconds(100))
        driver.peerConnects()
        driver.run(for: .seconds(1))
        let events = driver.takeEvents()
        #expect(events.first == .discoveryEnded(.mediaBusy))
        #expect(events.last == .connected(id), "\(events)")
    }

    @Test("A held discovery is refused when the medium stays busy; what waits behind it then fails too")
    func mediaBusy() {
        var driver = StackDriver(script: ConnectTests.echoPeer())
        driver.tell { $0.discover(slots: .one, at: $1) }
        let id = driver.connect(to: .service("Echo"))
        for _ in 0..<20 {
            driver.run(for: .milliseconds(100))
            driver.stack.receivedGarbage(at: driver.now)
        }
        #expect(
            driver.takeEvents() == [
                .discoveryEnded(.mediaBusy), .linkDisconnected(.mediaBusy), .ended(id, .link(.mediaBusy)),
            ])
        #expect(driver.timers.isEmpty && !driver.stack.isBusy && driver.stack.peer == nil)
    }

    @Test("IrLAP 1.1, 6.2: the peer's restart ends the connections of the old link and brings a new one")
    func restart() throws {
        var driver = StackDriver()
        driver.peerConnects()
        _ = try driver.stack.offer(className: nil, selector: LSAPSelector(rawValue: 0x12))
        driver.say("92 11 01 00 0E")
        driver.run(for: .milliseconds(200))
        guard case .incoming(let id, _, _)? = driver.takeEvents().last else {
            Issue.record("no connection came in")
            return
        }
        driver.isPeerSilent = true
        driver.run(for: .seconds(1))
        driver.isPeerSilent = false
        driver.peerConnects()
        let events = driver.takeEvents()
        #expect(events.prefix(2) == [.linkDisconnected(.linkLost), .ended(id, .link(.linkLost))])
        guard case .linkConnected(StackDriver.peer, .secondary, _)? = events.last else {
            Issue.record("no new link: \(events)")
            return
        }
    }

    @Test("IrLMP 1.1, 3.3.2.1.3: what was taken goes before an unused link ends")
    func idleWithQueuedData() {
        var (driver, id) = ConnectTests.connected()
        let before = driver.sent.count
        let taken = driver.ask { $0.send([UInt8](repeating: 1, count: 20_000), on: id, at: $1) }
        #expect(taken == 20_000)
        driver.tell { $0.disconnect(id, at: $1) }
        driver.run(for: .seconds(3))
        let bytes = driver.sent.dropFirst(before).dropLast().map { $0.count - 3 }.reduce(0, +)
        #expect(bytes == 20_000, "all of it, in whatever segments the link likes")
        #expect(driver.sent.last == hex("92 11 02 01"))
        #expect(driver.takeEvents() == [.closed(id), .linkDisconnected(.requested)])
    }
}
