import IrDAProtocol
import IrDASimulation
import Testing

@Suite("Devices: what is remembered and waited for")
struct DeviceTests {
    private func known(_ ends: TwoEnds, _ hints: ServiceHints = [], since: IrDAInstant? = nil) -> [String] {
        ends.room.simulation.stack(of: ends.computer).knownDevices(offering: hints, since: since, at: ends.now)
            .map(\.record.info.name)
    }

    @Test("A device is remembered, by its hints, and forgotten when its time is over")
    func ageing() throws {
        var ends = TwoEnds(TwoStations(seed: 1))
        #expect(known(ends).isEmpty)
        try ends.tell(ends.computer) { $0.discover(at: $1) }
        ends.run(for: .seconds(3))
        let seen = ends.now
        #expect(known(ends) == ["Phone"])
        #expect(known(ends, .obex) == ["Phone"] && known(ends, [.obex, .printer]) == ["Phone"])
        #expect(known(ends, .printer).isEmpty)
        #expect(known(ends, since: seen).isEmpty)
        ends.run(for: .seconds(25))
        #expect(known(ends) == ["Phone"])
        ends.run(for: .seconds(6))
        #expect(known(ends).isEmpty)
    }

    @Test("The time of a link does not count, and the peer was heard to its end")
    func ageingPauses() throws {
        var ends = TwoEnds(TwoStations(seed: 2))
        try ends.tell(ends.computer) { $0.discover(at: $1) }
        ends.run(for: .seconds(2))
        try ends.offer("x", .stream)
        let (near, _) = try ends.connect(to: .service("x"), .stream)
        ends.run(for: .seconds(120))
        #expect(known(ends) == ["Phone"])
        try ends.tell(ends.computer) { $0.disconnect(near, at: $1) }
        #expect(ends.run { $0.room.simulation.stack(of: $0.computer).linkStatus == nil })
        ends.run(for: .seconds(20))
        #expect(known(ends) == ["Phone"])
        ends.run(for: .seconds(15))
        #expect(known(ends).isEmpty)
    }

    @Test("One missed discovery is forgiven, two are not")
    func misses() throws {
        var ends = TwoEnds(TwoStations(seed: 3))
        func discover(_ ends: inout TwoEnds) throws {
            try ends.tell(ends.computer) { $0.discover(at: $1) }
            ends.run(for: .seconds(3))
        }
        try discover(&ends)
        ends.room.simulation.move(ends.phone, to: Position(x: 50, y: 0))
        try discover(&ends)
        #expect(ends.take(ends.computer).contains(.discoveryEnded(.found([]))))
        #expect(known(ends) == ["Phone"])
        try discover(&ends)
        #expect(known(ends).isEmpty)
    }

