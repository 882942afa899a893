import Glibc
import SocketBackends

/// What the rules of Winsock cost: `connect` and `closeSocket` on loopback, through the registry and the runtime, beside connect(2) and
/// close(2).
struct LoopbackConnect: Benchmark {
    let name = "connect and close on loopback"

    private static let inFlight = [1, 64, 4096]

    func run(report: (Figure) -> Void) throws {
        try Self.allowDescriptors(2 * 4096 + 100)
        let listener = try LoopbackListener(backlog: 4096)
        let blocking = try Comparison(
            BlockingSystemCalls(), BlockingWinsock(), inFlight: 100, rounds: 100, at: listener)
        report(Self.figure("connect and close, blocking", blocking, "connect(2), close(2)", target: 1.1))
        var costs: [Double] = []
        for inFlight in Self.inFlight {
            let rounds = max(8, min(2000, 12_000 / inFlight))
            let notified = try Comparison(
                NotifiedSystemCalls(), NotifiedWinsock(), inFlight: inFlight, rounds: rounds, at: listener)
            report(
                Self.figure(
                    "connect and close, notified, \(inFlight) in flight", notified,
                    "connect(2), epoll(7), SO_ERROR, close(2)", target: 1.15))
            costs.append(notified.winsock.median)
        }
        guard let least = costs.min(), let most = costs.max() else { return }
        report(
            Figure(
                "the same, dearest beside cheapest", ratio: most / least,
                to: costs.map { "\($0.text(decimals: 1)) µs" }.joined(separator: ", "), target: 1.3))
    }

    private static func figure(_ name: String, _ comparison: Comparison, _ plain: String, target: Double) -> Figure {
        Figure(
            name, ratio: comparison.ratio,
            to: "\(plain), \(comparison.plain.median.text(decimals: 1)) µs of processor time in this run",
            target: target)
    }

    /// Raises the limit of this process, as far as it is allowed to.
    private static func allowDescriptors(_ number: Int) throws {
        var limit = rlimit()
        try systemCall { getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
        guard limit.rlim_max >= rlim_t(number) else {
            throw BenchmarkFailure("\(number) descriptors are needed; raise `ulimit -Hn`")
        }
        limit.rlim_cur = max(limit.rlim_cur, rlim_t(number))
        try systemCall { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
    }
}
