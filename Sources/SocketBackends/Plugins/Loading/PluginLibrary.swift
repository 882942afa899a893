import CSocketPlugin
import Glibc

/// A shared library in memory, for as long as somebody needs it: its backends and their sockets do.
final class PluginLibrary: Sendable {
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer  // dlsym and dlclose may be called on any thread

    /// - Throws: WSAEPROVIDERFAILEDINIT with the linker's words.
    init(path: String, for operation: String) throws(SocketError) {
        // All symbols now, rather than a crash in the middle of a call; and none of them for the rest of the program.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, operation: operation, reason: Self.linkerError,
                advice: "Is it a shared library for this machine, and is what it needs installed? Try: ldd '\(path)'")
        }
        self.handle = handle
    }

    deinit {
        dlclose(handle)
    }

    /// Calls the plug-in's entry.
    ///
    /// - Throws: WSAEINVALIDPROVIDER if it has none.
    func table(for operation: String) throws(SocketError) -> UnsafePointer<irsock_plugin_table>? {
        guard let symbol = dlsym(handle, IRSOCK_PLUGIN_ENTRY) else {
            throw SocketError(
                .WSAEINVALIDPROVIDER, operation: operation,
                reason: "it does not export the function \(IRSOCK_PLUGIN_ENTRY), and so is no plug-in",
                advice: "irsock_plugin.h says what a plug-in is.")
        }
        typealias Entry = @convention(c) (UInt32) -> UnsafePointer<irsock_plugin_table>?
        return unsafeBitCast(symbol, to: Entry.self)(UInt32(IRSOCK_PLUGIN_VERSION))
    }

    /// Keeps the library in memory until the process ends.
    func stay(path: String) {
        // The handle itself is given back with this object; the mark stays.
        if let again = dlopen(path, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE) { dlclose(again) }
    }

    private static var linkerError: String {
        dlerror().map { String(cString: $0) } ?? "the linker does not say why"
    }
}
