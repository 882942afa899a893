/// The link management multiplexer of one station (IrLMP 1.1): many LSAP connections over one IrLAP link.
///
/// A value without I/O or clock. Below it is a link that its owner runs; above it are the users of LSAP connections: the
/// information access service and TinyTP. The tables are those of section 3.5 of IrLMP 1.1.
public struct IrLMP: Sendable {
    /// The states of a link (IrLMP 1.1, 3.5.3), and the time between our request to end it and its end.
    enum LinkState: Hashable, Sendable {
        case standby
        case connecting(DeviceAddress)
        /// A peer's link that was accepted, and is not up yet.
        case accepting(DeviceAddress)
        case active(DeviceAddress)
        case closing(DeviceAddress)
    }

    /// The states of an LSAP connection (IrLMP 1.1, 3.5.4).
    enum ConnectionState: Hashable, Sendable {
        /// We want to connect and wait for the link.
        case setupPending
        /// Our Connect is sent.
        case setup
        /// The peer's Connect was indicated.
        case connect
        case dataTransferReady
    }

    struct Connection: Sendable {
        let local: LSAPSelector
        let remote: LSAPSelector
        let peer: DeviceAddress
        var state: ConnectionState
        var isIdle = false
        /// What goes out with our Connect.
        var payload: [UInt8] = []
        /// How long the peer may take to answer.
        var patience = IrLMP.watchdogTime
    }

    /// How long a selector that came from IAS may take to answer a Connect: at least 20 s (3.5.4.3.5).
    public static let watchdogTime = Duration.seconds(20)
    /// The same for a guessed selector, which some stacks never answer.
    public static let guessedSelectorTime = Duration.seconds(5)
    /// How long an unused link is kept, since a query is mostly followed by a connection (3.5.3.3.6).
    public static let idleTime = Duration.seconds(2)

    private var link = LinkState.standby
    private var connections: [LSAPConnectionID: Connection] = [:]
    private var registered: Set<LSAPSelector> = [.ias]
    private var lastNumber: UInt64 = 0

    /// Makes a station without connections; LSAP 0 is registered.
    public init() {}

    // MARK: What the users want

    /// Lets peers connect to this LSAP.
    ///
    /// - Returns: false if the selector is taken or out of range.
    public mutating func register(_ selector: LSAPSelector) -> Bool {
        guard selector.isUsable, !isTaken(selector) else { return false }
        registered.insert(selector)
        return true
    }

    /// Takes no more connections to this LSAP; those that exist go on.
    public mutating func unregister(_ selector: LSAPSelector) {
        registered.remove(selector)
    }

    /// A selector that nobody uses, from the dynamic range 10 to 6F; nil if there is none.
    public func unusedSelector() -> LSAPSelector? {
        (0x10...0x6F).lazy.map { LSAPSelector(rawValue: $0) }.first { !isTaken($0) }
    }

    /// Connects an LSAP of our own to one of another station, over a link that is set up if need be.
    ///
    /// - Parameters:
    ///   - payload: user data for the Connect, at most 60 bytes (3.3.2.1.1).
    ///   - patience: how long the peer may take to answer.
    public mutating func connect(
        to remote: LSAPSelector, of peer: DeviceAddress, payload: [UInt8] = [], patience: Duration = watchdogTime,
        at now: IrDAInstant
    ) -> (id: LSAPConnectionID, actions: [IrLMPAction]) {
        let id = newID()
        guard let local = unusedSelector() else {
            return (id, [.indicate(id, .disconnected(.selectorInUse))])
        }
        let connection = Connection(
            local: local, remote: remote, peer: peer, state: .setupPending, payload: payload, patience: patience)
        var actions: [IrLMPAction] = []
        switch link {
        case .standby:
            link = .connecting(peer)
            actions.append(.connectLink(peer))
        case .connecting(peer), .accepting(peer), .closing:
            break  // It goes on when the link is up, or is down and can be set up anew.
        case .active(peer):
            actions.append(.cancelTimer(.idle))
        case .active(let other) where connections.values.allSatisfy(\.isIdle):
            link = .closing(other)
            actions += [.cancelTimer(.idle), .disconnectLink]
        case .connecting(let other), .accepting(let other), .active(let other):
            return (id, [.indicate(id, .disconnected(.linkToAnotherDevice(other)))])
        }
        connections[id] = connection
        if link == .active(peer) { sendConnect(id, at: now, &actions) }
        return (id, actions)
    }

    /// Accepts a connection that was requested.
    public mutating func accept(_ id: LSAPConnectionID, payload: [UInt8] = []) -> [IrLMPAction] {
        guard let connection = connections[id], connection.state == .connect else { return [] }
        connections[id]?.state = .dataTransferReady
        return [
            .send(
                LMPDU.connectConfirm(
                    destination: connection.remote, source: connection.local, payload: payload
                ).bytes)
        ]
    }

    /// Sends data; nothing happens on a connection that is not ready for it.
    public func send(_ payload: [UInt8], on id: LSAPConnectionID) -> [IrLMPAction] {
        guard let connection = connections[id], connection.state == .dataTransferReady else { return [] }
        return [
            .send(LMPDU.data(destination: connection.remote, source: connection.local, payload: payload).bytes)
        ]
    }

