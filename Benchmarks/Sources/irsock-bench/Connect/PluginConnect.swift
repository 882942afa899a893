import InternetBackend
import SocketBackends

/// What the plug-in interface costs: blocking `connect` and `closeSocket` on loopback with a backend behind its C table, beside the same
/// backend linked in.
struct PluginConnect: Benchmark {
    let name = "connect and close through a plug-in"

    func run(report: (Figure) -> Void) throws {
        let table = ExportedPlugin([InternetBackend(version: .v4)]).table
        guard let backend = try PluginBackend.backends(of: table).first else {
            throw BenchmarkFailure("the table has no backend")
        }
        let listener = try LoopbackListener(backlog: 4096)
        let comparison = try Comparison(
            BlockingWinsock(), BlockingWinsock(backend), inFlight: 100, rounds: 200, at: listener)
        let linkedIn = comparison.plain.median.text(decimals: 1)
        report(
            Figure(
                name, ratio: comparison.ratio,
                to: "the same backend linked in, \(linkedIn) µs of processor time in this run", target: 1.05))
    }
}
