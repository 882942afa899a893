import Glibc
import FamilyFixtures
import SocketBackends
import Testing

@Suite("Loading plug-ins") struct PluginLoaderTests {
    private let loader = PluginLoader()

    private func refusal(of path: String, loader: PluginLoader = PluginLoader()) throws -> SocketError {
        try #require(throws: SocketError.self) { _ = try loader.load(path: path) }
    }

    private func refusal(of plugin: BuiltPlugin, loader: PluginLoader = PluginLoader()) throws -> SocketError {
        try #require(throws: SocketError.self) { _ = try plugin.load(loader) }
    }

    @Test("a plug-in in C is a backend like any other") func whole() throws {
        let plugin = try CPlugin.loopback()
        defer { withExtendedLifetime(plugin) {} }
        let backends = try plugin.load(loader)
        let backend = try #require(backends.first)
        #expect(backends.count == 1)
        #expect(backend.name == "loop")
        #expect(backend.family == AddressFamily(rawValue: 200))
        #expect(backend.familyName == "loop")
        #expect(backend.availability == .available)
        #expect(backend.providerID == ProviderID(backend: "loop"))
        #expect(backend.catalogue.map(\.transport) == ["Loop"])
        #expect(backend.describe(try backend.resolve("7")) == "7")
        let error = #expect(throws: SocketError.self) { try backend.resolve("seven") }
        #expect(error?.code == .WSAEINVAL)
        #expect(error?.advice == "Write a number, as in 7.")
    }

    @Test(
        "what is not whole is refused, in words that say what is wrong",
        arguments: [
            ("NULL_TABLE", WSAErrorCode.WSAEPROVIDERFAILEDINIT, "answers NULL"),
            ("WRONG_VERSION", .WSAEINVALIDPROVIDER, "has version 2 of the interface, and this is version 1"),
            ("SHORT_TABLE", .WSAEINVALIDPROCTABLE, "the table says that its size is 8"),
            ("SHORT_BACKEND", .WSAEINVALIDPROCTABLE, "backend 0 says that its size is 12"),
            ("NO_BACKENDS", .WSAEINVALIDPROCTABLE, "0 backends"),
            ("NO_CONNECT", .WSAEINVALIDPROCTABLE, "lacks functions that are required: connect"),
            ("NO_NAME", .WSAEINVALIDPROCTABLE, "the name of backend 0 is no text"),
            ("ENDLESS_NAME", .WSAEINVALIDPROCTABLE, "the name of backend 0 is no text"),
            ("LONG_ADDRESSES", .WSAEINVALIDPROCTABLE, "addresses of 8 to 4096 bytes"),
            ("FAMILY_ZERO", .WSAEINVALIDPROCTABLE, "family 0"),
            ("KIND_TWICE", .WSAEINVALIDPROCTABLE, "there twice"),
            ("CRASH_AT_ONCE", .WSAEPROVIDERFAILEDINIT, "crashes in a constructor: Segmentation fault"),
            ("EXIT_AT_ONCE", .WSAEPROVIDERFAILEDINIT, "ends the process in a constructor, with status 3"),
            ("CRASH_IN_ENTRY", .WSAEPROVIDERFAILEDINIT, "crashes in its function irsock_plugin: Aborted"),
            ("WILD_POINTER", .WSAEPROVIDERFAILEDINIT, "crashes in the table that it answers: Segmentation fault"),
        ])
    func refused(breakage: String, code: WSAErrorCode, words: String) throws {
        let error = try refusal(of: CPlugin.broken(breakage))
        #expect(error.code == code)
        #expect(error.reason.contains(words), "\(error)")
        #expect(error.description.contains("\n") == false)
    }

    @Test("a library that is no plug-in is refused") func noEntry() throws {
        let error = try refusal(of: CPlugin.withoutEntry())
        #expect(error.code == .WSAEINVALIDPROVIDER)
        #expect(error.reason == "it does not export the function irsock_plugin, and so is no plug-in")
    }

    @Test("one that was built with a later header, which only adds at the end, is as good as any") func later() throws {
        #expect(try CPlugin.broken("LATER_HEADER").load().map(\.name) == ["loop"])
    }

    @Test("one that hangs is killed when the time is over") func hanging() throws {
        let error = try refusal(
            of: CPlugin.broken("HANG_AT_ONCE"), loader: PluginLoader(patience: .milliseconds(200)))
        #expect(error.code == .WSAEPROVIDERFAILEDINIT)
        #expect(error.reason == "it hangs in a constructor")
    }

