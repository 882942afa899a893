/// Loads address families that come as shared libraries (irsock_plugin.h).
///
/// Only what is named is loaded: a file by its path, or the files of a directory by its own. A file must be such that only root and the user can
/// have put it there, and is tried out in a process of its own first, so that one that crashes or hangs while it is loaded does no
/// harm.
public struct PluginLoader: Sendable {
    /// How long a plug-in may take to be loaded.
    public var patience: Duration

    /// Makes a loader.
    public init(patience: Duration = .seconds(10)) {
        self.patience = patience
    }

    /// Loads one plug-in.
    ///
    /// - Parameter path: the library's path; never a bare name that the linker would search for.
    /// - Returns: its backends, in the order of its table. The library stays in memory for as long as one of them, or a socket
    ///   of theirs, lives.
    /// - Throws: WSAEACCES if others could have changed the file; WSAEPROVIDERFAILEDINIT if it cannot be loaded, crashes or hangs;
    ///   WSAEINVALIDPROVIDER if it is no plug-in or has another version; WSAEINVALIDPROCTABLE if its table is not whole.
    public func load(path: String) throws(SocketError) -> [PluginBackend] {
        try load(PluginFile(path: path))
    }

    /// Loads every plug-in, `*.so`, of a directory, in the order of the names.
    ///
    /// - Parameter directory: the directory's path.
    /// - Returns: the backends of all.
    /// - Throws: as `load(path:)`, for the first that cannot be loaded.
    public func load(directory: String) throws(SocketError) -> [PluginBackend] {
        var backends: [PluginBackend] = []
        for file in try PluginFile.all(inDirectory: directory) { backends += try load(file) }
        return backends
    }

    /// Loads what a path list names, files and directories, such as the value of IRSOCK_PLUGIN_PATH.
    ///
    /// - Parameter list: paths with colons between; empty ones are left out.
    /// - Returns: the backends of all.
    /// - Throws: as `load(path:)`, for the first that cannot be loaded.
    public func load(pathList list: String) throws(SocketError) -> [PluginBackend] {
        var backends: [PluginBackend] = []
        for path in list.split(separator: ":").map(String.init) {
            backends += try loadAll(at: path)
        }
        return backends
    }

    /// Loads what a path names: one plug-in, or all in a directory.
    ///
    /// - Parameter path: a library or a directory.
    /// - Returns: the backends.
    /// - Throws: as `load(path:)`, for the first that cannot be loaded.
    public func loadAll(at path: String) throws(SocketError) -> [PluginBackend] {
        try PluginFile.isDirectory(path) ? load(directory: path) : load(path: path)
    }

    private func load(_ file: PluginFile) throws(SocketError) -> [PluginBackend] {
        let operation = "load the plug-in '\(file.path)'"
        try PluginTrial.run(path: file.path, patience: patience, for: operation)
        let library = try PluginLibrary(path: file.path, for: operation)
        let table = try PluginTable(library.table(for: operation), for: operation)
        if table.staysLoaded { library.stay(path: file.path) }
        return table.backends.map { PluginBackend($0, from: library) }
    }
}

/// Whether a plug-in may stand in front of backends that were there before.
public enum Shadowing: Hashable, Sendable {
    /// A plug-in for a family that is served already is refused.
    case refused
    /// It is asked before them.
    case allowed
}

extension AddressFamilyRegistry {
    /// Adds the backends of plug-ins.
    ///
    /// - Parameters:
    ///   - plugins: the backends, as `PluginLoader` gives them. All of them are added, or none.
    ///   - shadowing: what to do about a family that has a backend already.
    /// - Throws: WSAEALREADY if a family is served already and must not be shadowed, or if a name is taken.
    public func register(
        plugins: [PluginBackend], shadowing: Shadowing = .refused
    ) throws(SocketError) {
        let before = backends
        for (index, plugin) in plugins.enumerated() {
            let operation = "register the plug-in \(plugin.name)"
            let others = before.map(\.name) + plugins[..<index].map(\.name)
            guard !others.contains(plugin.name) else {
                throw SocketError(
                    .WSAEALREADY, operation: operation, reason: "a backend of that name is registered already",
                    advice: "Is the plug-in named twice?")
            }
            let served = before.first { $0.family == plugin.family || $0.familyName == plugin.familyName }
            if let served, shadowing == .refused {
                throw SocketError(
                    .WSAEALREADY, operation: operation,
                    reason: "\(served.familyName), \(served.family), is served already, by \(served.name)",
                    advice: "A plug-in stands in front of other backends only if shadowing is allowed.")
            }
        }
        for plugin in plugins {
            try register(plugin, before: before.first { $0.family == plugin.family }?.name)
        }
    }
}
