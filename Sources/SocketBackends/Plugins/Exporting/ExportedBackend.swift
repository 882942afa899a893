import CSocketPlugin
import SystemPackage

/// What the functions of an exported backend are given as their context.
final class ExportedBackend: Sendable {
    let backend: any AddressFamilyBackend
    let catalogue: [CatalogueEntry]

    init(_ backend: any AddressFamilyBackend) {
        self.backend = backend
        catalogue = backend.catalogue
    }

    /// The backend's part of the table; it lives until the process ends, as does this object.
    func makeTable() -> UnsafePointer<irsock_backend> {
        var table = irsock_backend()
        table.size = UInt32(MemoryLayout<irsock_backend>.size)
        table.family = backend.family.rawValue
        table.name = permanent(backend.name)
        table.family_name = permanent(backend.familyName)
        table.context = Unmanaged.passRetained(self).toOpaque()
        let entries = UnsafeMutablePointer<UnsafePointer<irsock_catalogue_entry>?>.allocate(
            capacity: max(1, catalogue.count))
        for (index, entry) in catalogue.enumerated() {
            entries.advanced(by: index).initialize(to: permanent(irsock_catalogue_entry(entry)))
        }
        table.catalogue = UnsafePointer(entries)
        table.catalogue_count = UInt32(catalogue.count)
        withUnsafeMutableBytes(of: &table.provider_id) { $0.copyBytes(from: backend.providerID.bytes) }
        table.socket_functions = permanent(ExportedSocket.functions)
        table.availability = { context, error in
            ExportedBackend.from(context).answer(error) { backend throws(SocketError) in
                switch backend.availability {
                case .available: return 0
                case .unavailable(let reason):
                    error?.fill(reason: reason)
                    return Int32(IRSOCK_DECLINED)
                }
            }
        }
        table.make_socket = { context, type, protocolNumber, made, error in
            let exported = ExportedBackend.from(context)
            return exported.answer(error) { backend throws(SocketError) in
                let answer = try backend.makeSocket(
                    type: SocketType(rawValue: type), protocolNumber: SocketProtocolNumber(rawValue: protocolNumber))
                switch answer {
                case .socket(let socket):
                    try ExportedSocket(socket, of: exported).hand(over: made)
                    return 0
                case .declined(let reason):
                    error?.fill(reason: reason)
                    return Int32(IRSOCK_DECLINED)
                }
            }
        }
        table.resolve = { context, text, address, error in
            ExportedBackend.from(context).answer(error) { backend throws(SocketError) in
                guard let text = PluginText.read(text) else {
                    throw SocketError(.WSAEINVAL, operation: "read an address", reason: "the text has no end")
                }
                try address.fill(try backend.resolve(text), for: "read '\(text)' as an address")
                return 0
            }
        }
        table.describe = { context, address, length, text, capacity, error in
            ExportedBackend.from(context).answer(error) { backend throws(SocketError) in
                let address = try SocketAddress(bytes: Array(UnsafeBufferPointer(start: address, count: length)))
                PluginText.write(
                    backend.describe(address), to: UnsafeMutableRawBufferPointer(start: text, count: capacity))
                return 0
            }
        }
        return permanent(table)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> ExportedBackend {
        // The table never has a null context: without one there is no backend to answer, nor to give an error.
        guard let context else { preconditionFailure("the host has lost the context that the table gives it") }
        return Unmanaged<ExportedBackend>.fromOpaque(context).takeUnretainedValue()
    }

    private func answer(
        _ error: UnsafeMutablePointer<irsock_error>?, _ body: (any AddressFamilyBackend) throws(SocketError) -> Int32
    ) -> Int32 {
        exportedAnswer(error) { () throws(SocketError) in try body(backend) }
    }
}

/// Runs a function of the table: the code of what it throws is the answer, and the rest of it goes into `error`.
func exportedAnswer(
    _ error: UnsafeMutablePointer<irsock_error>?, _ body: () throws(SocketError) -> Int32
) -> Int32 {
    do throws(SocketError) {
        return try body()
    } catch let failure {
        error?.fill(failure)
        return failure.code.rawValue
    }
}

extension UnsafeMutablePointer where Pointee == irsock_error {
    /// Explains a failure.
    fileprivate func fill(_ failure: SocketError) {
        pointee.linux_errno = failure.errno?.rawValue ?? 0
        withUnsafeMutableBytes(of: &pointee.operation) { PluginText.write(failure.operation, to: $0) }
        fill(reason: failure.reason)
        withUnsafeMutableBytes(of: &pointee.advice) { PluginText.write(failure.advice, to: $0) }
    }

    fileprivate func fill(reason: String) {
        withUnsafeMutableBytes(of: &pointee.reason) { PluginText.write(reason, to: $0) }
    }
}

extension UnsafeMutablePointer<irsock_address>? {
    /// Answers an address.
    ///
    /// - Throws: WSAEFAULT if it is longer than the interface can carry.
    func fill(_ address: SocketAddress, for operation: @autoclosure () -> String) throws(SocketError) {
        guard let self else { return }
        guard self.pointee.write(address) else {
            throw SocketError(
                .WSAEFAULT, operation: operation(),
                reason: "an address of \(address.bytes.count) bytes does not fit the plug-in interface")
        }
    }
}

extension irsock_catalogue_entry {
    fileprivate init(_ entry: CatalogueEntry) {
        self.init()
        size = UInt32(MemoryLayout<Self>.size)
        type = entry.type.rawValue
        `protocol` = entry.protocolNumber.rawValue
        minimum_address_length = UInt32(clamping: entry.minimumAddressLength)
        maximum_address_length = UInt32(clamping: entry.maximumAddressLength)
        services = entry.services.rawValue
        transport = permanent(entry.transport)
    }
}
