/// A connection in which we speak when polled.
struct SecondaryLink: Sendable {
    /// What goes out when the turn is ours.
    enum Answer: Sendable {
        /// Data if there is any, else RR.
        case dataOrReceiveReady
        case receiveReady
        case test([UInt8])
        case frameReject(FRMRField)
        case acknowledgeDisconnect
    }

    var common: Link
    var answer = Answer.dataOrReceiveReady
    /// WD-timer expiries in a row.
    var missedPolls = 0
    /// Whether RD was sent; the primary now has one watchdog time to end the link.
    var hasRequestedDisconnect = false

    init(common: Link) {
        self.common = common
    }

    var isClosing: Bool {
        get { common.closing != nil }
        set { common.closing = newValue ? common.closing ?? .requested : nil }
    }
}

// The secondary: NRM, XMIT and SCLOSE in sections 6.12.4 of IrLAP 1.1.
extension IrLAP {
    mutating func received(
        _ frame: IrLAPFrame, asSecondary link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard frame.address.connection == link.common.connectionAddress else {
            acceptRestart(of: link.common.peer, frame, at: now, &actions)
            return
        }
        var link = link
        link.answer = .dataOrReceiveReady
        switch frame.control {
        case .information, .supervisory:
            guard frame.address.isCommand else {
                leaveLink(.primaryConflict, at: now, &actions)
                return
            }
            switch link.common.receive(frame.control, information: frame.information, &actions) {
            case .none: break
            case .receiveReady: link.answer = .receiveReady
            case .reset: link.common.closing = link.common.closing ?? .protocolError
            }
        case .unnumbered(let kind, let poll):
            guard frame.address.isCommand else { return }
            receivedUnnumbered(kind, poll: poll, frame, &link, &actions)
        }
        link.missedPolls = 0
        state = .secondary(link)
        if frame.control.pollFinal { awaitTurn(link, at: now, &actions) }
    }

    /// A command whose control byte is undefined: its P is answered by FRMR (5.7.1.8).
    mutating func receivedUndefinedPoll(
        _ control: UInt8, asSecondary link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        var link = link
        link.missedPolls = 0
        link.answer = .frameReject(link.common.undefinedControl(control))
        state = .secondary(link)
        awaitTurn(link, at: now, &actions)
    }

    private func awaitTurn(_ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        actions += [.cancelTimer(.watchdog), .setTimer(.turnaround, now.advanced(by: link.common.turnaround))]
    }

    private func receivedUnnumbered(
        _ kind: UnnumberedKind, poll: Bool, _ frame: IrLAPFrame, _ link: inout SecondaryLink,
        _ actions: inout [IrLAPAction]
    ) {
        switch kind {
        case .disconnect:
            link.answer = .acknowledgeDisconnect
        case .unnumberedInformation:
            actions.append(.indicate(.unitData(frame.information)))
        case .test:
            link.answer = .test(frame.information)
        case .setNormalResponseMode:
            // A reset; it is refused with RD, as IrDA Lite does (IrDA Lite 1.0, 2.2).
            link.common.closing = link.common.closing ?? .protocolError
        case .xidCommand, .xidResponse:
            link.answer = .receiveReady
        case .unnumberedAcknowledgement, .frameReject, .disconnectedMode, .exchangePrimary, .exchangeDenied:
            link.answer = .frameReject(link.common.undefinedControl(frame.control.byte))
        }
    }

    /// An SNRM from our own primary on the broadcast address: it has forgotten the link and begins anew.
    private mutating func acceptRestart(
        of peer: DeviceAddress, _ frame: IrLAPFrame, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard let snrm = SNRMFrame(frame), snrm.source == peer, snrm.destination == configuration.address else {
            return
        }
        leaveLink(.linkLost, at: now, &actions)
        receivedInContention(frame, at: now, &actions)
    }

    /// We were polled, and the primary can hear us.
    mutating func takeTurn(_ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var link = link
        var next = AfterTransmission.startTimer(.watchdog, Self.watchdogTime)
        let frames: [IrLAPFrame]
        switch link.answer {
        case .acknowledgeDisconnect:
            // At the speed of the link; the change to 9600 comes after it (6.12).
            frames = [link.common.unnumbered(.unnumberedAcknowledgement, isCommand: false)]
            next = .leaveLink(link.common.closing ?? .requested)
        case _ where link.isClosing:
            link.hasRequestedDisconnect = true
            frames = [link.common.unnumbered(.disconnect, isCommand: false)]
        case .test(let payload):
            frames = [link.common.unnumbered(.test, isCommand: false, information: payload)]
        case .frameReject(let field):
            frames = [link.common.unnumbered(.frameReject, isCommand: false, information: field.bytes)]
        case .receiveReady:
            frames = [link.common.receiveReady(isCommand: false)]
        case .dataOrReceiveReady:
            let burst = link.common.burst(isCommand: false)
            frames = burst.isEmpty ? [link.common.receiveReady(isCommand: false)] : burst
        }
        state = .secondary(link)
        transmit(frames, additionalBOFs: link.common.additionalBOFs, then: next, &actions)
    }

    /// No poll came for a watchdog time.
    mutating func watchdogEnded(
        _ link: SecondaryLink, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        var link = link
        link.missedPolls += 1
        let silence = Self.watchdogTime * link.missedPolls
        if link.hasRequestedDisconnect || silence >= link.common.parameters.disconnectTime {
            leaveLink(link.hasRequestedDisconnect ? link.common.closing ?? .requested : .linkLost, at: now, &actions)
            return
        }
        if link.common.reachesThreshold(after: silence, in: Self.watchdogTime) {
            actions.append(.indicate(.noActivity))
        }
        state = .secondary(link)
        actions.append(.setTimer(.watchdog, now.advanced(by: Self.watchdogTime)))
    }
}
