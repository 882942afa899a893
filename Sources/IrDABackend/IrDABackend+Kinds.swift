import SocketBackends

// The kinds of socket, and how programs ask for them. Winsock documents streams alone; the others are those of linux/irda.h.
extension IrDABackend {
    /// IRDAPROTO_ULTRA (linux/irda.h); on a stream the same number is IRDA_PROTO_SOCK_STREAM (af_irda.h).
    static let ultraProtocol = SocketProtocolNumber(rawValue: 1)

    /// The kind that a type and a protocol ask for; nil if there is none.
    static func kind(of type: SocketType, _ protocolNumber: SocketProtocolNumber) -> IrDASocketKind? {
        switch (type, protocolNumber) {
        case (.stream, .any), (.stream, .irdaStream): .stream
        case (.sequencedPacket, .any): .messages
        case (.datagram, .any): .unitData
        case (.datagram, ultraProtocol): .ultra
        default: nil
        }
    }
}

extension IrDASocketKind {
    /// What WSAEnumProtocols tells of it.
    var catalogueEntry: CatalogueEntry {
        switch self {
        // TinyTP has no end of one direction (TinyTP 1.1, 4.2), so no graceful close.
        case .stream:
            entry("IrDA TinyTP", .stream, .irdaStream, [.guaranteedDelivery, .guaranteedOrder, .descriptor])
        case .messages:
            entry(
                "IrDA TinyTP messages", .sequencedPacket, .any,
                [.guaranteedDelivery, .guaranteedOrder, .messageOriented, .descriptor])
        case .unitData:
            entry("IrDA unit data", .datagram, .any, [.messageOriented, .descriptor])
        case .ultra:
            entry(
                "IrDA Ultra", .datagram, IrDABackend.ultraProtocol,
                [.connectionless, .messageOriented, .broadcast, .descriptor])
        }
    }

    private func entry(
        _ transport: String, _ type: SocketType, _ protocolNumber: SocketProtocolNumber, _ services: TransportServices
    ) -> CatalogueEntry {
        CatalogueEntry(
            transport: transport, type: type, protocolNumber: protocolNumber,
            minimumAddressLength: IrDAAddress.minimumLength, maximumAddressLength: IrDAAddress.length,
            services: services)
    }
}
