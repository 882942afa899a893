import DequeModule

/// One IrDA station: IrLAP, IrLMP, the information access service and TinyTP, put together.
///
/// A value like the machines it is made of: what happens comes in with the time, what is to be done comes out. The same
/// stack runs on a simulated medium and on a real port.
///
/// What a user asks for, by topic, each with the events that answer it (`IrDAEvent`):
///
/// - *Connections*: `offer` and `withdraw` a service, `connect`, `accept`, `disconnect`; `info(of:)` tells what a connection is
///   like. Both ends of a connection are of one `IrDATransport`: a TinyTP stream, TinyTP messages, or raw PDUs.
/// - *Data*: `send` (streams, raw) and `sendMessage` while `sendRoom` is not 0; what was `received` is reported with `consumed`.
///   `sendUnitData` on any connection, `sendUltra` without one.
/// - *Devices*: `discover`, `setBackgroundDiscovery`, `knownDevices`, `waitForDevice`; `setHints` and `setName` for ourselves.
/// - *Information bases*: `query` another's, which gives the values of all objects of a class; `addObject`, `setAttribute`,
///   `removeAttribute`, `removeObject` and `database` for our own.
/// - *Link*: `linkStatus`, `disconnectLink`, `counters`.
public struct IrDAStack: Sendable {
    /// What a station is.
    public struct Configuration: Hashable, Sendable {
        /// Its device address.
        public var address: DeviceAddress
        /// Its name; cut for the discovery, whole in the information base.
        public var name: String
        /// What it says that it can do.
        public var hints: ServiceHints
        /// What it announces when a link is set up.
        public var parameters: NegotiationParameters
        /// Whether it lets one connection have the link to itself.
        public var supportsExclusiveMode: Bool
        /// How long a station is remembered without being heard.
        public var discoveryLifetime: Duration
        /// How long the slots of its discoveries are; an adapter that reports light late needs patience.
        public var discoveryPace = DiscoveryPace.quick

        /// Describes a station.
        public init(
            address: DeviceAddress, name: String, hints: ServiceHints, parameters: NegotiationParameters = .standard,
            supportsExclusiveMode: Bool = true, discoveryLifetime: Duration = .seconds(30)
        ) {
            self.address = address
            self.name = name
            self.hints = hints
            self.parameters = parameters
            self.supportsExclusiveMode = supportsExclusiveMode
            self.discoveryLifetime = discoveryLifetime
        }
    }

    /// Who uses an LSAP connection.
    enum User: Sendable {
        case iasServer(IASServer)
        case query(IASQueryID)
        case transport(IrDAConnectionID)
    }

    /// How long an IAS server may take to answer; it has nothing to look up outside its memory.
    static let queryTime = Duration.seconds(10)
    /// How long the data of a connection that was closed may wait for the peer's credit.
    public static let drainTime = Duration.seconds(60)

    var lap: IrLAP
    var lmp: IrLMP
    /// What other stations can ask.
    public internal(set) var database: IASDatabase
    var users: [LSAPConnectionID: User] = [:]
    var queries: [IASQueryID: Query] = [:]
    var connections: [IrDAConnectionID: TransportConnection] = [:]
    var services: [IrDAServiceID: Service] = [:]
    /// Connections that have something to send, in the order of their turns.
    var sendOrder: Deque<IrDAConnectionID> = []
    var linkState: LinkState?
    var cache: DiscoveryCache
    var isDiscovering = false
    var backgroundInterval: Duration?
    var deviceWaits: [IrDADeviceWaitID: DeviceWait] = [:]
    /// The name of the station, whole.
    public internal(set) var name: String
    /// What has been counted since the station was switched on.
    public internal(set) var counters = IrDACounters()
    /// A link that is wanted, but has to wait for the end of a discovery.
    private var deferredLink: DeviceAddress?
    /// Whether the link ends as soon as what was handed to it has arrived.
    private var endsWhenDrained = false
    private var lastNumber: UInt64 = 0

    /// Makes a station that has just been switched on.
    public init(configuration: Configuration, seed: UInt64, at now: IrDAInstant) {
        var link = IrLAP.Configuration(
            address: configuration.address, info: DeviceInfo(name: configuration.name, hints: configuration.hints),
            parameters: configuration.parameters)
        link.discoveryPace = configuration.discoveryPace
        lap = IrLAP(configuration: link, seed: seed, at: now)
        lmp = IrLMP(supportsExclusiveMode: configuration.supportsExclusiveMode)
        database = IASDatabase(
            deviceName: configuration.name,
            features: configuration.supportsExclusiveMode ? [.exclusiveMode, .connectionless] : .connectionless,
            operations: .all)
        cache = DiscoveryCache(lifetime: configuration.discoveryLifetime)
        name = configuration.name
    }

    var linkParameters: LinkParameters? { linkState?.parameters }

    // MARK: What happens on the medium

