// TinyTP connections, the services that take them, and the way to a service by its name.
extension IrDAStack {
    /// A service that this station offers.
    struct Service: Sendable {
        let selector: LSAPSelector
        /// The object in the information base that leads to it; nil for a service that is known by its selector only.
        let object: UInt16?
    }

    /// A TinyTP connection.
    struct TransportConnection: Sendable {
        enum Phase: Hashable, Sendable {
            /// The service's selector is being asked for.
            case lookingUp
            /// The Connect waits for its confirm.
            case connecting
            /// A peer waits for our answer.
            case offered
            case open
        }

        let peer: DeviceAddress
        var phase: Phase
        var lsap: LSAPConnectionID?
        var transport = TinyTP()

        /// Whether we are waiting for the peer to let us in.
        var isOpening: Bool { phase == .lookingUp || phase == .connecting }
    }

    /// The class and attribute that lead to a TinyTP service (TinyTP 1.1, 3.1).
    static let selectorAttribute: IASName = "IrDA:TinyTP:LsapSel"

    // MARK: Offering services

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

    // MARK: Connecting

    /// Opens a connection; `connected` or `ended` follows.
    public mutating func connect(
        to target: IrDATarget, at peer: DeviceAddress, now: IrDAInstant
    ) -> (id: IrDAConnectionID, actions: [IrDAStackAction]) {
        let id = IrDAConnectionID(number: newNumber())
        var actions: [IrDAStackAction] = []
        switch target {
        case .service(let name):
            connections[id] = TransportConnection(peer: peer, phase: .lookingUp)
            _ = startQuery(Self.selectorAttribute, of: name, at: peer, for: id, now: now, &actions)
        case .selector(let selector):
            connections[id] = TransportConnection(peer: peer, phase: .connecting)
            openTransport(id, to: selector, patience: IrLMP.guessedSelectorTime, at: now, &actions)
        }
        return (id, actions)
    }

    /// The information base of the peer has answered, or not, for a connection by name.
    mutating func serviceLookedUp(
        _ id: IrDAConnectionID, _ outcome: IASQueryOutcome, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        guard connections[id]?.phase == .lookingUp else { return }
        switch outcome {
        case .answered(.success(let entries)):
            guard let selector = entries.lazy.compactMap({ $0.value.selector }).first else {
                end(id, .noSuchService, &actions)
                return
            }
            connections[id]?.phase = .connecting
            openTransport(id, to: selector, patience: IrLMP.watchdogTime, at: now, &actions)
        case .answered(.noSuchClass), .answered(.noSuchAttribute):
            end(id, .noSuchService, &actions)
        case .answered(.failed):
            end(id, .protocolViolation, &actions)
        case .failed(let reason):
            end(id, reason, &actions)
        }
    }

    private mutating func openTransport(
        _ id: IrDAConnectionID, to selector: LSAPSelector, patience: Duration, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard var connection = connections[id] else { return }
        let payload = connection.transport.connectPDU().bytes
        let (lsap, requests) = lmp.connect(
            to: selector, of: connection.peer, payload: payload, patience: patience, at: now)
        connection.lsap = lsap
        connections[id] = connection
        users[lsap] = .transport(id)
        perform(requests, at: now, &actions)
    }

    mutating func transportRequested(
        _ lsap: LSAPConnectionID, local: LSAPSelector, peer: DeviceAddress, payload: [UInt8], at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard let service = services.first(where: { $0.value.selector == local })?.key,
            let pdu = TinyTPConnectPDU(bytes: payload)
        else {
            perform(lmp.disconnect(lsap, at: now), at: now, &actions)
            return
        }
        let id = IrDAConnectionID(number: newNumber())
        var connection = TransportConnection(peer: peer, phase: .offered, lsap: lsap)
        connection.transport.peerConnected(pdu, segmentSize: segmentSize)
        connections[id] = connection
        users[lsap] = .transport(id)
        actions.append(.event(.incoming(id, service: service, peer: peer)))
    }

    /// Accepts a connection that a peer asked for.
    public mutating func accept(_ id: IrDAConnectionID, at now: IrDAInstant) -> [IrDAStackAction] {
        guard var connection = connections[id], connection.phase == .offered, let lsap = connection.lsap else {
            return []
        }
        connection.phase = .open
        let payload = connection.transport.connectPDU().bytes
        connections[id] = connection
        return collect { stack, actions in
            stack.perform(stack.lmp.accept(lsap, payload: payload), at: now, &actions)
        }
    }