    @Test("what is no library is refused") func noLibrary() throws {
        #expect(try refusal(of: "/nowhere/plugin.so").reason == "No such file or directory")
        #expect(try refusal(of: "").reason == "this is no path")
        #expect(try refusal(of: "/etc/passwd").reason.contains("/etc/passwd"))
        #expect(try refusal(of: "/etc").reason == "'/etc' is not a regular file")
        // The linker would find it in its own directories.
        #expect(try refusal(of: "libc.so.6").code == .WSAEPROVIDERFAILEDINIT)
    }

    @Test("what others may write is refused: the file, or a directory above it") func rights() throws {
        let plugin = try CPlugin.loopback()
        defer { withExtendedLifetime(plugin) {} }
        chmod(plugin.path, 0o775)
        let file = try refusal(of: plugin)
        #expect(file.code == .WSAEACCES)
        #expect(file.advice.contains("chmod go-w '\(plugin.path)'"))
        chmod(plugin.path, 0o755)
        chmod(plugin.folder, 0o777)
        let folder = try refusal(of: plugin)
        #expect(folder.code == .WSAEACCES)
        #expect(folder.reason == "others than its owner may write to '\(plugin.folder)'")
        #expect(throws: SocketError.self) { try loader.load(directory: plugin.folder) }
        chmod(plugin.folder, 0o755)
        #expect(try plugin.load(loader).count == 1)
    }

    @Test("what belongs to others is refused", .enabled(if: geteuid() == 0, "only root can give a file away"))
    func owner() throws {
        let plugin = try CPlugin.loopback()
        defer { withExtendedLifetime(plugin) {} }
        #expect(chown(plugin.path, 12345, 12345) == 0)
        let error = try refusal(of: plugin)
        #expect(error.code == .WSAEACCES)
        #expect(error.reason.contains("belongs to user 12345"))
    }

    @Test("a link is followed, and what it leads to is checked") func links() throws {
        let plugin = try CPlugin.loopback()
        defer { withExtendedLifetime(plugin) {} }
        let link = "\(plugin.folder)/link.so"
        #expect(symlink(plugin.path, link) == 0)
        defer { unlink(link) }
        #expect(try loader.load(path: link).count == 1)
        chmod(plugin.path, 0o777)
        #expect(try refusal(of: link).reason.contains("'\(plugin.path)'"))
    }

    @Test("a directory gives its .so files, and a path list gives all that it names") func directories() throws {
        let (first, second) = (try CPlugin.loopback(), try CPlugin.loopback())
        defer { withExtendedLifetime((first, second)) {} }
        #expect(try loader.load(directory: first.folder).map(\.name) == ["loop"])
        let list = "\(first.folder)::\(second.path):"
        #expect(try loader.load(pathList: list).map(\.name) == ["loop", "loop"])
        #expect(try loader.load(pathList: "").isEmpty)
        #expect(throws: SocketError.self) { try loader.load(pathList: "\(first.folder):/nowhere") }
    }

    @Test("a plug-in stands in front of others only if that is allowed") func shadowing() throws {
        let plugin = try CPlugin.loopback()
        defer { withExtendedLifetime(plugin) {} }
        let loaded = try plugin.load(loader)
        let registry = try AddressFamilyRegistry([
            ScriptedBackend(name: "built-in", family: AddressFamily(rawValue: 200), familyName: "own")
        ])
        let refused = #expect(throws: SocketError.self) { try registry.register(plugins: loaded) }
        #expect(refused?.code == .WSAEALREADY)
        #expect(refused?.reason == "own, address family 200, is served already, by built-in")
        #expect(registry.backends.count == 1)
        try registry.register(plugins: loaded, shadowing: .allowed)
        #expect(registry.backends.map(\.name) == ["loop", "built-in"])
        let twice = #expect(throws: SocketError.self) { try registry.register(plugins: loaded, shadowing: .allowed) }
        #expect(twice?.reason == "a backend of that name is registered already")
    }

    @Test("the library stays for as long as a backend or a socket lives, and not longer") func unloading() throws {
        let plugin = try CPlugin.loopback()
        defer { withExtendedLifetime(plugin) {} }
        var isLoaded: Bool {
            guard let handle = dlopen(plugin.path, RTLD_NOW | RTLD_NOLOAD) else { return false }
            dlclose(handle)
            return true
        }
        var socket: (any BackendSocket)?
        do {
            let backend = try #require(try plugin.load(loader).first)
            guard case .socket(let made) = try backend.makeSocket(type: .stream, protocolNumber: .any) else {
                throw TestFailure("declined")
            }
            socket = made
        }
        #expect(isLoaded, "a socket is left")
        let hold = try socket?.descriptor.hold(for: "watch")
        socket?.close()
        socket = nil
        #expect(isLoaded, "its descriptor is still watched")
        _ = consume hold
        #expect(!isLoaded)
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
