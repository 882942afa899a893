/// A discovery of ours that is under way (state QUERY).
struct DiscoveryQuery: Sendable {
    var slots: SlotCount
    var current: UInt8 = 0
    var log: [DiscoveryRecord] = []
    /// Whether the current slot was prolonged for a frame that was still coming in.
    var isProlonged = false
}

/// A discovery by another station that we have heard of (state REPLY).
struct DiscoveryReply: Sendable {
    var initiator: DeviceAddress
    var slots: SlotCount
    var lastHeard: UInt8
    var chosen: UInt8
    var hasReplied = false
}

// The discovery procedure: sections 6.8, 6.13.2 and 6.13.5 of IrLAP 1.1.
extension IrLAP {
    /// From the end of our query to the next one. A response is complete within 70 ms, the limit is 85 ms.
    static let slotTime = Duration.milliseconds(80)
    /// What a slot may be prolonged by for a frame that is still coming in (85 ms in all).
    static let slotExtension = Duration.milliseconds(5)

    /// How long a responder stays in somebody's discovery: what is left of it at the slowest pace, and a margin.
    static func queryTime(for slots: SlotCount, from slot: UInt8) -> Duration {
        .milliseconds((Int64(slots.rawValue) - Int64(slot)) * 115 + 100)
    }

    // MARK: Initiator

    mutating func beginDiscovery(_ slots: SlotCount, _ actions: inout [IrLAPAction]) {
        sendQuery(DiscoveryQuery(slots: slots), &actions)
    }

    private mutating func sendQuery(_ query: DiscoveryQuery, _ actions: inout [IrLAPAction]) {
        state = .query(query)
        let xid = discoveryCommand(slots: query.slots, slot: .number(query.current), info: [])
        transmit(
            [xid.frame], additionalBOFs: Self.contentionBOFs, then: .startTimer(.slot, Self.slotTime), &actions)
    }

    private func discoveryCommand(slots: SlotCount, slot: XIDFrame.Slot, info: [UInt8]) -> XIDFrame {
        XIDFrame(
            isResponse: false, source: configuration.address, destination: .broadcast, slotCount: slots,
            generatesNewAddress: false, slot: slot, version: 0, info: info)
    }

    mutating func received(_ frame: IrLAPFrame, inQuery query: DiscoveryQuery, at now: IrDAInstant) {
        // A sniffer answers to the broadcast address (6.9). The log is a bag: equal entries show a conflict (6.10).
        guard let xid = XIDFrame(frame), xid.isResponse, isForUs(xid.destination), xid.source.isAssignable else {
            return
        }
        var query = query
        query.log.append(DiscoveryRecord(address: xid.source, info: DeviceInfo(bytes: xid.info)))
        state = .query(query)
    }

    mutating func slotEnded(_ query: DiscoveryQuery, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var query = query
        if isReceiving && !query.isProlonged {
            query.isProlonged = true
            state = .query(query)
            actions.append(.setTimer(.slot, now.advanced(by: Self.slotExtension)))
            return
        }
        query.isProlonged = false
        query.current += 1
        if query.current < query.slots.rawValue {
            sendQuery(query, &actions)
        } else {
            // The final command introduces us.
            let final = discoveryCommand(slots: query.slots, slot: .final, info: configuration.info.bytes)
            transmit(
                [final.frame], additionalBOFs: Self.contentionBOFs, then: .endDiscovery(query.log), &actions)
        }
    }

    // MARK: Responder

    /// A discovery command was heard in NDM.
    mutating func discoveredBy(_ xid: XIDFrame, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        guard isForUs(xid.destination), xid.source.isAssignable else { return }
        switch xid.slot {
        case .final:
            // We missed all its queries, but can still learn who it is.
            introduce(xid, at: now, &actions)
        case .number(let slot):
            guard slot < xid.slotCount.rawValue else { return }
            draw(for: xid, from: slot, at: now, &actions)
        }
    }

    /// Draws a slot among those that are left, and answers if it is this one.
    private mutating func draw(
        for xid: XIDFrame, from slot: UInt8, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        let last = UInt8(xid.slotCount.rawValue - 1)
        let reply = DiscoveryReply(
            initiator: xid.source, slots: xid.slotCount, lastHeard: slot,
            chosen: UInt8.random(in: slot...last, using: &generator))
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
                isResponse: true, source: configuration.address, destination: reply.initiator, slotCount: reply.slots,
                generatesNewAddress: false, slot: .number(slot), version: 0, info: configuration.info.bytes)
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
            introduce(xid, at: now, &actions)
        case .number(let slot):
            guard slot < xid.slotCount.rawValue else { return }
            // A number that goes back is a new discovery by a station that forgot the old one (IrDA Lite 1.0, 2.3.3).
            if slot < reply.lastHeard {
                draw(for: xid, from: slot, at: now, &actions)
            } else {
                answerIfDue(reply, slot: slot, at: now, &actions)
            }
        }
    }

    mutating func queryTimeEnded(_ reply: DiscoveryReply, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        state = .contention
        mediaBusyUntil = now.advanced(by: Self.mediaSense)
        resumeHeldRequest(at: mediaBusyUntil, &actions)
    }

    /// The initiator has introduced itself; its discovery is over, and it may want to connect first.
    private mutating func introduce(_ xid: XIDFrame, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        state = .contention
        mediaBusyUntil = now.advanced(by: Self.initiatorsAdvantage)
        resumeHeldRequest(at: mediaBusyUntil, &actions)
        actions.append(
            .indicate(.discovered(DiscoveryRecord(address: xid.source, info: DeviceInfo(bytes: xid.info)))))
    }

    private func resumeHeldRequest(at moment: IrDAInstant, _ actions: inout [IrLAPAction]) {
        if heldRequest != nil { actions.append(.setTimer(.mediaAccess, moment)) }
    }
}
