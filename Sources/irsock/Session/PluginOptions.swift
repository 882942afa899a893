import ArgumentParser
import Glibc
import SocketBackends

/// The options for address families that come as shared libraries.
struct PluginOptions: ParsableArguments {
    @Option(
        name: .customLong("plugin"),
        help: ArgumentHelp(
            """
            Load address families from this shared library, or from every one in this directory. Can be given several times; \
            IRSOCK_PLUGIN_PATH names more, with colons between.
            """, valueName: "path"))
    var paths: [String] = []

    @Flag(help: "Let plug-ins stand in front of the families that are built in.")
    var pluginsMayShadow = false

    /// Loads the plug-ins and adds their families, those of the command line before those of the environment.
    func register(in registry: AddressFamilyRegistry) throws(SocketError) {
        let loader = PluginLoader()
        var plugins: [PluginBackend] = []
        for path in paths {
            plugins += try loader.loadAll(at: path)
        }
        // A program with rights that its user does not have must not take code from the user's environment.
        if getuid() == geteuid(), getgid() == getegid(), let list = getenv("IRSOCK_PLUGIN_PATH") {
            plugins += try loader.load(pathList: String(cString: list))
        }
        try registry.register(plugins: plugins, shadowing: pluginsMayShadow ? .allowed : .refused)
    }
}
