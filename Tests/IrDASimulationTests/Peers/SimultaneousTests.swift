import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

/// Two stations that want the same at the same moment (IrLAP 1.1, 6.11.3.2 and 6.13).
@Suite struct SimultaneousTests {
    @Test(
        "IrLAP 1.1, 6.11.3.2: two stations connect to each other at once: one link, and both connections work",
        arguments: 0..<20 as Range<UInt64>)
    func connectToEachOther(seed: UInt64) throws {
        var room = TwoStations(seed: seed)
        for station in [room.computer, room.phone] {
            _ = try room.simulation.offer(.program(""), on: station, className: "Echo")
        }
        // Nobody has to wait for a quiet medium; the second asks while the SNRM of the first is on the air, or its UA.
        room.simulation.run(until: .start.advanced(by: .seconds(1)))
        let first = room.simulation.with(room.computer) {
            $0.connect(to: .service("Echo"), at: TwoStations.phoneAddress, now: $1)
        }
        room.simulation.run(until: room.simulation.now.advanced(by: .milliseconds(Int64(seed) * 6)))
        let second = room.simulation.with(room.phone) {
            $0.connect(to: .service("Echo"), at: TwoStations.computerAddress, now: $1)
        }
        let ends = [
            Traffic.End(station: room.computer, connection: first),
            Traffic.End(station: room.phone, connection: second),
        ]
        var traffic = Traffic()
        let both = traffic.run(&room.simulation, for: .seconds(30)) { $0.connected.isSuperset(of: ends) }
        #expect(both, "seed \(seed): \(traffic.ended)")
        guard both else { return }
        for (end, bytes) in zip(ends, [[1, 2, 3], [4, 5]] as [[UInt8]]) {
            traffic.send(bytes, from: end, in: &room.simulation)
        }
        let arrived = traffic.run(&room.simulation, for: .seconds(30)) { $0.received.count == 2 }
        #expect(arrived && Set(traffic.received.values) == [[1, 2, 3], [4, 5]], "seed \(seed)")
    }

    @Test(
        "IrLAP 1.1, 6.8: two discoveries at once end, and the next find their peers", arguments: 0..<5 as Range<UInt64>)
    func discoverEachOther(seed: UInt64) {
        var room = TwoStations(seed: seed)
        var reports: [StationID: Int] = [:]
        for station in [room.computer, room.phone] { room.simulation.tell(station) { $0.discover(at: $1) } }
        let ended = room.simulation.run(for: .seconds(10)) { simulation in
            for happened in simulation.takeEvents() {
                if case .discoveryEnded = happened.event { reports[happened.station, default: 0] += 1 }
            }
            return reports.count == 2
        }
        #expect(ended && reports.values.allSatisfy { $0 == 1 }, "seed \(seed)")

        room.simulation.run(until: room.simulation.now.advanced(by: .seconds(1)))
        room.simulation.tell(room.computer) { $0.discover(at: $1) }
        let report = room.wait { if case .discoveryEnded(let report) = $0 { report } else { nil } }
        guard case .found(let records) = report else {
            Issue.record("no discovery, seed \(seed)")
            return
        }
        #expect(records.map(\.address) == [TwoStations.phoneAddress], "seed \(seed)")
    }

    @Test("IrLMP 1.1, 3.5.3: a station that is about to connect uses the link that its peer sets up first")
    func connectAfterDiscovery() throws {
        var room = TwoStations(seed: 4)
        for station in [room.computer, room.phone] {
            _ = try room.simulation.offer(.program(""), on: station, className: "Echo")
        }
        room.simulation.tell(room.computer) { $0.discover(slots: .one, at: $1) }
        _ = room.wait { if case .discoveryEnded = $0 { true } else { nil } }
        // The phone leaves the initiator 100 ms, which it uses.
        let second = room.simulation.with(room.phone) {
            $0.connect(to: .service("Echo"), at: TwoStations.computerAddress, now: $1)
        }
        let first = room.simulation.with(room.computer) {
            $0.connect(to: .service("Echo"), at: TwoStations.phoneAddress, now: $1)
        }
        var traffic = Traffic()
        let ends = [
            Traffic.End(station: room.computer, connection: first),
            Traffic.End(station: room.phone, connection: second),
        ]
        #expect(
            traffic.run(&room.simulation, for: .seconds(10)) { $0.connected.isSuperset(of: ends) }, "\(traffic.ended)")
    }
}
