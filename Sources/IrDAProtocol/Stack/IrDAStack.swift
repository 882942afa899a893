/// One IrDA station: IrLAP, IrLMP, the information access service and TinyTP, put together.
///
/// A value like the machines it is made of: what happens comes in with the time, what is to be done comes out. The same
/// stack runs on a simulated medium and on a real port.
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

        /// Describes a station.
        public init(
            address: DeviceAddress, name: String, hints: ServiceHints, parameters: NegotiationParameters = .standard,
            supportsExclusiveMode: Bool = true
        ) {
            self.address = address
            self.name = name
            self.hints = hints
            self.parameters = parameters
            self.supportsExclusiveMode = supportsExclusiveMode
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

    var lap: IrLAP
    var lmp: IrLMP
    /// What other stations can ask.
    public internal(set) var database: IASDatabase
    var users: [LSAPConnectionID: User] = [:]
    var queries: [IASQueryID: Query] = [:]
    var connections: [IrDAConnectionID: TransportConnection] = [:]
    var services: [IrDAServiceID: Service] = [:]
    private(set) var linkParameters: LinkParameters?
    private var known: [DiscoveryRecord] = []
    private var isDiscovering = false
    /// A link that is wanted, but has to wait for the end of a discovery.
    private var deferredLink: DeviceAddress?
    /// Whether the link ends as soon as what was handed to it has arrived.
    private var endsWhenDrained = false
    private var lastNumber: UInt64 = 0

    /// Makes a station that has just been switched on.
    public init(configuration: Configuration, seed: UInt64, at now: IrDAInstant) {
        lap = IrLAP(
            configuration: IrLAP.Configuration(
                address: configuration.address,
                info: DeviceInfo(name: configuration.name, hints: configuration.hints),
                parameters: configuration.parameters),
            seed: seed, at: now)
        lmp = IrLMP(supportsExclusiveMode: configuration.supportsExclusiveMode)
        database = IASDatabase(
            deviceName: configuration.name, features: configuration.supportsExclusiveMode ? .exclusiveMode : [])
    }

    // MARK: What happens on the medium

    /// Light has appeared that is not our own.
    public mutating func lightSensed(at now: IrDAInstant) {
        lap.lightSensed(at: now)
    }

    /// A frame has arrived with a good FCS: A, C and information.
    public mutating func received(_ frame: [UInt8], at now: IrDAInstant) -> [IrDAStackAction] {
        collect { stack, actions in
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
        collect { stack, actions in stack.perform(stack.lap.transmissionEnded(at: now), at: now, &actions) }
    }

    /// A timer that was set has come due.
    public mutating func timerFired(_ timer: IrDAStackTimer, at now: IrDAInstant) -> [IrDAStackAction] {
        collect { stack, actions in
            switch timer {
            case .lap(let timer): stack.perform(stack.lap.timerFired(timer, at: now), at: now, &actions)
            case .lmp(.idle) where !stack.lap.isDrained:
                // The end of a link drops what has not arrived (IrLMP 1.1, 3.3.2.1.3): the idle time begins after it.
                actions.append(.setTimer(.lmp(.idle), now.advanced(by: IrLMP.idleTime)))
            case .lmp(let timer): stack.perform(stack.lmp.timerFired(timer, at: now), at: now, &actions)
            case .query(let id): stack.failQuery(id, .noResponse, at: now, &actions)
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
        lap.isBusy || isDiscovering || !queries.isEmpty || connections.values.contains(where: \.isOpening)
    }

    /// Looks for stations. While a link is up, tells what is known instead.
    public mutating func discover(slots: SlotCount = .six, at now: IrDAInstant) -> [IrDAStackAction] {
        guard !isDiscovering else { return [] }  // Whoever asks now hears of the one that is under way.
        guard lap.peer == nil, lmp.peer == nil else { return [.event(.discoveryEnded(.remembered(known)))] }
        isDiscovering = true
        return collect { stack, actions in stack.perform(stack.lap.discover(slots, at: now), at: now, &actions) }
    }

    /// Ends the link with everything on it, as when the station is switched off.
    public mutating func disconnectLink(at now: IrDAInstant) -> [IrDAStackAction] {
        collect { stack, actions in
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

    mutating func collect(
        _ body: (inout IrDAStack, inout [IrDAStackAction]) -> Void
    ) -> [IrDAStackAction] {
        var actions: [IrDAStackAction] = []
        body(&self, &actions)
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
            remember(record)
            actions.append(.event(.discovered(record)))
        case .connectionRequested(let peer):
            perform(lmp.linkRequested(by: peer), at: now, &actions)
        case .connected(let peer, let role, let parameters):
            linkParameters = parameters
            actions.append(.event(.linkConnected(peer: peer, role: role, parameters: parameters)))
            perform(lmp.linkConnected(to: peer, at: now), at: now, &actions)
        case .disconnected(let reason):
            linkParameters = nil
            endsWhenDrained = false
            actions.append(.event(.linkDisconnected(reason)))
            perform(lmp.linkDisconnected(reason, at: now), at: now, &actions)
        case .data(let information):
            perform(lmp.received(information, at: now), at: now, &actions)
        case .unitData, .noActivity, .reset, .role, .addressChanged, .conflictResolved:
            break  // Connectionless data and line quality have no users yet.
        }
    }

    private mutating func discoveryEnded(
        _ outcome: DiscoveryOutcome, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        isDiscovering = false
        switch outcome {
        case .completed(let log):
            known = []
            for record in log { remember(record) }
            actions.append(.event(.discoveryEnded(.found(known))))
        case .mediaBusy:
            actions.append(.event(.discoveryEnded(.mediaBusy)))
        case .linkInUse, .aborted:
            actions.append(.event(.discoveryEnded(.remembered(known))))
        }
        // A peer whose connection ended the discovery brings the link that is waited for, or one that rules it out.
        if let peer = deferredLink.take(), lap.peer == nil {
            perform(lap.connect(to: peer, at: now), at: now, &actions)
        }
    }

    private mutating func remember(_ record: DiscoveryRecord) {
        if let index = known.firstIndex(where: { $0.address == record.address }) {
            known[index] = record
        } else {
            known.append(record)
        }
    }

    mutating func perform(_ lmpActions: [IrLMPAction], at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        for action in lmpActions {
            switch action {
            case .connectLink(let peer):
                if isDiscovering {
                    deferredLink = peer
                } else {
                    perform(lap.connect(to: peer, at: now), at: now, &actions)
                }
            case .acceptLink: perform(lap.acceptConnection(at: now), at: now, &actions)
            case .disconnectLink:
                if deferredLink.take() == nil { endLink(at: now, &actions) }
            case .send(let information): perform(lap.send(information, at: now), at: now, &actions)
            case .setTimer(let timer, let moment): actions.append(.setTimer(.lmp(timer), moment))
            case .cancelTimer(let timer): actions.append(.cancelTimer(.lmp(timer)))
            case .indicate(let id, let indication): indicated(indication, on: id, at: now, &actions)
            }
        }
    }

    /// Ends a link that nobody needs any more; what was taken for it goes first.
    private mutating func endLink(at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        endsWhenDrained = !lap.isDrained
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
