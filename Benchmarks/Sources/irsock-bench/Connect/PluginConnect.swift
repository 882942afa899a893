import InternetBackend
import SocketBackends
import Winsock

/// What the plug-in interface costs: blocking `connect` and `closeSocket` on loopback with a backend behind its C table, beside the same
/// backend linked in.
struct PluginConnect: Benchmark {
    let name = "connect and close through a plug-in"

    func run(report: (Figure) -> Void) throws {
        let listener = try LoopbackListener(backlog: 100)
        let backend = InternetBackend(version: .v4)
        let comparison = try Comparison(
            BlockingWinsock([backend]), BlockingWinsock(PluginBackend.backends(of: ExportedPlugin([backend]).table)),
            inFlight: 100, rounds: 100, at: listener)
        report(Figure(name, ratio: comparison.ratio, to: "the same backend linked in", target: 1.05))
    }
}
