import IrDAProtocol

extension ServiceBehaviour {
    /// How the connections of the service carry data.
    var transport: IrDATransport {
        switch self {
        case .echo, .sink, .source, .inbox, .program: .stream
        case .serial, .modem: .messages(maximumSize: nil)
        case .printer: .raw
        }
    }

    /// What the information base says of such a service by itself, unless it was told otherwise.
    func attributes(beside own: [IASAttribute]) -> [IASAttribute] {
        switch self {
        case .echo, .sink, .source, .inbox, .program, .printer: return []
        case .serial, .modem:
            guard !own.contains(where: { $0.name == IrCOMMOffer.attributeName }) else { return [] }
            return [IASAttribute(name: IrCOMMOffer.attributeName, value: .octets(PortServant.offer.bytes))]
        }
    }
}
