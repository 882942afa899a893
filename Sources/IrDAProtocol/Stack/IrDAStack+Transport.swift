// Connections: how they come about, and the way to a service by its name.
extension IrDAStack {
    /// The user data of a connect request or confirm that is sure to fit, whatever TinyTP adds (TinyTP 1.1, 2.2.1).
    public static let longestConnectData = 52

    /// Opens a connection; `connected` or `ended` follows.
    ///
    /// - Parameters:
    ///   - target: the service.
    ///   - peer: the device.
    ///   - own: our LSAP, of a service that we offer; nil for an unused one.
    ///   - transport: how the connection carries its data; the service has to be of the same kind.
    ///   - exclusively: whether the link is to be this connection's alone (IrLMP 1.1, 3.5.2.3.4).
    ///   - data: user data for the connect request, at most `longestConnectData`; mostly none.
    ///   - now: the time.
    /// - Returns: the number of the connection, and what to do.
    public mutating func connect(
        to target: IrDATarget, at peer: DeviceAddress, from own: LSAPSelector? = nil,
        transport: IrDATransport = .stream, exclusively: Bool = false, data: [UInt8] = [], now: IrDAInstant
    ) -> (id: IrDAConnectionID, actions: [IrDAStackAction]) {
        let id = IrDAConnectionID(number: newNumber())
        connections[id] = TransportConnection(
            peer: peer, phase: .askingForExclusiveMode, transport: transport, target: target, isExclusive: exclusively)
        connections[id]?.ownSelector = own
        connections[id]?.ownConnectData = Array(data.prefix(Self.longestConnectData))
        counters.connectsAttempted += 1
        let actions = collect(at: now) { stack, actions in
            if exclusively {
                // Some peers never answer a request for the mode, and some drop the link; so ask first whether they know it.
                _ = stack.startQuery(
                    .valueByClass(className: "Device", attribute: "IrLMPSupport"), at: peer, for: .exclusiveMode(id),
                    now: now, &actions)
            } else {
                stack.open(id, now: now, &actions)
            }
        }
        return (id, actions)
    }

    mutating func exclusiveModeLookedUp(
        _ id: IrDAConnectionID, _ outcome: IASQueryOutcome, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        switch outcome {
        case .answered(.success(let entries)) where LMPFeatures(support: entries.first?.value).contains(.exclusiveMode):
            open(id, now: now, &actions)
        case .answered, .replied:
            end(id, .exclusiveModeRefused, &actions)
        case .failed(let reason):
            end(id, reason, &actions)
        }
    }

    private mutating func open(_ id: IrDAConnectionID, now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        switch connections[id]?.target {
        case .service(let name):
            lookUp(name, for: id, tried: 0, now: now, &actions)
        case .selector(let selector):
            openTransport(id, to: selector, patience: IrLMP.guessedSelectorTime, at: now, &actions)
        case nil:
            break
        }
    }

    private mutating func lookUp(
        _ className: IASName, for id: IrDAConnectionID, tried: Int, now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard let connection = connections[id] else { return }
        connections[id]?.phase = .lookingUp(tried: tried)
        let attribute = connection.machine.kind.selectorAttributes[tried]
        _ = startQuery(
            .valueByClass(className: className, attribute: attribute), at: connection.peer, for: .service(id), now: now,
            &actions)
    }

