// What arrives over the link, and the answers to what fits no connection (IrLMP 1.1, 3.2.2 and 3.5.4.3.2).
extension IrLMP {
    /// The connection that a PDU belongs to.
    func connection(for pdu: LMPDU) -> (id: LSAPConnectionID, connection: Connection)? {
        connections.first { $0.value.local == pdu.destination && $0.value.remote == pdu.source }
            .map { ($0.key, $0.value) }
    }

    /// The connection whose data an I frame carries, where that changes nothing here: what `received` would say of it is `data`.
    ///
    /// - Returns: nil for everything else, which `received` has to see.
    func connection(withDataIn information: [UInt8]) -> LSAPConnectionID? {
        guard case .active = link, information.count >= LMPDU.dataHeader else { return nil }
        return connections.first { _, connection in
            connection.local.rawValue == information[0] && connection.remote.rawValue == information[1]
                && connection.state == .dataTransferReady && !connection.isIdle
        }?.key
    }

    /// The information of an I frame.
    public mutating func received(_ information: [UInt8], at now: IrDAInstant) -> [IrLMPAction] {
        guard case .active(let peer) = link, let pdu = LMPDU(bytes: information), !pdu.source.isReserved,
            !pdu.destination.isReserved
        else { return [] }
        var actions: [IrLMPAction] = []
        let id = connection(for: pdu)?.id
        switch pdu {
        case .connectRequest(_, _, let payload):
            connectRequested(pdu, payload, by: peer, existing: id, at: now, &actions)
        case .connectConfirm(_, _, let payload):
            connectConfirmed(pdu, payload, id, &actions)
        case .disconnect(_, _, let reason, _):
            guard let id else { break }
            end(id, .peer(reason), &actions)
        case .data(_, _, let payload):
            dataReceived(pdu, payload, id, &actions)
        case .accessModeRequest(_, _, .exclusive):
            exclusiveModeRequested(pdu, id, &actions)
        case .accessModeRequest(_, _, .multiplexed):
            multiplexedModeRequested(pdu, id, &actions)
        case .accessModeConfirm(_, _, let status, _):
            accessModeConfirmed(status, &actions)
        }
        startIdleTimerIfUnused(at: now, &actions)
        return actions
    }

    private mutating func connectRequested(
        _ pdu: LMPDU, _ payload: [UInt8], by peer: DeviceAddress, existing: LSAPConnectionID?, at now: IrDAInstant,
        _ actions: inout [IrLMPAction]
    ) {
        if let existing, let connection = connections[existing] {
            switch connection.state {
            case .dataTransferReady:  // Half open: the peer has forgotten it.
                actions.append(.send(disconnectPDU(connection, .halfOpen)))
                end(existing, .peer(.halfOpen), &actions)
            case .setup:
                end(existing, .race, &actions)
            case .connect, .setupPending:
                break
            }
            return
        }
        if let reason = refusal(of: pdu) {
            actions.append(
                .send(
                    LMPDU.disconnect(
                        destination: pdu.source, source: pdu.destination, reason: reason, payload: []
                    ).bytes))
            return
        }
        let id = newID()
        connections[id] = Connection(local: pdu.destination, remote: pdu.source, peer: peer, state: .connect)
        actions.append(.cancelTimer(.idle))
        actions.append(
            .indicate(id, .connectionRequested(local: pdu.destination, peer: peer, payload: payload)))
    }

    /// Why a Connect cannot be handed to a client; nil if it can.
    private func refusal(of pdu: LMPDU) -> DisconnectReason? {
        guard pdu.source.isUsable else { return .illegalSourceAddress }
        guard registered.contains(pdu.destination) else { return .noClient }
        return accessMode == .multiplexed ? nil : .unspecified
    }

    private mutating func connectConfirmed(
        _ pdu: LMPDU, _ payload: [UInt8], _ id: LSAPConnectionID?, _ actions: inout [IrLMPAction]
    ) {
        guard let id, let connection = connections[id] else {
            // A connection that was given up; a selector that never was one is no business of ours.
            if pdu.destination.isUsable { actions.append(.send(notConnectedPDU(answering: pdu))) }
            return
        }
        switch connection.state {
        case .setup:
            connections[id]?.state = .dataTransferReady
            actions += [.cancelTimer(.watchdog(id)), .indicate(id, .connected(payload: payload))]
        case .setupPending, .connect, .dataTransferReady:
            break
        }
    }

    private mutating func dataReceived(
        _ pdu: LMPDU, _ payload: [UInt8], _ id: LSAPConnectionID?, _ actions: inout [IrLMPAction]
    ) {
        if pdu.destination == .connectionless || pdu.source == .connectionless {
            if pdu.destination == pdu.source { actions.append(.indicateConnectionless(payload)) }
            return
        }
        guard let id, let connection = connections[id] else {
            actions.append(.send(notConnectedPDU(answering: pdu)))
            return
        }
        switch connection.state {
        case .dataTransferReady: actions.append(.indicate(id, .data(payload)))
        case .setupPending, .setup, .connect: break
        }
    }
}
