public import SocketBackends

/// One kind of socket that can be made (WSAPROTOCOL_INFO).
public struct ProtocolInfo: Hashable, Sendable {
    /// What the transport promises (dwServiceFlags1).
    public var services: TransportServices
    /// How the entry stands in the catalogue (dwProviderFlags).
    public var flags: ProviderFlags
    /// Whose entry it is (ProviderId): the same for all entries of a backend.
    public var providerID: ProviderID
    /// The entry's number (dwCatalogEntryId): 1001 for the first.
    public var entryID: UInt32
    /// The family (iAddressFamily).
    public var family: AddressFamily
    /// The most bytes of an address (iMaxSockAddr).
    public var maximumAddressLength: Int
    /// The fewest bytes of an address (iMinSockAddr).
    public var minimumAddressLength: Int
    /// The socket type (iSocketType).
    public var type: SocketType
    /// The protocol (iProtocol).
    public var protocolNumber: SocketProtocolNumber
    /// The longest message (dwMessageSize): 0 for a stream, 1 if it depends on the network.
    public var messageSize: UInt32
    /// What people call it (szProtocol): `inet [TCP/IP]`.
    public var name: String

    /// How many providers the entry chains (ProtocolChain.ChainLen): always one, a base provider.
    public var chainLength: Int { 1 }
    /// The version of the protocol (iVersion).
    public var version: Int { 2 }

    init(_ row: CatalogueRow, entryID: UInt32) {
        let entry = row.entry
        services = entry.services
        flags = .matchesProtocolZero
        providerID = row.providerID
        self.entryID = entryID
        family = row.family
        maximumAddressLength = entry.maximumAddressLength
        minimumAddressLength = entry.minimumAddressLength
        type = entry.type
        protocolNumber = entry.protocolNumber
        messageSize = entry.services.contains(.messageOriented) ? 1 : 0
        name = "\(row.backend) [\(entry.transport)]"
    }
}

/// How an entry stands in the catalogue: the PFL flags.
public struct ProviderFlags: OptionSet, Hashable, Sendable {
    /// The bits of dwProviderFlags.
    public let rawValue: UInt32

    /// Makes a set from its bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// PFL_MATCHES_PROTOCOL_ZERO: a socket of this type can be had with protocol 0.
    public static let matchesProtocolZero = Self(rawValue: 8)
}
