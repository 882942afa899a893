/// A connection in which we give the turns.
struct PrimaryLink: Sendable {
    /// Where the turn is.
    enum Phase: Sendable {
        /// It is ours as soon as the peer can hear again (entering XMIT).
        case turnaround
        /// It is ours, and there is nothing to say (XMIT with the P-timer running).
        case idle
        /// It is the peer's until it sets F (NRM).
        case waiting
    }

    var common: Link
    var phase = Phase.turnaround
    /// F-timer expiries in a row.
    var unansweredPolls = 0
    /// Polls in a row in which neither side had data.
    var idlePolls = 0
    /// The next frame is RR, whatever is queued: the first at the new speed is, since it is the one most easily lost (6.11.3.2).
    var mustPoll = true
    /// DISCs sent.
    var disconnects = 0
    /// Whether the F-timer was prolonged for a frame that was still coming in.
    var isProlonged = false

    init(common: Link) {
        self.common = common
    }

    var isClosing: Bool {
        get { common.closing != nil }
        set { common.closing = newValue ? common.closing ?? .requested : nil }
    }

    /// Whether new data may go out at once.
    var mayTransmitNow: Bool { phase == .idle }
}

// The primary: XMIT, NRM and PCLOSE in sections 6.12.1 to 6.12.3 of IrLAP 1.1.
extension IrLAP {
    /// How much longer the primary keeps the line after each poll that brought nothing, and the most: a connection must turn
    /// round every 500 ms (6.13 rule 4).
    static let pollStep = Duration.milliseconds(50)
    static let longestPoll = Duration.milliseconds(450)
    /// What the F-timer is prolonged by for a frame that is still coming in: all of it may be escapes (6.6.11).
    static let finalExtension = Duration.milliseconds(300)

    /// It is our turn and the peer can hear us: send what there is, or poll, or wait a little for something to say.
    mutating func takeTurn(
        _ link: PrimaryLink, pollNow: Bool, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard link.phase != .waiting else { return }
        var link = link
        let frames: [IrLAPFrame]
        if link.isClosing {
            link.disconnects += 1
            frames = [link.common.unnumbered(.disconnect, isCommand: true)]
        } else {
            let burst = link.mustPoll ? [] : link.common.burst(isCommand: true)
            if burst.isEmpty && !pollNow && !link.mustPoll && link.idlePolls > 0 {
                link.phase = .idle
                state = .primary(link)
                let wait = min(Self.pollStep * link.idlePolls, Self.longestPoll)
                actions.append(.setTimer(.poll, now.advanced(by: wait)))
                return
            }
            link.idlePolls = burst.isEmpty ? link.idlePolls + 1 : 0
            frames = burst.isEmpty ? [link.common.receiveReady(isCommand: true)] : burst
        }
        link.mustPoll = false
        link.phase = .waiting
        link.isProlonged = false
        state = .primary(link)
        actions.append(.cancelTimer(.poll))
        transmit(
            frames, additionalBOFs: link.common.additionalBOFs, then: .startTimer(.final, Self.longestWait), &actions)
    }

    mutating func received(
        _ frame: IrLAPFrame, asPrimary link: PrimaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard frame.address.connection == link.common.connectionAddress else { return }
        var link = link
        switch frame.control {
        case .information, .supervisory:
            guard !frame.address.isCommand else {
                leaveLink(.primaryConflict, at: now, &actions)
                return
            }
            guard link.phase == .waiting, link.disconnects == 0 else { return }
            link.unansweredPolls = 0
            switch link.common.receive(frame.control, information: frame.information, &actions) {
            case .none: break
            case .receiveReady: link.mustPoll = true
            case .reset: link.common.closing = link.common.closing ?? .protocolError
            }
            if case .information = frame.control { link.idlePolls = 0 }
        case .unnumbered(let kind, _):
            guard !frame.address.isCommand, link.phase == .waiting else { return }
            guard receivedUnnumbered(kind, frame, &link, at: now, &actions) else { return }
        }
        if frame.control.pollFinal { takeBackTurn(&link, at: now, &actions) }
        state = .primary(link)
    }

    /// A response whose control byte is undefined: its F gives the turn back like any other (6.12.3.1).
    mutating func receivedUndefinedFinal(
        asPrimary link: PrimaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard link.phase == .waiting, link.disconnects == 0 else { return }
        var link = link
        link.unansweredPolls = 0
        takeBackTurn(&link, at: now, &actions)
        state = .primary(link)
    }

    private func takeBackTurn(_ link: inout PrimaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        link.phase = .turnaround
        actions += [.cancelTimer(.final), .setTimer(.turnaround, now.advanced(by: link.common.turnaround))]
    }

    /// - Returns: whether the link goes on, and with F set the turn is ours.
    private mutating func receivedUnnumbered(
        _ kind: UnnumberedKind, _ frame: IrLAPFrame, _ link: inout PrimaryLink, at now: IrDAInstant,
        _ actions: inout [IrLAPAction]
    ) -> Bool {
        switch kind {
        case .unnumberedAcknowledgement where link.disconnects > 0, .disconnectedMode:
            leaveLink(link.common.closing ?? .refused, at: now, &actions)
            return false
        case _ where link.disconnects > 0:
            return false  // While a DISC waits for its UA only the F-timer may repeat it (PCLOSE).
        case .disconnect:
            link.isClosing = true  // RD: the secondary wants to end.
        case .frameReject, .setNormalResponseMode:
            // FRMR and RNRM ask for a reset; ending the link instead is always right (IrDA Lite 1.0, 2.2).
            link.common.closing = link.common.closing ?? .protocolError
        case .unnumberedInformation:
            actions.append(.indicate(.unitData(frame.information)))
            link.idlePolls = 0
        case .unnumberedAcknowledgement, .xidCommand, .xidResponse, .test, .exchangePrimary, .exchangeDenied:
            break
        }
        link.unansweredPolls = 0
        return true
    }

    /// The final bit did not come: poll again, or give the link up.
    mutating func finalTimeEnded(
        _ link: PrimaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        var link = link
        if isReceiving && !link.isProlonged {
            link.isProlonged = true
            state = .primary(link)
            actions.append(.setTimer(.final, now.advanced(by: Self.finalExtension)))
            return
        }
        if link.disconnects > Self.setupRetries {
            leaveLink(link.common.closing ?? .requested, at: now, &actions)
            return
        }
        link.unansweredPolls += 1
        let silence = Self.longestWait * link.unansweredPolls
        if !link.isClosing && silence >= link.common.parameters.disconnectTime {
            leaveLink(.linkLost, at: now, &actions)
            return
        }
        if link.common.reachesThreshold(after: silence, in: Self.longestWait) {
            actions.append(.indicate(.noActivity))
        }
        // Data is not repeated blindly: the answer to RR tells what has arrived (6.12.6.3).
        link.mustPoll = true
        link.phase = .turnaround
        takeTurn(link, pollNow: true, at: now, &actions)
    }
}
