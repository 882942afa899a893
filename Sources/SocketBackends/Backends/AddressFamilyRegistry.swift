import Synchronization

/// The address families of one runtime: for each family its backends, in the order in which they are asked.
public final class AddressFamilyRegistry: Sendable {
    private let registered = Mutex<[any AddressFamilyBackend]>([])

    /// Makes an empty registry.
    public init() {}

    /// Makes a registry of these backends, asked in this order.
    ///
    /// - Throws: as `register`.
    public convenience init(_ backends: [any AddressFamilyBackend]) throws(SocketError) {
        self.init()
        for backend in backends {
            try register(backend)
        }
    }

    /// Adds a backend.
    ///
    /// - Parameters:
    ///   - backend: the backend.
    ///   - successor: the name of the backend before which it is asked; nil puts it last.
    /// - Throws: WSAEALREADY if the name is taken, WSAEINVAL if `successor` is not registered.
    public func register(
        _ backend: any AddressFamilyBackend, before successor: String? = nil
    ) throws(SocketError) {
        let failure = registered.withLock { backends -> SocketError? in
            let operation = "register the backend \(backend.name)"
            guard !backends.contains(where: { $0.name == backend.name }) else {
                return SocketError(
                    .WSAEALREADY, operation: operation, reason: "a backend of that name is registered already",
                    advice: "Give each backend a name of its own.")
            }
            guard let successor else {
                backends.append(backend)
                return nil
            }
            guard let position = backends.firstIndex(where: { $0.name == successor }) else {
                return SocketError(
                    .WSAEINVAL, operation: operation, reason: "no backend is named \(successor)",
                    advice: "Registered are: \(backends.map(\.name).joined(separator: ", ")).")
            }
            backends.insert(backend, at: position)
            return nil
        }
        if let failure { throw failure }
    }

    /// All backends, in order.
    public var backends: [any AddressFamilyBackend] { registered.withLock { $0 } }

    /// The backends of one family, in the order in which they are asked.
    public func backends(of family: AddressFamily) -> [any AddressFamilyBackend] {
        backends.filter { $0.family == family }
    }

    /// The family that people call by this name.
    ///
    /// - Throws: WSAEAFNOSUPPORT with the names that there are.
    public func family(named name: String) throws(SocketError) -> AddressFamily {
        let backends = backends
        if let backend = backends.first(where: { $0.familyName == name }) { return backend.family }
        var names: [String] = []
        for backend in backends where !names.contains(backend.familyName) {
            names.append(backend.familyName)
        }
        throw SocketError(
            .WSAEAFNOSUPPORT, operation: "use the address family '\(name)'", reason: "there is no such family",
            advice: "Registered are: \(names.joined(separator: ", ")).")
    }

    /// Asks the backends of the family for a socket, in order: the first that does not decline decides.
    ///
    /// - Throws: WSAEAFNOSUPPORT with every reason if all decline, or what a backend throws.
    public func makeSocket(
        family: AddressFamily, type: SocketType, protocolNumber: SocketProtocolNumber = .any
    ) throws(SocketError) -> any BackendSocket {
        var reasons: [String] = []
        for backend in backends(of: family) {
            switch try backend.makeSocket(type: type, protocolNumber: protocolNumber) {
            case .socket(let socket): return socket
            case .declined(let reason): reasons.append("\(backend.name): \(reason)")
            }
        }
        throw SocketError(
            .WSAEAFNOSUPPORT, operation: "make a \(type) socket of \(name(of: family))",
            reason: reasons.isEmpty ? "no backend serves this family" : reasons.joined(separator: "; "))
    }

    /// Turns what a person wrote into an address, by the family's first backend that is available.
    ///
    /// - Throws: what the backend throws; WSAEAFNOSUPPORT with every reason if none is available.
    public func resolve(_ text: String, family: AddressFamily) throws(SocketError) -> SocketAddress {
        var reasons: [String] = []
        for backend in backends(of: family) {
            switch backend.availability {
            case .available: return try backend.resolve(text)
            case .unavailable(let reason): reasons.append("\(backend.name): \(reason)")
            }
        }
        throw SocketError(
            .WSAEAFNOSUPPORT, operation: "read '\(text)' as an address of \(name(of: family))",
            reason: reasons.isEmpty ? "no backend serves this family" : reasons.joined(separator: "; "))
    }

    /// Prints an address, by its family's first backend; as hexadecimal digits if there is none.
    public func describe(_ address: SocketAddress) -> String {
        if let backend = backends(of: address.family).first { return backend.describe(address) }
        let digits = address.payload.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
        return "\(address.family) \(digits)"
    }

    /// Every kind of socket that is registered, with whether it can be had now.
    public var catalogue: [CatalogueRow] {
        backends.flatMap { backend in
            let availability = backend.availability
            return backend.catalogue.map { entry in
                CatalogueRow(
                    family: backend.family, familyName: backend.familyName, backend: backend.name,
                    providerID: backend.providerID, entry: entry, availability: availability)
            }
        }
    }

    private func name(of family: AddressFamily) -> String {
        backends(of: family).first?.familyName ?? family.description
    }
}

/// One line of the catalogue.
public struct CatalogueRow: Hashable, Sendable {
    /// The family.
    public var family: AddressFamily
    /// What people call it.
    public var familyName: String
    /// The backend that makes this kind of socket.
    public var backend: String
    /// The backend's identity in the list of WSAEnumProtocols.
    public var providerID: ProviderID
    /// The kind of socket.
    public var entry: CatalogueEntry
    /// Whether the backend can make it now.
    public var availability: Availability
}
