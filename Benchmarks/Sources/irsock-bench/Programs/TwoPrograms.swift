import Glibc
import IrDAProtocol
import SystemPackage

/// How much goes from one program to another over simulated infrared whose time jumps over every wait, beside the same two programs
/// over TCP on loopback.
struct TwoPrograms: Benchmark {
    let name = "two programs"

    private static let size = 4_000_000
    private static let rounds = 3

    func run(report: (Figure) -> Void) throws {
        let irsock = try BuiltIrsock.find()
        var generator = SeededGenerator(seed: 1)
        var template = Array("/tmp/irsock-bench-XXXXXX".utf8CString)
        guard let directory = mkdtemp(&template).map({ String(cString: $0) }) else {
            throw BenchmarkFailure("There is no room for a directory in /tmp.")
        }
        let input = directory + "/input"
        defer {
            unlink(input)
            rmdir(directory)
        }
        let file = try FileDescriptor.open(input, .writeOnly, options: .create, permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(generator.bytes(Self.size)) }
        let environment = ["IRSOCK_RUNTIME_DIR": directory]
        let room = try ChildProgram(
            [irsock.path, "simulate", "--speed", "max", "--add", "laptop", "--add", "pda"], environment: environment)
        guard try room.readLine().hasPrefix("Ready") else { throw BenchmarkFailure("The medium does not start.") }
        var light: [Double] = []
        var loopback: [Double] = []
        for _ in 0..<Self.rounds {
            light.append(
                try Self.seconds(
                    input, from: [irsock.path, "connect", "irda", "pda/Bulk", "--station", "laptop"],
                    to: [irsock.path, "listen", "irda", "Bulk", "--station", "pda"], environment))
            let port = try Self.unusedPort()
            loopback.append(
                try Self.seconds(
                    input, from: [irsock.path, "connect", "inet", "127.0.0.1:\(port)"],
                    to: [irsock.path, "listen", "inet", "127.0.0.1:\(port)"], environment))
        }
        room.send(SIGTERM)
        room.wait()
        let (speed, plain) = (Double(Self.size) / 1e6 / light.median, Double(Self.size) / 1e6 / loopback.median)
        report(
            Figure(
                "\(name), simulated light at --speed max", speed, "MB/s",
                comparedWith: "115200 bit/s are 0.0115 MB/s; both stations and the medium share one thread"))
        report(
            Figure(
                "\(name), light beside TCP on loopback", light.median / loopback.median, "times",
                comparedWith:
                    "the time of the same two programs, \(plain.text(decimals: 0)) MB/s over TCP in this run"))
    }

    /// How long a file takes from the first program's input to the second's output: from the first byte that arrives to the last.
    private static func seconds(
        _ input: String, from sender: [String], to receiver: [String], _ environment: [String: String]
    ) throws -> Double {
        let receiving = try ChildProgram(receiver, environment: environment)
        let greeting = try receiving.readErrorLine()
        guard greeting.hasPrefix("Listening") else {
            throw BenchmarkFailure("The receiver does not listen: \(greeting)")
        }
        let sending = try ChildProgram(sender, environment: environment, input: input)
        guard try receiving.read(1).count == 1 else {
            throw BenchmarkFailure("Nothing has arrived: \(try sending.readErrorLine())")
        }
        var arrived = 1
        let time = try WallTime.seconds { arrived += try receiving.read(Self.size - 1).count }
        guard arrived == Self.size else { throw BenchmarkFailure("\(arrived) of \(Self.size) bytes have arrived.") }
        // The sender waits for what the receiver has to say, which is nothing.
        sending.send(SIGTERM)
        receiving.send(SIGTERM)
        sending.wait()
        receiving.wait()
        return time
    }

    private static func unusedPort() throws -> UInt16 {
        let listener = try LoopbackListener(backlog: 1)
        return listener.port
    }
}
