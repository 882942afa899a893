// What arrives over the link, and the answers to what fits no connection (IrLMP 1.1, 3.2.2 and 3.5.4.3.2).
extension IrLMP {
    /// The information of an I frame.
    public mutating func received(_ information: [UInt8], at now: IrDAInstant) -> [IrLMPAction] {
        guard case .active(let peer) = link, let pdu = LMPDU(bytes: information), !pdu.source.isReserved,
            !pdu.destination.isReserved
        else { return [] }
        var actions: [IrLMPAction] = []
        let id = connections.first { $0.value.local == pdu.destination && $0.value.remote == pdu.source }?.key
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
        guard registered.contains(pdu.destination), accessMode == .multiplexed else {
            let reason: DisconnectReason = accessMode == .multiplexed ? .noClient : .unspecified
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
        guard let id, let connection = connections[id] else {
            if pdu.destination != .connectionless { actions.append(.send(notConnectedPDU(answering: pdu))) }
            return
        }
        switch connection.state {
        case .dataTransferReady: actions.append(.indicate(id, .data(payload)))
        case .setupPending, .setup, .connect: break
        }
    }
}
