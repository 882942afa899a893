import FuzzTargets
import Glibc
import IrDAProtocol

/// Drives the targets without libFuzzer: `irsock-fuzz-random SEED EXECUTIONS [TARGET]`.
@main
struct Random {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let seed = UInt64(arguments[1]), let executions = Int(arguments[2]) else {
            let text = "usage: irsock-fuzz-random SEED EXECUTIONS [TARGET...]\n"
            _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
            exit(64)
        }
        let wanted = arguments.dropFirst(3)
        for target in FuzzTarget.allCases where wanted.isEmpty || wanted.contains(target.rawValue) {
            for execution in 0..<executions {
                var generator = SeededGenerator(seed: seed &+ UInt64(execution))
                target.run(target.randomInput(using: &generator))
            }
            print("\(target.rawValue): \(executions) executions from seed \(seed), nothing found")
        }
    }
}