    /// Marks a connection as needing the link, or not: an idle one does not keep the link up (3.3.2.1.4).
    public mutating func setIdle(_ isIdle: Bool, _ id: LSAPConnectionID, at now: IrDAInstant) -> [IrLMPAction] {
        guard connections[id] != nil else { return [] }
        connections[id]?.isIdle = isIdle
        var actions: [IrLMPAction] = []
        if isIdle { startIdleTimerIfUnused(at: now, &actions) } else { actions.append(.cancelTimer(.idle)) }
        return actions
    }

    /// Ends a connection, refuses one that was requested, or gives one up that has not come about.
    public mutating func disconnect(
        _ id: LSAPConnectionID, reason: DisconnectReason = .userRequest, at now: IrDAInstant
    ) -> [IrLMPAction] {
        guard let connection = connections.removeValue(forKey: id) else { return [] }
        var actions: [IrLMPAction] = [.cancelTimer(.watchdog(id))]
        switch connection.state {
        case .setupPending, .setup:
            break  // There is no cancel on the air; a late confirm finds nobody and is answered so.
        case .connect, .dataTransferReady:
            actions.append(.send(disconnectPDU(connection, reason)))
        }
        if case .connecting = link, connections.isEmpty {
            link = .standby
            actions.append(.disconnectLink)
        }
        startIdleTimerIfUnused(at: now, &actions)
        return actions
    }

    /// The station at the other end of the link, if there is one.
    public var peer: DeviceAddress? {
        switch link {
        case .standby: nil
        case .connecting(let peer), .accepting(let peer), .active(let peer), .closing(let peer): peer
        }
    }

    // MARK: What happens to the link

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
            // Whoever asked while the old link was being closed wants a new one.
            if case .closing = previous, connection.state == .setupPending, waiting ?? connection.peer == connection.peer {
                waiting = connection.peer
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
        case .accessModeRequest(_, _, let mode):
            // The answer of a station without exclusive mode (6.3.2); leaving that mode needs none.
            guard mode == .exclusive else { break }
            actions.append(
                .send(
                    LMPDU.accessModeConfirm(
                        destination: pdu.source, source: pdu.destination, status: .unsupported, mode: .multiplexed
                    ).bytes))
        case .accessModeConfirm:
            break
        }
        startIdleTimerIfUnused(at: now, &actions)
        return actions
    }

    /// A timer that was set has come due.
    public mutating func timerFired(_ timer: IrLMPTimer, at now: IrDAInstant) -> [IrLMPAction] {
        var actions: [IrLMPAction] = []
        switch timer {
        case .watchdog(let id):
            guard connections[id]?.state == .setup else { break }
            end(id, .noResponse, &actions)
            startIdleTimerIfUnused(at: now, &actions)
        case .idle:
            guard case .active(let peer) = link, isUnused else { break }
            link = .closing(peer)
            actions.append(.disconnectLink)
        }
        return actions
    }

    // MARK: PDUs

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
        guard registered.contains(pdu.destination) else {
            actions.append(
                .send(
                    LMPDU.disconnect(
                        destination: pdu.source, source: pdu.destination, reason: .noClient, payload: []
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

    // MARK: Helpers

    private mutating func newID() -> LSAPConnectionID {
        lastNumber += 1
        return LSAPConnectionID(number: lastNumber)
    }

    private func isTaken(_ selector: LSAPSelector) -> Bool {
        registered.contains(selector) || connections.values.contains { $0.local == selector }
    }

    private mutating func sendConnect(_ id: LSAPConnectionID, at now: IrDAInstant, _ actions: inout [IrLMPAction]) {
        guard let connection = connections[id], connection.state == .setupPending else { return }
        connections[id]?.state = .setup
        actions.append(
            .send(
                LMPDU.connectRequest(
                    destination: connection.remote, source: connection.local, payload: connection.payload
                ).bytes))
        actions.append(.setTimer(.watchdog(id), now.advanced(by: connection.patience)))
    }

    private mutating func end(
        _ id: LSAPConnectionID, _ reason: IrLMPDisconnectReason, _ actions: inout [IrLMPAction]
    ) {
        guard connections.removeValue(forKey: id) != nil else { return }
        actions += [.cancelTimer(.watchdog(id)), .indicate(id, .disconnected(reason))]
    }

    /// Whether no connection needs the link.
    private var isUnused: Bool { connections.values.allSatisfy(\.isIdle) }

    private func startIdleTimerIfUnused(at now: IrDAInstant, _ actions: inout [IrLMPAction]) {
        guard case .active = link, isUnused else { return }
        actions.append(.setTimer(.idle, now.advanced(by: Self.idleTime)))
    }

    private func disconnectPDU(_ connection: Connection, _ reason: DisconnectReason) -> [UInt8] {
        LMPDU.disconnect(
            destination: connection.remote, source: connection.local, reason: reason, payload: []
        ).bytes
    }

    private func notConnectedPDU(answering pdu: LMPDU) -> [UInt8] {
        LMPDU.disconnect(
            destination: pdu.source, source: pdu.destination, reason: .dataOnDisconnected, payload: []
        ).bytes
    }
}
