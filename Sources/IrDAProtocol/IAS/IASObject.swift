/// A named value of an object.
public struct IASAttribute: Sendable, Hashable {
    /// The name, unique within the object.
    public var name: IASName
    /// The value.
    public var value: IASValue

    /// An attribute from its parts.
    public init(name: IASName, value: IASValue) {
        self.name = name
        self.value = value
    }
}

/// An object of the information base: a service, or the device itself (IrLMP 1.1, 4.1).
public struct IASObject: Sendable, Hashable {
    /// The most attributes of an object.
    public static let maximumAttributes = 255

    /// The id, unique within the device; 0 is the Device object.
    public let id: UInt16
    /// The class; several objects may share it.
    public let className: IASName
    /// The attributes in the order they were added.
    public internal(set) var attributes: [IASAttribute]

    /// The value of an attribute; nil if the object has none of this name.
    public func value(of name: IASName) -> IASValue? {
        attributes.first { $0.name == name }?.value
    }

    /// Refuses a set of attributes beyond the limits (IrLMP 1.1, 4.3.3).
    static func validate(_ attributes: [IASAttribute]) throws(IASError) {
        if attributes.count > maximumAttributes { throw .tooManyAttributes }
        var names: Set<IASName> = []
        for attribute in attributes {
            try attribute.name.validate()
            try attribute.value.validate()
            guard names.insert(attribute.name).inserted else { throw .duplicateAttribute(attribute.name) }
        }
    }
}
