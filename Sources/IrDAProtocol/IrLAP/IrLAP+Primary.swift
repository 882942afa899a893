// The primary: XMIT, NRM, BUSY and PCLOSE in sections 6.12.1 to 6.12.3 of IrLAP 1.1.
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
        var turn = newTurn()
        if link.isClosing {
            link.disconnects += 1
            turn.append(link.common.unnumbered(.disconnect, isCommand: true), for: link.common)
        } else {
            switch link.procedure {
            case .transfer:
                transferTurn(&turn, &link, pollNow: pollNow)
                if turn.isEmpty {
                    reuse(turn)
                    link.phase = .idle
                    state = .primary(link)
                    let wait = min(Self.pollStep * link.idlePolls, Self.longestPoll)
                    actions.append(.setTimer(.poll, now.advanced(by: wait)))
                    return
                }
            case .decidingOnReset:
                // The turn is kept until the layer above has decided, but not for ever.
                link.phase = .idle
                state = .primary(link)
                actions.append(.setTimer(.poll, now.advanced(by: Self.longestPoll)))
                return
            case .resetting(let attempts):
                link.procedure = .resetting(attempts: attempts + 1)
                turn.append(link.common.unnumbered(.setNormalResponseMode, isCommand: true), for: link.common)
            case .handingOver:
                turn.append(link.common.unnumbered(.exchangePrimary, isCommand: true), for: link.common)
            }
        }
        link.intent = .data
        link.phase = .waiting
        link.isProlonged = false
        state = .primary(link)
        actions.append(.cancelTimer(.poll))
        transmit(turn, then: .startTimer(.final, Self.longestWait), &actions)
    }

    /// Puts the frames of an ordinary turn into it; nothing if there is nothing to say yet.
    private mutating func transferTurn(
        _ turn: inout [IrLAPTransmission], _ link: inout PrimaryLink, pollNow: Bool
    ) {
        switch link.intent {
        case .denyExchange:
            turn.append(link.common.unnumbered(.exchangeDenied, isCommand: true), for: link.common)
            return
        case .data:
            fill(&turn, link.common, isCommand: true)
            if !turn.isEmpty {
                link.idlePolls = 0
                return
            }
            if !pollNow && link.idlePolls > 0 { return }
        case .poll:
            break
        }
        link.idlePolls += 1
        turn.append(supervisory(link.common, isCommand: true), for: link.common)
    }

    mutating func received(
        _ frame: IrLAPFrame, asPrimary link: PrimaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard frame.address.connection == link.common.connectionAddress else { return }
        // What answers a DISC is no part of the exchange any more; a command shows that the peer has not heard it.
        let isOfExchange = link.disconnects == 0 || frame.address.isCommand
        if case .handingOver = link.procedure, link.phase == .waiting, isOfExchange {
            receivedWhileHandingOver(frame, link, at: now, &actions)
            return
        }
        var link = link
        switch frame.control {
        case .information, .supervisory:
            guard !frame.address.isCommand else {
                leaveLink(.primaryConflict, at: now, &actions)
                return
            }
            guard link.phase == .waiting, link.disconnects == 0 else { return }
            switch link.procedure {
            case .transfer:
                link.unansweredPolls = 0
                switch receiveNumbered(frame.control, information: frame.information, &actions) {
                case .none: break
                case .supervisory: link.intent = .poll
                case .reset: resetNeeded(.protocolError, &link, &actions)
                }
                if case .information = frame.control { link.idlePolls = 0 }
            case .resetting, .decidingOnReset, .handingOver:
                break
            }
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

    func takeBackTurn(_ link: inout PrimaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        link.phase = .turnaround
        actions.append(.cancelTimer(.final))
        actions.append(.setTimer(.turnaround, now.advanced(by: link.common.turnaround)))
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
        case .unnumberedAcknowledgement:
            if case .resetting = link.procedure, frame.control.pollFinal {
                link.procedure = .transfer
                link.idlePolls = 0
                transfer.reset()
                actions.append(.indicate(.reset(.done)))
            }
        case .frameReject:
            if link.procedure == .transfer { resetNeeded(.protocolError, &link, &actions) }
        case .setNormalResponseMode:
            if link.procedure == .transfer { resetNeeded(.peer, &link, &actions) }  // RNRM
        case .unnumberedInformation:
            if !transfer.localBusy { actions.append(.indicate(.unitData(frame.information))) }
            link.idlePolls = 0
        case .xidResponse:
            link.intent = .poll
        case .exchangeDenied:
            // RXCHG: the secondary wants our role.
            if link.procedure == .transfer, frame.control.pollFinal {
                if configuration.exchangesRoles { link.procedure = .handingOver } else { link.intent = .denyExchange }
            }
        case .xidCommand, .test, .exchangePrimary:
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
        if isReceiving(at: now) && !link.isProlonged {
            link.isProlonged = true
            state = .primary(link)
            actions.append(.setTimer(.final, now.advanced(by: Self.finalExtension)))
            return
        }
        if link.disconnects > Self.setupRetries {
            leaveLink(link.common.closing ?? .requested, at: now, &actions)
            return
        }
        if case .resetting(let attempts) = link.procedure, attempts > Self.setupRetries {
            leaveLink(.linkLost, at: now, &actions)
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
        link.phase = .turnaround
        if link.procedure == .handingOver {
            // Both may act as primaries now, so the repeat waits a random time (9.3).
            state = .primary(link)
            let backoff = link.common.backoff(forBytes: Self.smallFrame, using: &generator)
            actions.append(.setTimer(.backoff, now.advanced(by: backoff)))
            return
        }
        // Data is not repeated blindly: the answer to RR tells what has arrived (6.12.6.3).
        link.intent = .poll
        takeTurn(link, pollNow: true, at: now, &actions)
    }

    /// The P-timer has expired: poll, or take a decision that did not come as a refusal.
    mutating func pollTimeEnded(_ link: PrimaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var link = link
        if link.procedure == .decidingOnReset { link.common.closing = link.common.closing ?? .protocolError }
        takeTurn(link, pollNow: true, at: now, &actions)
    }
}
