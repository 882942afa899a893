// The reset of a link: sections 2.3.5 and 6.12 of IrLAP 1.1. It happens if both layers above agree; refusing it is ending the
// link, which a station does without asking unless `asksBeforeReset` is set (IrDA Lite 1.0, 2.2).
extension IrLAP {
    /// Asks for a reset, or agrees to one that was indicated. `reset(.done)` follows, or the end of the link.
    ///
    /// What has not been acknowledged, and what still waits, is dropped.
    public mutating func reset(at now: IrDAInstant) -> [IrLAPAction] {
        var actions: [IrLAPAction] = []
        switch state {
        case .primary(var link):
            guard !link.isClosing else { break }
            let isUndecided = link.procedure == .decidingOnReset
            guard isUndecided || link.procedure == .transfer else { break }
            link.procedure = .resetting(attempts: 0)
            state = .primary(link)
            if link.phase == .idle { takeTurn(link, pollNow: true, at: now, &actions) }
        case .secondary(var link):
            guard !link.isClosing else { break }
            switch link.procedure {
            case .decidingOnReset:
                link.procedure = .transfer
                link.answer = .acknowledgeReset
                state = .secondary(link)
                actions += [.cancelTimer(.watchdog), .setTimer(.turnaround, now.advanced(by: link.common.turnaround))]
            case .transfer:
                link.procedure = .resetting(isSent: false)
                state = .secondary(link)
            case .rejecting, .resetting, .askingForRole, .takingOver:
                break
            }
        case .contention, .query, .reply, .conn, .setup, .sniffing, .awaitingSniffer:
            break
        }
        return actions
    }

    /// The primary has learned that only a reset can help, or that the peer wants one.
    mutating func resetNeeded(_ cause: ResetIndication, _ link: inout PrimaryLink, _ actions: inout [IrLAPAction]) {
        guard configuration.asksBeforeReset, !link.isClosing else {
            link.common.closing = link.common.closing ?? .protocolError
            return
        }
        link.procedure = .decidingOnReset
        actions.append(.indicate(.reset(cause)))
    }

    /// The primary sends a reset SNRM to us as secondary.
    mutating func resetRequested(_ link: inout SecondaryLink, _ actions: inout [IrLAPAction]) {
        switch link.procedure {
        case .resetting:
            // We have asked for it ourselves, by RNRM.
            link.procedure = .transfer
            link.answer = .acknowledgeReset
        case .transfer, .rejecting, .decidingOnReset, .askingForRole, .takingOver:
            guard configuration.asksBeforeReset, !link.isClosing else {
                link.common.closing = link.common.closing ?? .protocolError
                return
            }
            link.procedure = .decidingOnReset
            actions.append(.indicate(.reset(.peer)))
        }
    }
}
