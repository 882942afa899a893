import Glibc
import Subprocess
import SystemPackage

/// A program that tests run as its users do. The bound on time is that of the test: when it is over, the program is killed.
struct Program: Sendable {
    let executable: Executable
    /// What to say, and do, where it is missing.
    let advice: String

    /// The command line that is tested: the one that was built with these tests.
    static let irsock = Program(
        executable: .path(irsockPath),
        advice:
            "There is no \(irsockPath), beside the tests, where the build puts it; build it: swift build --product irsock"
    )
    static let irsockPath = FilePath(realPath(of: "/proc/self/exe")).removingLastComponent().appending("irsock")

    static let shell = Program(executable: .path("/bin/sh"), advice: "There is no shell.")
    static let tshark = tool("tshark", package: "tshark")
    static let python = tool("python3", package: "python3")

    static func tool(_ name: String, package: String) -> Program {
        Program(
            executable: .name(name),
            advice:
                "\(name) is not installed, and these tests need it: apt-get install --no-install-recommends \(package)")
    }

    private static func realPath(of path: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard realpath(path, &buffer) != nil else { return path }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A file of the project.
    static func projectFile(_ path: String, testFile: String = #filePath) -> String {
        let root = testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        return (root + [path[...]]).joined(separator: "/")
    }

    /// Runs the program to its end.
    func run(
        _ arguments: [String], input: Bytes = Bytes(), in directory: String? = nil
    ) async throws -> Outcome {
        try await explainingAbsence {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments), workingDirectory: directory.map { FilePath($0) },
                input: .inputWriter, output: .bytes(limit: Self.longestOutput), error: .bytes(limit: Self.longestOutput)
            ) { execution in
                await write(input, to: execution.standardInputWriter)
            }
            return Outcome(
                output: Bytes(result.standardOutput), errors: String(decoding: result.standardError, as: UTF8.self),
                exitCode: result.terminationStatus.exitCode)
        }
    }

    /// Runs the program with a text for its input.
    func run(_ arguments: String..., input: String = "", in directory: String? = nil) async throws -> Outcome {
        try await run(arguments, input: Bytes(Array(input.utf8)), in: directory)
    }

    /// Runs a program that tells where it can be reached, in the first line of its standard error; gives that line to `partner`.
    ///
    /// - Returns: what the program has said behind that line, and what the partner has answered.
    func serve<Answer: Sendable>(
        _ arguments: [String], input: Bytes = Bytes(),
        partner: @Sendable @escaping (_ firstLine: String) async throws -> Answer
    ) async throws -> (server: Outcome, partner: Answer) {
        try await explainingAbsence {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments), input: .inputWriter,
                output: .bytes(limit: Self.longestOutput), error: .sequence
            ) { execution in
                var lines = execution.standardError.strings().makeAsyncIterator()
                let first = try await lines.next() ?? ""
                async let answer = partner(first)
                await write(input, to: execution.standardInputWriter)
                var rest: [String] = []
                // To the very end: a program whose standard error is closed dies of its next line.
                while let line = try await lines.next() { rest.append(line) }
                return (errors: rest.joined(separator: "\n"), answer: try await answer)
            }
            let server = Outcome(
                output: Bytes(result.standardOutput), errors: result.closureResult.errors,
                exitCode: result.terminationStatus.exitCode)
            return (server, result.closureResult.answer)
        }
    }

    /// Runs a program that goes on by itself, and gives its standard output, line by line, to `body`; the input stays open. It
    /// gets a signal when `body` is done.
    func untilSignalled<Answer: Sendable>(
        _ arguments: [String], by signal: Signal = .terminate,
        body: (inout SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator) async throws -> Answer
    ) async throws -> (exitCode: Int32?, errors: String, answer: Answer) {
        try await explainingAbsence {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments), input: .inputWriter, output: .sequence,
                error: .bytes(limit: Self.longestOutput)
            ) { execution in
                var lines = execution.standardOutput.strings().makeAsyncIterator()
                let answer = try await body(&lines)
                try execution.send(signal: signal)
                while try await lines.next() != nil {}
                return answer
            }
            return (
                result.terminationStatus.exitCode, String(decoding: result.standardError, as: UTF8.self),
                result.closureResult
            )
        }
    }

    /// A directory without services.
    static let noServices = "/nonexistent/irsock"
    private static let longestOutput = 16 << 20

    private func explainingAbsence<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        // A program that ends before it has read everything is no reason for the tests to end with it.
        signal(SIGPIPE, SIG_IGN)
        // Services of whoever runs the tests are none of their business.
        setenv("IRSOCK_RUNTIME_DIR", Self.noServices, 1)
        unsetenv("IRSOCK_STATION")
        unsetenv("IRSOCK_PROVIDER")
        do {
            return try await body()
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw TestFailure(advice)
        }
    }

    /// Writes the input and its end. A program may leave without having read it.
    private func write(_ input: Bytes, to writer: StandardInputWriter) async {
        _ = try? await writer.write(input.bytes)
        try? await writer.finish()
    }
}

/// What a program has done.
struct Outcome: Sendable {
    let output: Bytes
    let errors: String
    /// Nil if a signal has ended it.
    let exitCode: Int32?

    /// Its standard output as text.
    var text: String { String(decoding: output.bytes, as: UTF8.self) }
    /// The lines of its standard output.
    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
    /// The lines of its standard error.
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
}

extension TerminationStatus {
    fileprivate var exitCode: Int32? {
        switch self {
        case .exited(let code): code
        case .signaled: nil
        }
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
