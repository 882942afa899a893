// TinyTP connections, and the way to a service by its name.
extension IrDAStack {
    /// A TinyTP connection.
    struct TransportConnection: Sendable {
        enum Phase: Hashable, Sendable {
            /// The peer is being asked whether it knows exclusive mode.
            case askingForExclusiveMode
            /// The service's selector is being asked for.
            case lookingUp
            /// The Connect waits for its confirm.
            case connecting
            /// The connection is there, and has asked for the link to be its alone.
            case locking
            /// A peer waits for our answer.
            case offered
            case open
        }

        let peer: DeviceAddress
        var phase: Phase
        /// What the connection is opened to; nil where the peer has opened it.
        var target: IrDATarget?
        /// Whether it wants the link to itself.
        var isExclusive = false
        var lsap: LSAPConnectionID?
        var transport = TinyTP()
        /// What came before the link was ours alone.
        var early: [[UInt8]] = []

        /// Whether we are waiting for the peer to let us in.
        var isOpening: Bool {
            switch phase {
            case .askingForExclusiveMode, .lookingUp, .connecting, .locking: true
            case .offered, .open: false
            }
        }
    }

    // MARK: Opening and ending

    /// Opens a connection; `connected` or `ended` follows.
    ///
    /// - Parameters:
    ///   - target: the service.
    ///   - peer: the device.
    ///   - exclusively: whether the link is to be this connection's alone (IrLMP 1.1, 3.5.2.3.4).
    ///   - now: the time.
    public mutating func connect(
        to target: IrDATarget, at peer: DeviceAddress, exclusively: Bool = false, now: IrDAInstant
    ) -> (id: IrDAConnectionID, actions: [IrDAStackAction]) {
        let id = IrDAConnectionID(number: newNumber())
        var actions: [IrDAStackAction] = []
        connections[id] = TransportConnection(
            peer: peer, phase: .askingForExclusiveMode, target: target, isExclusive: exclusively)
        if exclusively {
            // Some peers never answer a request for the mode, and some drop the link; so ask first whether they know it.
            _ = startQuery("IrLMPSupport", of: "Device", at: peer, for: .exclusiveMode(id), now: now, &actions)
        } else {
            open(id, now: now, &actions)
        }
        return (id, actions)
    }

    mutating func exclusiveModeLookedUp(
        _ id: IrDAConnectionID, _ outcome: IASQueryOutcome, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        switch outcome {
        case .answered(.success(let entries)) where LMPFeatures(support: entries.first?.value).contains(.exclusiveMode):
            open(id, now: now, &actions)
        case .answered:
            end(id, .exclusiveModeRefused, &actions)
        case .failed(let reason):
            end(id, reason, &actions)
        }
    }

    private mutating func open(_ id: IrDAConnectionID, now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        guard let connection = connections[id] else { return }
        switch connection.target {
        case .service(let name):
            connections[id]?.phase = .lookingUp
            _ = startQuery(
                Self.selectorAttribute, of: name, at: connection.peer, for: .service(id), now: now, &actions)
        case .selector(let selector):
            connections[id]?.phase = .connecting
            openTransport(id, to: selector, patience: IrLMP.guessedSelectorTime, at: now, &actions)
        case nil:
            break
        }
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
            } else if let query = stack.queries.first(where: { $0.value.purpose.connection == id })?.key {
                stack.failQuery(query, .noResponse, at: now, &actions)
            }
        }
    }

    // MARK: Data

    /// The most bytes of one PDU (IRLMP_SEND_PDU_LEN); nil if the connection is not open.
    public func segmentSize(of id: IrDAConnectionID) -> Int? {
        connections[id]?.phase == .open ? segmentSize : nil
    }

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
            connection.phase = connection.isExclusive ? .locking : .open
            connections[id] = connection
            if connection.isExclusive {
                perform(lmp.requestExclusiveMode(for: lsap, at: now), at: now, &actions)
            } else {
                actions.append(.event(.connected(id)))
            }
        case .accessMode(let mode):
            accessModeChanged(id, to: mode, lsap, at: now, &actions)
        case .data(let payload):
            guard let pdu = TinyTPDataPDU(bytes: payload) else {
                violated(id, lsap, at: now, &actions)
                return
            }
            let room = connection.transport.sendRoom
            do {
                let step = try connection.transport.receive(pdu)
                let isOpen = connection.phase == .open
                if !isOpen && !step.delivered.isEmpty { connection.early.append(step.delivered) }
                connections[id] = connection
                send(step.send, on: id, at: now, &actions)
                if isOpen && !step.delivered.isEmpty { actions.append(.event(.received(id, step.delivered))) }
                if isOpen && connection.transport.sendRoom > room { actions.append(.event(.sendRoom(id))) }
            } catch {
                violated(id, lsap, at: now, &actions)
            }
        case .disconnected(let reason):
            end(id, IrDAEndReason(reason), &actions)
        case .connectionRequested:
            break
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
            actions.append(.event(.connected(id)))
            for segment in connection.early { actions.append(.event(.received(id, segment))) }
        case .multiplexed:
            users[lsap] = nil
            perform(lmp.disconnect(lsap, at: now), at: now, &actions)
            end(id, .exclusiveModeRefused, &actions)
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

extension IASValue {
    /// The value as a selector that a service may have (TinyTP 1.1, 3.1).
    fileprivate var selector: LSAPSelector? {
        guard case .integer(let number) = self, let selector = LSAPSelector(exactly: number), selector.isUsable else {
            return nil
        }
        return selector
    }
}
