import Glibc
import SystemPackage

/// Runs one scenario in a network namespace of its own, and prints what programs are told there, one line for each kind of socket.
///
///     unshare --map-root-user --net -- NetworkScenarios SCENARIO OUTSIDE
///
/// OUTSIDE is what /proc/self/ns/net is for whoever starts it: the program does nothing in that namespace, so that no packet ever leaves the
/// machine.
@main
enum NetworkScenarios {
    static func main() {
        alarm(90)  // whatever happens, it ends
        let arguments = CommandLine.arguments
        do {
            guard arguments.count == 3, let scenario = Scenario(rawValue: arguments[1]) else {
                let names = Scenario.allCases.map(\.rawValue).joined(separator: ", ")
                throw Trouble("usage: NetworkScenarios SCENARIO OUTSIDE; the scenarios are \(names)")
            }
            let network = try PrivateNetwork(outside: arguments[2])
            for line in try scenario.run(in: network) { print(line) }
        } catch {
            _ = try? FileDescriptor.standardError.writeAll("\(error)\n".utf8)
            exit(2)
        }
    }
}

/// Something that keeps a scenario from being played.
struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
