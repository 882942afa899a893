// The secondary: NRM, XMIT, BUSY, ERROR and SCLOSE in section 6.12.4 of IrLAP 1.1.
extension IrLAP {
    /// How many of our answers a primary may pass over that ask for the end of the link, or for a reset by FRMR: some may be lost,
    /// but it need not do as it is asked (6.12.3, 6.12.4).
    static let mostIgnored = 10

    mutating func received(
        _ frame: IrLAPFrame, asSecondary link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard frame.address.connection == link.common.connectionAddress else {
            requestedAgain(link, frame, at: now, &actions)
            return
        }
        if case .takingOver = link.procedure {
            receivedWhileTakingOver(frame, link, at: now, &actions)
            return
        }
        var link = link
        link.answer = .data
        link.opening = nil
        switch frame.control {
        case .information, .supervisory:
            guard frame.address.isCommand else {
                leaveLink(.primaryConflict, at: now, &actions)
                return
            }
            receivedNumbered(frame, &link, &actions)
        case .unnumbered(let kind, _):
            guard frame.address.isCommand || kind == .disconnectedMode else { return }
            if kind == .disconnectedMode && (link.isClosing || link.isAfterError) {
                leaveLink(link.common.closing ?? .linkLost, at: now, &actions)
                return
            }
            guard frame.address.isCommand else { return }
            receivedUnnumbered(kind, frame, &link, at: now, &actions)
            if case .takingOver = link.procedure {
                takeOver(link, at: now, &actions)
                return
            }
        }
        link.missedPolls = 0
        if frame.control.pollFinal && link.procedure != .decidingOnReset {
            state = .secondary(link)
            awaitTurn(link, at: now, &actions)
        } else {
            state = .secondary(link)
        }
    }

    private mutating func receivedNumbered(
        _ frame: IrLAPFrame, _ link: inout SecondaryLink, _ actions: inout [IrLAPAction]
    ) {
        switch link.procedure {
        case .transfer, .askingForRole:
            switch receiveNumbered(frame.control, information: frame.information, &actions) {
            case .none:
                break
            case .supervisory:
                link.answer = .supervisory
            case .reset:
                let field = rejection(of: frame.control.byte, because: .invalidNr)
                transfer.isRejecting = true
                if frame.control.pollFinal {
                    link.answer = .frameReject(field)
                } else {
                    link.procedure = .rejecting(field)
                }
            }
        case .rejecting, .resetting, .decidingOnReset, .takingOver:
            break
        }
    }

    /// A command whose control byte is undefined: its P is answered by FRMR (5.7.1.8).
    mutating func receivedUndefinedPoll(
        _ control: UInt8, asSecondary link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        var link = link
        link.missedPolls = 0
        link.answer = .frameReject(rejection(of: control, because: .undefinedControl))
        state = .secondary(link)
        awaitTurn(link, at: now, &actions)
    }

    func awaitTurn(_ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        actions.append(.cancelTimer(.watchdog))
        actions.append(.setTimer(.turnaround, now.advanced(by: link.common.turnaround)))
    }

    private mutating func receivedUnnumbered(
        _ kind: UnnumberedKind, _ frame: IrLAPFrame, _ link: inout SecondaryLink, at now: IrDAInstant,
        _ actions: inout [IrLAPAction]
    ) {
        switch kind {
        case .disconnect:
            link.answer = .acknowledgeDisconnect
        case .unnumberedInformation:
            if !transfer.localBusy { actions.append(.indicate(.unitData(frame.information))) }
        case .test:
            link.answer = .test(frame.information)
        case .setNormalResponseMode:
            resetRequested(&link, &actions)
        case .xidCommand, .xidResponse:
            link.answer = .supervisory
        case .exchangePrimary:
            if case .askingForRole = link.procedure {
                link.procedure = .takingOver
            } else {
                link.answer = .frameReject(rejection(of: frame.control.byte, because: .undefinedControl))
            }
        case .exchangeDenied:
            if case .askingForRole = link.procedure {
                link.procedure = .transfer
                actions.append(.indicate(.role(.denied)))
            } else {
                link.answer = .frameReject(rejection(of: frame.control.byte, because: .undefinedControl))
            }
        case .unnumberedAcknowledgement, .frameReject, .disconnectedMode:
            link.answer = .frameReject(rejection(of: frame.control.byte, because: .undefinedControl))
        }
    }

    /// An SNRM from our own primary on the broadcast address: it has not heard our UA, or has forgotten the link and begins
    /// anew.
    private mutating func requestedAgain(
        _ link: SecondaryLink, _ frame: IrLAPFrame, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard let snrm = SNRMFrame(frame), snrm.source == link.common.peer, snrm.destination == configuration.address
        else { return }
        guard let opening = link.opening, opening.offer == ConnectionOffer(snrm) else {
            leaveLink(.linkLost, at: now, &actions)
            receivedInContention(frame, at: now, &actions)
            return
        }
        var link = link
        link.answer = .acknowledgeSetup(opening.offer)
        state = .secondary(link)
        actions += [.cancelTimer(.watchdog), .setTimer(.turnaround, now.advanced(by: Self.contentionTurnaround))]
    }