    /// Ends a connection, refuses one that a peer asked for, or gives one up that has not come about.
    ///
    /// Data that was taken before still goes out. No event follows.
    public mutating func disconnect(_ id: IrDAConnectionID, at now: IrDAInstant) -> [IrDAStackAction] {
        guard let connection = connections.removeValue(forKey: id) else { return [] }
        return collect { stack, actions in
            if let lsap = connection.lsap {
                stack.users[lsap] = nil
                stack.perform(stack.lmp.disconnect(lsap, at: now), at: now, &actions)
            } else if let query = stack.queries.first(where: { $0.value.connection == id })?.key {
                stack.failQuery(query, .noResponse, at: now, &actions)
            }
        }
    }

    // MARK: Data

    /// How many bytes `send` would take now.
    public func sendRoom(_ id: IrDAConnectionID) -> Int {
        guard let connection = connections[id], connection.phase == .open else { return 0 }
        return connection.transport.sendRoom
    }

    /// Sends as many of the bytes as the peer has given credit for; when there is more room, `sendRoom` is an event.
    public mutating func send(
        _ bytes: some Collection<UInt8>, on id: IrDAConnectionID, at now: IrDAInstant
    ) -> (taken: Int, actions: [IrDAStackAction]) {
        let taken = min(bytes.count, sendRoom(id))
        guard taken > 0, let pdus = connections[id]?.transport.send(Array(bytes.prefix(taken))) else { return (0, []) }
        return (taken, collect { stack, actions in stack.send(pdus, on: id, at: now, &actions) })
    }

    /// Reports that so many received segments are out of the way, so that the peer may send as many more.
    public mutating func consumed(
        segments: Int, on id: IrDAConnectionID, at now: IrDAInstant
    ) -> [IrDAStackAction] {
        guard let pdus = connections[id]?.transport.consumed(segments: segments) else { return [] }
        return collect { stack, actions in stack.send(pdus, on: id, at: now, &actions) }
    }

    mutating func transportProgressed(
        _ id: IrDAConnectionID, _ indication: IrLMPIndication, on lsap: LSAPConnectionID, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard var connection = connections[id] else { return }
        switch indication {
        case .connected(let payload):
            guard let pdu = TinyTPConnectPDU(bytes: payload) else {
                violated(id, lsap, at: now, &actions)
                return
            }
            connection.transport.peerConnected(pdu, segmentSize: segmentSize)
            connection.phase = .open
            connections[id] = connection
            actions.append(.event(.connected(id)))
        case .data(let payload):
            guard let pdu = TinyTPDataPDU(bytes: payload) else {
                violated(id, lsap, at: now, &actions)
                return
            }
            let room = connection.transport.sendRoom
            do {
                let step = try connection.transport.receive(pdu)
                connections[id] = connection
                send(step.send, on: id, at: now, &actions)
                if !step.delivered.isEmpty { actions.append(.event(.received(id, step.delivered))) }
                if connection.transport.sendRoom > room { actions.append(.event(.sendRoom(id))) }
            } catch {
                violated(id, lsap, at: now, &actions)
            }
        case .disconnected(let reason):
            end(id, IrDAEndReason(reason), &actions)
        case .connectionRequested:
            break
        }
    }

    private mutating func violated(
        _ id: IrDAConnectionID, _ lsap: LSAPConnectionID, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        users[lsap] = nil
        perform(lmp.disconnect(lsap, reason: .unspecified, at: now), at: now, &actions)
        end(id, .protocolViolation, &actions)
    }

    private mutating func end(
        _ id: IrDAConnectionID, _ reason: IrDAEndReason, _ actions: inout [IrDAStackAction]
    ) {
        guard connections.removeValue(forKey: id) != nil else { return }
        actions.append(.event(.ended(id, reason)))
    }

    private mutating func send(
        _ pdus: [TinyTPDataPDU], on id: IrDAConnectionID, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        guard let lsap = connections[id]?.lsap else { return }
        for pdu in pdus {
            perform(lmp.send(pdu.bytes, on: lsap), at: now, &actions)
        }
    }

    /// What fits one data PDU: the peer's data size less two selectors and the TinyTP byte (TinyTP 1.1, 2.2).
    private var segmentSize: Int { maximumPayload - 1 }
}

/// Why a service cannot be offered.
public enum IrDAServiceError: Error, Hashable, Sendable {
    /// The selector is taken or out of range; nil: all are taken.
    case selectorUnavailable(LSAPSelector?)
    /// The object exceeds a limit of the information base.
    case invalidObject(IASError)
}

extension IASValue {
    /// The value as a selector that a service may have (TinyTP 1.1, 3.1).
    fileprivate var selector: LSAPSelector? {
        guard case .integer(let number) = self, let selector = LSAPSelector(exactly: number), selector.isUsable else {
            return nil
        }
        return selector
    }
}
