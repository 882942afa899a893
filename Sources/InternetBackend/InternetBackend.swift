import Glibc
public import SocketBackends
import SystemPackage

/// AF_INET or AF_INET6 on Linux sockets: TCP and UDP, with the rules that Winsock documents for them.
public struct InternetBackend: AddressFamilyBackend {
    /// Which of the two families.
    public let version: InternetVersion
    private let system: SharedSystemCalls

    /// Serves one of the two families.
    public init(version: InternetVersion) {
        self.init(version: version, system: SystemCalls())
    }

    /// Serves one of the two families over these system calls.
    package init(version: InternetVersion, system: SystemCalls) {
        self.version = version
        self.system = SharedSystemCalls(system)
    }

    /// `inet` or `inet6`.
    public var name: String { version.name }
    /// AF_INET or AF_INET6.
    public var family: AddressFamily { version.family }
    /// `inet` or `inet6`.
    public var familyName: String { version.name }

    /// TCP, then UDP.
    public var catalogue: [CatalogueEntry] { [tcp, udp] }

    private var tcp: CatalogueEntry {
        CatalogueEntry(
            transport: "TCP/\(version.suffix)", type: .stream, protocolNumber: .tcp,
            minimumAddressLength: version.addressLength, maximumAddressLength: version.addressLength,
            services: [.guaranteedDelivery, .guaranteedOrder, .gracefulClose, .expeditedData, .descriptor])
    }

    private var udp: CatalogueEntry {
        CatalogueEntry(
            transport: "UDP/\(version.suffix)", type: .datagram, protocolNumber: .udp,
            minimumAddressLength: version.addressLength, maximumAddressLength: version.addressLength,
            services: [.connectionless, .messageOriented, .broadcast, .descriptor])
    }

    /// Whether this kernel has the family.
    public var availability: Availability {
        Availability(trying: { () throws(SocketError) in try makeSocket(type: .datagram, protocolNumber: .udp) })
    }

    /// Makes a TCP or UDP socket; declines if the kernel was built without the family.
    ///
    /// - Throws: WSAESOCKTNOSUPPORT for other types, WSAEPROTOTYPE if type and protocol are known but do not go together,
    ///   WSAEPROTONOSUPPORT for other protocols, WSAEMFILE, WSAENOBUFS.
    public func makeSocket(
        type: SocketType, protocolNumber: SocketProtocolNumber
    ) throws(SocketError) -> BackendAnswer {
        let kind = try kind(type: type, protocolNumber: protocolNumber)
        let descriptor: Int32
        do throws(Errno) {
            descriptor = try systemCall {
                system.calls.socket(
                    Int32(version.kernelFamily), type.rawValue | InternetSocket.creationFlags,
                    kind.protocolNumber.rawValue)
            }
        } catch .addressFamilyNotSupported {
            return .declined(reason: "this kernel has no \(name)")
        } catch {
            throw SocketError(error, operation: "make a \(kind.transport) socket")
        }
        let owned = OwnedDescriptor(FileDescriptor(rawValue: descriptor))
        return .socket(try InternetSocket(owned, kind: kind, version: version, system: system))
    }

    private func kind(type: SocketType, protocolNumber: SocketProtocolNumber) throws(SocketError) -> CatalogueEntry {
        func operation() -> String { "make a \(type) socket of \(name)" }
        guard let kind = catalogue.first(where: { $0.type == type }) else {
            throw SocketError(
                .WSAESOCKTNOSUPPORT, operation: operation(), reason: "the family has stream and datagram sockets only")
        }
        guard protocolNumber != .any, protocolNumber != kind.protocolNumber else { return kind }
        guard catalogue.contains(where: { $0.protocolNumber == protocolNumber }) else {
            throw SocketError(
                .WSAEPROTONOSUPPORT, operation: operation(), reason: "protocol \(protocolNumber.rawValue) is not known",
                advice: "Pass \(kind.protocolNumber.rawValue) for \(kind.transport), or 0.")
        }
        throw SocketError(
            .WSAEPROTOTYPE, operation: operation(),
            reason: "protocol \(protocolNumber.rawValue) does not go with this type",
            advice: "Pass \(kind.protocolNumber.rawValue) for \(kind.transport), or 0.")
    }

    /// Reads `127.0.0.1:27015`, `[::1]:27015`, `localhost:80` or `name:service`; looks names up.
    ///
    /// - Throws: WSAEINVAL with an example for anything else; WSAHOST_NOT_FOUND, WSATYPE_NOT_FOUND, WSATRY_AGAIN,
    ///   WSANO_RECOVERY or WSANO_DATA from the look-up.
    public func resolve(_ text: String) throws(SocketError) -> SocketAddress {
        try EndpointText(text, version: version).lookUp().socketAddress
    }

    /// Prints what `resolve` reads: `127.0.0.1:27015`, `[fe80::1%2]:80`.
    public func describe(_ address: SocketAddress) -> String {
        InternetAddress(address, version: version)?.description
            ?? "\(name) address of \(address.bytes.count) strange bytes \(address.bytes)"
    }
}
