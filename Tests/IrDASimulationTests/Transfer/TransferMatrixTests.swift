import IrDAProtocol
import IrDASimulation
import Testing

/// Random data over every kind of link, both ways at once; what arrives must be what was sent.
@Suite struct TransferMatrixTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var bitErrorRate: Double
        var rate: BaudRate
        var window: Int
        var dataSize: DataSize
        var turnaround: MinimumTurnaround

        var testDescription: String {
            "\(rate) bit/s, \(window) x \(dataSize.bytes), \(Double(turnaround.microseconds) / 1000) ms, "
                + "bit error rate \(bitErrorRate)"
        }

        /// Every bit error rate with every speed and window; size and turn-around time such that every pair of values
        /// of any two of the five occurs.
        static let all: [Case] = {
            var cases: [Case] = []
            for (error, bitErrorRate) in [0, 1e-5, 1e-4].enumerated() {
                for (speed, rate) in [BaudRate.rate9600, .rate19200, .rate115200].enumerated() {
                    for (frames, window) in [1, 2, 7].enumerated() {
                        let size = [DataSize.bytes64, .bytes512, .bytes2048][(frames + speed + error) % 3]
                        let turnaround = [MinimumTurnaround.zero, .ms1, .ms10][(frames + 2 * speed + error) % 3]
                        cases.append(
                            Case(
                                bitErrorRate: bitErrorRate, rate: rate, window: window, dataSize: size,
                                turnaround: turnaround))
                    }
                }
            }
            return cases
        }()

        var parameters: NegotiationParameters {
            .limited(rate: rate, window: window, dataSize: dataSize, turnaround: turnaround)
        }
    }

    @Test(
        "IrLAP 1.1, 6.12: nothing is lost, doubled or disordered: from the primary, from the secondary, from both",
        arguments: Case.all)
    func bulk(link: Case) throws {
        let seed: UInt64 = 20
        var room = TwoStations(
            bitErrorRate: link.bitErrorRate, seed: seed, computer: link.parameters, phone: link.parameters)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        var traffic = Traffic()
        let (primary, secondary) = try #require(
            traffic.connect(
                room.computer, to: .service("Bulk"), at: TwoStations.phoneAddress, in: &room.simulation),
            "seed \(seed)")

        // Enough for several turns of the largest window, and the numbers to wrap.
        let size = min(20 * link.dataSize.bytes, 24_000)
        var generator = SeededGenerator(seed: seed)
        let first = generator.randomBytes(size)
        let second = generator.randomBytes(size)
        let third = generator.randomBytes(size / 2)
        traffic.send(first, from: primary, in: &room.simulation)
        _ = traffic.run(&room.simulation) { ($0.received[secondary]?.count ?? 0) >= size }
        #expect(traffic.received[secondary] == first, "seed \(seed)")

        traffic.send(second, from: secondary, in: &room.simulation)
        _ = traffic.run(&room.simulation) { ($0.received[primary]?.count ?? 0) >= size }
        #expect(traffic.received[primary] == second, "seed \(seed)")

        traffic.send(third, from: primary, in: &room.simulation)
        traffic.send(third, from: secondary, in: &room.simulation)
        _ = traffic.run(&room.simulation) {
            ($0.received[primary]?.count ?? 0) >= size + third.count
                && ($0.received[secondary]?.count ?? 0) >= size + third.count
        }
        #expect(traffic.received[secondary] == first + third, "seed \(seed)")
        #expect(traffic.received[primary] == second + third, "seed \(seed)")
        #expect(traffic.ended.isEmpty, "seed \(seed)")
    }
}
