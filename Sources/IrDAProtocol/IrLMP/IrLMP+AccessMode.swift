/// Whether one LSAP connection has the link to itself, and who is about to (IrLMP 1.1, 3.5.2).
enum AccessModeState: Hashable, Sendable {
    /// All connections share the link (READY).
    case multiplexed
    /// We have asked for exclusive mode (EXCLUSIVE_PEND).
    case requesting(LSAPConnectionID)
    case exclusive(LSAPConnectionID)
    /// We have asked for the end of it (READY_PEND).
    case releasing(LSAPConnectionID)

    /// The connection that the others stand back for.
    var owner: LSAPConnectionID? {
        switch self {
        case .multiplexed: nil
        case .requesting(let id), .exclusive(let id), .releasing(let id): id
        }
    }

    /// Whether the owner has the link to itself, as far as both ends know.
    var isExclusive: Bool {
        switch self {
        case .exclusive, .releasing: true
        case .multiplexed, .requesting: false
        }
    }
}

// Exclusive mode: while one connection has the link, the others are idle and may not send, and no new ones come.
extension IrLMP {
    /// The text gives no length for the station's watchdog; that of a connect serves.
    private static let accessModeTime = watchdogTime

    /// Asks for the link to be this connection's alone; `accessMode` tells what came of it.
    ///
    /// Ask the peer's IrLMPSupport first: some stations never answer, and then the watchdog costs the link.
    public mutating func requestExclusiveMode(for id: LSAPConnectionID, at now: IrDAInstant) -> [IrLMPAction] {
        guard let connection = connections[id] else { return [] }
        switch accessMode {
        case .multiplexed where mayBecomeExclusive(id):
            accessMode = .requesting(id)
            return [
                .send(
                    LMPDU.accessModeRequest(
                        destination: connection.remote, source: connection.local, mode: .exclusive
                    ).bytes),
                .setTimer(.accessMode, now.advanced(by: Self.accessModeTime)),
            ]
        case .exclusive(id):
            return [.indicate(id, .accessMode(.exclusive))]
        case .multiplexed, .requesting, .exclusive, .releasing:
            return [.indicate(id, .accessMode(.multiplexed))]
        }
    }

    /// Gives the link back to all; that cannot be refused.
    public mutating func releaseExclusiveMode(of id: LSAPConnectionID, at now: IrDAInstant) -> [IrLMPAction] {
        guard let connection = connections[id], accessMode == .exclusive(id) else { return [] }
        accessMode = .releasing(id)
        return [
            .send(
                LMPDU.accessModeRequest(
                    destination: connection.remote, source: connection.local, mode: .multiplexed
                ).bytes),
            .setTimer(.accessMode, now.advanced(by: Self.accessModeTime)),
        ]
    }

    /// Whether a connection has to stand back for another.
    func isLocked(_ id: LSAPConnectionID) -> Bool { accessMode.owner.map { $0 != id } ?? false }

    /// The lock test of 3.5.2.3.4: the connection is in use, and all others are idle.
    private func mayBecomeExclusive(_ id: LSAPConnectionID) -> Bool {
        connections.allSatisfy { $0.value.state == .dataTransferReady && $0.value.isIdle == ($0.key != id) }
    }

    mutating func exclusiveModeRequested(
        _ pdu: LMPDU, _ id: LSAPConnectionID?, _ actions: inout [IrLMPAction]
    ) {
        guard supportsExclusiveMode else {
            actions.append(confirm(pdu, .unsupported, .multiplexed))
            return
        }
        guard let id else { return }
        switch accessMode {
        case .multiplexed where mayBecomeExclusive(id):
            accessMode = .exclusive(id)
            actions += [confirm(pdu, .success, .exclusive), .indicate(id, .accessMode(.exclusive))]
            tellOthers(than: id, .locked, &actions)
        case .multiplexed:
            actions.append(confirm(pdu, .failure, .multiplexed))
        case .requesting(id):  // Both asked at once for the same: no confirm is sent.
            settle(.exclusive(id), &actions)
        case .requesting:
            settle(.multiplexed, &actions)
        case .exclusive, .releasing:
            break
        }
    }

    mutating func multiplexedModeRequested(
        _ pdu: LMPDU, _ id: LSAPConnectionID?, _ actions: inout [IrLMPAction]
    ) {
        guard let id, accessMode.owner == id else { return }
        switch accessMode {
        case .exclusive:
            actions.append(confirm(pdu, .success, .multiplexed))
            settle(.multiplexed, &actions)
        case .releasing:
            settle(.multiplexed, &actions)
        case .multiplexed, .requesting:
            break
        }
    }

    mutating func accessModeConfirmed(_ status: AccessModeStatus, _ actions: inout [IrLMPAction]) {
        switch (accessMode, status) {
        case (.requesting(let id), .success): settle(.exclusive(id), &actions)
        case (.requesting, .failure), (.requesting, .unsupported), (.releasing, _): settle(.multiplexed, &actions)
        case (.multiplexed, _), (.exclusive, _): break
        }
    }

    /// The peer has not answered: the two may disagree about the mode, so the link has to go.
    mutating func accessModeUnanswered(_ actions: inout [IrLMPAction]) {
        guard accessMode != .multiplexed, case .active(let peer) = link else { return }
        settle(.multiplexed, &actions)
        link = .closing(peer)
        actions.append(.disconnectLink)
    }

    /// The end of the owner is the end of its mode, without a word on the air.
    mutating func unlock(ifOwnedBy id: LSAPConnectionID, _ actions: inout [IrLMPAction]) {
        guard accessMode.owner == id else { return }
        let wasExclusive = accessMode.isExclusive
        accessMode = .multiplexed
        actions.append(.cancelTimer(.accessMode))
        if wasExclusive { tellOthers(than: id, .unlocked, &actions) }
    }

    /// Comes to rest in a mode and tells the connection that it concerns.
    private mutating func settle(_ mode: AccessModeState, _ actions: inout [IrLMPAction]) {
        let before = accessMode
        accessMode = mode
        actions.append(.cancelTimer(.accessMode))
        guard let owner = before.owner else { return }
        actions.append(.indicate(owner, .accessMode(mode.isExclusive ? .exclusive : .multiplexed)))
        if mode.isExclusive != before.isExclusive {
            tellOthers(than: owner, mode.isExclusive ? .locked : .unlocked, &actions)
        }
    }

    /// The status service of 3.3.2.1.3: the users of the others learn that they have to stand back, and when no longer.
    private func tellOthers(
        than owner: LSAPConnectionID, _ indication: IrLMPIndication, _ actions: inout [IrLMPAction]
    ) {
        for id in connections.keys.sorted() where id != owner { actions.append(.indicate(id, indication)) }
    }

    private func confirm(_ pdu: LMPDU, _ status: AccessModeStatus, _ mode: AccessMode) -> IrLMPAction {
        .send(
            LMPDU.accessModeConfirm(destination: pdu.source, source: pdu.destination, status: status, mode: mode).bytes)
    }
}
