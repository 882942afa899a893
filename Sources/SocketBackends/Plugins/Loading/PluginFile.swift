import Glibc
import SystemPackage

/// A file that may be loaded as a plug-in: nobody but root and the user can have put it where it is, or can change it.
///
/// A library is code that runs with all rights of the program, so the file and every directory above it must be owned by root or by the
/// user, and must not be writable by others. A directory with the sticky bit, such as /tmp, may be: nobody can replace what is somebody
/// else's there.
struct PluginFile {
    /// The real path, without symbolic links.
    let path: String

    /// Checks the file at a path.
    ///
    /// - Throws: WSAEPROVIDERFAILEDINIT if there is no such file, WSAEACCES if others could have changed it.
    init(path: String) throws(SocketError) {
        let operation = "load the plug-in '\(path)'"
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, operation: operation, reason: "this is no path",
                advice: "Give the path of a shared library.")
        }
        // Never a bare name, for which the linker would search its own directories.
        guard let real = realpath(path, nil) else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, errno: Errno(rawValue: errno), operation: operation,
                reason: Errno(rawValue: errno).description, advice: "Give the path of a shared library.")
        }
        defer { free(real) }
        self.path = String(cString: real)
        try Self.check(self.path, S_IFREG, "a regular file", operation)
        var parent = self.path
        while parent != "/" {
            parent = FilePath(parent).removingLastComponent().string
            try Self.check(parent, S_IFDIR, "a directory", operation)
        }
    }

    /// The plug-ins in a directory: what ends with `.so`, in the order of the names.
    ///
    /// - Throws: WSAEPROVIDERFAILEDINIT if it cannot be read, WSAEACCES if others could put something there.
    static func all(inDirectory directory: String) throws(SocketError) -> [PluginFile] {
        let operation = "load the plug-ins in '\(directory)'"
        try check(directory, S_IFDIR, "a directory", operation)
        guard let stream = opendir(directory) else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, errno: Errno(rawValue: errno), operation: operation,
                reason: Errno(rawValue: errno).description)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".so"), !name.hasPrefix(".") { names.append(name) }
        }
        var files: [PluginFile] = []
        for name in names.sorted() {
            files.append(try PluginFile(path: "\(directory)/\(name)"))
        }
        return files
    }

    /// Whether there is a directory at a path.
    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func check(
        _ path: String, _ kind: mode_t, _ what: String, _ operation: String
    ) throws(SocketError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, errno: Errno(rawValue: errno), operation: operation,
                reason: "'\(path)': \(Errno(rawValue: errno))")
        }
        guard status.st_mode & S_IFMT == kind else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, operation: operation, reason: "'\(path)' is not \(what)",
                advice: "Give the path of a shared library, or of a directory with some.")
        }
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw SocketError(
                .WSAEACCES, operation: operation,
                reason: "'\(path)' belongs to user \(status.st_uid), who could put any code there",
                advice:
                    "Plug-ins are loaded only from files and directories of root or of the user who runs the program.")
        }
        let isSticky = kind == S_IFDIR && status.st_mode & S_ISVTX != 0
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 || isSticky else {
            throw SocketError(
                .WSAEACCES, operation: operation, reason: "others than its owner may write to '\(path)'",
                advice: "Take that right away: chmod go-w '\(path)'")
        }
    }
}
