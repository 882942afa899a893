// The exchange of roles: appendix C (section 9) of IrLAP 1.1. Only a secondary asks for it; the numbers, the speed and all
// other parameters stay. Between XCHG and the first RR of the old primary both may act as primaries, so the rule about a primary
// conflict is off meanwhile.
extension IrLAP {
    /// N4: how often a secondary asks for the primary's role before it gives up (9.3.3.4).
    static let exchangeRetries = 3
    /// A frame without information, with BOF and EOF, in bytes.
    static let smallFrame = 6

    /// Asks for the role of the primary; `role` tells what came of it. A primary has it already.
    public mutating func becomePrimary(at now: IrDAInstant) -> [IrLAPAction] {
        switch state {
        case .primary:
            return [.indicate(.role(.changed(.primary)))]
        case .secondary(var link):
            guard link.procedure == .transfer, !link.isClosing else { return [.indicate(.role(.denied))] }
            link.procedure = .askingForRole(attempts: 0)
            state = .secondary(link)
            return []
        case .contention, .query, .reply, .conn, .setup, .sniffing, .awaitingSniffer:
            return [.indicate(.role(.denied))]
        }
    }

    // MARK: The old primary (XWAIT)

    mutating func receivedWhileHandingOver(
        _ frame: IrLAPFrame, _ link: PrimaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        var link = link
        if frame.address.isCommand {
            becomeSecondary(link, by: frame, at: now, &actions)
            return
        }
        guard frame.control.pollFinal else { return }
        link.unansweredPolls = 0
        switch frame.control {
        case .unnumbered(.frameReject, _):
            link.procedure = .transfer  // The peer does not know XCHG.
        case .unnumbered(.disconnect, _):
            link.isClosing = true
        case .unnumbered(.disconnectedMode, _):
            leaveLink(link.common.closing ?? .refused, at: now, &actions)
            return
        case .information, .supervisory, .unnumbered:
            break  // XCHG goes again.
        }
        takeBackTurn(&link, at: now, &actions)
        state = .primary(link)
    }

    private mutating func becomeSecondary(
        _ old: PrimaryLink, by frame: IrLAPFrame, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        // The new primary's first command need not give us the turn.
        actions += [
            .cancelTimer(.final), .cancelTimer(.backoff), .setTimer(.watchdog, now.advanced(by: Self.watchdogTime)),
        ]
        let link = SecondaryLink(common: old.common)
        state = .secondary(link)
        actions.append(.indicate(.role(.changed(.secondary))))
        received(frame, asSecondary: link, at: now, &actions)
        // The new primary's first command is RR, and RR is its answer, whatever is queued (9.3).
        if case .secondary(var link) = state, case .supervisory = frame.control {
            link.answer = .supervisory
            state = .secondary(link)
        }
    }

    // MARK: The new primary (XWAIT)

    /// XCHG has come: our first command is RR, and its answer makes us the primary.
    mutating func takeOver(_ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var link = link
        link.missedPolls = 0
        state = .secondary(link)
        actions += [
            .cancelTimer(.watchdog), .cancelTimer(.final),
            .setTimer(.turnaround, now.advanced(by: link.common.turnaround)),
        ]
    }

    mutating func sendFirstCommand(_ link: SecondaryLink, _ actions: inout [IrLAPAction]) {
        transmit(
            [supervisory(link.common, isCommand: true)], additionalBOFs: link.common.additionalBOFs,
            then: .startTimer(.final, Self.longestWait), &actions)
    }

    mutating func receivedWhileTakingOver(
        _ frame: IrLAPFrame, _ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        if frame.address.isCommand {
            switch frame.control {
            case .unnumbered(.exchangePrimary, _):
                takeOver(link, at: now, &actions)
            case .unnumbered(.disconnect, _):
                var link = link
                link.answer = .acknowledgeDisconnect
                link.procedure = .transfer
                state = .secondary(link)
                actions.append(.cancelTimer(.final))
                awaitTurn(link, at: now, &actions)
            case .information, .supervisory, .unnumbered:
                break
            }
            return
        }
        var primary = PrimaryLink(common: link.common)
        primary.phase = .waiting
        primary.intent = .data
        state = .primary(primary)
        // It may come before our first command, or between two of them, and need not give us the turn.
        actions += [
            .cancelTimer(.turnaround), .cancelTimer(.backoff), .setTimer(.final, now.advanced(by: Self.longestWait)),
            .indicate(.role(.changed(.primary))),
        ]
        received(frame, asPrimary: primary, at: now, &actions)
    }

    /// Our first command was not answered: it goes again after a random time, since the old primary may have spoken too.
    mutating func firstCommandUnanswered(
        _ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        var link = link
        link.missedPolls += 1
        let silence = Self.longestWait * link.missedPolls
        guard silence < link.common.parameters.disconnectTime else {
            leaveLink(.linkLost, at: now, &actions)
            return
        }
        if link.common.reachesThreshold(after: silence, in: Self.longestWait) {
            actions.append(.indicate(.noActivity))
        }
        state = .secondary(link)
        let backoff = link.common.backoff(forBytes: Self.smallFrame, using: &generator)
        actions.append(.setTimer(.backoff, now.advanced(by: backoff)))
    }
}
