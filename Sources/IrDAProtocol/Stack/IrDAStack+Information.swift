// The information access service: asking other stations, and answering them (IrLMP 1.1, section 4).
extension IrDAStack {
    /// A query that is under way.
    struct Query: Sendable {
        let lsap: LSAPConnectionID
        let request: IASRequest
        var client: IASClient?
        let purpose: Purpose

        /// Who needs the answer.
        enum Purpose: Hashable, Sendable {
            case user
            /// A connection that looks for its service.
            case service(IrDAConnectionID)
            /// A connection that wants the link to itself.
            case exclusiveMode(IrDAConnectionID)

            /// The connection that waits.
            var connection: IrDAConnectionID? {
                switch self {
                case .user: nil
                case .service(let id), .exclusiveMode(let id): id
                }
            }
        }
    }

    /// Asks a station for an attribute of all objects of a class; `queryEnded` follows, with `answered`.
    public mutating func query(
        _ attribute: IASName, of className: IASName, at peer: DeviceAddress, now: IrDAInstant
    ) -> (id: IASQueryID, actions: [IrDAStackAction]) {
        ask(.valueByClass(className: className, attribute: attribute), at: peer, now: now)
    }

    /// Asks a station's information base anything; `queryEnded` follows, with `replied` for the optional operations.
    ///
    /// What a station supports is in IrLMPSupport of its Device object (`IASOperations`). Some stations never answer what they do
    /// not know; the question then ends after `queryTime`.
    public mutating func ask(
        _ request: IASRequest, at peer: DeviceAddress, now: IrDAInstant
    ) -> (id: IASQueryID, actions: [IrDAStackAction]) {
        var id = IASQueryID(number: 0)
        let actions = collect(at: now) { stack, actions in
            id = stack.startQuery(request, at: peer, for: .user, now: now, &actions)
        }
        return (id, actions)
    }

    /// Gives a question up; no event follows.
    public mutating func cancelQuery(_ id: IASQueryID, at now: IrDAInstant) -> [IrDAStackAction] {
        guard let query = queries.removeValue(forKey: id) else { return [] }
        return collect(at: now) { stack, actions in
            stack.users[query.lsap] = nil
            actions.append(.cancelTimer(.query(id)))
            stack.perform(stack.lmp.disconnect(query.lsap, at: now), at: now, &actions)
        }
    }

    // MARK: Our own information base

    /// Adds an object to the information base; several may have one class.
    ///
    /// - Parameters:
    ///   - className: its class.
    ///   - attributes: its attributes.
    /// - Returns: its number.
    /// - Throws: `IASError` if it exceeds a limit of IrLMP 1.1, 4.3.
    public mutating func addObject(
        className: IASName, attributes: [IASAttribute]
    ) throws(IASError) -> UInt16 {
        try database.add(className: className, attributes: attributes)
    }

    /// Removes an object from the information base; not the Device object.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public mutating func removeObject(_ id: UInt16) -> Bool { database.remove(id: id) }

    /// Sets an attribute of an object: changes it, or adds it.
    ///
    /// - Throws: `IASError` if there is no such object or a limit is exceeded; then nothing has changed.
    public mutating func setAttribute(_ attribute: IASAttribute, ofObject id: UInt16) throws(IASError) {
        try database.setAttribute(attribute, of: id)
    }

    /// Sets an attribute in the information base: of the object of this class, which is made if there is none.
    ///
    /// - Returns: the object.
    /// - Throws: `IASError` if a limit is exceeded.
    public mutating func setAttribute(_ attribute: IASAttribute, of className: IASName) throws(IASError) -> UInt16 {
        guard let object = database.objects(className: className).first(where: { $0.id != IASDatabase.deviceObjectID })
        else { return try database.add(className: className, attributes: [attribute]) }
        try database.setAttribute(attribute, of: object.id)
        return object.id
    }