    /// We were polled, and the primary can hear us.
    mutating func takeTurn(_ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var link = link
        var next = AfterTransmission.startTimer(.watchdog, Self.watchdogTime)
        var turn = newTurn()
        switch (link.answer, link.procedure) {
        case (.acknowledgeSetup(let offer), _):
            reuse(turn)
            sendUA(link.common, to: offer, &actions)
            return
        case (.acknowledgeDisconnect, _):
            // At the speed of the link; the change to 9600 comes after it (6.12).
            turn.append(link.common.unnumbered(.unnumberedAcknowledgement, isCommand: false), for: link.common)
            next = .leaveLink(link.common.closing ?? .requested)
        case (_, _) where link.isClosing:
            guard link.disconnectRequests < Self.mostIgnored else {
                reuse(turn)
                leaveLink(link.common.closing ?? .requested, at: now, &actions)
                return
            }
            link.disconnectRequests += 1
            turn.append(link.common.unnumbered(.disconnect, isCommand: false), for: link.common)
        case (.acknowledgeReset, _):
            transfer.reset()
            turn.append(link.common.unnumbered(.unnumberedAcknowledgement, isCommand: false), for: link.common)
            actions.append(.indicate(.reset(.done)))
        case (_, .rejecting(let field)):
            link.procedure = .transfer
            turn.append(frameReject(field, link), for: link.common)
        case (_, .resetting):
            link.procedure = .resetting(isSent: true)
            turn.append(link.common.unnumbered(.setNormalResponseMode, isCommand: false), for: link.common)  // RNRM
        case (_, .askingForRole(let attempts)) where attempts < Self.exchangeRetries:
            link.procedure = .askingForRole(attempts: attempts + 1)
            turn.append(link.common.unnumbered(.exchangeDenied, isCommand: false), for: link.common)  // RXCHG
        case (let answer, let procedure):
            if case .askingForRole = procedure {
                link.procedure = .transfer
                actions.append(.indicate(.role(.denied)))
            }
            fill(&turn, with: answer, link)
        }
        link.turnsAfterReject = transfer.isRejecting ? link.turnsAfterReject + 1 : 0
        if link.turnsAfterReject >= Self.mostIgnored {
            // Without a reset no data of ours may go: the link is of no use.
            link.common.closing = link.common.closing ?? .protocolError
        }
        link.answer = .data
        state = .secondary(link)
        transmit(turn, then: next, &actions)
    }

    private mutating func fill(
        _ turn: inout [IrLAPTransmission], with answer: SecondaryLink.Answer, _ link: SecondaryLink
    ) {
        let frame: IrLAPFrame
        switch answer {
        case .test(let payload): frame = link.common.unnumbered(.test, isCommand: false, information: payload)
        case .frameReject(let field): frame = frameReject(field, link)
        case .supervisory: frame = supervisory(link.common, isCommand: false)
        case .data, .acknowledgeReset, .acknowledgeDisconnect, .acknowledgeSetup:
            if announcesReady {
                // Only RR tells the primary that we can hear I frames again (6.12.3.4).
                announcesReady = false
            } else {
                fill(&turn, link.common, isCommand: false)
                if !turn.isEmpty { return }
            }
            frame = supervisory(link.common, isCommand: false)
        }
        turn.append(frame, for: link.common)
    }

    private func frameReject(_ field: FRMRField, _ link: SecondaryLink) -> IrLAPFrame {
        link.common.unnumbered(.frameReject, isCommand: false, information: field.bytes)
    }

    /// No poll came for a watchdog time.
    mutating func watchdogEnded(
        _ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        var link = link
        link.missedPolls += 1
        let silence = Self.watchdogTime * link.missedPolls
        let hasRequestedDisconnect = link.disconnectRequests > 0
        if hasRequestedDisconnect || silence >= link.common.parameters.disconnectTime {
            leaveLink(hasRequestedDisconnect ? link.common.closing ?? .requested : .linkLost, at: now, &actions)
            return
        }
        if link.procedure == .resetting(isSent: true) {
            leaveLink(.linkLost, at: now, &actions)
            return
        }
        if link.procedure == .decidingOnReset {
            // No decision is a refusal; the primary's next SNRM is answered by RD.
            link.procedure = .transfer
            link.common.closing = .protocolError
        }
        if link.common.reachesThreshold(after: silence, in: Self.watchdogTime) {
            actions.append(.indicate(.noActivity))
        }
        switch link.opening {
        case .awaitingPoll(let offer):
            link.opening = .awaitingRequest(offer)
            actions.append(.setBaudRate(.rate9600))
        case .awaitingRequest(let offer):
            link.opening = .awaitingPoll(offer)
            actions.append(.setBaudRate(link.common.parameters.baudRate))
        case nil: break
        }
        state = .secondary(link)
        actions.append(.setTimer(.watchdog, now.advanced(by: Self.watchdogTime)))
    }
}

extension SecondaryLink {
    /// Whether the link is in a state in which DM ends it (ERROR and RESET, 6.12.4).
    fileprivate var isAfterError: Bool {
        switch procedure {
        case .rejecting, .resetting: true
        case .transfer, .decidingOnReset, .askingForRole, .takingOver: false
        }
    }
}
