import IrDAProtocol
import IrDASimulation
import Testing

/// How near a saturated link comes to what the rules allow.
@Suite struct ThroughputTests {
    @Test(
        "IrLAP 1.1, 6.6.11: bulk data with 10 ms turn-around both ways reaches 95 % of what the line capacity allows",
        arguments: [(BaudRate.rate115200, 85_813.0, 400_000), (.rate9600, 6_818.0, 40_000)], [true, false])
    func bulk(link: (rate: BaudRate, limit: Double, size: Int), fromPrimary: Bool) throws {
        let seed: UInt64 = 3
        let parameters = NegotiationParameters.limited(rate: link.rate)
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
        _ = traffic.run(&room.simulation) { ($0.received[sink]?.count ?? 0) > 0 }
        let start = room.simulation.now
        let before = traffic.received[sink]?.count ?? 0
        _ = traffic.run(&room.simulation) { ($0.received[sink]?.count ?? 0) >= link.size }
        #expect(traffic.received[sink] == bytes)

        let seconds = start.duration(to: room.simulation.now) / .seconds(1)
        let throughput = Double(link.size - before) * 8 / seconds
        let share = (throughput / link.limit * 1000).rounded() / 10
        print(
            "throughput at \(link.rate) bit/s, bulk from the \(fromPrimary ? "primary" : "secondary"): "
                + "\(Int(throughput)) bit/s, \(share) % of \(Int(link.limit))")
        #expect(throughput >= 0.95 * link.limit && throughput <= 1.06 * link.limit)
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
