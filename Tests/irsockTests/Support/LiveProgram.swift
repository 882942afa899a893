import Glibc
import Subprocess
import Synchronization
import SystemPackage
import TestSupport

/// A program that is watched while it runs, and can be sent signals.
final class LiveProgram: Sendable {
    private struct State {
        var process: pid_t?
        var output: [UInt8] = []
        var end: Result<Outcome, any Error>?
    }

    /// What it is called in complaints.
    let name: String
    private let state: SharedState

    private final class SharedState: Sendable {
        let mutex = Mutex(State())
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - name: what it is called in complaints.
    ///   - arguments: its arguments.
    ///   - program: the program.
    ///   - directory: where the services are that it finds.
    ///   - input: its standard input.
    ///   - keepsInputOpen: whether the input has no end; it ends with the program.
    init(
        _ name: String, _ arguments: [String], of program: Program = .irsock, in directory: Scratch,
        input: Bytes = Bytes(), keepsInputOpen: Bool = false
    ) {
        self.name = name
        let state = SharedState()
        self.state = state
        let path = directory.path
        Task {
            let end: Result<Outcome, any Error>
            do {
                end = .success(try await Self.run(program, arguments, path, input, keepsInputOpen, state))
            } catch {
                end = .failure(error)
            }
            state.mutex.withLock { $0.end = end }
        }
    }

    private static func run(
        _ program: Program, _ arguments: [String], _ directory: String, _ input: Bytes, _ keepsInputOpen: Bool,
        _ state: SharedState
    ) async throws -> Outcome {
        // Programs that are killed do not read.
        signal(SIGPIPE, SIG_IGN)
        let result = try await Subprocess.run(
            program.executable, arguments: Arguments(arguments),
            environment: .inherit.updating(["IRSOCK_RUNTIME_DIR": directory]), input: .inputWriter, output: .sequence,
            error: .bytes(limit: 1 << 20)
        ) { execution in
            state.mutex.withLock { $0.process = execution.processIdentifier.value }
            let writer = execution.standardInputWriter
            async let written: Void = {
                _ = try? await writer.write(input.bytes)
                if !keepsInputOpen { try? await writer.finish() }
            }()
            for try await piece in execution.standardOutput {
                let bytes = piece.withUnsafeBytes { Array($0) }
                state.mutex.withLock { $0.output += bytes }
            }
            await written
            if keepsInputOpen { try? await writer.finish() }
        }
        let exitCode: Int32? =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled: nil
            }
        return Outcome(
            output: Bytes(state.mutex.withLock { $0.output }),
            errors: String(decoding: result.standardError, as: UTF8.self), exitCode: exitCode)
    }

    /// Its process; nil before there is one.
    var process: pid_t? { state.mutex.withLock { $0.process } }

    /// How much it has written to its standard output.
    var outputCount: Int { state.mutex.withLock { $0.output.count } }

    var text: String { String(decoding: state.mutex.withLock { $0.output }, as: UTF8.self) }

    var hasEnded: Bool { state.mutex.withLock { $0.end != nil } }

    /// What it has done; waits for its end.
    func outcome() async throws -> Outcome {
        try await waitUntil("the end of the \(name)") { hasEnded }
        guard let end = state.mutex.withLock({ $0.end }) else { throw TestFailure("the \(name) has not ended") }
        return try end.get()
    }

    /// Sends a signal as soon as there is a process; one that has ended already needs none.
    func send(_ signal: Int32) async throws {
        try await waitUntil("the start of the \(name)") { process != nil || hasEnded }
        guard !hasEnded, let process else { return }
        kill(process, signal)
    }
}
