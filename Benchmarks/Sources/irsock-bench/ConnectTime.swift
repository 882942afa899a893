import IrDAProtocol
import IrDASimulation

/// How long a program waits for a connection to a service by name, in the medium's own time.
struct ConnectTime: Benchmark {
    let name = "connect by name"

    func run(report: (Figure) -> Void) throws {
        var quiet = Room()
        _ = try quiet.simulation.offer(.program(""), on: quiet.phone, className: "Bulk")
        // A medium that has been sensed: what is left are SNRM and UA, the first poll, three exchanges for the selector of the
        // service, one for the connection, and the byte itself.
        quiet.simulation.run(until: .start.advanced(by: .seconds(2)))
        let before = quiet.simulation.now
        let first = try quiet.connect(to: "Bulk")
        let near = first.near
        quiet.simulation.tell(quiet.computer) { $0.send([1], on: near, at: $1).actions }
        let arrived = quiet.simulation.run(for: .seconds(10)) { simulation in
            simulation.takeEvents().contains { if case .received(first.far, _) = $0.event { true } else { false } }
        }
        guard arrived else { throw BenchmarkFailure("The byte does not arrive.") }
        let time = before.duration(to: quiet.simulation.now) / .milliseconds(1)
        report(
            Figure(
                "first byte over a new connection", time, "ms", comparedWith: 135.8 + 4 * 25,
                called: "the sum of its exchanges", bound: .atMost(110)))

        let again = quiet.simulation.now
        _ = try quiet.connect(to: "Bulk")
        let second = again.duration(to: quiet.simulation.now) / .milliseconds(1)
        report(
            Figure(
                "\(name), over a link that is up", second, "ms",
                comparedWith: "\(time.text(decimals: 1)) ms for a link, a connection and a byte"))
    }
}
