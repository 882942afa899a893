/// A discovery of ours, or the resolution of an address conflict, that is under way (state QUERY).
struct DiscoveryQuery: Sendable {
    var slots: SlotCount
    /// Everybody, or those that share an address and are to choose new ones (6.10).
    var target = DeviceAddress.broadcast
    /// Whether a slot ends as soon as nobody has begun to answer in it.
    var isQuick: Bool
    var current: UInt8 = 0
    var log: [DiscoveryRecord] = []
    /// Slots in which something was heard that was no frame: several answers at once.
    var collisions = 0
    /// Whether the current slot was prolonged for a frame that was still coming in.
    var isProlonged = false
    /// Shared addresses that are still to be resolved.
    var conflicts: [DeviceAddress] = []
    /// What the discovery has found whose conflicts are being resolved.
    var found: [DiscoveryRecord] = []
}

/// How long the slots of our discoveries are.
public enum DiscoveryPace: Hashable, Sendable {
    /// 25 ms where nobody answers, as short as the specification allows. After a discovery that found nobody the next one is
    /// patient, since some stations begin to answer late.
    case quick
    /// 80 ms each, which gives every station the time that it may take.
    case patient
}

// The initiator of a discovery: sections 6.8, 6.10, 6.13.2 and 6.13.5 of IrLAP 1.1.
extension IrLAP {
    /// From the end of our query to the next one, with patience. A response is complete within 70 ms, the limit is 85 ms.
    static let slotTime = Duration.milliseconds(80)
    /// The same, if nothing is heard: queries are at least 25 ms apart, and an answer begins within 10 ms (6.13.2).
    static let quickSlotTime = Duration.milliseconds(25)
    /// A slot may be prolonged to this for a frame that is still coming in.
    static let longestSlot = Duration.milliseconds(85)

    mutating func beginDiscovery(_ slots: SlotCount, _ actions: inout [IrLAPAction]) {
        let isQuick = configuration.discoveryPace == .quick && !isPatient
        sendQuery(DiscoveryQuery(slots: slots, isQuick: isQuick), &actions)
    }

    mutating func beginResolution(
        of address: DeviceAddress, _ slots: SlotCount, others: [DeviceAddress] = [], found: [DiscoveryRecord] = [],
        _ actions: inout [IrLAPAction]
    ) {
        sendQuery(
            DiscoveryQuery(slots: slots, target: address, isQuick: false, conflicts: others, found: found), &actions)
    }

    private mutating func sendQuery(_ query: DiscoveryQuery, _ actions: inout [IrLAPAction]) {
        state = .query(query)
        let time = query.isQuick ? Self.quickSlotTime : Self.slotTime
        transmit(
            [command(of: query, slot: .number(query.current), info: []).frame], additionalBOFs: Self.contentionBOFs,
            then: .startTimer(.slot, time), &actions)
    }

    private func command(of query: DiscoveryQuery, slot: XIDFrame.Slot, info: [UInt8]) -> XIDFrame {
        XIDFrame(
            isResponse: false, source: configuration.address, destination: query.target, slotCount: query.slots,
            generatesNewAddress: query.target != .broadcast, slot: slot, version: 0, info: info)
    }

    mutating func received(
        _ frame: IrLAPFrame, inQuery query: DiscoveryQuery, at now: IrDAInstant, _ actions: inout [IrLAPAction]
    ) {
        // A sniffer answers to the broadcast address (6.9). The log is a bag: equal entries show a conflict (6.10).
        guard let xid = XIDFrame(frame), xid.isResponse, isForUs(xid.destination), xid.source.isAssignable else {
            return
        }
        var query = query
        query.log.append(
            DiscoveryRecord(
                address: xid.source, info: DeviceInfo(bytes: xid.info), isSniffing: xid.destination == .broadcast))
        state = .query(query)
        if query.isProlonged {
            actions.append(.cancelTimer(.slot))
            slotEnded(query, at: now, &actions)
        }
    }

    /// Several answers at once, or half an answer.
    mutating func collided(inQuery query: DiscoveryQuery) {
        var query = query
        query.collisions += 1
        state = .query(query)
    }

