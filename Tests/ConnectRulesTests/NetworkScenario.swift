import Glibc
import Subprocess
import SystemPackage

/// Plays a scenario of the program NetworkScenarios in a network namespace of its own.
///
/// Such a namespace is what lets a test have unreachable places, silent hosts and few ports without a packet leaving the machine. A machine that
/// does not permit one fails the tests, with what to do about it: without them nobody knows whether the rules hold.
enum NetworkScenario {
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// What the scenario printed, line by line.
    static func play(_ scenario: String) async throws -> [String] {
        let outside = try target(of: "/proc/self/ns/net")
        let program = try FilePath(target(of: "/proc/self/exe")).removingLastComponent().appending("NetworkScenarios")
        let result = try await Subprocess.run(
            .name("unshare"),
            arguments: ["--map-root-user", "--net", "--", program.string, scenario, outside],
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw Unavailable(
                description: """
                    The scenario '\(scenario)' could not be played (\(result.terminationStatus)): \
                    \(result.standardError)
                    It needs \(program), which the build puts beside the tests, and a network namespace of its own, made by \
                    `unshare --map-root-user --net`, with iproute2's `ip` in it. Install util-linux and iproute2; where \
                    unprivileged user namespaces are forbidden, permit them \
                    (`sysctl kernel.apparmor_restrict_unprivileged_userns=0`, `sysctl kernel.unprivileged_userns_clone=1`) \
                    or run the tests as root with CAP_SYS_ADMIN.
                    """)
        }
        return result.standardOutput.split(separator: "\n").map(String.init)
    }

    private static func target(of link: String) throws -> String {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &target, target.count)
        guard count > 0 else { throw Errno(rawValue: errno) }
        return String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
