import CSocketPlugin

/// A plug-in's table, checked and copied: nothing that is read from it later can be missing or out of bounds.
struct PluginTable {
    let backends: [PluginBackendTable]
    /// Whether the library must stay in memory (IRSOCK_PLUGIN_STAYS).
    let staysLoaded: Bool

    /// - Throws: WSAEINVALIDPROVIDER for a wrong version, WSAEINVALIDPROCTABLE for sizes, gaps and texts that cannot be.
    init(_ table: UnsafePointer<irsock_plugin_table>?, for operation: String) throws(SocketError) {
        guard let table else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, operation: operation,
                reason: "its function irsock_plugin answers NULL: it cannot work here",
                advice: "Is it made for this version of IrSock (interface \(IRSOCK_PLUGIN_VERSION))?")
        }
        // The version lies behind the size in every version of the table, and says whether the rest can be read.
        let version = table.pointee.version
        guard version == IRSOCK_PLUGIN_VERSION else {
            throw SocketError(
                .WSAEINVALIDPROVIDER, operation: operation,
                reason: "it has version \(version) of the interface, and this is version \(IRSOCK_PLUGIN_VERSION)",
                advice: "Build it with the irsock_plugin.h of this IrSock.")
        }
        let reader = Reader(operation: operation)
        try reader.check(size: table.pointee.size, of: irsock_plugin_table.self, "the table")
        let count = table.pointee.backend_count
        guard count > 0, count <= IRSOCK_BACKENDS_LENGTH, let pointers = table.pointee.backends else {
            throw reader.refusal("the table has \(count) backends; it takes 1 to \(IRSOCK_BACKENDS_LENGTH)")
        }
        var backends: [PluginBackendTable] = []
        for number in 0..<Int(count) {
            backends.append(try PluginBackendTable(pointers[number], number: number, reader))
        }
        self.backends = backends
        staysLoaded = table.pointee.flags & IRSOCK_PLUGIN_STAYS != 0
    }

    /// The checks that every structure needs.
    struct Reader {
        let operation: String

        func refusal(_ reason: String) -> SocketError {
            SocketError(
                .WSAEINVALIDPROCTABLE, operation: operation, reason: reason,
                advice: "This is a defect of the plug-in; irsock_plugin.h says what is needed.")
        }

        /// No structure of this version is shorter; a longer one comes from a later header, whose additions are left out.
        func check<Structure>(size: UInt32, of type: Structure.Type, _ what: String) throws(SocketError) {
            guard size >= MemoryLayout<Structure>.size, size <= 65_536 else {
                throw refusal(
                    "\(what) says that its size is \(size), and \(type) has \(MemoryLayout<Structure>.size) bytes")
            }
        }

        func text(_ start: UnsafePointer<CChar>?, _ what: String) throws(SocketError) -> String {
            guard let text = PluginText.read(start), !text.isEmpty else {
                throw refusal("\(what) is no text of 1 to \(PluginText.limit) bytes")
            }
            return text
        }
    }
}

/// One backend of a plug-in's table. Unchecked, as the table it points to never changes, and its functions bear any thread.
struct PluginBackendTable: @unchecked Sendable {
    let functions: irsock_backend
    let socketFunctions: irsock_socket_functions
    let name: String
    let familyName: String
    let family: AddressFamily
    let catalogue: [CatalogueEntry]
    let providerID: ProviderID

    fileprivate init(
        _ pointer: UnsafePointer<irsock_backend>?, number: Int, _ reader: PluginTable.Reader
    ) throws(SocketError) {
        guard let pointer else { throw reader.refusal("backend \(number) is NULL") }
        try reader.check(size: pointer.pointee.size, of: irsock_backend.self, "backend \(number)")
        functions = pointer.pointee
        name = try reader.text(functions.name, "the name of backend \(number)")
        guard name.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
            throw reader.refusal("'\(name)' is no name for a backend: it takes letters and digits without spaces")
        }
        familyName = try reader.text(functions.family_name, "the family name of \(name)")
        family = AddressFamily(rawValue: functions.family)
        guard family != .unspecified else { throw reader.refusal("\(name) serves family 0, which is none") }
        guard let socketPointer = functions.socket_functions else {
            throw reader.refusal("\(name) has no table of socket functions")
        }
        try reader.check(
            size: socketPointer.pointee.size, of: irsock_socket_functions.self, "the socket functions of \(name)")
        socketFunctions = socketPointer.pointee
        let required: [(String, Bool)] = [
            ("make_socket", functions.make_socket != nil), ("resolve", functions.resolve != nil),
            ("describe", functions.describe != nil), ("connect", socketFunctions.connect != nil),
            ("finish_connect", socketFunctions.finish_connect != nil), ("send", socketFunctions.send != nil),
            ("receive", socketFunctions.receive != nil), ("release", socketFunctions.release != nil),
        ]
        let gaps = required.filter { !$0.1 }.map(\.0)
        guard gaps.isEmpty else {
            throw reader.refusal("\(name) lacks functions that are required: \(gaps.joined(separator: ", "))")
        }
        catalogue = try Self.catalogue(of: functions, name, reader)
        let bytes = withUnsafeBytes(of: functions.provider_id) { Array($0) }
        providerID = ProviderID(guid: bytes) ?? ProviderID(backend: name)
    }

    private static func catalogue(
        of backend: irsock_backend, _ name: String, _ reader: PluginTable.Reader
    ) throws(SocketError) -> [CatalogueEntry] {
        let count = backend.catalogue_count
        guard count > 0, count <= IRSOCK_CATALOGUE_LENGTH, let pointers = backend.catalogue else {
            throw reader.refusal("\(name) has \(count) kinds of sockets; it takes 1 to \(IRSOCK_CATALOGUE_LENGTH)")
        }
        var entries: [CatalogueEntry] = []
        for number in 0..<Int(count) {
            let what = "kind \(number) of \(name)"
            guard let pointer = pointers[number] else { throw reader.refusal("\(what) is NULL") }
            try reader.check(size: pointer.pointee.size, of: irsock_catalogue_entry.self, what)
            let entry = pointer.pointee
            let (least, most) = (entry.minimum_address_length, entry.maximum_address_length)
            guard least >= 2, least <= most, most <= IRSOCK_ADDRESS_LENGTH else {
                throw reader.refusal(
                    "\(what) has addresses of \(least) to \(most) bytes; it takes 2 to \(IRSOCK_ADDRESS_LENGTH)")
            }
            guard
                !entries.contains(where: {
                    $0.type.rawValue == entry.type && $0.protocolNumber.rawValue == entry.protocol
                })
            else { throw reader.refusal("\(what) is there twice") }
            entries.append(
                CatalogueEntry(
                    transport: try reader.text(entry.transport, "the transport of \(what)"),
                    type: SocketType(rawValue: entry.type),
                    protocolNumber: SocketProtocolNumber(rawValue: entry.protocol),
                    minimumAddressLength: Int(least), maximumAddressLength: Int(most),
                    services: TransportServices(rawValue: entry.services)))
        }
        return entries
    }
}

extension ProviderID {
    /// The identity that a plug-in gives; nil if it leaves that to the host.
    fileprivate init?(guid bytes: [UInt8]) {
        guard bytes.contains(where: { $0 != 0 }) else { return nil }
        func number<Integer: FixedWidthInteger>(_ range: Range<Int>, _ type: Integer.Type) -> Integer {
            bytes[range].reversed().reduce(0) { $0 << 8 | Integer($1) }
        }
        self.init(
            number(0..<4, UInt32.self), number(4..<6, UInt16.self), number(6..<8, UInt16.self),
            bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) })
    }
}
