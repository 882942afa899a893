import ArgumentParser
import IrDABackend
import IrDAProtocol
import SocketBackends

/// A service type as people write it.
enum ServiceTypeArgument: String, ExpressibleByArgument, CaseIterable {
    case auto
    case nineWire = "9-wire"
    case threeWire = "3-wire"
    case raw

    /// The type that is taken of those that a device offers; nil if it has none of them.
    func choice(among offered: IrCOMMServiceTypes) -> IrCOMMServiceTypes? {
        let wanted: [IrCOMMServiceTypes] =
            switch self {
            case .auto: [.nineWire, .threeWire, .threeWireRaw]
            case .nineWire: [.nineWire]
            case .threeWire: [.threeWire]
            case .raw: [.threeWireRaw]
            }
        return wanted.first(where: offered.contains)
    }
}

extension Session {
    /// What a device says of its port.
    ///
    /// - Throws: `Failure` if it has none.
    func portOffer(at device: IrDADeviceID, named name: String) throws -> IrCOMMOffer {
        let className = "\(IrCOMMOffer.className)"
        guard case .octets(let octets) = try query("\(IrCOMMOffer.attributeName)", of: className, at: device),
            let offer = IrCOMMOffer(bytes: octets)
        else { throw Failure("\(name) has no port behind infrared: no service \(className) with Parameters.") }
        guard !offer.hasUnknownDemands else {
            throw Failure(
                "\(name) demands something of who uses its port that is not known here (a critical parameter).")
        }
        return offer
    }

    /// Connects to a port.
    func connect(
        toPortOf device: IrDADeviceID, _ type: IrCOMMServiceTypes, className: String = "\(IrCOMMOffer.className)"
    ) throws(SocketError) -> InfraredConnection {
        var settings = IrDASocketSettings()
        let isRaw = type == .threeWireRaw
        if isRaw { settings.layer = .raw } else { settings.maximumMessage = 0 }
        let address = IrDAAddress(device: device, service: .name(className))
        return try InfraredConnection(
            infrared(for: "connect to \(address)"), to: address, kind: isRaw ? .stream : .messages, settings: settings)
    }
}
