// What this station offers: services, and the objects of its information base.
extension IrDAStack {
    /// A service that this station offers.
    struct Service: Sendable {
        let selector: LSAPSelector
        /// The object in the information base that leads to it; nil for a service that is known by its selector only.
        let object: UInt16?
    }

    /// The class and attribute that lead to a TinyTP service (TinyTP 1.1, 3.1).
    static let selectorAttribute: IASName = "IrDA:TinyTP:LsapSel"

    /// Offers a service: takes a selector and, if the service has a name, puts it into the information base.
    ///
    /// - Parameters:
    ///   - className: the class that peers look for; nil for a service that is known by its selector only.
    ///   - selector: a selector of choice; nil takes an unused one.
    ///   - attributes: further attributes of the object.
    /// - Throws: `IrDAServiceError` if there is no selector, or if the object exceeds a limit.
    public mutating func offer(
        className: IASName?, selector: LSAPSelector? = nil, attributes: [IASAttribute] = []
    ) throws(IrDAServiceError) -> (id: IrDAServiceID, selector: LSAPSelector) {
        guard let chosen = selector ?? lmp.unusedSelector(), lmp.register(chosen) else {
            throw .selectorUnavailable(selector)
        }
        var object: UInt16?
        if let className {
            do {
                object = try database.add(
                    className: className,
                    attributes: [
                        IASAttribute(name: Self.selectorAttribute, value: .integer(Int32(chosen.rawValue)))
                    ] + attributes)
            } catch {
                lmp.unregister(chosen)
                throw .invalidObject(error)
            }
        }
        let id = IrDAServiceID(number: newNumber())
        services[id] = Service(selector: chosen, object: object)
        return (id, chosen)
    }

    /// Takes no more connections to a service.
    public mutating func withdraw(_ id: IrDAServiceID) {
        guard let service = services.removeValue(forKey: id) else { return }
        lmp.unregister(service.selector)
        if let object = service.object { database.remove(id: object) }
    }

    /// Sets an attribute in the information base: of the object of this class, which is made if there is none.
    ///
    /// - Returns: the object.
    /// - Throws: `IASError` if a limit is exceeded.
    public mutating func setAttribute(_ attribute: IASAttribute, of className: IASName) throws(IASError) -> UInt16 {
        guard let object = database.objects(className: className).first(where: { $0.id != IASDatabase.deviceObjectID })
        else { return try database.add(className: className, attributes: [attribute]) }
        let previous = object.value(of: attribute.name)
        database.removeAttribute(attribute.name, from: object.id)
        do throws(IASError) {
            try database.addAttribute(attribute, to: object.id)
        } catch {
            if let previous {
                try database.addAttribute(IASAttribute(name: attribute.name, value: previous), to: object.id)
            }
            throw error
        }
        return object.id
    }

    /// Takes an attribute out of the information base, and its object with the last of them.
    public mutating func removeAttribute(_ name: IASName, from object: UInt16) {
        database.removeAttribute(name, from: object)
        if database.object(id: object)?.attributes.isEmpty == true { database.remove(id: object) }
    }
}

/// Why a service cannot be offered.
public enum IrDAServiceError: Error, Hashable, Sendable {
    /// The selector is taken or out of range; nil: all are taken.
    case selectorUnavailable(LSAPSelector?)
    /// The object exceeds a limit of the information base.
    case invalidObject(IASError)
}
