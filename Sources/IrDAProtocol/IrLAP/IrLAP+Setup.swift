/// An SNRM that was addressed to us (state CONN): the layer above decides, within the peer's F-timer.
struct ConnectionOffer: Hashable, Sendable {
    let peer: DeviceAddress
    let connectionAddress: ConnectionAddress
    let parameters: NegotiationParameters

    init(_ snrm: SNRMFrame) {
        peer = snrm.source
        connectionAddress = snrm.connectionAddress
        parameters = NegotiationParameters(parsing: snrm.parameters)
    }
}

/// An SNRM of ours that waits for its UA (state SETUP).
struct ConnectionSetup: Sendable {
    let peer: DeviceAddress
    let connectionAddress: ConnectionAddress
    var retries = 0
}

// Connection set-up: section 6.11 of IrLAP 1.1. SNRM and UA travel at 9600 bit/s.
extension IrLAP {
    /// N3: how often an SNRM or DISC is repeated. The specification gives no number; 3 is what Linux used.
    static let setupRetries = 3
    /// F-timer while waiting for the UA (6.13.5), and the longest time between two turns of a connection.
    static let longestWait = Duration.milliseconds(500)
    /// The turn-around time outside a connection (6.6.10).
    static let contentionTurnaround = Duration.milliseconds(10)
    /// WD-timer: two poll times, also for the first poll, since a change of speed may take 200 ms (6.11.3.2 note 3).
    static let watchdogTime = Duration.milliseconds(1000)

    // MARK: As the one who asks

    mutating func beginSetup(with peer: DeviceAddress, _ actions: inout [IrLAPAction]) {
        sendSNRM(ConnectionSetup(peer: peer, connectionAddress: .random(using: &generator)), &actions)
    }

    mutating func sendSNRM(_ setup: ConnectionSetup, _ actions: inout [IrLAPAction]) {
        state = .setup(setup)
        let snrm = SNRMFrame(
            source: configuration.address, destination: setup.peer, connectionAddress: setup.connectionAddress,
            parameters: configuration.parameters.bytes)
        transmit(
            [snrm.frame], additionalBOFs: Self.contentionBOFs, then: .startTimer(.final, Self.longestWait), &actions)
    }

    mutating func received(
        _ frame: IrLAPFrame, inSetup setup: ConnectionSetup, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard case .unnumbered(let kind, _) = frame.control else { return }
        let isOurs = frame.address.connection == setup.connectionAddress
        switch kind {
        case .unnumberedAcknowledgement:
            guard isOurs, let ua = UAFrame(frame) else { return }
            connected(setup, by: ua, at: now, &actions)
        case .disconnectedMode, .disconnect:
            // DM in NDM may come from the broadcast address (5.7.1.9).
            guard isOurs || frame.address.connection == .broadcast else { return }
            leaveLink(.refused, at: now, &actions)
        case .setNormalResponseMode:
            // Both asked at once: the greater address wins (6.11.3.2).
            guard frame.address.isCommand, let snrm = SNRMFrame(frame), snrm.destination == configuration.address,
                snrm.source > configuration.address, snrm.connectionAddress.isAssignable
            else { return }
            actions += [.cancelTimer(.final), .cancelTimer(.backoff)]
            state = .conn(ConnectionOffer(snrm))
            actions += acceptConnection(at: now)
        case .xidCommand, .xidResponse, .test, .unnumberedInformation, .frameReject, .exchangePrimary, .exchangeDenied:
            break
        }
    }

    private mutating func connected(
        _ setup: ConnectionSetup, by ua: UAFrame, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        let parameters = LinkParameters.negotiate(
            own: configuration.parameters, peer: NegotiationParameters(parsing: ua.parameters))
        let link = Link(
            peer: setup.peer, connectionAddress: setup.connectionAddress, parameters: parameters)
        beginTransfer(parameters)
        state = .primary(PrimaryLink(common: link))
        actions += [
            .cancelTimer(.final), .setBaudRate(parameters.baudRate),
            .setTimer(.turnaround, now.advanced(by: link.turnaround)),
            .indicate(.connected(peer: setup.peer, role: .primary, parameters: parameters)),
        ]
    }

    mutating func setupUnanswered(
        _ setup: ConnectionSetup, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard setup.retries < Self.setupRetries else {
            leaveLink(.noAnswer, at: now, &actions)
            return
        }
        var setup = setup
        setup.retries += 1
        state = .setup(setup)
        // Between half and one and a half times the duration of an SNRM, 48 ms (6.11.3.5).
        let backoff = Duration.milliseconds(Int64.random(in: 24...72, using: &generator))
        actions.append(.setTimer(.backoff, now.advanced(by: backoff)))
    }

    private mutating func beginTransfer(_ parameters: LinkParameters) {
        transfer = InformationTransfer(parameters)
        announcesReady = false
    }

    // MARK: As the one who is asked

    /// Accepts the connection that was requested; `connected` is indicated when our answer goes out.
    public mutating func acceptConnection(at now: IrDAInstant) -> [IrLAPAction] {
        guard case .conn = state else { return [] }
        return [.setTimer(.turnaround, now.advanced(by: Self.contentionTurnaround))]
    }

    /// Refuses the connection that was requested, with DM.
    public mutating func refuseConnection(at now: IrDAInstant) -> [IrLAPAction] {
        guard case .conn(let offer) = state else { return [] }
        var actions: [IrLAPAction] = [.cancelTimer(.turnaround)]
        state = .contention
        let dm = IrLAPFrame(
            address: IrLAPAddress(connection: offer.connectionAddress, isCommand: false),
            control: .unnumbered(.disconnectedMode, pollFinal: true), information: [])
        transmit([dm], additionalBOFs: Self.contentionBOFs, then: .nothing, &actions)
        return actions
    }

    mutating func sendUA(to offer: ConnectionOffer, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        let parameters = LinkParameters.negotiate(own: configuration.parameters, peer: offer.parameters)
        let link = Link(
            peer: offer.peer, connectionAddress: offer.connectionAddress, parameters: parameters)
        beginTransfer(parameters)
        sendUA(link, to: offer, &actions)
        actions.append(.indicate(.connected(peer: offer.peer, role: .secondary, parameters: parameters)))
    }

    /// Sends UA, for the first time or again, and waits at the speed of the link for the primary's first poll.
    mutating func sendUA(_ link: Link, to offer: ConnectionOffer, _ actions: inout [IrLAPAction]) {
        state = .secondary(SecondaryLink(common: link, opening: .awaitingPoll(offer)))
        let ua = UAFrame(
            address: offer.connectionAddress, source: configuration.address, destination: offer.peer,
            parameters: configuration.parameters.intersecting(offer.parameters).bytes)
        transmit(
            [ua.frame], additionalBOFs: Self.contentionBOFs,
            then: .changeRate(link.parameters.baudRate, then: .watchdog, Self.watchdogTime), &actions)
    }
}
