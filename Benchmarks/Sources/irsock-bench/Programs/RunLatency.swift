import Glibc
import SystemPackage

/// What `irsock run` adds to a program that does not use AF_IRDA: to its start, and to each of its calls. Measured in turns with the same
/// program without it.
struct RunLatency: Benchmark {
    let name = "irsock run"

    private static let starts = 101
    private static let rounds = 15
    /// Any library that does nothing when it is loaded: what LD_PRELOAD costs by itself.
    private static let otherLibrary = "libm.so.6"

    func run(report: (Figure) -> Void) throws {
        let irsock = try BuiltIrsock.find()
        try start(irsock, report)
        try calls(irsock, report)
    }

    /// What LD_PRELOAD adds to the start of a program, which every child of a program under `irsock run` pays.
    private func start(_ irsock: BuiltIrsock, _ report: (Figure) -> Void) throws {
        var (plain, again, loaded, other): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        func once(_ environment: [String: String]) throws -> Double {
            try WallTime.seconds {
                let code = try ChildProgram(["/bin/true"], environment: environment).wait()
                guard code == 0 else { throw BenchmarkFailure("/bin/true has ended with \(code).") }
            }
        }
        for _ in 0..<Self.starts {
            plain.append(try once([:]))
            loaded.append(try once(["LD_PRELOAD": irsock.preload]))
            other.append(try once(["LD_PRELOAD": Self.otherLibrary]))
            again.append(try once([:]))
        }
        report(
            Figure(
                "\(name), start of a program", loaded.median / plain.median, "times",
                comparedWith: Self.comparison(plain.median * 1e6, again.median * 1e6, "µs", "/bin/true")
                    + "; with \(Self.otherLibrary) loaded instead \((other.median / plain.median).text(decimals: 3)) times"
            ))
    }

    /// What the library adds to calls on descriptors of other families.
    private func calls(_ irsock: BuiltIrsock, _ report: (Figure) -> Void) throws {
        var (plain, again, loaded): ([[Double]], [[Double]], [[Double]]) = ([], [], [])
        func once(_ environment: [String: String]) throws -> [Double] {
            let program = try ChildProgram(["/proc/self/exe", "--measure-calls"], environment: environment)
            let costs = try program.readLine().split(separator: " ").compactMap { Double($0) }
            guard program.wait() == 0, costs.count == CallCosts.names.count else {
                throw BenchmarkFailure("The program that makes calls has failed.")
            }
            return costs
        }
        for _ in 0..<Self.rounds {
            plain.append(try once([:]))
            loaded.append(try once(["LD_PRELOAD": irsock.preload]))
            again.append(try once([:]))
        }
        for (index, call) in CallCosts.names.enumerated() {
            func cost(_ rounds: [[Double]]) -> Double { rounds.map { $0[index] }.median }
            report(
                Figure(
                    "\(name), \(call)", cost(loaded) / cost(plain), "times",
                    comparedWith: Self.comparison(cost(plain), cost(again), "ns", "the same call")))
        }
    }

    /// How far two plain runs are apart is what cannot be told from noise.
    private static func comparison(_ plain: Double, _ again: Double, _ unit: String, _ what: String) -> String {
        let noise = abs(again / plain - 1) * 100
        return "\(what) without it, \(plain.text(decimals: 0)) \(unit) in this run; "
            + "two plain runs differ by \(noise.text(decimals: 1)) %"
    }
}

/// What calls on descriptors cost a program that has nothing to do with infrared. It is measured in a process of its own, for what is loaded
/// with it makes the difference.
enum CallCosts {
    static let names = ["socket and close", "write and read", "send and recv", "getsockopt"]
    private static let repetitions = 20_000

    /// Prints nanoseconds a call, in the order of the names.
    static func print() throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw BenchmarkFailure("There is no pair of sockets: \(Errno(rawValue: errno))")
        }
        let pair = ends
        var bytes = [UInt8](repeating: 0, count: 64)
        let costs = [
            cost { close(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)) == 0 },
            cost { write(pair[0], bytes, bytes.count) == bytes.count && read(pair[1], &bytes, bytes.count) > 0 },
            cost { send(pair[0], bytes, bytes.count, 0) == bytes.count && recv(pair[1], &bytes, bytes.count, 0) > 0 },
            cost {
                var (value, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
                return getsockopt(pair[0], SOL_SOCKET, SO_ERROR, &value, &length) == 0
            },
        ]
        guard costs.allSatisfy({ $0 > 0 }) else { throw BenchmarkFailure("A call has failed.") }
        Swift.print(costs.map { "\($0)" }.joined(separator: " "))
    }

    private static func cost(_ call: () -> Bool) -> Double {
        var isGood = call()
        let seconds = WallTime.seconds {
            for _ in 0..<repetitions where !call() { isGood = false }
        }
        return isGood ? seconds / Double(repetitions) * 1e9 : 0
    }
}
