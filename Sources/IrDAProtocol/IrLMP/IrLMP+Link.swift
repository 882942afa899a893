// What happens to the link under the connections (IrLMP 1.1, 3.5.3).
extension IrLMP {
    /// A station asks for a link; links are always accepted (3.5.3). Who connects meanwhile waits for it.
    public mutating func linkRequested(by peer: DeviceAddress) -> [IrLMPAction] {
        link = .accepting(peer)
        return [.acceptLink]
    }

    /// The link is up, in whatever role.
    public mutating func linkConnected(to peer: DeviceAddress, at now: IrDAInstant) -> [IrLMPAction] {
        link = .active(peer)
        var actions: [IrLMPAction] = []
        for (id, connection) in connections.sorted(by: { $0.key < $1.key }) {
            if connection.peer == peer {
                sendConnect(id, at: now, &actions)
            } else {
                end(id, .linkToAnotherDevice(peer), &actions)
            }
        }
        startIdleTimerIfUnused(at: now, &actions)
        return actions
    }

    /// There is no link any more.
    public mutating func linkDisconnected(_ reason: IrLAPDisconnectReason, at now: IrDAInstant) -> [IrLMPAction] {
        var actions: [IrLMPAction] = [.cancelTimer(.idle)]
        let previous = link
        link = .standby
        var waiting: DeviceAddress?
        for (id, connection) in connections.sorted(by: { $0.key < $1.key }) {
            // Whoever asked while the old link was being closed wants a new one, which goes to the first.
            if case .closing = previous, connection.state == .setupPending {
                let device = waiting ?? connection.peer
                waiting = device
                if device != connection.peer { end(id, .linkToAnotherDevice(device), &actions) }
            } else {
                end(id, .link(reason), &actions)
            }
        }
        if let waiting {
            link = .connecting(waiting)
            actions.append(.connectLink(waiting))
        }
        return actions
    }

    /// A timer that was set has come due.
    public mutating func timerFired(_ timer: IrLMPTimer, at now: IrDAInstant) -> [IrLMPAction] {
        var actions: [IrLMPAction] = []
        switch timer {
        case .watchdog(let id):
            switch connections[id]?.state {
            case .setupPending, .setup:
                end(id, .noResponse, &actions)
                leaveLink(at: now, &actions)
            case .connect, .dataTransferReady, nil: break
            }
        case .accessMode:
            accessModeUnanswered(&actions)
        case .idle:
            guard case .active(let peer) = link, isUnused else { break }
            link = .closing(peer)
            actions.append(.disconnectLink)
        }
        return actions
    }
}
