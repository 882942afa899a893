import Glibc
import SystemPackage

/// A program that is measured.
struct ChildProgram: ~Copyable {
    private let process: pid_t
    /// Our ends of its standard output and standard error.
    private let output: FileDescriptor
    private let errors: FileDescriptor

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - words: its path and its arguments.
    ///   - environment: what is in its environment beside ours.
    ///   - input: the file that is its standard input.
    init(_ words: [String], environment: [String: String] = [:], input: String = "/dev/null") throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let (output, errors) = (try Self.pipe(), try Self.pipe())
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writeEnd.rawValue, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.writeEnd.rawValue, STDERR_FILENO)
        var arguments = words.map { strdup($0) } + [nil]
        var variables = Self.environment(with: environment).map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process = pid_t()
        let status = posix_spawnp(&process, words[0], &actions, nil, &arguments, &variables)
        for descriptor in [output.writeEnd, errors.writeEnd] { try descriptor.close() }
        guard status == 0 else { throw BenchmarkFailure("\(words[0]) does not start: \(Errno(rawValue: status))") }
        self.process = process
        (self.output, self.errors) = (output.readEnd, errors.readEnd)
    }

    private static func pipe() throws -> (readEnd: FileDescriptor, writeEnd: FileDescriptor) {
        let ends = try FileDescriptor.pipe()
        // What another program inherits never ends.
        for end in [ends.readEnd, ends.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        return ends
    }

    private static func environment(with more: [String: String]) -> [String] {
        var variables: [String] = []
        var next = environ
        while let text = next.pointee {
            let variable = String(cString: text)
            if !more.keys.contains(where: { variable.hasPrefix("\($0)=") }) { variables.append(variable) }
            next += 1
        }
        return variables + more.map { "\($0.key)=\($0.value)" }
    }

    /// A line of its standard output; empty at the end.
    func readLine() throws -> String { try Self.line(from: output) }

    /// A line of its standard error; empty at the end.
    func readErrorLine() throws -> String { try Self.line(from: errors) }

    private static func line(from stream: FileDescriptor) throws -> String {
        var line: [UInt8] = []
        var byte: [UInt8] = [0]
        while try byte.withUnsafeMutableBytes({ try stream.read(into: $0) }) == 1, byte[0] != UInt8(ascii: "\n") {
            line.append(byte[0])
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Reads so many bytes from its standard output, fewer only at the end.
    func read(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 1 << 16))
        while bytes.count < count,
            case let got = try buffer.withUnsafeMutableBytes({ try output.read(into: $0) }), got > 0
        {
            bytes += buffer.prefix(got)
        }
        return bytes
    }

    /// Sends it a signal.
    func send(_ signal: Int32) { kill(process, signal) }

    /// Waits for its end.
    ///
    /// - Returns: its exit code; 128 and the number of a signal that has ended it.
    @discardableResult
    consuming func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        for end in [output, errors] { try? end.close() }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }
}

/// The irsock that is measured, and what it loads into programs: what `swift build -c release` has put there, or what
/// IRSOCK in the environment names.
struct BuiltIrsock {
    let path: String
    let preload: String

    static func find() throws -> Self {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .removingLastComponent().removingLastComponent()
        let built = root.appending(".build/release/irsock").string
        let path = getenv("IRSOCK").map { String(cString: $0) } ?? built
        let directory = FilePath(path).removingLastComponent()
        let places = [
            directory.appending("libirsock-preload.so"), directory.appending("../lib/irsock/libirsock-preload.so"),
        ]
        guard access(path, X_OK) == 0, let preload = places.first(where: { access($0.string, R_OK) == 0 }) else {
            throw BenchmarkFailure(
                "There is no \(path), or no libirsock-preload.so beside it. Build both: make bench, or swift build -c release."
            )
        }
        return Self(path: path, preload: preload.string)
    }
}

/// The time on the wall.
enum WallTime {
    static func seconds<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) -> Double {
        let start = ContinuousClock.now
        try work()
        return start.duration(to: .now) / .seconds(1)
    }
}
