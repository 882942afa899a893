/// A station that sleeps most of the time and announces itself in between (IrLAP 1.1, 6.9).
struct Sniffer: Sendable {
    enum Phase: Hashable, Sendable {
        /// Listening before the announcement (POUT).
        case sensing
        /// The announcement is out; a connection may follow (SNIFF).
        case listening
        /// The receiver is off (SLEEP).
        case asleep
    }

    var phase = Phase.sensing
    /// Whether somebody else was heard, so that the next announcement has to wait for a really quiet medium.
    var hasHeardTraffic = false
    /// Whether listening was prolonged for a frame that was still coming in.
    var isProlonged = false
}

/// A connection to a station that sleeps most of the time: its next announcement is waited for (SCONN).
struct SnifferWait: Sendable {
    let peer: DeviceAddress
}

// Sniffing, from both sides: sections 6.9 and 6.13.1 of IrLAP 1.1.
extension IrLAP {
    /// How long a sniffer listens before and behind its announcement. At least 50 ms each; an SNRM takes 48 ms.
    static let senseTime = Duration.milliseconds(50)
    static let sniffTime = Duration.milliseconds(150)
    /// After listening for up to 250 ms in all, a sniffer sleeps for at least 3 s.
    static let sleepTime = Duration.seconds(3)
    /// How long the announcement of a sniffer is waited for: two of its cycles at least.
    static let snifferPatience = Duration.seconds(8)

    /// Begins or ends to sniff, which saves power: the station can be found and connected to, but only every three seconds.
    ///
    /// Sniffing ends by itself with a connection.
    public mutating func sniff(_ isOn: Bool, at now: IrDAInstant) -> [IrLAPAction] {
        var actions: [IrLAPAction] = []
        switch (state, isOn) {
        case (.contention, true):
            beginSniffing(Sniffer(), at: now, &actions)
        case (.sniffing, false):
            state = .contention
            mediaBusyUntil = now.advanced(by: Self.mediaSense)
            actions.append(.cancelTimer(.sniff))
        case (.reply(var reply), _):
            reply.resumesSniffing = isOn
            state = .reply(reply)
        case (.contention, false), (.sniffing, true), (.query, _), (.conn, _), (.setup, _), (.awaitingSniffer, _),
            (.primary, _), (.secondary, _):
            break
        }
        return actions
    }

    /// Waits for the announcement of a sniffer, and connects to it; there is one try (2.7).
    public mutating func connect(toSniffer peer: DeviceAddress, at now: IrDAInstant) -> [IrLAPAction] {
        guard case .contention = state, heldRequest == nil else {
            return [.indicate(.disconnected(.mediaBusy))]
        }
        state = .awaitingSniffer(SnifferWait(peer: peer))
        return [.setTimer(.sniff, now.advanced(by: Self.snifferPatience))]
    }

    /// Whether the receiver may be off.
    public var isAsleep: Bool {
        if case .sniffing(let sniffer) = state { sniffer.phase == .asleep } else { false }
    }

    mutating func beginSniffing(_ sniffer: Sniffer, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var sniffer = sniffer
        // Whoever has heard a connection listens for as long as everybody else; then the short time will do again.
        let sense = sniffer.hasHeardTraffic ? Self.mediaSense : Self.senseTime
        sniffer.phase = .sensing
        sniffer.hasHeardTraffic = false
        sniffer.isProlonged = false
        state = .sniffing(sniffer)
        actions.append(.setTimer(.sniff, now.advanced(by: sense)))
    }

    mutating func sniffTimeEnded(_ sniffer: Sniffer, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var sniffer = sniffer
        switch sniffer.phase {
        case .asleep:
            beginSniffing(sniffer, at: now, &actions)
        case .sensing where sniffer.hasHeardTraffic || isReceiving(at: now):
            sleep(sniffer, at: now, &actions)
        case .sensing:
            sniffer.phase = .listening
            state = .sniffing(sniffer)
            let announcement = XIDFrame(
                isResponse: true, source: configuration.address, destination: .broadcast, slotCount: .one,
                slot: .number(0), info: configuration.info.bytes)
            transmit(
                [announcement.frame], additionalBOFs: Self.contentionBOFs, then: .startTimer(.sniff, Self.sniffTime),
                &actions)
        case .listening where isReceiving(at: now) && !sniffer.isProlonged:
            sniffer.isProlonged = true
            state = .sniffing(sniffer)
            actions.append(.setTimer(.sniff, now.advanced(by: Self.senseTime)))
        case .listening:
            sleep(sniffer, at: now, &actions)
        }
    }

    private mutating func sleep(_ sniffer: Sniffer, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var sniffer = sniffer
        sniffer.phase = .asleep
        sniffer.hasHeardTraffic = sniffer.hasHeardTraffic || isReceiving(at: now)
        receivingSince = nil
        state = .sniffing(sniffer)
        actions.append(.setTimer(.sniff, now.advanced(by: Self.sleepTime)))
    }

    /// Garbage, or the light of a frame: somebody is there.
    mutating func heardWhileSniffing() {
        guard case .sniffing(var sniffer) = state, sniffer.phase != .asleep else { return }
        sniffer.hasHeardTraffic = true
        state = .sniffing(sniffer)
    }

    mutating func received(
        _ frame: IrLAPFrame, whileSniffing sniffer: Sniffer, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard sniffer.phase != .asleep else { return }
        if let xid = XIDFrame(frame), !xid.isResponse, isForUs(xid.destination), case .number = xid.slot {
            actions.append(.cancelTimer(.sniff))
            discoveredBy(xid, at: now, resumesSniffing: true, &actions)
            return
        }
        if let snrm = SNRMFrame(frame), snrm.destination == configuration.address {
            // By the chart only after the announcement; a peer that knows us need not wait for it.
            actions.append(.cancelTimer(.sniff))
            offered(snrm, &actions)
            return
        }
        var sniffer = sniffer
        sniffer.hasHeardTraffic = true
        state = .sniffing(sniffer)
        if sniffer.phase == .listening { sleep(sniffer, at: now, &actions) }
    }

    // MARK: Connecting to a sniffer

    mutating func received(
        _ frame: IrLAPFrame, inWaitFor wait: SnifferWait, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard let xid = XIDFrame(frame), xid.isResponse, xid.destination == .broadcast, xid.source == wait.peer else {
            return
        }
        state = .setup(
            ConnectionSetup(
                peer: wait.peer, connectionAddress: .random(using: &generator), retries: Self.setupRetries))
        actions += [.cancelTimer(.sniff), .setTimer(.backoff, now.advanced(by: Self.contentionTurnaround))]
    }

    mutating func snifferWaitEnded(at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        state = .contention
        mediaBusyUntil = now.advanced(by: Self.mediaSense)
        actions.append(.indicate(.disconnected(.noAnswer)))
    }
}
