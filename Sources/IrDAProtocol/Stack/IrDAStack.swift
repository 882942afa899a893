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
    /// How long the data of a connection that was closed may wait for the peer's credit, and a link that nobody needs for the
    /// peer to take what is on its way.
    public static let drainTime = Duration.seconds(60)

    var lap: IrLAP
    var lmp: IrLMP
    /// What other stations can ask.
    public internal(set) var database: IASDatabase
    var users: [LSAPConnectionID: User] = [:]
    var queries: [IASQueryID: Query] = [:]
    var connections = ConnectionTable()
    /// A list that has been carried out, for the next one.
    private var spareActions: [IrDAStackAction] = []
    var services: [IrDAServiceID: Service] = [:]
    /// Connections that have something to send, in the order of their turns.
    var sendOrder: Deque<IrDAConnectionID> = []
    var linkState: LinkState?
    var cache: DiscoveryCache
    var isDiscovering = false
    var backgroundInterval: Duration?
    var firstBackgroundDiscovery = IrDAInstant.start
    /// When the last discovery of ours began.
    var lastDiscovery: IrDAInstant?
    var deviceWaits: [IrDADeviceWaitID: DeviceWait] = [:]
    /// The name of the station, whole.
    public internal(set) var name: String
    /// What has been counted since the station was switched on.
    public internal(set) var counters = IrDACounters()
    /// A link that is wanted, but has to wait for the end of a discovery.
    var deferredLink: DeviceAddress?
    /// Whether the link ends as soon as what was handed to it has arrived.
    var endsWhenDrained = false
    /// When a link that nobody needs ends even so: a peer may say RNR for ever.
    var drainDeadline: IrDAInstant?
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
            if stack.linkState?.isStalled == true {
                stack.linkState?.isStalled = false  // While a link is up only the peer may speak.
                actions.append(.event(.linkRecovered))
            }
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
            case .lmp(.idle) where stack.waitsForDrain(at: now):
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
                stack.linkEnded(.requested, at: now, &actions)
            }
            stack.perform(stack.lap.disconnect(at: now), at: now, &actions)
        }
    }

    // MARK: Memory

    /// Takes a list of actions back that have been carried out. Who does this with every list spares the next ones their
    /// memory: then a transfer goes on without any being taken.
    public mutating func reuse(_ actions: consuming [IrDAStackAction]) {
        var turn: [IrLAPTransmission] = []
        for case .transmit(let frames) in copy actions { turn = frames }
        actions.removeAll(keepingCapacity: true)
        spareActions = actions
        if !turn.isEmpty { lap.reuse(consume turn) }
    }

    /// Takes the buffer of a `received` back whose content is out of the way.
    public mutating func reuse(_ buffer: consuming [UInt8]) {
        lap.buffers.give(buffer)
    }

    // MARK: For all extensions

    mutating func newNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// Gathers what is to be done; at its end whatever there is to send goes, if the line is idle.
    mutating func collect(
        at now: IrDAInstant, _ body: (inout IrDAStack, inout [IrDAStackAction]) -> Void
    ) -> [IrDAStackAction] {
        var actions: [IrDAStackAction] = []
        swap(&actions, &spareActions)
        body(&self, &actions)
        if lap.maySendNow {
            pump(at: now, &actions)
            perform(lap.sendQueued(at: now), at: now, &actions)
        }
        return actions
    }
}
