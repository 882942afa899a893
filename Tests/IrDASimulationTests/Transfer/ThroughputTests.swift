import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import TestSupport
import Testing

/// How near a saturated link comes to what the rules allow.
@Suite struct ThroughputTests {
    @Test(
        "IrLAP 1.1, 6.6.11: bulk data with 10 ms turn-around reaches 99 % of what the rules allow, from either end",
        arguments: [(BaudRate.rate115200, 400_000, 85_813.0), (.rate9600, 30_000, 6_818.0)], [true, false])
    func bulk(link: (rate: BaudRate, size: Int, published: Double), fromPrimary: Bool) throws {
        let seed: UInt64 = 3
        let parameters = NegotiationParameters.limited(rate: link.rate)
        let limit = BulkLimit(of: .negotiate(own: parameters, peer: parameters)).withoutErrors
        var room = TwoStations(seed: seed, computer: parameters, phone: parameters)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        var traffic = Traffic()
        let ends = try #require(
            traffic.connect(
                room.computer, to: .service("Bulk"), at: TwoStations.phoneAddress, in: &room.simulation))
        let (source, sink) = fromPrimary ? (ends.near, ends.far) : (ends.far, ends.near)
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.randomBytes(link.size)

        traffic.send(bytes, from: source, in: &room.simulation)
        // The first turns of a link are careful.
        _ = traffic.run(&room.simulation) { ($0.received[sink]?.count ?? 0) > link.size / 10 }
        let start = room.simulation.now
        let before = traffic.received[sink]?.count ?? 0
        _ = traffic.run(&room.simulation) { ($0.received[sink]?.count ?? 0) >= link.size }
        #expect(difference(traffic.received[sink] ?? [], from: bytes) == nil)

        let seconds = start.duration(to: room.simulation.now) / .seconds(1)
        let throughput = Double(link.size - before) * 8 / seconds
        #expect(throughput >= 0.99 * limit && throughput <= 1.02 * limit, "\(throughput) of \(limit)")
        #expect(throughput > link.published, "more than the plain turns of 10.2")
    }

    @Test(
        "A small exchange on a link that is up takes no more than its frames, the turn-around times and one idle poll")
    func echoLatency() throws {
        let seed: UInt64 = 3
        var room = TwoStations(seed: seed)
        _ = try room.simulation.offer(.echo, on: room.phone, className: "Echo")
        let connection = try room.connect(to: .service("Echo")).get()
        _ = room.exchange([1, 2, 3], expecting: 3, on: connection)
        let start = room.simulation.now
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.randomBytes(100)
        #expect(room.exchange(bytes, expecting: 100, on: connection) == bytes)
        // A Linux station takes 55 ms; 113 bytes each way and two turn-around times are 40 ms.
        #expect(start.duration(to: room.simulation.now) <= .milliseconds(60))
    }
}
