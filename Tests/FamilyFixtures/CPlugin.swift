import Glibc
package import SocketBackends
import SystemPackage

/// Plug-ins in C that tests build for themselves, with the compiler of the machine.
package enum CPlugin {
    /// The loopback family, as it should be.
    package static func loopback() throws -> BuiltPlugin { try BuiltPlugin(source: "loopback") }

    /// The same without the function that makes it a plug-in.
    package static func withoutEntry() throws -> BuiltPlugin {
        try BuiltPlugin(source: "loopback", flags: ["-Dirsock_plugin=no_plugin"])
    }

    /// The same with one thing wrong; `BREAKAGE` in broken.c has the names.
    package static func broken(_ breakage: String) throws -> BuiltPlugin {
        try BuiltPlugin(source: "broken", flags: ["-DBREAKAGE=\(breakage)"])
    }

    /// Sources and header lie beside this file and in the package, wherever that is.
    static let folder = FilePath(#filePath).removingLastComponent()
}

/// A library in a folder of its own, which goes with it.
package final class BuiltPlugin: Sendable {
    /// The folder of the library.
    package let folder: String
    /// The library.
    package var path: String { "\(folder)/plugin.so" }

    init(source: String, flags: [String] = []) throws {
        var template = Array("/tmp/irsock-plugin-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw BuildFailure("cannot make a folder: \(Errno(rawValue: errno))")
        }
        folder = String(cString: made)
        let root = CPlugin.folder.removingLastComponent().removingLastComponent()
        try Self.run(
            [
                "cc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function",
                "-I\(root)/Sources/CSocketPlugin/include", "-o", path, "\(CPlugin.folder)/C/\(source).c",
            ] + flags)
        // Whatever the umask of whoever runs the tests is, the loader insists on this.
        guard chmod(path, 0o755) == 0 else { throw BuildFailure("cannot change the rights of \(path)") }
    }

    /// Loads it. In memory it outlives its file.
    package func load(_ loader: PluginLoader = PluginLoader()) throws(SocketError) -> [PluginBackend] {
        defer { withExtendedLifetime(self) {} }
        return try loader.load(path: path)
    }

    deinit {
        unlink(path)
        rmdir(folder)
    }

    private static func run(_ command: [String]) throws {
        var process = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        let status = posix_spawnp(&process, command[0], nil, nil, &arguments, environ)
        guard status == 0 else { throw BuildFailure("cannot start '\(command[0])': \(Errno(rawValue: status))") }
        var result: Int32 = 0
        while waitpid(process, &result, 0) == -1, errno == EINTR {}
        guard result == 0 else { throw BuildFailure("'\(command.joined(separator: " "))' has failed") }
    }
}

/// Why a plug-in could not be built.
package struct BuildFailure: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
