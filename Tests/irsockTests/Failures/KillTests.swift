import Glibc
import IrDAProtocol
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// Programs, the service and the medium are killed at random points; nothing hangs, and nothing is left behind.
@Suite(.serialized, .timeLimit(.minutes(10))) struct KillTests {
    /// How many points are tried; 200 by hand.
    private static let points: UInt64 = 6

    private enum Victim: CaseIterable {
        case medium, listener, caller
    }

    @Test("whoever is killed, the others end, and say why if it is not what they wanted", arguments: 0..<points)
    func kill(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let victim = Victim.allCases.randomElement(using: &generator) ?? .medium
        let pause = Duration.milliseconds(Int.random(in: 0...800, using: &generator))
        let scratch = try Scratch()
        let medium = Process(["simulate", "--add", "laptop", "--add", "pda"], in: scratch)
        let listener = Process(["listen", "irda", "Notes", "--station", "pda"], in: scratch)
        let caller = Process(["connect", "irda", "pda/Notes", "--station", "laptop"], in: scratch)
        let bytes = Bytes.random(3_000_000, seed: seed)

        async let mediumEnd = medium.run()
        // Both programs need the medium to be there.
        try await wait("the medium is ready") { access(scratch.file("pda.sock"), F_OK) == 0 }
        async let listenerEnd = listener.run()
        async let callerEnd = caller.run(input: bytes)
        // The moment of the kill is what the seed chooses; whatever has happened by then, the ends must be clean.
        try await Task.sleep(for: pause)
        switch victim {
        case .medium: await medium.send(SIGKILL)
        case .listener: await listener.send(SIGKILL)
        case .caller: await caller.send(SIGKILL)
        }
        // Where the caller never found the listener, that still waits; the end of the medium ends it.
        if victim != .medium {
            try await Task.sleep(for: .milliseconds(100))
            await medium.send(SIGTERM)
        }
        let (mediumOutcome, listenerOutcome, callerOutcome) = try await (mediumEnd, listenerEnd, callerEnd)
        let story = "seed \(seed): \(victim) killed after \(pause)"
        if victim != .medium {
            #expect(mediumOutcome.exitCode == 0, "\(story): \(mediumOutcome.errors)")
            #expect(access(scratch.file("pda.sock"), F_OK) != 0, "\(story): a socket is left")
        }
        for (name, outcome) in [("listener", listenerOutcome), ("caller", callerOutcome)] {
            guard let code = outcome.exitCode else { continue }  // The victim.
            #expect(code == 0 || code == 1, "\(story): the \(name) ended with \(code)")
            if code == 1 {
                #expect(outcome.errorLines.last?.hasPrefix("Error: cannot ") == true, "\(story): \(outcome.errors)")
            }
        }
    }

    private func wait(_ what: String, _ holds: () -> Bool) async throws {
        for _ in 0..<3_000 {
            if holds() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestFailure("\(what): never")
    }
}

/// A program whose process can be sent signals while it runs.
private final class Process: Sendable {
    private let arguments: [String]
    private let directory: String
    private let number = Mutex<pid_t?>(nil)

    init(_ arguments: [String], in scratch: Scratch) {
        self.arguments = arguments
        directory = scratch.path
    }

    func run(input: Bytes = Bytes()) async throws -> Outcome {
        let result = try await Subprocess.run(
            Program.irsock.executable, arguments: Arguments(arguments),
            environment: .inherit.updating(["IRSOCK_RUNTIME_DIR": directory]), input: .inputWriter,
            output: .bytes(limit: 16 << 20), error: .bytes(limit: 1 << 20)
        ) { execution in
            self.number.withLock { $0 = execution.processIdentifier.value }
            _ = try? await execution.standardInputWriter.write(input.bytes)
            try? await execution.standardInputWriter.finish()
        }
        number.withLock { $0 = nil }
        let exitCode: Int32? =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled: nil
            }
        return Outcome(
            output: Bytes(result.standardOutput), errors: String(decoding: result.standardError, as: UTF8.self),
            exitCode: exitCode)
    }

    /// Sends a signal as soon as there is a process; one that has ended already needs none.
    func send(_ signal: Int32) async {
        for _ in 0..<500 {
            if let process = number.withLock({ $0 }) {
                kill(process, signal)
                return
            }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }
}
