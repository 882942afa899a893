/// The information base of a device: what it offers, for peers to ask (IrLMP 1.1, 4).
public struct IASDatabase: Sendable, Hashable {
    /// The id of the Device object, which always exists.
    public static let deviceObjectID: UInt16 = 0

    /// The objects in the order they were added, the Device object first.
    public private(set) var objects: [IASObject]

    /// The optional operations that are answered.
    let operations: IASOperations
    private var lastID = IASDatabase.deviceObjectID

    /// An information base with the Device object alone: DeviceName, and IrLMPSupport (version 1).
    ///
    /// - Parameters:
    ///   - deviceName: the name; cut to 255 bytes.
    ///   - features: the optional features of the multiplexer (IrLMP 1.1, 5.1.2); none in a minimal stack.
    ///   - operations: the optional operations that are answered; none in a minimal stack.
    public init(deviceName: String, features: LMPFeatures = [], operations: IASOperations = []) {
        self.operations = operations
        objects = [
            IASObject(
                id: Self.deviceObjectID, className: "Device",
                attributes: [
                    IASAttribute(name: "DeviceName", value: .string(IASString(deviceName))),
                    IASAttribute(name: "IrLMPSupport", value: .octets([0x01, operations.rawValue, features.rawValue])),
                ])
        ]
    }

    /// Adds an object and returns its new id. Throws if a limit is exceeded; then nothing has changed.
    public mutating func add(className: IASName, attributes: [IASAttribute]) throws(IASError) -> UInt16 {
        try className.validate()
        try IASObject.validate(attributes)
        guard objects.count <= Int(UInt16.max) else { throw .tooManyObjects }
        // Ids are not reused before they have all been used, so that a peer with an old id finds nothing.
        let used = Set(objects.map(\.id))
        repeat { lastID &+= 1 } while used.contains(lastID)
        objects.append(IASObject(id: lastID, className: className, attributes: attributes))
        return lastID
    }

    /// Removes an object; false if there is none with this id or it is the Device object.
    @discardableResult
    public mutating func remove(id: UInt16) -> Bool {
        guard id != Self.deviceObjectID, let index = objects.firstIndex(where: { $0.id == id }) else { return false }
        objects.remove(at: index)
        return true
    }

    /// The object with this id.
    public func object(id: UInt16) -> IASObject? {
        objects.first { $0.id == id }
    }

    /// The objects of a class.
    public func objects(className: IASName) -> [IASObject] {
        objects.filter { $0.className == className }
    }

    /// Adds an attribute to an object. Throws if there is no such object or a limit is exceeded; then nothing has changed.
    public mutating func addAttribute(_ attribute: IASAttribute, to id: UInt16) throws(IASError) {
        guard let index = objects.firstIndex(where: { $0.id == id }) else { throw .noSuchObject(id) }
        let attributes = objects[index].attributes + [attribute]
        try IASObject.validate(attributes)
        objects[index].attributes = attributes
    }

    /// Changes an attribute of an object in its place, or adds it. Throws if there is no such object or a limit is exceeded;
    /// then nothing has changed.
    public mutating func setAttribute(_ attribute: IASAttribute, of id: UInt16) throws(IASError) {
        guard let index = objects.firstIndex(where: { $0.id == id }),
            let place = objects[index].attributes.firstIndex(where: { $0.name == attribute.name })
        else {
            try addAttribute(attribute, to: id)
            return
        }
        try attribute.value.validate()
        objects[index].attributes[place] = attribute
    }

    /// Changes the name in the Device object.
    mutating func setDeviceName(_ name: String) {
        let attribute = IASAttribute(name: "DeviceName", value: .string(IASString(name)))
        objects[0].attributes.removeAll { $0.name == attribute.name }
        objects[0].attributes.insert(attribute, at: 0)
    }

    /// Removes an attribute of an object; false if there is none.
    @discardableResult
    public mutating func removeAttribute(_ name: IASName, from id: UInt16) -> Bool {
        guard let index = objects.firstIndex(where: { $0.id == id }),
            let attribute = objects[index].attributes.firstIndex(where: { $0.name == name })
        else { return false }
        objects[index].attributes.remove(at: attribute)
        return true
    }

    /// What GetValueByClass answers.
    public func values(className: IASName, attribute: IASName) -> IASResult {
        let candidates = objects(className: className)
        guard !candidates.isEmpty else { return .noSuchClass }
        let entries = candidates.compactMap { object in
            object.value(of: attribute).map { IASEntry(objectID: object.id, value: $0) }
        }
        return entries.isEmpty ? .noSuchAttribute : .success(entries)
    }
}

/// What a multiplexer can do beyond what it must: byte 2 of IrLMPSupport (IrLMP 1.1, 5.1.2).
public struct LMPFeatures: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Makes a set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Reads a peer's IrLMPSupport; what cannot be read promises nothing.
    public init(support value: IASValue?) {
        guard case .octets(let octets) = value, octets.count >= 3 else {
            self = []
            return
        }
        self.init(rawValue: octets[2])
    }

    /// Exclusive mode.
    public static let exclusiveMode = Self(rawValue: 0x01)
    /// Data without a connection.
    public static let connectionless = Self(rawValue: 0x04)
}
