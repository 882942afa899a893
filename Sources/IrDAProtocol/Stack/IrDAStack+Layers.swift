// What the layers tell each other: actions of IrLAP and IrLMP, and what they indicate.
extension IrDAStack {
    mutating func perform(
        _ lapActions: consuming [IrLAPAction], at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        for action in copy lapActions {
            switch action {
            case .transmit(let frames): actions.append(.transmit(frames))
            case .setBaudRate(let rate): actions.append(.setBaudRate(rate))
            case .setTimer(let timer, let moment): actions.append(.setTimer(.lap(timer), moment))
            case .cancelTimer(let timer): actions.append(.cancelTimer(.lap(timer)))
            case .indicate(let indication): indicated(indication, at: now, &actions)
            }
        }
        lap.reuse(lapActions)
    }

    private mutating func indicated(
        _ indication: IrLAPIndication, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        switch indication {
        case .discoveryEnded(let outcome):
            discoveryEnded(outcome, at: now, &actions)
        case .discovered(let record):
            discovered(record, at: now, &actions)
        case .connectionRequested(let peer):
            perform(lmp.linkRequested(by: peer), at: now, &actions)
        case .connected(let peer, let role, let parameters):
            linkState = LinkState(peer: peer, role: role, parameters: parameters, since: now)
            counters.links += 1
            actions.append(.event(.linkConnected(peer: peer, role: role, parameters: parameters)))
            perform(lmp.linkConnected(to: peer, at: now), at: now, &actions)
        case .disconnected(let reason):
            linkEnded(reason, at: now, &actions)
        case .data(let information):
            if let lsap = lmp.connection(withDataIn: information), case .transport(let id) = users[lsap] {
                dataReceived(id, information.dropFirst(LMPDU.dataHeader), lsap, at: now, &actions)
            } else {
                perform(lmp.received(information, at: now), at: now, &actions)
            }
        case .unitData(let information):
            perform(lmp.receivedUnitData(information), at: now, &actions)
        case .noActivity:
            linkState?.isStalled = true
            actions.append(.event(.linkStalled))
        case .reset(let stage):
            resetIndicated(stage, at: now, &actions)
        case .role(.changed(let role)):
            linkState?.role = role
        case .role(.denied):
            break  // Then all stays as it is.
        case .addressChanged(let address):
            actions.append(.event(.addressChanged(address)))
        case .conflictResolved(_, let records):
            for record in records { cache.note(record, isPassive: false, at: now) }
        }
    }

    /// A reset loses data that no layer above would send again, so the link goes instead, with everything on it (3.5.3).
    private mutating func resetIndicated(
        _ stage: ResetIndication, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        switch stage {
        case .peer, .protocolError:
            linkState?.isResetting = true
            perform(lap.disconnect(at: now), at: now, &actions)
        case .done:
            break
        }
    }

    mutating func linkEnded(
        _ reason: IrLAPDisconnectReason, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        var reason = reason
        if let state = linkState.take() {
            if state.isResetting && reason == .requested { reason = .protocolError }
            cache.excuse(state.since.duration(to: now))
            cache.heard(state.peer, at: now)
            if reason == .linkLost || reason == .protocolError { counters.linksLost += 1 }
        }
        endsWhenDrained = false
        drainDeadline = nil
        sendOrder.removeAll()  // All that carried data ends with the link.
        actions.append(.event(.linkDisconnected(reason)))
        perform(lmp.linkDisconnected(reason, at: now), at: now, &actions)
    }

    /// The discovery that a link had to wait for is over.
    mutating func connectDeferred(at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        // A peer whose connection ended the discovery brings the link that is waited for, or one that rules it out.
        guard let peer = deferredLink.take(), lap.peer == nil else { return }
        connectLink(to: peer, at: now, &actions)
    }

    private mutating func connectLink(to peer: DeviceAddress, at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        let sleeps = cache.devices.contains { $0.record.address == peer && $0.record.isSniffing }
        perform(
            sleeps ? lap.connect(toSniffer: peer, at: now) : lap.connect(to: peer, at: now), at: now, &actions)
    }

    mutating func perform(_ lmpActions: [IrLMPAction], at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        for action in lmpActions {
            switch action {
            case .connectLink(let peer):
                if isDiscovering {
                    deferredLink = peer
                } else {
                    connectLink(to: peer, at: now, &actions)
                }
            case .acceptLink: perform(lap.acceptConnection(at: now), at: now, &actions)
            case .disconnectLink:
                if deferredLink.take() == nil { endLink(at: now, &actions) }
            case .send(let information): lap.queue(information)
            case .sendUnitData(let information):
                perform(lap.sendUnitData(information, at: now) ?? [], at: now, &actions)
            case .indicateConnectionless(let payload): connectionlessReceived(payload, &actions)
            case .setTimer(let timer, let moment):
                if timer == .idle { drainDeadline = nil }
                actions.append(.setTimer(.lmp(timer), moment))
            case .cancelTimer(let timer):
                if timer == .idle { drainDeadline = nil }
                actions.append(.cancelTimer(.lmp(timer)))
            case .indicate(let id, let indication): indicated(indication, on: id, at: now, &actions)
            }
        }
    }

    /// Whether all that was taken has arrived, from those too who have gone since.
    var isDrained: Bool { lap.isDrained && !connections.values.contains { $0.phase == .closing } }

    /// Whether a link that nobody needs has to wait for what is on its way; the first answer begins the time that it may.
    mutating func waitsForDrain(at now: IrDAInstant) -> Bool {
        if isDrained { return false }
        let deadline = drainDeadline ?? now.advanced(by: Self.drainTime)
        drainDeadline = deadline
        return now < deadline
    }

    /// Ends a link that nobody needs any more; what was taken for it goes first.
    ///
    /// Whoever waits for it asks again with every frame: a peer that says nothing at all loses the link in any case.
    mutating func endLink(at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        endsWhenDrained = waitsForDrain(at: now)
        if !endsWhenDrained { perform(lap.disconnect(at: now), at: now, &actions) }
    }

    /// Hands what happened on an LSAP connection to its user.
    private mutating func indicated(
        _ indication: IrLMPIndication, on lsap: LSAPConnectionID, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        if case .connectionRequested(let local, let peer, let payload) = indication {
            if local == .ias {
                serveInformationBase(lsap, at: now, &actions)
            } else {
                transportRequested(lsap, local: local, peer: peer, payload: payload, at: now, &actions)
            }
            return
        }
        switch users[lsap] {
        case .iasServer(let server): informationBaseAsked(server, indication, on: lsap, at: now, &actions)
        case .query(let id): queryProgressed(id, indication, on: lsap, at: now, &actions)
        case .transport(let id): transportProgressed(id, indication, on: lsap, at: now, &actions)
        case nil: break
        }
        if case .disconnected = indication { users[lsap] = nil }
    }
}
