// The end of connections: by our user, after what it has sent; by the peer; or since they cannot go on.
extension IrDAStack {
    /// Ends a connection, refuses one that a peer asked for, or gives one up that has not come about.
    ///
    /// Data that was taken before still goes out, which may have to wait for the peer's credit (TinyTP 1.1, 2.2.2); when that
    /// is done, or after `drainTime`, `closed` follows for a connection that was open. Nothing else follows, and the number
    /// can be used for nothing any more.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - dropsUnsentData: end it at once instead, with what has not been sent yet lost.
    ///   - reason: what the peer is told.
    ///   - payload: user data with the Disconnect, at most 60 bytes; it may get lost (IrLMP 1.1, 3.3.2.1.2).
    ///   - now: the time.
    /// - Returns: what to do.
    public mutating func disconnect(
        _ id: IrDAConnectionID, dropsUnsentData: Bool = false, reason: DisconnectReason = .userRequest,
        payload: [UInt8] = [], at now: IrDAInstant
    ) -> [IrDAStackAction] {
        guard let connection = connections[id], connection.phase != .closing else { return [] }
        return collect(at: now) { stack, actions in
            if connection.phase == .open && connection.machine.queuedBytes > 0 && !dropsUnsentData {
                stack.connections[id]?.phase = .closing
                stack.connections[id]?.farewell = payload
                actions.append(.setTimer(.closing(id), now.advanced(by: Self.drainTime)))
                // It still has its time, but no claim to the link any more: another device may wait for it.
                if let lsap = connection.lsap {
                    stack.perform(stack.lmp.setIdle(true, lsap, at: now), at: now, &actions)
                }
                // What it has received is nobody's any more.
                stack.holdBackIfCongested(connection.machine.kind, at: now, &actions)
                return
            }
            stack.connections[id] = nil
            if let lsap = connection.lsap {
                stack.users[lsap] = nil
                stack.perform(
                    stack.lmp.disconnect(lsap, reason: reason, payload: payload, at: now), at: now, &actions)
            } else if let query = stack.queries.first(where: { $0.value.purpose.connection == id })?.key {
                stack.failQuery(query, .noResponse, at: now, &actions)
            }
            stack.holdBackIfCongested(connection.machine.kind, at: now, &actions)
            if connection.phase == .open { actions.append(.event(.closed(id))) }
        }
    }

    /// The last data of a connection that its user has left is gone, or will not go.
    mutating func finishClosing(_ id: IrDAConnectionID, at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        guard let connection = connections[id], connection.phase == .closing else { return }
        connections[id] = nil
        actions.append(.cancelTimer(.closing(id)))
        if let lsap = connection.lsap {
            users[lsap] = nil
            perform(lmp.disconnect(lsap, payload: connection.farewell, at: now), at: now, &actions)
        }
        actions.append(.event(.closed(id)))
    }

    /// Ends a connection that cannot go on.
    mutating func fail(
        _ id: IrDAConnectionID, _ outcome: IrDAEndReason, _ lsap: LSAPConnectionID,
        reason: DisconnectReason = .unspecified, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        if outcome == .protocolViolation { counters.protocolErrors += 1 }
        users[lsap] = nil
        perform(lmp.disconnect(lsap, reason: reason, at: now), at: now, &actions)
        let transport = connections[id]?.machine.kind
        end(id, outcome, &actions)
        if let transport { holdBackIfCongested(transport, at: now, &actions) }
    }

    mutating func end(
        _ id: IrDAConnectionID, _ reason: IrDAEndReason, _ actions: inout [IrDAStackAction]
    ) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        if connection.isOpening { counters.connectsFailed += 1 }
        if connection.phase == .closing {
            // Its user has gone already, and waits for nothing but the end of it.
            actions += [.cancelTimer(.closing(id)), .event(.closed(id))]
        } else {
            let lost = connection.machine.queuedBytes + bytesInFrames(of: connection)
            if connection.phase == .open && lost > 0 { actions.append(.event(.dropped(id, bytes: lost))) }
            actions.append(.event(.ended(id, reason)))
        }
    }
}
