public import SocketBackends

/// AF_IRDA over one provider: sockets by device and service (af_irda.h).
///
/// With several providers, register one backend for each, in the order in which they are to be asked.
public struct IrDABackend: AddressFamilyBackend {
    private let provider: any IrDAProvider

    /// Makes a backend.
    public init(provider: any IrDAProvider) {
        self.provider = provider
    }

    /// `irda-` and the name of the provider.
    public var name: String { "irda-\(provider.name)" }
    /// AF_IRDA.
    public var family: AddressFamily { .irda }
    /// `irda`.
    public var familyName: String { "irda" }
    /// Streams over TinyTP, and whatever else the provider has: Winsock documents no other type for AF_IRDA.
    public var catalogue: [CatalogueEntry] {
        IrDASocketKind.allCases.filter(provider.socketKinds.contains).map(\.catalogueEntry)
    }
    /// That of the provider.
    public var availability: Availability { provider.availability }

    /// Makes a socket.
    ///
    /// - Throws: WSAEPROTONOSUPPORT for a type or protocol that AF_IRDA or its provider does not have (decision D8).
    public func makeSocket(
        type: SocketType, protocolNumber: SocketProtocolNumber
    ) throws(SocketError) -> BackendAnswer {
        guard let kind = Self.kind(of: type, protocolNumber), provider.socketKinds.contains(kind) else {
            let kinds = catalogue.map { "\($0.type) (protocol \($0.protocolNumber.rawValue))" }
            throw SocketError(
                .WSAEPROTONOSUPPORT,
                operation: "make a \(type) socket of irda with protocol \(protocolNumber.rawValue)",
                reason: "AF_IRDA has none of these here; it has \(kinds.joined(separator: ", "))",
                advice: "Ask for SOCK_STREAM and protocol 0.")
        }
        switch provider.availability {
        case .unavailable(let reason): return .declined(reason: reason)
        case .available: return .socket(IrDASocket(try provider.makeEndpoint(kind), provider: provider))
        }
    }

    /// Reads `Phone/OBEX`, `0x9ABCDEF1/OBEX` or `0x9ABCDEF1/lsap:3`; a local address has no device: `OBEX`.
    ///
    /// A device that is named is looked for, which takes about a second.
    ///
    /// - Throws: WSAEINVAL if the text is no address, WSAHOST_NOT_FOUND if no device in range has the name, or the error of
    ///   the discovery.
    public func resolve(_ text: String) throws(SocketError) -> SocketAddress {
        let operation = "read '\(text)' as an address of irda"
        // A device may have a slash in its name; a service hardly.
        let parts = text.lastIndex(of: "/").map { (String(text[..<$0]), String(text[text.index(after: $0)...])) }
        let (deviceText, serviceText) = parts ?? ("", text)
        guard let service = IrDAServiceName(text: serviceText), service != .unspecified,
            service.field.utf8.count <= IrDAServiceName.maximumLength
        else {
            throw SocketError(
                .WSAEINVAL, operation: operation,
                reason: "'\(serviceText)' is not a service name of 1 to \(IrDAServiceName.maximumLength) bytes",
                advice: "Write DEVICE/SERVICE, as in Phone/OBEX, 0x9ABCDEF1/OBEX or Phone/lsap:3.")
        }
        let device = deviceText.isEmpty ? .none : try device(named: deviceText)
        return IrDAAddress(device: device, service: service).socketAddress
    }

    /// Finds the device that a person means: an address, or a name as the device tells it.
    ///
    /// - Throws: WSAHOST_NOT_FOUND if there is none, or several have the name.
    public func device(named name: String) throws(SocketError) -> IrDADeviceID {
        if let id = IrDADeviceID(name) { return id }
        let operation = "find the infrared device '\(name)'"
        let (found, matches) = try IrDADevice.search(by: provider.discover) { found in
            let exact = found.filter { $0.name == name }
            return exact.isEmpty ? found.filter { $0.name.lowercased() == name.lowercased() } : exact
        }
        guard let match = matches.first else {
            let names = found.map { "\($0.name) (\($0.id))" }.joined(separator: ", ")
            throw SocketError(
                .WSAHOST_NOT_FOUND, operation: operation, reason: "no device in range has this name",
                advice: found.isEmpty ? "There is none in range at all." : "In range: \(names).")
        }
        guard matches.count == 1 else {
            throw SocketError(
                .WSAHOST_NOT_FOUND, operation: operation, reason: "\(matches.count) devices in range have this name",
                advice: "Use an address: \(matches.map(\.id.description).joined(separator: ", ")).")
        }
        return match.id
    }

    /// `0x9ABCDEF1/OBEX`; an address that is none is shown as its bytes.
    public func describe(_ address: SocketAddress) -> String {
        (try? IrDAAddress(address, for: "describe an address"))?.description ?? "irda \(address.payload)"
    }
}
