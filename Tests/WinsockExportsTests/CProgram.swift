import Foundation
import Subprocess
import SystemPackage
import Testing

/// A program of C or C++ that is compiled against the headers, linked with the library beside these tests, and run.
struct CProgram {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let headers = root.appending(path: "Sources/CWinsock/include")
    private static let programs = root.appending(path: "Tests/WinsockExportsTests/Programs")
    /// Where the build puts the library.
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    struct Outcome: Sendable {
        let exitCode: Int32?
        let output: String
        let errors: String
    }

    let executable: String
    private let directory: URL

    /// Compiles one of the programs here.
    ///
    /// - Throws: what the compiler says, if it says anything: warnings are errors.
    init(_ name: String, compiler: String = "clang", options: [String] = []) async throws {
        try await self.init(source: Self.programs.appending(path: name).path, compiler: compiler, options: options)
    }

    /// Compiles a program from anywhere.
    init(source: String, compiler: String, options: [String] = []) async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "winsock-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        executable = directory.appending(path: "program").path
        let outcome = try await Self.run(
            compiler,
            options + [
                "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-I\(Self.headers.path)", source, "-o",
                executable,
                "-L\(Self.products)", "-lws2_32", "-lwmain", "-Wl,-rpath,\(Self.products)",
            ])
        guard outcome.exitCode == 0 else {
            delete()
            throw Failure(description: "\(compiler) does not compile \(source):\n\(outcome.errors)")
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    func run(_ arguments: String...) async throws -> Outcome {
        try await Self.run(executable, arguments)
    }

    func delete() {
        try? FileManager.default.removeItem(at: directory)
    }

    static func run(_ program: String, _ arguments: [String]) async throws -> Outcome {
        let executable: Executable = program.hasPrefix("/") ? .path(FilePath(program)) : .name(program)
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: .inherit.updating(["LC_ALL": "C.UTF-8"]),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        let exitCode: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
        return Outcome(exitCode: exitCode, output: result.standardOutput, errors: result.standardError)
    }
}