    /// Takes an attribute out of the information base, and its object with the last of them.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public mutating func removeAttribute(_ name: IASName, from object: UInt16) -> Bool {
        guard object != IASDatabase.deviceObjectID, database.removeAttribute(name, from: object) else { return false }
        if database.object(id: object)?.attributes.isEmpty == true { database.remove(id: object) }
        return true
    }

    mutating func startQuery(
        _ request: IASRequest, at peer: DeviceAddress, for purpose: Query.Purpose, now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) -> IASQueryID {
        let id = IASQueryID(number: newNumber())
        let (lsap, requests) = lmp.connect(to: .ias, of: peer, at: now)
        users[lsap] = .query(id)
        counters.queriesAsked += 1
        queries[id] = Query(lsap: lsap, request: request, purpose: purpose)
        perform(requests, at: now, &actions)
        return id
    }

    mutating func queryProgressed(
        _ id: IASQueryID, _ indication: IrLMPIndication, on lsap: LSAPConnectionID, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard var query = queries[id] else { return }
        switch indication {
        case .connected:
            var client = IASClient(maximumPayload: maximumPayload)
            do {
                let requests = try client.ask(query.request)
                query.client = client
                queries[id] = query
                actions.append(.setTimer(.query(id), now.advanced(by: Self.queryTime)))
                send(requests, on: lsap, at: now, &actions)
            } catch {
                failQuery(id, .noSuchService, at: now, &actions)
            }
        case .data(let payload):
            guard let step = query.client?.receive(payload) else { return }
            queries[id] = query
            send(step.send, on: lsap, at: now, &actions)
            if let reply = step.reply {
                endQuery(id, IASQueryOutcome(reply, to: query.request), at: now, &actions)
            } else if !step.send.isEmpty {
                // A long answer takes its time; each part of it shows that the peer is at work.
                actions.append(.setTimer(.query(id), now.advanced(by: Self.queryTime)))
            }
        case .disconnected(let reason):
            endQuery(id, .failed(IrDAEndReason(reason)), at: now, &actions)
        case .connectionRequested, .accessMode, .locked, .unlocked, .unitData:
            break
        }
    }

    mutating func failQuery(
        _ id: IASQueryID, _ reason: IrDAEndReason, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        endQuery(id, .failed(reason), at: now, &actions)
    }

    private mutating func endQuery(
        _ id: IASQueryID, _ outcome: IASQueryOutcome, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        guard let query = queries.removeValue(forKey: id) else { return }
        users[query.lsap] = nil
        actions.append(.cancelTimer(.query(id)))
        switch query.purpose {
        case .user: actions.append(.event(.queryEnded(id, outcome)))
        case .service(let connection): serviceLookedUp(connection, outcome, at: now, &actions)
        case .exclusiveMode(let connection): exclusiveModeLookedUp(connection, outcome, at: now, &actions)
        }
        // Last, so that a connection that follows finds the link still in use.
        perform(lmp.disconnect(query.lsap, at: now), at: now, &actions)
    }

    // MARK: Answering

    mutating func serveInformationBase(
        _ lsap: LSAPConnectionID, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        users[lsap] = .iasServer(IASServer(maximumPayload: maximumPayload))
        perform(lmp.accept(lsap), at: now, &actions)
        // A client may keep its connection between queries; it does not keep the link (4.4).
        perform(lmp.setIdle(true, lsap, at: now), at: now, &actions)
    }

    mutating func informationBaseAsked(
        _ server: IASServer, _ indication: IrLMPIndication, on lsap: LSAPConnectionID, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard case .data(let payload) = indication else { return }
        counters.queriesServed += 1
        var server = server
        let answers = server.receive(payload, database: database)
        users[lsap] = .iasServer(server)
        send(answers, on: lsap, at: now, &actions)
    }

    private mutating func send(
        _ payloads: [[UInt8]], on lsap: LSAPConnectionID, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        for payload in payloads {
            perform(lmp.send(payload, on: lsap), at: now, &actions)
        }
    }

    /// The user data that fits one LM PDU on this link.
    var maximumPayload: Int { (linkParameters?.transmit.dataSize ?? DataSize.bytes64.bytes) - 2 }
}

extension IASQueryOutcome {
    fileprivate init(_ reply: IASReply, to request: IASRequest) {
        if case .valueByClass = request {
            self = .answered(IASResult(reply))
        } else {
            self = .replied(reply)
        }
    }
}
