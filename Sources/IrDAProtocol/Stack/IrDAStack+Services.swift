// What this station offers: services, and the objects of its information base.
extension IrDAStack {
    /// A service that this station offers.
    struct Service: Sendable {
        let selector: LSAPSelector
        let transport: IrDATransport
        /// The object in the information base that leads to it; nil for a service that is known by its selector only.
        let object: UInt16?
    }

    /// The LSAP-SELs to which peers can connect, that of the information base among them.
    public var offeredSelectors: Set<LSAPSelector> { lmp.registered }

    /// Offers a service: takes a selector and, if the service has a name, puts it into the information base.
    ///
    /// - Parameters:
    ///   - className: the class that peers look for; nil for a service that is known by its selector only. Several services
    ///     may share one: a peer takes the first.
    ///   - transport: how its connections carry data.
    ///   - selector: a selector of choice; nil takes an unused one.
    ///   - attributes: further attributes of the object.
    /// - Returns: the number of the service, and its selector.
    /// - Throws: `IrDAServiceError` if there is no selector, or if the object exceeds a limit.
    public mutating func offer(
        className: IASName?, transport: IrDATransport = .stream, selector: LSAPSelector? = nil,
        attributes: [IASAttribute] = []
    ) throws(IrDAServiceError) -> (id: IrDAServiceID, selector: LSAPSelector) {
        guard let chosen = selector ?? lmp.unusedSelector(), lmp.register(chosen) else {
            throw .selectorUnavailable(selector)
        }
        var object: UInt16?
        if let className, let attribute = transport.selectorAttributes.first {
            do {
                object = try database.add(
                    className: className,
                    attributes: [
                        IASAttribute(name: attribute, value: .integer(Int32(chosen.rawValue)))
                    ] + attributes)
            } catch {
                lmp.unregister(chosen)
                throw .invalidObject(error)
            }
        }
        let id = IrDAServiceID(number: newNumber())
        services[id] = Service(selector: chosen, transport: transport, object: object)
        return (id, chosen)
    }

    /// Takes no more connections to a service.
    public mutating func withdraw(_ id: IrDAServiceID) {
        guard let service = services.removeValue(forKey: id) else { return }
        lmp.unregister(service.selector)
        if let object = service.object { database.remove(id: object) }
    }
}

/// Why a service cannot be offered.
public enum IrDAServiceError: Error, Hashable, Sendable {
    /// The selector is taken or out of range; nil: all are taken.
    case selectorUnavailable(LSAPSelector?)
    /// The object exceeds a limit of the information base.
    case invalidObject(IASError)
}