    /// Light has appeared that is not our own.
    public mutating func lightSensed(at now: IrDAInstant) {
        lap.lightSensed(at: now)
    }

    /// A frame has arrived with a good FCS: A, C and information.
    public mutating func received(_ frame: [UInt8], at now: IrDAInstant) -> [IrDAStackAction] {
        collect(at: now) { stack, actions in
            stack.perform(stack.lap.received(frame, at: now), at: now, &actions)
            if stack.endsWhenDrained { stack.endLink(at: now, &actions) }
        }
    }

    /// Something arrived that is not a frame.
    public mutating func receivedGarbage(at now: IrDAInstant) {
        lap.receivedGarbage(at: now)
    }

    /// The frames of the last `transmit` have left.
    public mutating func transmissionEnded(at now: IrDAInstant) -> [IrDAStackAction] {
        collect(at: now) { stack, actions in stack.perform(stack.lap.transmissionEnded(at: now), at: now, &actions) }
    }

    /// A timer that was set has come due.
    public mutating func timerFired(_ timer: IrDAStackTimer, at now: IrDAInstant) -> [IrDAStackAction] {
        collect(at: now) { stack, actions in
            switch timer {
            case .lap(let timer):
                stack.pump(at: now, &actions)  // The turn may be about to begin.
                stack.perform(stack.lap.timerFired(timer, at: now), at: now, &actions)
            case .lmp(.idle) where !stack.isDrained:
                // The end of a link drops what has not arrived (IrLMP 1.1, 3.3.2.1.3): the idle time begins after it.
                actions.append(.setTimer(.lmp(.idle), now.advanced(by: IrLMP.idleTime)))
            case .lmp(let timer): stack.perform(stack.lmp.timerFired(timer, at: now), at: now, &actions)
            case .query(let id): stack.failQuery(id, .noResponse, at: now, &actions)
            case .closing(let id): stack.finishClosing(id, at: now, &actions)
            case .discovery: stack.discoveryTimerFired(at: now, &actions)
            case .deviceWait(let id): stack.deviceWaitTimerFired(id, &actions)
            }
        }
    }

    // MARK: What the user wants

    /// The device address.
    public var address: DeviceAddress { lap.configuration.address }

    /// The station at the other end of the link, if there is one or one is being set up.
    public var peer: DeviceAddress? { lmp.peer ?? lap.peer }

    /// Whether something is under way that needs only time, and no program's doing.
    public var isBusy: Bool {
        lap.isBusy || isDiscovering || !queries.isEmpty || lap.isConnected && !sendOrder.isEmpty
            || connections.values.contains(where: \.isOpening)
    }

    /// Ends the link with everything on it, as when the station is switched off.
    public mutating func disconnectLink(at now: IrDAInstant) -> [IrDAStackAction] {
        collect(at: now) { stack, actions in
            if stack.deferredLink.take() != nil {
                // IrLAP has not heard of it yet.
                stack.indicated(.disconnected(.requested), at: now, &actions)
            }
            stack.perform(stack.lap.disconnect(at: now), at: now, &actions)
        }
    }

    // MARK: Between the layers

    mutating func newNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// Gathers what is to be done; at its end whatever there is to send goes, if the line is idle.
    mutating func collect(
        at now: IrDAInstant, _ body: (inout IrDAStack, inout [IrDAStackAction]) -> Void
    ) -> [IrDAStackAction] {
        var actions: [IrDAStackAction] = []
        body(&self, &actions)
        if lap.maySendNow {
            pump(at: now, &actions)
            perform(lap.sendQueued(at: now), at: now, &actions)
        }
        return actions
    }

    mutating func perform(_ lapActions: [IrLAPAction], at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        for action in lapActions {
            switch action {
            case .transmit(let frames): actions.append(.transmit(frames))
            case .setBaudRate(let rate): actions.append(.setBaudRate(rate))
            case .setTimer(let timer, let moment): actions.append(.setTimer(.lap(timer), moment))
            case .cancelTimer(let timer): actions.append(.cancelTimer(.lap(timer)))
            case .indicate(let indication): indicated(indication, at: now, &actions)
            }
        }
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
            linkState?.isStalled = false
            perform(lmp.received(information, at: now), at: now, &actions)
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

    private mutating func linkEnded(
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
            case .setTimer(let timer, let moment): actions.append(.setTimer(.lmp(timer), moment))
            case .cancelTimer(let timer): actions.append(.cancelTimer(.lmp(timer)))
            case .indicate(let id, let indication): indicated(indication, on: id, at: now, &actions)
            }
        }
    }

    /// Whether all that was taken has arrived, from those too who have gone since.
    private var isDrained: Bool { lap.isDrained && !connections.values.contains { $0.phase == .closing } }

    /// Ends a link that nobody needs any more; what was taken for it goes first.
    private mutating func endLink(at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        endsWhenDrained = !isDrained
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
