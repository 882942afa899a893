// Data without a promise: on a connection (3.3.3.1.2), and without one (3.3.3.1.3).
extension IrLMP {
    /// Sends data on a connection in a UI frame: it may be lost, doubled, or overtake data that was sent before.
    ///
    /// - Returns: the actions; none on a connection that is not ready for data.
    public func sendUnitData(_ payload: [UInt8], on id: LSAPConnectionID) -> [IrLMPAction] {
        guard let connection = connections[id], connection.state == .dataTransferReady, !isLocked(id) else { return [] }
        return [
            .sendUnitData(LMPDU.data(destination: connection.remote, source: connection.local, payload: payload).bytes)
        ]
    }

    /// Sends data that belongs to no connection, selectors 70 and 70: over the link, or to all without one.
    ///
    /// - Returns: the actions; nil in exclusive mode, which allows none, and while a link is being set up or taken down.
    public func sendConnectionless(_ payload: [UInt8]) -> [IrLMPAction]? {
        guard accessMode == .multiplexed else { return nil }
        switch link {
        case .standby, .active: break
        case .connecting, .accepting, .closing: return nil
        }
        return [
            .sendUnitData(LMPDU.data(destination: .connectionless, source: .connectionless, payload: payload).bytes)
        ]
    }

    /// The information of a UI frame: inside the link, or broadcast by a station that has none.
    ///
    /// Control PDUs travel in I frames only; one in a UI frame is discarded (3.2.2).
    public func receivedUnitData(_ information: [UInt8]) -> [IrLMPAction] {
        guard let pdu = LMPDU(bytes: information), case .data(let destination, let source, let payload) = pdu else {
            return []
        }
        if destination == .connectionless && source == .connectionless { return [.indicateConnectionless(payload)] }
        // Outside a link there are no connections that it could belong to.
        guard case .active = link, source < .connectionless, destination < .connectionless else { return [] }
        guard let (id, connection) = connection(for: pdu) else { return [.send(notConnectedPDU(answering: pdu))] }
        switch connection.state {
        case .dataTransferReady: return [.indicate(id, .unitData(payload))]
        case .setupPending, .setup, .connect: return []
        }
    }

    /// The selectors of a connection, ours and the peer's; nil once it is over.
    public func selectors(of id: LSAPConnectionID) -> (local: LSAPSelector, remote: LSAPSelector)? {
        connections[id].map { ($0.local, $0.remote) }
    }
}
