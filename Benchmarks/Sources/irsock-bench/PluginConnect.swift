import InternetBackend
import SocketBackends
import Winsock

/// What the plug-in interface costs: blocking `connect` and `closeSocket` on loopback with a backend behind its C table, beside the same
/// backend linked in.
struct PluginConnect: Benchmark {
    let name = "connect and close through a plug-in"

    private static let batches = 100

    func run(report: (Figure) -> Void) throws {
        let listener = try Listener(backlog: LoopbackConnect.connectionsABatch)
        let own = InternetBackend(version: .v4)
        let linkedIn = try Winsock(registry: AddressFamilyRegistry([own]))
        let pluggedIn = try Winsock(
            registry: AddressFamilyRegistry(PluginBackend.backends(of: ExportedPlugin([own]).table)))
        try linkedIn.startup()
        try pluggedIn.startup()
        let address = try linkedIn.resolve("127.0.0.1:\(listener.port)", family: .inet)
        var ratios: [Double] = []
        for batch in 0..<Self.batches {
            // By turns, so that neither always comes first.
            let runtimes = batch.isMultiple(of: 2) ? [linkedIn, pluggedIn] : [pluggedIn, linkedIn]
            let times = try runtimes.map { try LoopbackConnect.winsockTime($0, to: address, at: listener) }
            ratios.append(batch.isMultiple(of: 2) ? times[1] / times[0] : times[0] / times[1])
        }
        report(Figure(name, ratio: ratios.median, to: "the same backend linked in", target: 1.05))
    }
}
