/// The link access protocol of one station (IrLAP 1.1): discovery, connection, and reliable transfer over a half-duplex medium.
///
/// A value that does no I/O and reads no clock. Its owner reports what happens (frames, light, the end of its own
/// transmissions, timers) and what is wanted, each with the time, and carries out the actions that come back, in order. The
/// rows of the state charts are in the extensions: contention and discovery (NDM, QUERY, REPLY), set-up (CONN, SETUP), and the
/// two roles of a connection (XMIT, NRM, CLOSE).
public struct IrLAP: Sendable {
    /// What a station is.
    public struct Configuration: Hashable, Sendable {
        /// Its device address.
        public var address: DeviceAddress
        /// How it introduces itself in a discovery.
        public var info: DeviceInfo
        /// What it announces when a connection is set up.
        public var parameters: NegotiationParameters
        /// How long the slots of its discoveries are.
        public var discoveryPace = DiscoveryPace.quick
        /// Whether a discovery goes on to have stations that share an address choose new ones (IrLAP 1.1, 6.10).
        public var resolvesConflicts = true
        /// Whether the layer above is asked before a link is reset; otherwise a link that needs a reset ends.
        public var asksBeforeReset = false
        /// Whether a peer that wants to be the primary may (IrLAP 1.1, 9.3).
        public var exchangesRoles = true

        /// Describes a station.
        public init(address: DeviceAddress, info: DeviceInfo, parameters: NegotiationParameters = .standard) {
            self.address = address
            self.info = info
            self.parameters = parameters
        }
    }

    /// The states of section 6 of IrLAP 1.1. What XMIT and NRM have in common is in the `Link` of a role.
    enum State: Sendable {
        case contention
        case query(DiscoveryQuery)
        case reply(DiscoveryReply)
        case conn(ConnectionOffer)
        case setup(ConnectionSetup)
        case sniffing(Sniffer)
        case awaitingSniffer(SnifferWait)
        case primary(PrimaryLink)
        case secondary(SecondaryLink)
    }

    /// What is to be done when our own transmission has left.
    enum AfterTransmission: Sendable {
        case nothing
        case startTimer(IrLAPTimer, Duration)
        case changeRate(BaudRate, then: IrLAPTimer, Duration)
        case endDiscovery(DiscoveryQuery)
        case abortDiscovery(DiscoveryQuery)
        case discoveryAborted
        case leaveLink(IrLAPDisconnectReason)
    }

    /// What the station is.
    public internal(set) var configuration: Configuration
    var generator: SeededGenerator
    var state = State.contention
    /// What is on its way over the link; it means nothing without one.
    var transfer: InformationTransfer
    /// The medium counts as busy until then (IrLAP 1.1, 6.13.3).
    var mediaBusyUntil: IrDAInstant
    /// A discovery may be repeated only after another sensing time (IrLAP 1.1, 6.13 rule 8).
    var earliestDiscovery = IrDAInstant.start
    /// A request that waits for a quiet medium.
    var heldRequest: HeldRequest?
    /// Not nil while our own light is on: whatever is heard meanwhile is our own echo (IrLAP 1.1, 6.2 rule 9).
    var afterTransmission: AfterTransmission?
    /// When the light went on that has not ended yet.
    var receivingSince: IrDAInstant?
    var broadcasts = Broadcasts()
    /// Whether the next discovery gives everybody time, since the last one was quick and found nobody.
    var isPatient = false
    /// In how many slots of the last discovery answers spoiled each other.
    public internal(set) var lastCollisions = 0
    /// Whether the peer is still to be told that we can take I frames again.
    var announcesReady = false
    /// What was used up and is used again.
    var buffers = BufferPool()
    private var spareTurn: [IrLAPTransmission] = []
    private var spareActions: [IrLAPAction] = []

    /// Makes a station that has just been switched on.
    ///
    /// It does not know the medium yet, so it treats it as busy for 560 ms (IrLAP 1.1, 6.11.3.4).
    public init(configuration: Configuration, seed: UInt64, at now: IrDAInstant) {
        self.configuration = configuration
        generator = SeededGenerator(seed: seed)
        mediaBusyUntil = now.advanced(by: Self.mediaSense)
        transfer = InformationTransfer(.negotiate(own: .defaults, peer: .defaults))
    }

