public import CSocketPlugin

/// Backends written in Swift as the table of a plug-in.
///
/// A plug-in keeps one in a global constant and answers its table:
///
/// ```swift
/// private let plugin = ExportedPlugin([MyBackend()])
///
/// @c(irsock_plugin)
/// public func irsockPlugin(_ hostVersion: UInt32) -> UnsafePointer<irsock_plugin_table>? {
///     plugin.table
/// }
/// ```
///
/// The plug-in's own copy of this module makes the table, and the host's reads it; nothing of Swift crosses over.
public struct ExportedPlugin: Sendable {
    /// The table: it lives until the process ends, and is never written after `init`, so any thread may read it.
    public nonisolated(unsafe) let table: UnsafePointer<irsock_plugin_table>

    /// Makes the table.
    ///
    /// - Parameter backends: what the plug-in brings.
    public init(_ backends: [any AddressFamilyBackend]) {
        let pointers = UnsafeMutablePointer<UnsafePointer<irsock_backend>?>.allocate(capacity: max(1, backends.count))
        for (index, backend) in backends.enumerated() {
            pointers.advanced(by: index).initialize(to: ExportedBackend(backend).makeTable())
        }
        var table = irsock_plugin_table()
        table.size = UInt32(MemoryLayout<irsock_plugin_table>.size)
        table.version = UInt32(IRSOCK_PLUGIN_VERSION)
        // Swift's runtime keeps what it has learned of a library's types: the library must not go.
        table.flags = UInt32(IRSOCK_PLUGIN_STAYS)
        table.backend_count = UInt32(backends.count)
        table.backends = UnsafePointer(pointers)
        self.table = permanent(table)
    }
}

/// Puts a value where it stays until the process ends.
func permanent<Value>(_ value: Value) -> UnsafePointer<Value> {
    let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    place.initialize(to: value)
    return UnsafePointer(place)
}

/// Puts a string where it stays until the process ends.
func permanent(_ text: String) -> UnsafePointer<CChar> {
    let room = UnsafeMutableRawBufferPointer.allocate(
        byteCount: min(text.utf8.count, PluginText.limit) + 1, alignment: 1)
    PluginText.write(text, to: room)
    return UnsafePointer(room.bindMemory(to: CChar.self).baseAddress.unsafelyUnwrapped)  // never empty
}
