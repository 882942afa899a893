import Foundation
import Testing

/// Plays a scenario of the program NetworkScenarios in a network namespace of its own.
///
/// Such a namespace is what lets a test have unreachable places, silent hosts and few ports without a packet leaving the machine. A machine that
/// does not permit one fails the tests, with what to do about it: without them nobody knows whether the rules hold.
enum PrivateNetwork {
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// What the scenario printed, line by line.
    static func lines(of scenario: String) async throws -> [String] {
        let outside = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("NetworkScenarios")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw Unavailable(description: "\(program.path) is missing: build the whole package, as `swift test` does.")
        }
        let output = try await run(
            "/usr/bin/env",
            ["unshare", "--map-root-user", "--net", "--", program.path, scenario, outside])
        guard output.status == 0 else {
            throw Unavailable(
                description: """
                    The scenario '\(scenario)' could not be played (status \(output.status)): \(output.text)
                    It needs a network namespace of its own, made by `unshare --map-root-user --net`, and iproute2's `ip` in it. Install \
                    util-linux and iproute2; where unprivileged user namespaces are forbidden, permit them \
                    (`sysctl kernel.apparmor_restrict_unprivileged_userns=0`, `sysctl kernel.unprivileged_userns_clone=1`) \
                    or run the tests as root with CAP_SYS_ADMIN.
                    """)
        }
        return output.text.split(separator: "\n").map(String.init)
    }

    private struct Output: Sendable {
        var status: Int32
        var text: String
    }

    /// Runs a program to its end, without holding up one of Swift's threads.
    private static func run(_ path: String, _ arguments: [String]) async throws -> Output {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try runHere(path, arguments) }) }
        }
    }

    private static func runHere(_ path: String, _ arguments: [String]) throws -> Output {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        // One pipe for both: with two, a program that complains at length would wait for us while we wait for it.
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Output(status: process.terminationStatus, text: text)
    }
}
