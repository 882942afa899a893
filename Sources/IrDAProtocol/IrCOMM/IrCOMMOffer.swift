/// What a device says of its port in the information base: the attribute Parameters of class IrDA:IrCOMM (IrCOMM 1.0, 6.2).
public struct IrCOMMOffer: Hashable, Sendable {
    /// The class.
    public static let className: IASName = "IrDA:IrCOMM"
    /// The attribute that holds an offer.
    public static let attributeName: IASName = "Parameters"

    /// The ways in which it can be reached.
    public var serviceTypes: IrCOMMServiceTypes
    /// What it is; both if nothing is known.
    public var portTypes: IrCOMMPortTypes
    /// The name of the only port that this is; nil without one.
    public var portName: [UInt8]?
    /// Whether it says something that has to be understood before connecting, and is not.
    public var hasUnknownDemands: Bool

    private static let critical: UInt8 = 0x80
    private static let serviceTypeID: UInt8 = 0x00
    private static let portTypeID: UInt8 = 0x01
    private static let portNameID: UInt8 = 0x82
    private static let longestPortName = 32

    /// An offer from its parts.
    public init(
        serviceTypes: IrCOMMServiceTypes, portTypes: IrCOMMPortTypes = [.serial, .parallel], portName: [UInt8]? = nil
    ) {
        self.serviceTypes = serviceTypes
        self.portTypes = portTypes
        self.portName = portName
        hasUnknownDemands = false
    }

    /// The attribute's octets. A name longer than 32 bytes is cut.
    public var bytes: [UInt8] {
        var bytes = [Self.serviceTypeID, 1, serviceTypes.rawValue]
        if portTypes != [.serial, .parallel] { bytes += [Self.portTypeID, 1, portTypes.rawValue] }
        if let name = portName?.prefix(Self.longestPortName), !name.isEmpty {
            bytes += [Self.portNameID, UInt8(name.count)] + name
        }
        return bytes
    }

    /// Reads the attribute's octets; nil without service types, which are mandatory. What is cut off at the end is ignored.
    public init?(bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        var types: IrCOMMServiceTypes?
        self.init(serviceTypes: [])
        while let id = reader.byte(), let length = reader.byte(), let value = reader.bytes(Int(length)) {
            switch id & ~Self.critical {
            case Self.serviceTypeID: types = value.first.map(IrCOMMServiceTypes.init(rawValue:)) ?? types
            case Self.portTypeID:
                // Linux says 0 for a serial port; that says nothing.
                if let bits = value.first, bits & 0x03 != 0 { portTypes = IrCOMMPortTypes(rawValue: bits & 0x03) }
            case Self.portNameID & ~Self.critical: portName = value.isEmpty ? nil : value
            default: if id & Self.critical != 0 { hasUnknownDemands = true }
            }
        }
        guard let types else { return nil }
        serviceTypes = types
    }
}
