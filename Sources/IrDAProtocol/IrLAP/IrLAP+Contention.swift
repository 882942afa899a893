/// A discovery or connection that waits until the medium has been quiet for long enough.
enum HeldRequest: Sendable {
    case discover(SlotCount)
    case resolve(DeviceAddress, SlotCount)
    case connect(DeviceAddress)
}

// NDM: no connection. Media access is section 6.13 of IrLAP 1.1, the rows are those of section 6.8 and 6.11.
extension IrLAP {
    /// How long a station listens before it takes an initiative: more than 500 ms, 560 to 600 advised (6.13 rule 5).
    static let mediaSense = Duration.milliseconds(560)
    /// After a discovery by another station it gets this long to connect before we take an initiative (6.13.4).
    static let initiatorsAdvantage = Duration.milliseconds(100)
    /// XBOFs outside a connection; ten of them make the turn-around time of NDM (6.6.10).
    static let contentionBOFs = 10

    /// Anything heard outside a connection means that somebody may have one.
    mutating func senseActivity(at now: IrDAInstant) {
        heardWhileSniffing()
        guard case .contention = state else { return }
        mediaBusyUntil = max(mediaBusyUntil, now.advanced(by: Self.mediaSense))
    }

    /// Starts a discovery as soon as the medium allows it.
    ///
    /// If it does not become quiet within one sensing time, somebody holds it, and the outcome is `mediaBusy`.
    public mutating func discover(_ slots: SlotCount, at now: IrDAInstant) -> [IrLAPAction] {
        request(.discover(slots), at: now)
    }

    /// Sets up a connection as soon as the medium allows it; at once after a discovery of our own.
    public mutating func connect(to peer: DeviceAddress, at now: IrDAInstant) -> [IrLAPAction] {
        request(.connect(peer), at: now)
    }

    /// Has the stations that share an address choose new ones (6.10); `conflictResolved` follows.
    ///
    /// A discovery does so by itself unless `resolvesConflicts` is off.
    public mutating func resolveConflict(
        of address: DeviceAddress, slots: SlotCount = .six, at now: IrDAInstant
    ) -> [IrLAPAction] {
        request(.resolve(address, slots), at: now)
    }

    private mutating func request(_ request: HeldRequest, at now: IrDAInstant) -> [IrLAPAction] {
        var actions: [IrLAPAction] = []
        switch state {
        case .contention where heldRequest == nil:
            let earliest = earliestStart(of: request, at: now)
            if earliest > now {
                heldRequest = request
                actions.append(.setTimer(.mediaAccess, earliest))
            } else {
                begin(request, &actions)
            }
        case .reply where heldRequest == nil:
            // Somebody else's discovery is soon over.
            heldRequest = request
            actions.append(.setTimer(.mediaAccess, now.advanced(by: Self.queryTime(for: .sixteen, from: 0))))
        case .sniffing where heldRequest == nil:
            // Whoever wants something itself stops sniffing, and listens for as long as everybody else.
            state = .contention
            mediaBusyUntil = now.advanced(by: Self.mediaSense)
            heldRequest = request
            actions += [.cancelTimer(.sniff), .setTimer(.mediaAccess, mediaBusyUntil)]
        case .contention, .query, .reply, .conn, .setup, .sniffing, .awaitingSniffer, .primary, .secondary:
            refuse(request, mediaBusy: false, &actions)
        }
        return actions
    }

    private func earliestStart(of request: HeldRequest, at now: IrDAInstant) -> IrDAInstant {
        // An answer of ours is still going out.
        if afterTransmission != nil { return now.advanced(by: Self.mediaSense) }
        return switch request {
        case .discover: max(mediaBusyUntil, earliestDiscovery)
        case .connect, .resolve: mediaBusyUntil
        }
    }

    private mutating func begin(_ request: HeldRequest, _ actions: inout [IrLAPAction]) {
        switch request {
        case .discover(let slots): beginDiscovery(slots, &actions)
        case .resolve(let address, let slots): beginResolution(of: address, slots, &actions)
        case .connect(let peer): beginSetup(with: peer, &actions)
        }
    }

    private func refuse(_ request: HeldRequest, mediaBusy: Bool, _ actions: inout [IrLAPAction]) {
        switch request {
        case .discover: actions.append(.indicate(.discoveryEnded(mediaBusy ? .mediaBusy : .linkInUse)))
        case .resolve(let address, _): actions.append(.indicate(.conflictResolved(address, [])))
        case .connect: actions.append(.indicate(.disconnected(.mediaBusy)))
        }
    }

    /// The time for which a request was held is over.
    mutating func mediaAccessEnded(at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        guard let request = heldRequest.take() else { return }
        switch state {
        case .contention where earliestStart(of: request, at: now) <= now: begin(request, &actions)
        case .contention, .query, .reply, .conn, .setup, .sniffing, .awaitingSniffer, .primary, .secondary:
            refuse(request, mediaBusy: true, &actions)
        }
    }

    /// Drops what is held because a peer asks for a connection first.
    ///
    /// A connection of ours is not refused: whoever wants it hears of the peer's, as after two SNRMs that crossed (IrLMP 1.1,
    /// 3.5.3).
    mutating func yieldHeldRequest(_ actions: inout [IrLAPAction]) {
        guard let request = heldRequest.take() else { return }
        actions.append(.cancelTimer(.mediaAccess))
        switch request {
        case .discover, .resolve: refuse(request, mediaBusy: true, &actions)
        case .connect: break
        }
    }

    mutating func receivedInContention(
        _ frame: IrLAPFrame, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard frame.address.connection == .broadcast else {
            // Somebody else's connection.
            senseActivity(at: now)
            return
        }
        guard case .unnumbered(let kind, let poll) = frame.control else { return }
        switch kind {
        case .xidCommand:
            guard let xid = XIDFrame(frame) else { return }
            discoveredBy(xid, at: now, &actions)
        case .setNormalResponseMode:
            guard let snrm = SNRMFrame(frame), snrm.destination == configuration.address else { return }
            offered(snrm, &actions)
        case .unnumberedInformation:
            actions.append(.indicate(.unitData(frame.information)))
        case .test:
            guard frame.address.isCommand, poll, let test = TestFrame(frame), isForUs(test.destination) else { return }
            let answer = TestFrame(
                isResponse: true, source: configuration.address, destination: test.source, payload: test.payload)
            transmit([answer.frame], additionalBOFs: Self.contentionBOFs, then: .nothing, &actions)
        case .xidResponse:
            guard let xid = XIDFrame(frame), xid.destination == .broadcast else { return }
            // A sniffer has announced itself (6.9).
            let record = DiscoveryRecord(address: xid.source, info: DeviceInfo(bytes: xid.info), isSniffing: true)
            actions.append(.indicate(.discovered(record)))
        case .disconnect, .unnumberedAcknowledgement, .frameReject, .disconnectedMode, .exchangePrimary,
            .exchangeDenied:
            break  // Silence is allowed, and the safest (6.11.3.1).
        }
    }

    /// A station asks for a connection; the layer above decides.
    mutating func offered(_ snrm: SNRMFrame, _ actions: inout [IrLAPAction]) {
        yieldHeldRequest(&actions)
        state = .conn(ConnectionOffer(snrm))
        actions.append(.indicate(.connectionRequested(snrm.source)))
    }

    func isForUs(_ destination: DeviceAddress) -> Bool {
        destination == configuration.address || destination == .broadcast
    }
}
