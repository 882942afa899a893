/// A discovery by another station that we have heard of (state REPLY).
struct DiscoveryReply: Sendable {
    var initiator: DeviceAddress
    var slots: SlotCount
    var lastHeard: UInt8
    var chosen: UInt8
    var hasReplied = false
    /// The address that we are to take, since another station has ours too; it counts when the procedure is over (6.10).
    var newAddress: DeviceAddress?
    /// Whether we were sniffing, and go on with it.
    var resumesSniffing = false
}

// The responder of a discovery: sections 6.8, 6.10 and 6.13.2 of IrLAP 1.1.
extension IrLAP {
    /// How long a responder stays in somebody's discovery: what is left of it at the slowest pace, and a margin.
    static func queryTime(for slots: SlotCount, from slot: UInt8) -> Duration {
        .milliseconds((Int64(slots.rawValue) - Int64(slot)) * 115 + 100)
    }

    /// A discovery command was heard in NDM, or by a sniffer.
    mutating func discoveredBy(
        _ xid: XIDFrame, at now: IrDAInstant, resumesSniffing: Bool = false, _ actions: inout [IrLAPAction]
    ) {
        guard isForUs(xid.destination), xid.source.isAssignable else { return }
        switch xid.slot {
        case .final:
            // We missed all its queries, but can still learn who it is.
            state = .contention
            introduce(xid, at: now, &actions)
        case .number(let slot):
            guard slot < xid.slotCount.rawValue else { return }
            draw(for: xid, from: slot, resumesSniffing: resumesSniffing, at: now, &actions)
        }
    }

    /// Draws a slot among those that are left, and answers if it is this one.
    private mutating func draw(
        for xid: XIDFrame, from slot: UInt8, resumesSniffing: Bool, at now: IrDAInstant,
        _ actions: inout [IrLAPAction]
    ) {
        let last = UInt8(xid.slotCount.rawValue - 1)
        var reply = DiscoveryReply(
            initiator: xid.source, slots: xid.slotCount, lastHeard: slot,
            chosen: UInt8.random(in: slot...last, using: &generator), resumesSniffing: resumesSniffing)
        if xid.generatesNewAddress && xid.destination == configuration.address {
            reply.newAddress = .random(using: &generator)
        }
        answerIfDue(reply, slot: slot, at: now, &actions)
    }

    private mutating func answerIfDue(
        _ reply: DiscoveryReply, slot: UInt8, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        var reply = reply
        reply.lastHeard = slot
        actions.append(.setTimer(.query, now.advanced(by: Self.queryTime(for: reply.slots, from: slot))))
        if slot >= reply.chosen && !reply.hasReplied {
            reply.hasReplied = true
            let response = XIDFrame(
                isResponse: true, source: reply.newAddress ?? configuration.address, destination: reply.initiator,
                slotCount: reply.slots, generatesNewAddress: reply.newAddress != nil, slot: .number(slot), version: 0,
                info: configuration.info.bytes)
            // No wait: the answer must begin within 10 ms, and its XBOFs are the turn-around time (6.13.2, 6.6.10).
            transmit([response.frame], additionalBOFs: Self.contentionBOFs, then: .nothing, &actions)
        }
        state = .reply(reply)
    }

    mutating func received(
        _ frame: IrLAPFrame, inReply reply: DiscoveryReply, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        guard let xid = XIDFrame(frame), !xid.isResponse, isForUs(xid.destination), xid.source == reply.initiator else {
            return
        }
        switch xid.slot {
        case .final:
            actions.append(.cancelTimer(.query))
            leaveReply(reply, &actions)
            introduce(xid, at: now, &actions)
            if reply.resumesSniffing { beginSniffing(Sniffer(), at: now, &actions) }
        case .number(let slot):
            guard slot < xid.slotCount.rawValue else { return }
            // A number that goes back, or another number of slots, is a new discovery by a station that forgot the old one (IrDA Lite 1.0,
            // 2.3.3).
            if slot < reply.lastHeard || xid.slotCount != reply.slots {
                draw(for: xid, from: slot, resumesSniffing: reply.resumesSniffing, at: now, &actions)
            } else {
                answerIfDue(reply, slot: slot, at: now, &actions)
            }
        }
    }

    mutating func queryTimeEnded(_ reply: DiscoveryReply, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        leaveReply(reply, &actions)
        mediaBusyUntil = now.advanced(by: Self.mediaSense)
        if reply.resumesSniffing {
            beginSniffing(Sniffer(hasHeardTraffic: true), at: now, &actions)
        } else {
            resumeHeldRequest(at: mediaBusyUntil, &actions)
        }
    }

    private mutating func leaveReply(_ reply: DiscoveryReply, _ actions: inout [IrLAPAction]) {
        state = .contention
        guard let address = reply.newAddress, reply.hasReplied else { return }
        configuration.address = address
        actions.append(.indicate(.addressChanged(address)))
    }

    /// The initiator has introduced itself; its discovery is over, and it may want to connect first.
    private mutating func introduce(_ xid: XIDFrame, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        mediaBusyUntil = now.advanced(by: Self.initiatorsAdvantage)
        resumeHeldRequest(at: mediaBusyUntil, &actions)
        actions.append(
            .indicate(.discovered(DiscoveryRecord(address: xid.source, info: DeviceInfo(bytes: xid.info)))))
    }

    private func resumeHeldRequest(at moment: IrDAInstant, _ actions: inout [IrLAPAction]) {
        if heldRequest != nil { actions.append(.setTimer(.mediaAccess, moment)) }
    }
}