    // MARK: What happens on the medium

    /// Whether a frame is coming in right now. No frame takes longer than a second; light that goes on is none.
    func isReceiving(at now: IrDAInstant) -> Bool {
        receivingSince.map { $0.duration(to: now) < .seconds(1) } ?? false
    }

    /// Light has appeared that is not our own.
    public mutating func lightSensed(at now: IrDAInstant) {
        guard afterTransmission == nil else { return }
        receivingSince = now
        senseActivity(at: now)
    }

    /// A frame has arrived with a good FCS: A, C and information.
    public mutating func received(_ bytes: [UInt8], at now: IrDAInstant) -> [IrLAPAction] {
        receivingSince = nil
        guard afterTransmission == nil else { return [] }
        var actions = newActions()
        guard let frame = IrLAPFrame(bytes: bytes, &buffers) else {
            receivedUndefined(bytes, at: now, &actions)
            return actions
        }
        switch state {
        case .contention: receivedInContention(frame, at: now, &actions)
        case .query(let query): received(frame, inQuery: query, at: now, &actions)
        case .reply(let reply): received(frame, inReply: reply, at: now, &actions)
        case .conn: break
        case .setup(let setup): received(frame, inSetup: setup, at: now, &actions)
        case .sniffing(let sniffer): received(frame, whileSniffing: sniffer, at: now, &actions)
        case .awaitingSniffer(let wait): received(frame, inWaitFor: wait, at: now, &actions)
        case .primary(let link): received(frame, asPrimary: link, at: now, &actions)
        case .secondary(let link): received(frame, asSecondary: link, at: now, &actions)
        }
        return actions
    }

    /// A frame whose control byte is undefined proves that the medium is in use, and within a link passes the turn.
    private mutating func receivedUndefined(_ bytes: [UInt8], at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        senseActivity(at: now)
        guard bytes.count >= 2 else { return }
        let address = IrLAPAddress(byte: bytes[0])
        let control = bytes[1]
        guard control & 0x10 != 0 else { return }  // P/F: undefined codes are all in the format of U frames.
        switch state {
        case .primary(let link) where address.connection == link.common.connectionAddress && !address.isCommand:
            receivedUndefinedFinal(asPrimary: link, at: now, &actions)
        case .secondary(let link) where address.connection == link.common.connectionAddress && address.isCommand:
            receivedUndefinedPoll(control, asSecondary: link, at: now, &actions)
        case .contention, .query, .reply, .conn, .setup, .sniffing, .awaitingSniffer, .primary, .secondary:
            break
        }
    }

    /// Something arrived that is not a frame: a bad FCS, a stray character, a collision.
    public mutating func receivedGarbage(at now: IrDAInstant) {
        receivingSince = nil
        guard afterTransmission == nil else { return }
        senseActivity(at: now)
        if case .query(let query) = state { collided(inQuery: query) }
    }

    /// The frames of the last `transmit` have left.
    public mutating func transmissionEnded(at now: IrDAInstant) -> [IrLAPAction] {
        guard let next = afterTransmission.take() else { return [] }
        receivingSince = nil
        switch next {
        case .nothing:
            return []
        case .startTimer(let timer, let duration):
            var actions = newActions()
            actions.append(.setTimer(timer, now.advanced(by: duration)))
            return actions
        case .changeRate(let rate, let timer, let duration):
            return [.setBaudRate(rate), .setTimer(timer, now.advanced(by: duration))]
        case .endDiscovery(let query):
            return discoveryEnded(query, at: now)
        case .abortDiscovery(let query):
            return sendAbortingFinal(of: query)
        case .discoveryAborted:
            return discoveryAborted()
        case .leaveLink(let reason):
            var actions: [IrLAPAction] = []
            leaveLink(reason, at: now, &actions)
            return actions
        }
    }

