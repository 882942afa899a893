import IrDAProtocol
import IrDASimulation

/// How long a discovery takes behind the sensing of the medium, with nobody and with one station in range.
///
/// The least that IrLAP allows: each query of 28 bytes is followed by 25 ms, or by an answer that begins within 10 ms; then the
/// final command, with a name of seven bytes (IrLAP 1.1, 6.8 and 6.13).
struct DiscoveryTime: Benchmark {
    let slots: SlotCount
    let isAlone: Bool

    static let all: [any Benchmark] = [SlotCount.one, .six].flatMap { slots in
        [Self(slots: slots, isAlone: true), Self(slots: slots, isAlone: false)]
    }

    var name: String { "discovery with \(slots.rawValue) slots, \(isAlone ? "none" : "one") in range" }

    /// The published sums, in milliseconds.
    private var least: Double {
        let empty = slots == .one ? 93.8 : 364.6
        return isAlone ? empty : empty - 25 + 10 + 41.7
    }

    func run(report: (Figure) -> Void) throws {
        var simulation = Simulation(seed: 1)
        let computer = simulation.addStation(
            IrDAStack.Configuration(address: DeviceAddress(rawValue: 7), name: "Machine", hints: .obex))
        if !isAlone {
            _ = simulation.addStation(
                IrDAStack.Configuration(address: DeviceAddress(rawValue: 8), name: "Printer-B", hints: .obex))
        }
        simulation.observedStation = computer
        let slots = slots
        simulation.tell(computer) { $0.discover(slots: slots, at: $1) }
        var found = 0
        let hasEnded = simulation.run(for: .seconds(60)) { simulation in
            simulation.takeEvents().contains {
                guard case .discoveryEnded(let report) = $0.event else { return false }
                if case .found(let records) = report { found = records.count }
                return true
            }
        }
        guard hasEnded, found == (isAlone ? 0 : 1), let first = simulation.takeObservedFrames().first else {
            throw BenchmarkFailure("The discovery has not ended, or has found \(found).")
        }
        let milliseconds = first.moment.duration(to: simulation.now) / .milliseconds(1)
        report(
            Figure(
                name, milliseconds, "ms", comparedWith: least, called: "the least that IrLAP allows",
                bound: .atMost(105)))
    }
}
