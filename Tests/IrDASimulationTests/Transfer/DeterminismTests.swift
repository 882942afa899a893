import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

/// The same seed and the same calls give the same run, to the byte.
@Suite struct DeterminismTests {
    /// A run with discovery, several connections, random data and bit errors; gives what one station saw on the air.
    private func run(seed: UInt64) throws -> [ObservedFrame] {
        var room = TwoStations(bitErrorRate: 5e-5, seed: seed)
        room.simulation.observedStation = room.phone
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        var frames: [ObservedFrame] = []
        room.simulation.tell(room.computer) { $0.discover(at: $1) }
        _ = room.wait { if case .discoveryEnded = $0 { true } else { nil } }
        var traffic = Traffic()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3 {
            guard
                let ends = traffic.connect(
                    room.computer, to: .service("Bulk"), at: TwoStations.phoneAddress, in: &room.simulation)
            else { continue }
            traffic.send(generator.randomBytes(5000), from: ends.near, in: &room.simulation)
            traffic.send(generator.randomBytes(5000), from: ends.far, in: &room.simulation)
            frames += room.simulation.takeObservedFrames()
        }
        room.simulation.run(until: room.simulation.now.advanced(by: .seconds(5)))
        return frames + room.simulation.takeObservedFrames()
    }

    @Test("Equal seeds give equal frames at equal times", arguments: [1, 2, 3] as [UInt64])
    func sameSeed(seed: UInt64) throws {
        let first = try run(seed: seed)
        let second = try run(seed: seed)
        #expect(first == second, "seed \(seed)")
        #expect(first.count > 50)
        #expect(first.contains { $0.direction == .sent } && first.contains { $0.direction == .received })
        #expect(zip(first, first.dropFirst()).allSatisfy { $0.moment <= $1.moment })
    }

    @Test("Another seed gives another run")
    func otherSeed() throws {
        #expect(try run(seed: 1) != run(seed: 2))
    }
}