    /// A timer that was set has come due.
    public mutating func timerFired(_ timer: IrLAPTimer, at now: IrDAInstant) -> [IrLAPAction] {
        if afterTransmission != nil && timer.leadsToLight {
            // Late or early: our own light is still on, and two at once are none.
            return [.setTimer(timer, now.advanced(by: .milliseconds(10)))]
        }
        var actions = newActions()
        switch (state, timer) {
        case (_, .unitData):
            sendBroadcast(at: now, &actions)
        case (_, .mediaAccess):
            mediaAccessEnded(at: now, &actions)
        case (.query(let query), .slot):
            slotEnded(query, at: now, &actions)
        case (.reply(let reply), .query):
            queryTimeEnded(reply, at: now, &actions)
        case (.setup(let setup), .final):
            setupUnanswered(setup, at: now, &actions)
        case (.setup(let setup), .backoff):
            sendSNRM(setup, &actions)
        case (.conn(let offer), .turnaround):
            sendUA(to: offer, at: now, &actions)
        case (.sniffing(let sniffer), .sniff):
            sniffTimeEnded(sniffer, at: now, &actions)
        case (.awaitingSniffer, .sniff):
            snifferWaitEnded(at: now, &actions)
        case (.primary(let link), .turnaround) where link.phase == .turnaround:
            takeTurn(link, pollNow: false, at: now, &actions)
        case (.primary(let link), .backoff) where link.phase == .turnaround && link.procedure == .handingOver:
            takeTurn(link, pollNow: true, at: now, &actions)
        case (.primary(let link), .poll) where link.phase == .idle:
            pollTimeEnded(link, at: now, &actions)
        case (.primary(let link), .final) where link.phase == .waiting:
            finalTimeEnded(link, at: now, &actions)
        case (.secondary(let link), .turnaround) where link.procedure == .takingOver,
            (.secondary(let link), .backoff) where link.procedure == .takingOver:
            sendFirstCommand(link, &actions)
        case (.secondary(let link), .final) where link.procedure == .takingOver:
            firstCommandUnanswered(link, at: now, &actions)
        case (.secondary(let link), .turnaround):
            takeTurn(link, at: now, &actions)
        case (.secondary(let link), .watchdog):
            watchdogEnded(link, at: now, &actions)
        case (.contention, _), (.query, _), (.reply, _), (.conn, _), (.setup, _), (.sniffing, _),
            (.awaitingSniffer, _), (.primary, _), (.secondary, _):
            break  // A timer that crossed with the event that made it pointless.
        }
        return actions
    }

    // MARK: Memory

    /// Takes a list of actions back that have been carried out. Who does this with every list spares the next ones their
    /// memory.
    public mutating func reuse(_ actions: consuming [IrLAPAction]) {
        for case .indicate(.data(let information)) in copy actions { buffers.give(information) }
        actions.removeAll(keepingCapacity: true)
        spareActions = actions
    }

    /// The same with the frames of a `transmit` that have left.
    public mutating func reuse(_ turn: consuming [IrLAPTransmission]) {
        turn.removeAll(keepingCapacity: true)
        spareTurn = turn
    }

    /// An empty list of actions.
    mutating func newActions() -> [IrLAPAction] {
        var actions: [IrLAPAction] = []
        swap(&actions, &spareActions)
        return actions
    }

    /// A turn without frames.
    mutating func newTurn() -> [IrLAPTransmission] {
        var turn: [IrLAPTransmission] = []
        swap(&turn, &spareTurn)
        return turn
    }

    // MARK: Shared by the states

    /// Sends frames and remembers what follows.
    mutating func transmit(
        _ frames: [IrLAPFrame], additionalBOFs: Int, then next: AfterTransmission, _ actions: inout [IrLAPAction]
    ) {
        transmit(
            frames.map { IrLAPTransmission(frame: $0, additionalBOFs: additionalBOFs) }, then: next, &actions)
    }

    mutating func transmit(
        _ turn: consuming [IrLAPTransmission], then next: AfterTransmission, _ actions: inout [IrLAPAction]
    ) {
        afterTransmission = next
        actions.append(.transmit(turn))
    }

    /// Back to NDM: 9600 bit/s, default parameters, the medium busy (IrLAP 1.1, 6.12 and 6.13.4).
    mutating func leaveLink(
        _ reason: IrLAPDisconnectReason, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        state = .contention
        transfer.reset()
        mediaBusyUntil = now.advanced(by: Self.mediaSense)
        for timer in [IrLAPTimer.poll, .final, .watchdog, .turnaround, .backoff] {
            actions.append(.cancelTimer(timer))
        }
        actions.append(.setBaudRate(.rate9600))
        actions.append(.indicate(.disconnected(reason)))
    }
}