    /// The information base of the peer has answered, or not, for a connection by name.
    mutating func serviceLookedUp(
        _ id: IrDAConnectionID, _ outcome: IASQueryOutcome, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        guard let connection = connections[id], case .lookingUp(let tried) = connection.phase,
            case .service(let name) = connection.target
        else { return }
        switch outcome {
        case .answered(.success(let entries)):
            // Several objects may share the class; the first that leads anywhere is taken (IrLMP 1.1, 4.1).
            guard let selector = entries.lazy.compactMap({ $0.value.selector }).first else {
                end(id, .noSuchService, &actions)
                return
            }
            openTransport(id, to: selector, patience: IrLMP.watchdogTime, at: now, &actions)
        case .answered(.noSuchAttribute) where tried + 1 < connection.machine.kind.selectorAttributes.count:
            lookUp(name, for: id, tried: tried + 1, now: now, &actions)
        case .answered(.noSuchClass), .answered(.noSuchAttribute):
            end(id, .noSuchService, &actions)
        case .answered(.failed), .replied:
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
        let payload = connection.machine.connectPayload(connection.ownConnectData)
        let (lsap, requests) = lmp.connect(
            to: selector, of: connection.peer, from: connection.ownSelector, payload: payload, patience: patience,
            at: now)
        connection.phase = .connecting
        connection.lsap = lsap
        connection.selectors = lmp.selectors(of: lsap)
        connections[id] = connection
        users[lsap] = .transport(id)
        perform(requests, at: now, &actions)
    }

    // MARK: From the peer

    mutating func transportRequested(
        _ lsap: LSAPConnectionID, local: LSAPSelector, peer: DeviceAddress, payload: [UInt8], at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard let (serviceID, service) = services.first(where: { $0.value.selector == local }) else {
            perform(lmp.disconnect(lsap, reason: .noClient, at: now), at: now, &actions)
            return
        }
        var connection = TransportConnection(peer: peer, phase: .offered, transport: service.transport, lsap: lsap)
        connection.selectors = lmp.selectors(of: lsap)
        guard let said = connection.machine.peerConnected(payload, maximumPayload: maximumPayload) else {
            counters.protocolErrors += 1
            perform(lmp.disconnect(lsap, at: now), at: now, &actions)
            return
        }
        connection.connectData = said
        let id = IrDAConnectionID(number: newNumber())
        connections[id] = connection
        users[lsap] = .transport(id)
        actions.append(.event(.incoming(id, service: serviceID, peer: peer)))
    }

    /// Accepts a connection that a peer asked for.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - data: user data for the confirm, at most `longestConnectData`; mostly none.
    ///   - now: the time.
    /// - Returns: what to do.
    public mutating func accept(
        _ id: IrDAConnectionID, data: [UInt8] = [], at now: IrDAInstant
    ) -> [IrDAStackAction] {
        guard var connection = connections[id], connection.phase == .offered, let lsap = connection.lsap else {
            return []
        }
        connection.phase = .open
        let payload = connection.machine.connectPayload(Array(data.prefix(Self.longestConnectData)))
        connections[id] = connection
        counters.connectionsOpened += 1
        return collect(at: now) { stack, actions in
            stack.perform(stack.lmp.accept(lsap, payload: payload), at: now, &actions)
        }
    }

    mutating func transportProgressed(
        _ id: IrDAConnectionID, _ indication: IrLMPIndication, on lsap: LSAPConnectionID, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        switch indication {
        case .connected(let payload): confirmed(id, payload, lsap, at: now, &actions)
        case .accessMode(let mode): accessModeChanged(id, to: mode, lsap, at: now, &actions)
        case .data(let payload): dataReceived(id, payload[...], lsap, at: now, &actions)
        case .unitData(let payload):
            guard connections[id]?.phase == .open, !payload.isEmpty else { break }
            counters.unitDataReceived += 1
            actions.append(.event(.unitData(id, payload)))
        case .locked: actions.append(.event(.locked(id)))
        case .unlocked: actions.append(.event(.unlocked(id)))
        case .disconnected(let reason): end(id, IrDAEndReason(reason), &actions)
        case .connectionRequested: break
        }
    }

    private mutating func confirmed(
        _ id: IrDAConnectionID, _ payload: [UInt8], _ lsap: LSAPConnectionID, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard var connection = connections[id], connection.phase == .connecting else { return }
        guard let said = connection.machine.peerConnected(payload, maximumPayload: maximumPayload) else {
            fail(id, .protocolViolation, lsap, at: now, &actions)
            return
        }
        connection.connectData = said
        connection.machine.introduce()
        connection.phase = connection.isExclusive ? .locking : .open
        connections[id] = connection
        if connection.isExclusive {
            perform(lmp.requestExclusiveMode(for: lsap, at: now), at: now, &actions)
        } else {
            counters.connectionsOpened += 1
            actions.append(.event(.connected(id)))
            enterSendOrder(id)
        }
    }

    private mutating func accessModeChanged(
        _ id: IrDAConnectionID, to mode: AccessMode, _ lsap: LSAPConnectionID, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        guard let connection = connections[id], connection.phase == .locking else { return }
        switch mode {
        case .exclusive:
            connections[id]?.phase = .open
            connections[id]?.early = []
            counters.connectionsOpened += 1
            actions.append(.event(.connected(id)))
            for unit in connection.early { deliver(unit, to: id, &actions) }
            enterSendOrder(id)
        case .multiplexed:
            fail(id, .exclusiveModeRefused, lsap, reason: .userRequest, at: now, &actions)
        }
    }
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
