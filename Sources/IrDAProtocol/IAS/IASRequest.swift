/// The operations of an information base besides GetValueByClass, which all have: byte 1 of IrLMPSupport (IrLMP 1.1, 5.1.2).
public struct IASOperations: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Makes a set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Reads a peer's IrLMPSupport; what cannot be read promises nothing.
    public init(support value: IASValue?) {
        guard case .octets(let octets) = value, octets.count >= 2 else {
            self = []
            return
        }
        self.init(rawValue: octets[1])
    }

    /// GetInfoBaseDetails.
    public static let infoBaseDetails = Self(rawValue: 0x01)
    /// GetObjects.
    public static let objects = Self(rawValue: 0x02)
    /// GetValue.
    public static let value = Self(rawValue: 0x04)
    /// GetObjectInfo.
    public static let objectInfo = Self(rawValue: 0x10)
    /// GetAttributeNames.
    public static let attributeNames = Self(rawValue: 0x20)
    /// All of them.
    public static let all: Self = [.infoBaseDetails, .objects, .value, .objectInfo, .attributeNames]
}

/// A question to an information base (IrLMP 1.1, 4.3.6).
public enum IASRequest: Hashable, Sendable {
    /// How many objects there are (GetInfoBaseDetails; optional).
    case infoBaseDetails
    /// The objects from an id on, at most so many, of one class or of all (GetObjects; optional).
    case objects(from: UInt16, maximum: UInt16, className: IASName?)
    /// Attributes of one object (GetValue; optional).
    case values(object: UInt16, attributes: [IASName])
    /// An attribute of every object of a class (GetValueByClass).
    case valueByClass(className: IASName, attribute: IASName)
    /// Which attribute slots of an object are in use (GetObjectInfo; optional).
    case objectInfo(UInt16)
    /// The names of an object's attributes from a slot on, at most so many (GetAttributeNames; optional).
    case attributeNames(object: UInt16, from: UInt16, maximum: UInt8)

    /// More names than this in one GetValue are too many for our server.
    static let mostNames = 64
    /// The longest arguments that our server gathers: those of a GetValue with as many names as it takes.
    static let longestArguments = 4 + mostNames * (1 + IASName.maximumLength)

    /// The operation code.
    var operation: UInt8 {
        switch self {
        case .infoBaseDetails: 0x01
        case .objects: 0x02
        case .values: 0x03
        case .valueByClass: 0x04
        case .objectInfo: 0x05
        case .attributeNames: 0x06
        }
    }

    /// Refuses names beyond the limits.
    func validate() throws(IASError) {
        switch self {
        case .infoBaseDetails, .objectInfo, .attributeNames: break
        case .objects(_, _, let className): try className?.validate()
        case .values(_, let attributes): for name in attributes { try name.validate() }
        case .valueByClass(let className, let attribute):
            try className.validate()
            try attribute.validate()
        }
    }

    /// The arguments as transmitted.
    var arguments: [UInt8] {
        switch self {
        case .infoBaseDetails: []
        case .objects(let first, let maximum, let className):
            first.bigEndianBytes + maximum.bigEndianBytes + (className?.wireBytes ?? [0])
        case .values(let object, let attributes):
            object.bigEndianBytes + UInt16(clamping: attributes.count).bigEndianBytes
                + attributes.prefix(Int(UInt16.max)).flatMap(\.wireBytes)
        case .valueByClass(let className, let attribute): className.wireBytes + attribute.wireBytes
        case .objectInfo(let object): object.bigEndianBytes
        case .attributeNames(let object, let first, let maximum):
            object.bigEndianBytes + first.bigEndianBytes + [maximum]
        }
    }

    /// Reads received arguments; nil if the operation is unknown, or they are cut off or hold a name that is too long.
    init?(operation: UInt8, arguments: [UInt8]) {
        var reader = ByteReader(arguments)
        switch operation {
        case 0x01:
            self = .infoBaseDetails
        case 0x02:
            guard let first = reader.bigEndian16(), let maximum = reader.bigEndian16(),
                let className = IASName(from: &reader)
            else { return nil }
            self = .objects(from: first, maximum: maximum, className: className.bytes.isEmpty ? nil : className)
        case 0x03:
            guard let object = reader.bigEndian16(), let count = reader.bigEndian16() else { return nil }
            var attributes: [IASName] = []
            for _ in 0..<count {
                // One name more than is taken is enough to know that there are too many.
                if attributes.count > Self.mostNames { break }
                guard let name = IASName(from: &reader) else { return nil }
                attributes.append(name)
            }
            self = .values(object: object, attributes: attributes)
        case 0x04:
            guard let className = IASName(from: &reader), let attribute = IASName(from: &reader) else { return nil }
            self = .valueByClass(className: className, attribute: attribute)
        case 0x05:
            guard let object = reader.bigEndian16() else { return nil }
            self = .objectInfo(object)
        case 0x06:
            guard let object = reader.bigEndian16(), let first = reader.bigEndian16(), let maximum = reader.byte()
            else {
                return nil
            }
            self = .attributeNames(object: object, from: first, maximum: maximum)
        default:
            return nil
        }
    }
}

extension UInt16 {
    /// High byte first, as information bases have it.
    var bigEndianBytes: [UInt8] { [UInt8(self >> 8), UInt8(truncatingIfNeeded: self)] }
}
