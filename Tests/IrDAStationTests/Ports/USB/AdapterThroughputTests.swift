import IrDAAdapters
import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import TestSupport
import Testing

@testable import IrDAStation

/// How near a saturated link through an adapter comes to what the rules allow.
@Suite struct AdapterThroughputTests {
    @Test(
        "IrLAP 1.1, 6.6.11: with 7 frames of 2048 bytes at its fastest speed every adapter reaches 97 % of what the rules and its own hardware allow",
        arguments: Equipment.adapters, [true, false])
    func bulk(adapter: Equipment, sends: Bool) throws {
        let rate = try #require(adapter.capabilities.rates.highest)
        let seed: UInt64 = 5
        var room = AdapterRoom(
            sends ? adapter : .none, sends ? .none : adapter, rate: rate, seed: seed)
        var traffic = Traffic()
        let ends = try room.connect(&traffic)
        let size = rate > .rate115200 ? 1_000_000 : 100_000
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.randomBytes(size)
        traffic.send(bytes, from: ends.near, in: &room.simulation)
        // The first turns of a link are careful.
        _ = traffic.run(&room.simulation) { ($0.received[ends.far]?.count ?? 0) > size / 10 }
        let start = room.simulation.now
        let before = traffic.received[ends.far]?.count ?? 0
        _ = traffic.run(&room.simulation) { ($0.received[ends.far]?.count ?? 0) >= size }
        #expect(difference(traffic.received[ends.far] ?? [], from: bytes) == nil)
        let seconds = start.duration(to: room.simulation.now) / .seconds(1)
        let throughput = Double(size - before) * 8 / seconds
        let parameters = try #require(room.simulation.stack(of: room.desk).linkStatus?.parameters)
        let share = (sends ? adapter.example?.lightShare : adapter.example?.hearingShare) ?? 1
        let limit = BulkLimit(of: parameters).withoutErrors * share
        #expect(throughput >= 0.97 * limit && throughput <= 1.02 * limit, "\(throughput) of \(limit)")
    }
}
