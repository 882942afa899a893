import IrDAProtocol
import IrDASimulation

/// How long a discovery with six slots takes where nobody answers, behind the sensing of the medium.
///
/// Six queries of 28 bytes, six slots of 80 ms behind them, and the final frame with a name of seven bytes (IrLAP 1.1, 6.7).
struct DiscoveryTime: Benchmark {
    let name = "discovery with 6 slots"

    func run(report: (Figure) -> Void) throws {
        var simulation = Simulation(seed: 1)
        let computer = simulation.addStation(
            IrDAStack.Configuration(address: DeviceAddress(rawValue: 7), name: "Machine", hints: .obex))
        simulation.observedStation = computer
        simulation.tell(computer) { $0.discover(at: $1) }
        let hasEnded = simulation.run(for: .seconds(60)) { simulation in
            simulation.takeEvents().contains { if case .discoveryEnded = $0.event { true } else { false } }
        }
        guard hasEnded, let first = simulation.takeObservedFrames().first else {
            throw BenchmarkFailure("The discovery has not ended.")
        }
        let milliseconds = first.moment.duration(to: simulation.now) / .milliseconds(1)
        report(
            Figure(
                name, milliseconds, "ms", comparedWith: 694.6, called: "the sum of its frames and slots",
                bound: .within(99...101)))
    }
}
