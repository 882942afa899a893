import IrDAProtocol
import IrDASimulation

/// How long a program waits for a connection to a service by name, in the medium's own time.
struct ConnectTime: Benchmark {
    let name = "connect by name"

    func run(report: (Figure) -> Void) throws {
        // Nothing is known yet: half a second of sensing, the link, the question for the selector, the connection.
        var quiet = Room()
        _ = try quiet.simulation.offer(.program(""), on: quiet.phone, className: "Bulk")
        _ = try quiet.connect(to: "Bulk")
        let first = IrDAInstant.start.duration(to: quiet.simulation.now) / .milliseconds(1)
        report(
            Figure(
                "\(name), from a quiet medium", first, "ms",
                comparedWith: "500 ms of media sense and 114.8 ms for SNRM and UA are in it"))

        let before = quiet.simulation.now
        _ = try quiet.connect(to: "Bulk")
        let second = before.duration(to: quiet.simulation.now) / .milliseconds(1)
        report(
            Figure(
                "\(name), over a link that is up", second, "ms",
                comparedWith: "\(first.text(decimals: 1)) ms for the first"))
    }
}
