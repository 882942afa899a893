import Glibc
import Subprocess
import SystemPackage

/// A simulated room that `irsock simulate` runs, for real programs: each is run by `irsock run`, as its users do.
struct Room: Sendable {
    /// A scenario file's text.
    struct Scenario: Sendable {
        let yaml: String
    }

    /// What a program has done.
    struct Outcome: Sendable {
        let output: [UInt8]
        let errors: String
        /// Nil if a signal has ended it.
        let exitCode: Int32?

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// A directory of this room's own: the services' sockets, and files of programs.
    let directory: FilePath

    /// Opens a room, and closes it when `body` is done.
    static func open<Answer: Sendable>(
        _ scenario: Scenario, _ body: @Sendable @escaping (Room) async throws -> Answer
    ) async throws -> Answer {
        let room = Room(directory: try makeDirectory())
        defer { room.removeDirectory() }
        let file = room.file("room.yaml")
        try write(Array(scenario.yaml.utf8), to: file)
        let result = try await Subprocess.run(
            .path(try built("irsock")), arguments: ["simulate", file, "--speed", "max"],
            environment: room.environment, input: .none, output: .sequence, error: .string(limit: 1 << 20)
        ) { execution in
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            guard try await lines.next() != nil else { return nil as Result<Answer, any Error>? }
            let answer: Result<Answer, any Error>
            do { answer = .success(try await body(room)) } catch { answer = .failure(error) }
            try execution.send(signal: .terminate)
            while try await lines.next() != nil {}
            return answer
        }
        guard let answer = result.closureResult else {
            throw Failure("irsock simulate did not start: \(result.standardError ?? "")")
        }
        return try answer.get()
    }

    /// Runs a program with AF_IRDA to its end.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - station: whose sockets it uses; nil for the only one.
    ///   - directory: where it runs; the room's directory if nil.
    func run(
        _ words: [String], station: String? = nil, input: [UInt8] = [], in directory: FilePath? = nil
    ) async throws -> Outcome {
        let choice = station.map { ["--station", $0] } ?? []
        let result = try await Subprocess.run(
            .path(try Self.built("irsock")), arguments: Arguments(["run"] + choice + ["--"] + words),
            environment: environment, workingDirectory: directory ?? self.directory, input: .array(input),
            output: .bytes(limit: Self.longestOutput), error: .string(limit: Self.longestOutput))
        return Outcome(
            output: result.standardOutput, errors: result.standardError ?? "",
            exitCode: result.terminationStatus.exitCode)
    }

    /// Runs irsock itself, in this room.
    func irsock(_ words: [String], input: [UInt8] = []) async throws -> Outcome {
        let result = try await Subprocess.run(
            .path(try Self.built("irsock")), arguments: Arguments(words), environment: environment,
            workingDirectory: directory, input: .array(input), output: .bytes(limit: Self.longestOutput),
            error: .string(limit: Self.longestOutput))
        return Outcome(
            output: result.standardOutput, errors: result.standardError ?? "",
            exitCode: result.terminationStatus.exitCode)
    }

    private static let longestOutput = 16 << 20

    private var environment: Environment {
        .inherit.updating([
            "IRSOCK_RUNTIME_DIR": directory.string, "IRSOCK_PRELOAD_DEBUG": "1", "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
        ])
    }

    // MARK: Files

    /// A file in the room's directory.
    func file(_ name: String) -> String { directory.appending(name).string }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }

    static func read(_ path: String) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = try piece.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                bytes += piece.prefix(count)
            }
            return bytes
        }
    }

    /// What the build has put beside the tests.
    static func built(_ name: String) throws -> FilePath {
        let path = FilePath(realPath("/proc/self/exe")).removingLastComponent().appending(name)
        guard access(path.string, F_OK) == 0 else {
            throw Failure("There is no \(path), beside the tests, where the build puts it: swift build")
        }
        return path
    }

    /// A script of Tests/AFIrDAPreloadTests/Programs.
    static func program(_ name: String, file: StaticString = #filePath) throws -> String {
        let tests = FilePath("\(file)").removingLastComponent().removingLastComponent()
        return tests.appending("Programs").appending(name).string
    }

    private static func realPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func makeDirectory() throws -> FilePath {
        var template = Array("/tmp/irsock-preload-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("cannot make a directory in /tmp: errno \(errno)") }
        return FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    private func removeDirectory() {
        nftw(directory.string, { path, _, _, _ in remove(path) }, 16, FTW_DEPTH | FTW_PHYS)
    }
}

extension TerminationStatus {
    fileprivate var exitCode: Int32? {
        switch self {
        case .exited(let code): code
        case .signaled: nil
        }
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
