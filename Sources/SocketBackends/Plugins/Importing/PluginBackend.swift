public import CSocketPlugin

/// A backend whose functions come from a plug-in's table.
///
/// What the table answers is believed only if it can be true; otherwise it is WSASYSCALLFAILURE, and the program goes on.
public struct PluginBackend: AddressFamilyBackend {
    let table: PluginBackendTable
    /// Keeps the library in memory for as long as the backend, or a socket of it, lives; nil for a table of the program's own.
    let library: PluginLibrary?

    init(_ table: PluginBackendTable, from library: PluginLibrary?) {
        self.table = table
        self.library = library
    }

    /// Wraps the backends of a table that is linked into the program.
    ///
    /// - Parameter table: the table; it must live for ever.
    /// - Returns: the backends, in the table's order.
    /// - Throws: WSAEPROVIDERFAILEDINIT for NULL, WSAEINVALIDPROVIDER for another version, WSAEINVALIDPROCTABLE for a table that is not whole.
    public static func backends(of table: UnsafePointer<irsock_plugin_table>?) throws(SocketError) -> [PluginBackend] {
        try PluginTable(table, for: "read a plug-in's table").backends.map { PluginBackend($0, from: nil) }
    }

    /// The name that the plug-in gives.
    public var name: String { table.name }
    /// The family that the plug-in serves.
    public var family: AddressFamily { table.family }
    /// What the plug-in says people call the family.
    public var familyName: String { table.familyName }
    /// The kinds of sockets in the plug-in's table.
    public var catalogue: [CatalogueEntry] { table.catalogue }
    /// The plug-in's GUID, or one derived from the name.
    public var providerID: ProviderID { table.providerID }

    /// What the plug-in says.
    public var availability: Availability {
        guard let function = table.functions.availability else { return .available }
        do throws(SocketError) {
            let reason = try PluginCall.mayDecline("ask whether there are sockets", of: name) {
                function(table.functions.context, $0)
            }
            return reason.map { .unavailable(reason: $0) } ?? .available
        } catch {
            return .unavailable(reason: error.reason)
        }
    }

    /// Asks the plug-in for a socket.
    ///
    /// - Throws: what the plug-in answers; WSASYSCALLFAILURE if what it answers is no socket of its catalogue.
    public func makeSocket(type: SocketType, protocolNumber: SocketProtocolNumber) throws(SocketError) -> BackendAnswer
    {
        let operation = "make a \(type) socket of \(familyName)"
        guard let function = table.functions.make_socket else {
            throw PluginCall.missing(.WSAEOPNOTSUPP, operation: operation, plugin: name)
        }
        var made = irsock_new_socket.empty
        let reason = try PluginCall.mayDecline(operation, of: name) {
            function(table.functions.context, type.rawValue, protocolNumber.rawValue, &made, $0)
        }
        if let reason { return .declined(reason: reason) }
        let socket = try PluginSocket(made, of: self, operation: operation)
        guard socket.kind.type == type, protocolNumber == .any || socket.kind.protocolNumber == protocolNumber else {
            throw PluginCall.nonsense(
                "it makes a socket of \(socket.kind.transport) instead", operation: operation, plugin: name)
        }
        return .socket(socket)
    }

    /// Has the plug-in read an address.
    ///
    /// - Throws: what the plug-in answers; WSAEINVAL for a text with a NUL in it or of more than 255 bytes.
    public func resolve(_ text: String) throws(SocketError) -> SocketAddress {
        let operation = "read '\(text)' as an address of \(familyName)"
        guard text.utf8.count <= PluginText.limit, !text.utf8.contains(0) else {
            throw SocketError(
                .WSAEINVAL, operation: operation,
                reason: "it has a NUL, or is longer than \(PluginText.limit) bytes")
        }
        guard let function = table.functions.resolve else {
            throw PluginCall.missing(.WSAEOPNOTSUPP, operation: operation, plugin: name)
        }
        var address = irsock_address.empty
        try PluginCall.make(operation, of: name) { error in
            text.withCString { function(table.functions.context, $0, &address, error) }
        }
        return try address.read(family: family, operation: operation, plugin: name)
    }

    /// Has the plug-in print an address; its bytes, if it cannot.
    public func describe(_ address: SocketAddress) -> String {
        var room = [CChar](repeating: 0, count: PluginText.limit + 1)
        do throws(SocketError) {
            guard let function = table.functions.describe else {
                throw PluginCall.missing(.WSAEOPNOTSUPP, operation: "print", plugin: name)
            }
            try PluginCall.make("print an address", of: name) { error in
                function(table.functions.context, address.bytes, address.bytes.count, &room, room.count, error)
            }
            let text =
                room.withUnsafeBytes { $0.contains(0) }
                ? room.withUnsafeBufferPointer { PluginText.read($0.baseAddress) } : nil
            if let text, !text.isEmpty { return text }
        } catch {
            // The bytes have to do.
        }
        return "\(familyName) address \(address.bytes)"
    }
}

extension irsock_new_socket {
    /// A place for a socket; no descriptor.
    static var empty: Self {
        var socket = Self()
        socket.size = UInt32(MemoryLayout<Self>.size)
        socket.descriptor = -1
        return socket
    }
}