    @Test("Who is discovered learns of the discoverer, with its new name and hints")
    func passive() throws {
        var ends = TwoEnds(TwoStations(seed: 4))
        try ends.ask(ends.phone) { stack, _ in
            stack.setName("A name that is too long for a discovery")
            stack.setHints([.printer, .irCOMM])
            return ((), [])
        }
        try ends.tell(ends.phone) { $0.discover(at: $1) }
        ends.run(for: .seconds(3))
        let device = try #require(
            ends.room.simulation.stack(of: ends.computer).knownDevices(offering: .irCOMM, at: ends.now).first)
        #expect(device.isPassive && device.record.info.name == "A name that is too l")
        #expect(ends.room.simulation.stack(of: ends.computer).counters.passiveDiscoveries == 1)
        let name = ends.room.simulation.stack(of: ends.phone).database.values(
            className: "Device", attribute: "DeviceName")
        #expect(
            name
                == .success([
                    IASEntry(objectID: 0, value: .string(IASString("A name that is too long for a discovery")))
                ]))
    }

    @Test("Waiting for a device looks for it again and again, and ends with it or with the time")
    func waits() throws {
        var ends = TwoEnds(TwoStations(seed: 5))
        ends.room.simulation.move(ends.phone, to: Position(x: 50, y: 0))
        func wait(_ ends: inout TwoEnds, _ hints: ServiceHints, _ time: Duration) throws -> IrDADeviceWaitID {
            try ends.ask(ends.computer) { $0.waitForDevice(offering: hints, until: $1.advanced(by: time), at: $1) }
        }
        let start = ends.now
        let short = try wait(&ends, [], .seconds(4))
        let printer = try wait(&ends, .printer, .seconds(30))
        let phone = try wait(&ends, .obex, .seconds(60))
        let given = try wait(&ends, [], .seconds(60))
        try ends.tell(ends.computer) { stack, _ in stack.cancelWait(given) }
        #expect(ends.run { $0.has($0.computer, .deviceWaitEnded(short, nil)) })
        #expect(start.duration(to: ends.now) == .seconds(4))
        ends.room.simulation.move(ends.phone, to: Position())
        func found(_ ends: TwoEnds) -> Bool {
            ends.events[ends.computer]?.contains {
                if case .deviceWaitEnded(phone, let record) = $0 { record?.info.name == "Phone" } else { false }
            } ?? false
        }
        #expect(ends.run(for: .seconds(10)) { found($0) })
        #expect(ends.run { $0.has($0.computer, .deviceWaitEnded(printer, nil)) })
        #expect(start.duration(to: ends.now) == .seconds(30))
        // A device that is known ends a wait at once; and nobody looks for devices any more.
        let discoveries = ends.room.simulation.stack(of: ends.computer).counters.discoveries
        ends.run(for: .seconds(20))
        #expect(ends.room.simulation.stack(of: ends.computer).counters.discoveries <= discoveries + 1)
        _ = ends.take(ends.computer)
        try ends.tell(ends.computer) { $0.discover(at: $1) }
        ends.run(for: .seconds(3))
        let known = try wait(&ends, .obex, .seconds(9))
        ends.run(for: .zero)
        #expect(
            ends.take(ends.computer).contains {
                if case .deviceWaitEnded(known, let record) = $0 { record != nil } else { false }
            })
    }

    @Test("Discoveries that go on by themselves follow who comes and goes, and pause for a link")
    func background() throws {
        var ends = TwoEnds(TwoStations(seed: 6))
        try ends.tell(ends.computer) { $0.setBackgroundDiscovery(every: .seconds(3), at: $1) }
        ends.run(for: .seconds(31))
        let runs = ends.room.simulation.stack(of: ends.computer).counters.discoveries
        #expect((9...11).contains(runs), "\(runs)")
        #expect(known(ends) == ["Phone"])
        ends.room.simulation.move(ends.phone, to: Position(x: 50, y: 0))
        ends.run(for: .seconds(8))
        #expect(known(ends).isEmpty)
        ends.room.simulation.move(ends.phone, to: Position())
        ends.run(for: .seconds(5))
        #expect(known(ends) == ["Phone"])
        try ends.offer("x", .stream)
        _ = try ends.connect(to: .service("x"), .stream)
        let before = ends.room.simulation.stack(of: ends.computer).counters.discoveries
        ends.run(for: .seconds(30))
        #expect(ends.room.simulation.stack(of: ends.computer).counters.discoveries == before)
        try ends.tell(ends.computer) { $0.setBackgroundDiscovery(every: nil, at: $1) }
    }

    @Test("The first of those can wait, and who waits for a device does not wait for it")
    func delayedBackground() throws {
        var ends = TwoEnds(TwoStations(seed: 9))
        try ends.tell(ends.computer) {
            $0.setBackgroundDiscovery(every: .seconds(3), after: .seconds(5), at: $1)
        }
        ends.run(for: .seconds(4.9))
        #expect(ends.room.simulation.stack(of: ends.computer).counters.discoveries == 0)
        ends.run(for: .seconds(3))
        #expect(ends.room.simulation.stack(of: ends.computer).counters.discoveries == 1)
        try ends.tell(ends.computer) {
            $0.setBackgroundDiscovery(every: .seconds(3), after: .seconds(1000), at: $1)
        }
        _ = try ends.ask(ends.computer) {
            $0.waitForDevice(offering: .fax, until: $1.advanced(by: .seconds(9)), at: $1)
        }
        ends.run(for: .seconds(9))
        #expect(ends.room.simulation.stack(of: ends.computer).counters.discoveries >= 3)
    }

    @Test("The status of the link and the counters")
    func status() throws {
        var ends = TwoEnds(TwoStations(seed: 7))
        #expect(ends.room.simulation.stack(of: ends.computer).linkStatus == nil)
        try ends.offer("x", .stream)
        let (near, _) = try ends.connect(to: .service("x"), .stream)
        ends.run(for: .seconds(1))
        let status = try #require(ends.room.simulation.stack(of: ends.computer).linkStatus)
        #expect(status.peer == TwoStations.phoneAddress && status.role == .primary && status.connections == 1)
        #expect(!status.hasUnacknowledgedData && !status.isStalled)
        try ends.ask(ends.computer) { $0.send([1, 2, 3], on: near, at: $1) }
        ends.run(for: .seconds(1))
        let counters = ends.room.simulation.stack(of: ends.computer).counters
        #expect(counters.links == 1 && counters.connectsAttempted == 1 && counters.connectionsOpened == 1)
        #expect(counters.queriesAsked == 1 && counters.dataSent == 1)
        #expect(ends.room.simulation.stack(of: ends.phone).counters.queriesServed == 1)
        #expect(ends.room.simulation.stack(of: ends.phone).counters.dataReceived == 1)
    }

    @Test("Any question can be asked of a peer's information base")
    func questions() throws {
        var ends = TwoEnds(TwoStations(seed: 8))
        try ends.offer("Twin", .stream)
        try ends.offer("Twin", .raw)
        let asked = try ends.ask(ends.computer) {
            $0.ask(
                .objects(from: 1, maximum: 9, className: "Twin"), at: TwoStations.phoneAddress, now: $1)
        }
        let reply = IASReply.objects(
            [
                IASObjectSummary(id: 1, attributeCount: 1, className: nil),
                IASObjectSummary(id: 2, attributeCount: 1, className: nil),
            ], next: 0)
        #expect(ends.run { $0.has($0.computer, .queryEnded(asked, .replied(reply))) })
        let second = try ends.ask(ends.computer) {
            $0.query("IrDA:TinyTP:LsapSel", of: "Twin", at: TwoStations.phoneAddress, now: $1)
        }
        let values = [IASEntry(objectID: 1, value: .integer(0x10))]
        #expect(ends.run { $0.has($0.computer, .queryEnded(second, .answered(.success(values)))) })
    }
}
