import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

/// More than two stations in a room (IrLAP 1.1, 6.8, 6.10 and 6.13).
@Suite struct SeveralStationsTests {
    /// Stations along a wall, named by their place, with addresses that follow from it.
    private struct Room {
        var simulation: Simulation
        var stations: [StationID] = []

        init(_ positions: [Double], range: Double = 1, seed: UInt64) {
            simulation = Simulation(range: range, seed: seed)
            for (index, position) in positions.enumerated() {
                stations.append(
                    simulation.addStation(
                        IrDAStack.Configuration(
                            address: Self.address(index), name: "Station \(index)", hints: .computer),
                        at: Position(x: position)))
            }
        }

        static func address(_ index: Int) -> DeviceAddress { DeviceAddress(rawValue: 0x1000_0000 + UInt32(index)) }

        /// What a discovery by one station finds.
        mutating func discover(by index: Int, slots: SlotCount) -> DiscoveryReport? {
            let station = stations[index]
            simulation.tell(station) { $0.discover(slots: slots, at: $1) }
            var report: DiscoveryReport?
            _ = simulation.run(for: .seconds(10)) { simulation in
                for happened in simulation.takeEvents() where happened.station == station {
                    if case .discoveryEnded(let ended) = happened.event { report = ended }
                }
                return report != nil
            }
            return report
        }
    }

    @Test(
        "IrLAP 1.1, 6.8: three stations in range are found, a fourth out of range is not; equal slots spoil each other")
    func discovery() {
        var complete = 0
        for seed in 0..<40 as Range<UInt64> {
            var room = Room([0, 0.2, 0.4, -0.9, 1.5], seed: seed)
            guard case .found(let records) = room.discover(by: 0, slots: .sixteen) else {
                Issue.record("no discovery, seed \(seed)")
                return
            }
            let found = Set(records.map(\.address))
            #expect(found.isSubset(of: Set((1...3).map(Room.address))), "seed \(seed)")
            #expect(
                found.count == records.count && found.count != 2,
                "two stations that collide are both lost, seed \(seed)")
            #expect(records.allSatisfy { $0.info.name.hasPrefix("Station ") })
            if found.count == 3 { complete += 1 }
        }
        // Three draws of sixteen slots differ with a probability of 82 %.
        #expect((24...39).contains(complete), "\(complete) of 40")
    }

    @Test("IrLAP 1.1, 6.8: with one slot two responders always spoil each other; with many, repetition finds them")
    func oneSlot() {
        var room = Room([0, 0.2, 0.4], seed: 5)
        #expect(room.discover(by: 0, slots: .one) == .found([]))
        var found: Set<DeviceAddress> = []
        for _ in 0..<5 {
            if case .found(let records) = room.discover(by: 0, slots: .eight) {
                found.formUnion(records.map(\.address))
            }
        }
        #expect(found == [Room.address(1), Room.address(2)])
    }

    @Test("IrLAP 1.1, 6.8.3.3: whoever hears a discovery learns of the initiator")
    func passiveDiscovery() {
        var room = Room([0, 0.2, 0.4, 1.5], seed: 6)
        room.simulation.tell(room.stations[0]) { $0.discover(at: $1) }
        var heard: [StationID: [DeviceAddress]] = [:]
        _ = room.simulation.run(for: .seconds(3)) { simulation in
            for happened in simulation.takeEvents() {
                if case .discovered(let record) = happened.event {
                    heard[happened.station, default: []].append(record.address)
                }
            }
            return false
        }
        #expect(heard == [room.stations[1]: [Room.address(0)], room.stations[2]: [Room.address(0)]])
    }

    @Test("IrLAP 1.1, 6.13: while two stations are connected a third finds the medium busy; then it has its turn")
    func connectionHasPriority() throws {
        var room = Room([0, 0.2, 0.4], seed: 7)
        _ = try room.simulation.offer(.program(""), on: room.stations[1], className: "Echo")
        var traffic = Traffic()
        let ends = try #require(
            traffic.connect(room.stations[0], to: .service("Echo"), at: Room.address(1), in: &room.simulation))
        // Idle as the link is, it turns round every 500 ms.
        room.simulation.run(until: room.simulation.now.advanced(by: .seconds(3)))
        #expect(room.discover(by: 2, slots: .one) == .mediaBusy)
        #expect(room.discover(by: 0, slots: .one) == .remembered([]))

        let third = room.stations[2]
        let connection = room.simulation.with(third) { $0.connect(to: .service("Echo"), at: Room.address(1), now: $1) }
        let failed = Traffic.End(station: third, connection: connection)
        #expect(traffic.run(&room.simulation, for: .seconds(10)) { $0.ended[failed] == .link(.mediaBusy) })

        room.simulation.tell(room.stations[0]) { $0.disconnect(ends.near.connection, at: $1) }
        room.simulation.run(until: room.simulation.now.advanced(by: .seconds(4)))
        let second = traffic.connect(third, to: .service("Echo"), at: Room.address(1), in: &room.simulation)
        #expect(second != nil, "the link that nobody needs is gone after 2 s")
    }

    @Test(
        "Two clients connect to one server at the same moment: neither hangs, and both are served in the end"
    )
    func twoClients() throws {
        for seed in 0..<10 as Range<UInt64> {
            var room = Room([0, 0.2, 0.4], seed: seed)
            _ = try room.simulation.offer(.program(""), on: room.stations[1], className: "Echo")
            var traffic = Traffic()
            var served: Set<StationID> = []
            var waiting = [room.stations[0], room.stations[2]]
            for attempt in 0..<8 where !waiting.isEmpty {
                let ends = waiting.map { station in
                    Traffic.End(
                        station: station,
                        connection: room.simulation.with(station) {
                            $0.connect(to: .service("Echo"), at: Room.address(1), now: $1)
                        })
                }
                let decided = traffic.run(&room.simulation, for: .seconds(60)) { traffic in
                    ends.allSatisfy { traffic.connected.contains($0) || traffic.ended[$0] != nil }
                }
                #expect(decided, "an attempt hangs, seed \(seed), attempt \(attempt)")
                for end in ends where traffic.connected.contains(end) && traffic.ended[end] == nil {
                    served.insert(end.station)
                    waiting.removeAll { $0 == end.station }
                    room.simulation.tell(end.station) { $0.disconnect(end.connection, at: $1) }
                }
                room.simulation.run(until: room.simulation.now.advanced(by: .seconds(5)))
            }
            #expect(served.count == 2, "seed \(seed)")
        }
    }

    @Test("Two pairs out of each other's sight work at the same time")
    func twoPairs() throws {
        var room = Room([0, 0.5, 3, 3.5], seed: 8)
        for server in [1, 3] {
            _ = try room.simulation.offer(.program(""), on: room.stations[server], className: "Bulk")
        }
        var traffic = Traffic()
        var generator = SeededGenerator(seed: 8)
        let bytes = generator.randomBytes(20_000)
        let first = try #require(
            traffic.connect(room.stations[0], to: .service("Bulk"), at: Room.address(1), in: &room.simulation))
        let second = try #require(
            traffic.connect(room.stations[2], to: .service("Bulk"), at: Room.address(3), in: &room.simulation))
        traffic.send(bytes, from: first.near, in: &room.simulation)
        traffic.send(bytes, from: second.far, in: &room.simulation)
        let arrived = traffic.run(&room.simulation, for: .seconds(5)) {
            $0.received[first.far] == bytes && $0.received[second.near] == bytes
        }
        #expect(arrived)
    }
}