    mutating func slotEnded(_ query: DiscoveryQuery, at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        var query = query
        if isReceiving(at: now) && !query.isProlonged {
            query.isProlonged = true
            state = .query(query)
            let time = query.isQuick ? Self.quickSlotTime : Self.slotTime
            actions.append(.setTimer(.slot, now.advanced(by: Self.longestSlot - time)))
            return
        }
        query.isProlonged = false
        query.current += 1
        if query.current < query.slots.rawValue {
            sendQuery(query, &actions)
        } else {
            sendFinal(of: query, then: .endDiscovery(query), &actions)
        }
    }

    /// The final command introduces us.
    private mutating func sendFinal(
        of query: DiscoveryQuery, then next: AfterTransmission, _ actions: inout [IrLAPAction]
    ) {
        state = .query(query)
        transmit(
            [command(of: query, slot: .final, info: configuration.info.bytes).frame],
            additionalBOFs: Self.contentionBOFs, then: next, &actions)
    }

    /// Gives a discovery up that is under way; its final command still goes out, since whoever has answered waits for it.
    ///
    /// `discoveryEnded(.aborted)` follows.
    public mutating func abortDiscovery(at now: IrDAInstant) -> [IrLAPAction] {
        var actions: [IrLAPAction] = []
        switch state {
        case .query(let query):
            if case .endDiscovery? = afterTransmission {
                break  // It is over.
            } else if afterTransmission != nil {
                // Our query is on the air; the final command follows it.
                afterTransmission = .abortDiscovery(query)
            } else {
                actions.append(.cancelTimer(.slot))
                sendFinal(of: query, then: .discoveryAborted, &actions)
            }
        case .contention, .reply, .conn, .setup, .sniffing, .awaitingSniffer, .primary, .secondary:
            if case .discover = heldRequest {
                heldRequest = nil
                actions = [.cancelTimer(.mediaAccess), .indicate(.discoveryEnded(.aborted))]
            }
        }
        return actions
    }

    /// The final command has left.
    mutating func discoveryEnded(_ query: DiscoveryQuery, at now: IrDAInstant) -> [IrLAPAction] {
        state = .contention
        mediaBusyUntil = now  // We may connect at once (6.13.4).
        var actions: [IrLAPAction] = []
        var found = query.found
        var conflicts = query.conflicts
        if query.target == .broadcast {
            earliestDiscovery = now.advanced(by: Self.mediaSense)
            isPatient = query.isQuick && query.log.isEmpty
            lastCollisions = query.collisions
            found = query.log
            if found.contains(where: { $0.address == configuration.address }) {
                // Who shares our address keeps it; we take another before anybody connects.
                configuration.address = .random(using: &generator)
                actions.append(.indicate(.addressChanged(configuration.address)))
            }
            conflicts = configuration.resolvesConflicts ? Self.shared(in: found) : []
        } else {
            // Those that have obeyed answer with new addresses; who has not is where it was.
            if !query.log.isEmpty {
                found.removeAll { $0.address == query.target }
                found += query.log
            }
            if query.isStandalone {
                return actions + [.indicate(.conflictResolved(query.target, query.log))]
            }
        }
        guard let next = conflicts.first else {
            return actions + [.indicate(.discoveryEnded(.completed(found)))]
        }
        // No new sensing: it is another procedure, to another address (6.13 rule 8).
        beginResolution(of: next, query.slots, others: Array(conflicts.dropFirst()), found: found, &actions)
        return actions
    }

    mutating func discoveryAborted() -> [IrLAPAction] {
        state = .contention
        return [.indicate(.discoveryEnded(.aborted))]
    }

    mutating func sendAbortingFinal(of query: DiscoveryQuery) -> [IrLAPAction] {
        var actions: [IrLAPAction] = []
        sendFinal(of: query, then: .discoveryAborted, &actions)
        return actions
    }

    /// The addresses that several answers have, in the order of their answers.
    private static func shared(in log: [DiscoveryRecord]) -> [DeviceAddress] {
        var shared: [DeviceAddress] = []
        for (index, record) in log.enumerated() {
            let isRepeated = log[..<index].contains { $0.address == record.address }
            if isRepeated && !shared.contains(record.address) { shared.append(record.address) }
        }
        return shared
    }
}

extension DiscoveryQuery {
    /// Whether this is the resolution of a conflict that the layer above has asked for, and no part of a discovery.
    fileprivate var isStandalone: Bool { target != .broadcast && found.isEmpty }
}
