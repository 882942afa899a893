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
        /// How long the link may take to come up, and then the peer to answer.
        var patience = IrLMP.watchdogTime
    }

    /// How long a selector that came from IAS may take to answer a Connect: at least 20 s (3.5.4.3.5).
    public static let watchdogTime = Duration.seconds(20)
    /// The same for a guessed selector, which some stacks never answer.
    public static let guessedSelectorTime = Duration.seconds(5)
    /// How long an unused link is kept, since a query is mostly followed by a connection (3.5.3.3.6).
    public static let idleTime = Duration.seconds(2)

    var link = LinkState.standby
    var connections: [LSAPConnectionID: Connection] = [:]
    var registered: Set<LSAPSelector> = [.ias]
    var accessMode = AccessModeState.multiplexed
    private var lastNumber: UInt64 = 0

    /// Whether this station knows exclusive mode (IrLMPSupport, IrLMP 1.1, 5.1.2).
    let supportsExclusiveMode: Bool

    /// Makes a station without connections; LSAP 0 is registered.
    public init(supportsExclusiveMode: Bool = true) {
        self.supportsExclusiveMode = supportsExclusiveMode
    }

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
    ///   - remote: the peer's LSAP.
    ///   - peer: the station.
    ///   - own: our LSAP; nil, or one that has a connection to this LSAP already, for an unused one.
    ///   - payload: user data for the Connect, at most 60 bytes (3.3.2.1.1).
    ///   - patience: how long the link may take to come up, and then the peer to answer (3.5.4: SETUP_PEND and SETUP).
    ///   - now: the time.
    public mutating func connect(
        to remote: LSAPSelector, of peer: DeviceAddress, from own: LSAPSelector? = nil, payload: [UInt8] = [],
        patience: Duration = watchdogTime, at now: IrDAInstant
    ) -> (id: LSAPConnectionID, actions: [IrLMPAction]) {
        let id = newID()
        guard accessMode == .multiplexed else {
            return (id, [.indicate(id, .disconnected(.lockedOut))])
        }
        // A pair of selectors names one connection (3.2.2).
        let chosen = own.flatMap { own in
            connections.values.contains { $0.local == own && $0.remote == remote && $0.peer == peer } ? nil : own
        }
        guard let local = chosen ?? unusedSelector() else {
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
        if link == .active(peer) {
            sendConnect(id, at: now, &actions)
        } else {
            actions.append(.setTimer(.watchdog(id), now.advanced(by: patience)))
        }
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
        guard let connection = connections[id], connection.state == .dataTransferReady, !isLocked(id) else { return [] }
        return [
            .send(LMPDU.data(destination: connection.remote, source: connection.local, payload: payload).bytes)
        ]
    }

    /// Begins the information of an I frame with data, whose user data the caller appends.
    ///
    /// - Returns: whether the connection is ready for data.
    func beginData(on id: LSAPConnectionID, in information: inout [UInt8]) -> Bool {
        guard let connection = connections[id], connection.state == .dataTransferReady, !isLocked(id) else {
            return false
        }
        information.append(connection.remote.rawValue)
        information.append(connection.local.rawValue)
        return true
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
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - reason: what the peer is told.
    ///   - payload: user data for the Disconnect, at most 60 bytes, whose delivery is not guaranteed (3.3.2.1.2).
    ///   - now: the time.
    public mutating func disconnect(
        _ id: LSAPConnectionID, reason: DisconnectReason = .userRequest, payload: [UInt8] = [], at now: IrDAInstant
    ) -> [IrLMPAction] {
        guard let connection = connections.removeValue(forKey: id) else { return [] }
        var actions: [IrLMPAction] = [.cancelTimer(.watchdog(id))]
        unlock(ifOwnedBy: id, &actions)
        switch connection.state {
        case .setupPending, .setup:
            break  // There is no cancel on the air; a late confirm finds nobody and is answered so.
        case .connect, .dataTransferReady:
            actions.append(.send(disconnectPDU(connection, reason, payload)))
        }
        leaveLink(at: now, &actions)
        return actions
    }

    /// The station at the other end of the link, if there is one.
    public var peer: DeviceAddress? {
        switch link {
        case .standby: nil
        case .connecting(let peer), .accepting(let peer), .active(let peer), .closing(let peer): peer
        }
    }

    // MARK: Helpers

    mutating func newID() -> LSAPConnectionID {
        lastNumber += 1
        return LSAPConnectionID(number: lastNumber)
    }

    private func isTaken(_ selector: LSAPSelector) -> Bool {
        registered.contains(selector) || connections.values.contains { $0.local == selector }
    }

    mutating func sendConnect(_ id: LSAPConnectionID, at now: IrDAInstant, _ actions: inout [IrLMPAction]) {
        guard let connection = connections[id], connection.state == .setupPending else { return }
        connections[id]?.state = .setup
        actions.append(
            .send(
                LMPDU.connectRequest(
                    destination: connection.remote, source: connection.local, payload: connection.payload
                ).bytes))
        actions.append(.setTimer(.watchdog(id), now.advanced(by: connection.patience)))
    }

    mutating func end(
        _ id: LSAPConnectionID, _ reason: IrLMPDisconnectReason, _ actions: inout [IrLMPAction]
    ) {
        guard connections.removeValue(forKey: id) != nil else { return }
        unlock(ifOwnedBy: id, &actions)
        actions += [.cancelTimer(.watchdog(id)), .indicate(id, .disconnected(reason))]
    }

    /// A connection is gone: nobody else may want the link that is being set up, or need the one that is there.
    mutating func leaveLink(at now: IrDAInstant, _ actions: inout [IrLMPAction]) {
        if case .connecting = link, connections.isEmpty {
            link = .standby
            actions.append(.disconnectLink)
        }
        startIdleTimerIfUnused(at: now, &actions)
    }

    /// Whether no connection needs the link.
    var isUnused: Bool { connections.values.allSatisfy(\.isIdle) }

    func startIdleTimerIfUnused(at now: IrDAInstant, _ actions: inout [IrLMPAction]) {
        guard case .active = link, isUnused else { return }
        actions.append(.setTimer(.idle, now.advanced(by: Self.idleTime)))
    }

    func disconnectPDU(_ connection: Connection, _ reason: DisconnectReason, _ payload: [UInt8] = []) -> [UInt8] {
        LMPDU.disconnect(
            destination: connection.remote, source: connection.local, reason: reason,
            payload: Array(payload.prefix(LMPDU.maximumControlPayload))
        ).bytes
    }

    func notConnectedPDU(answering pdu: LMPDU) -> [UInt8] {
        LMPDU.disconnect(
            destination: pdu.source, source: pdu.destination, reason: .dataOnDisconnected, payload: []
        ).bytes
    }
}
