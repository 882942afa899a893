import Glibc
import IrDASimulation
import IrDAService
import IrDAStation
import NIOPosix
import Subprocess
import SystemPackage
import TestSupport

/// A simulated room whose stations this process serves to real programs: each is run by `irsock run`, as its users do.
struct Room: Sendable {
    /// What is in a room.
    struct Scenario: Sendable {
        /// The text of a scenario file.
        let yaml: String
        /// The stations that programs can use, by their names.
        let stations: [String]
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
    private let host: StationHost
    private let servers: [ServiceServer]

    /// Opens a room, and closes it when `body` is done.
    ///
    /// - Parameters:
    ///   - scenario: what is in it.
    ///   - speed: how fast its clock runs.
    ///   - body: what is done in it.
    static func open<Answer: Sendable>(
        _ scenario: Scenario, speed: Speed = .maximum, _ body: (Room) async throws -> Answer
    ) async throws -> Answer {
        // What waits for the event loop does so on threads of NIO's, not on Swift's few.
        let room = try await NIOThreadPool.singleton.runIfActive { try Room(scenario, speed) }
        let answer: Result<Answer, any Error>
        do { answer = .success(try await body(room)) } catch { answer = .failure(error) }
        try await NIOThreadPool.singleton.runIfActive { try room.close() }
        return try answer.get()
    }

    private init(_ scenario: Scenario, _ speed: Speed) throws {
        directory = try Self.makeDirectory()
        let parsed = try ScenarioFile.parse(scenario.yaml, name: "room")
        let (simulation, local, devices) = try parsed.makeSimulation()
        host = StationHost(simulation, speed: speed)
        let named = zip([parsed.station.name] + parsed.devices.map(\.station.name), [local] + devices)
        servers = try named.filter { scenario.stations.contains($0.0) }.map { [host, directory] name, station in
            try ServiceServer.start(
                host, station: station, path: ServiceDirectory(path: directory.string).socketPath(of: name),
                mediumName: "simulation")
        }
    }

    private func close() throws {
        for server in servers { try server.stop() }
        try host.close(patience: .zero)
        Self.remove(directory.string)
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
            output: result.standardOutput, errors: result.standardError,
            exitCode: result.terminationStatus.exitCode)
    }

    /// Runs a program that listens, and something against it.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - station: whose sockets it uses.
    ///   - input: its standard input, which stays open until it is to end.
    ///   - endsByItself: whether it ends when its work is done; one that does not gets SIGTERM when `body` is done.
    ///   - body: what is done as soon as it listens.
    func serve<Answer: Sendable>(
        _ words: [String], station: String, input: [UInt8] = [], endsByItself: Bool = false,
        _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> (server: Outcome, answer: Answer) {
        let result = try await Subprocess.run(
            .path(try Self.built("irsock")), arguments: Arguments(["run", "--station", station, "--"] + words),
            environment: environment, workingDirectory: directory, input: .inputWriter,
            output: .bytes(limit: Self.longestOutput), error: .string(limit: Self.longestOutput)
        ) { execution in
            _ = try? await execution.standardInputWriter.write(input)
            let answer: Result<Answer, any Error>
            do {
                try await waitForListener(on: station)
                answer = .success(try await body())
            } catch {
                answer = .failure(error)
            }
            if case .success = answer, endsByItself {} else { try? execution.send(signal: .terminate) }
            try? await execution.standardInputWriter.finish()
            return answer
        }
        let server = Outcome(
            output: result.standardOutput, errors: result.standardError,
            exitCode: result.terminationStatus.exitCode)
        switch result.closureResult {
        case .success(let answer): return (server, answer)
        case .failure(let error): throw Failure("\(error) The server: \(server.text) \(server.errors)")
        }
    }

    /// Runs irsock itself, in this room.
    func irsock(_ words: [String], input: [UInt8] = []) async throws -> Outcome {
        let result = try await Subprocess.run(
            .path(try Self.built("irsock")), arguments: Arguments(words), environment: environment,
            workingDirectory: directory, input: .array(input), output: .bytes(limit: Self.longestOutput),
            error: .string(limit: Self.longestOutput))
        return Outcome(
            output: result.standardOutput, errors: result.standardError,
            exitCode: result.terminationStatus.exitCode)
    }

    /// Waits until a program listens on a station.
    func waitForListener(on station: String) async throws {
        let client = try ServiceClient(path: ServiceDirectory(path: directory.string).socketPath(of: station))
        try await NIOThreadPool.singleton.runIfActive {
            try waitUntil("somebody listens on \(station)") {
                try client.status().sockets.contains { $0.state == "listening" }
            }
        }
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

    /// Makes a directory in the room's directory.
    func makeDirectory(_ name: String) throws -> String {
        let path = file(name)
        guard mkdir(path, 0o700) == 0 else { throw Failure("cannot make \(path): errno \(errno)") }
        return path
    }

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
    static func program(_ name: String, file: StaticString = #filePath) -> String {
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

    /// Removes a directory with all that is in it.
    private static func remove(_ path: String) {
        guard let directory = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(directory)
        rmdir(path)
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
