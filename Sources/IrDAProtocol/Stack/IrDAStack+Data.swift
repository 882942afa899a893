import DequeModule

// What connections carry. PDUs are made only when a turn is about to begin, from one connection after the other: so many
// connections share the link fairly, short writes fill whole segments, and the size of a segment follows the link.
extension IrDAStack {
    // MARK: Sending

    /// How many bytes `send` would take now; of a connection for messages, whether it takes one: it does unless this is 0.
    public func sendRoom(_ id: IrDAConnectionID) -> Int {
        guard let connection = connections[id], connection.phase == .open else { return 0 }
        return connection.machine.sendRoom
    }

    /// Sends as many of the bytes as there is room for; when there is more room, `sendRoom` is an event.
    ///
    /// - Parameters:
    ///   - bytes: the bytes, of a stream or for PDUs of a raw connection, which are filled in the order of the calls: bytes of
    ///     one call that fit one PDU go in one.
    ///   - id: the connection; one for messages takes nothing here.
    ///   - now: the time.
    /// - Returns: how many bytes were taken, and what to do.
    public mutating func send(
        _ bytes: some Collection<UInt8>, on id: IrDAConnectionID, at now: IrDAInstant
    ) -> (taken: Int, actions: [IrDAStackAction]) {
        guard let kind = connections[id]?.machine.kind, !kind.hasMessages else { return (0, []) }
        let taken = min(bytes.count, sendRoom(id))
        guard taken > 0 else { return (0, []) }
        return (taken, queue(bytes.prefix(taken), on: id, at: now))
    }

    /// Sends one message, all of it.
    ///
    /// - Parameters:
    ///   - bytes: the message.
    ///   - id: a connection for messages.
    ///   - now: the time.
    /// - Returns: what to do.
    /// - Throws: `IrDASendError`: `tooLong` beyond what the peer takes, `noRoom` while the peer gives no credit.
    public mutating func sendMessage(
        _ bytes: some Collection<UInt8>, on id: IrDAConnectionID, at now: IrDAInstant
    ) throws(IrDASendError) -> [IrDAStackAction] {
        guard let connection = connections[id], connection.phase == .open,
            let limit = connection.machine.sendableMessage
        else { throw .notConnected }
        if bytes.isEmpty { throw .empty }
        if bytes.count > limit { throw .tooLong(limit: limit) }
        if connection.machine.sendRoom == 0 { throw .noRoom }
        return queue(bytes, on: id, at: now)
    }

    private mutating func queue(
        _ bytes: some Collection<UInt8>, on id: IrDAConnectionID, at now: IrDAInstant
    ) -> [IrDAStackAction] {
        connections.change(id) { $0.machine.queue(bytes) }
        return collect(at: now) { stack, _ in stack.enterSendOrder(id) }
    }

    /// Sends data on a connection without a promise: it may be lost, doubled, or overtake other data. It needs no credit.
    ///
    /// - Parameters:
    ///   - bytes: the data; one PDU.
    ///   - id: the connection, of any kind.
    ///   - now: the time.
    /// - Returns: what to do.
    /// - Throws: `IrDASendError`, `linkInUse` while another connection has the link to itself.
    public mutating func sendUnitData(
        _ bytes: [UInt8], on id: IrDAConnectionID, at now: IrDAInstant
    ) throws(IrDASendError) -> [IrDAStackAction] {
        guard let connection = connections[id], connection.phase == .open, let lsap = connection.lsap else {
            throw .notConnected
        }
        if bytes.isEmpty { throw .empty }
        if bytes.count > maximumPayload { throw .tooLong(limit: maximumPayload) }
        return try transmitUnitData(lmp.sendUnitData(bytes, on: lsap), at: now)
    }

    // MARK: Receiving

    /// Reports that so many units of received data are out of the way, so that the peer may send as many more.
    ///
    /// - Parameters:
    ///   - segments: how many `received` events.
    ///   - id: the connection.
    ///   - now: the time.
    /// - Returns: what to do.
    public mutating func consumed(
        segments: Int, on id: IrDAConnectionID, at now: IrDAInstant
    ) -> [IrDAStackAction] {
        let kind = connections.change(id) { connection -> IrDATransport? in
            guard connection.phase == .open else { return nil }
            connection.machine.consumed(segments)
            return connection.machine.kind
        }
        guard let kind = kind ?? nil else { return [] }
        return collect(at: now) { stack, actions in
            stack.holdBackIfCongested(kind, at: now, &actions)
            stack.enterSendOrder(id)
        }
    }

    mutating func dataReceived(
        _ id: IrDAConnectionID, _ payload: ArraySlice<UInt8>, _ lsap: LSAPConnectionID, at now: IrDAInstant,
        _ actions: inout [IrDAStackAction]
    ) {
        // A copy of the connection that lives longer would make every change of its queues copy them.
        guard let before = connections[id].map({ (phase: $0.phase, kind: $0.machine.kind, room: $0.machine.sendRoom) }),
            before.phase.carriesData
        else { return }
        let unit: TinyTPDelivery?
        do throws(TransportMachine.Violation) {
            var buffers = BufferPool()
            swap(&buffers, &lap.buffers)
            defer { swap(&buffers, &lap.buffers) }
            unit =
                try connections.change(id) { connection throws(TransportMachine.Violation) in
                    try connection.machine.receive(payload, &buffers)
                } ?? nil
        } catch {
            switch error {
            case .protocolError: fail(id, .protocolViolation, lsap, at: now, &actions)
            case .overrun: fail(id, .overrun, lsap, at: now, &actions)
            }
            return
        }
        counters.dataReceived += 1
        holdBackIfCongested(before.kind, at: now, &actions)
        if let unit {
            switch before.phase {
            case .open: deliver(unit, to: id, &actions)
            case .locking: connections[id]?.early.append(unit)
            // Nobody is there to take it; but the peer, which cannot know, is not to wait for credit.
            case .closing: connections[id]?.machine.consumed(1)
            case .askingForExclusiveMode, .lookingUp, .connecting, .offered: break
            }
        }
        enterSendOrder(id)
        if before.phase == .open, (connections[id]?.machine.sendRoom ?? 0) > before.room {
            actions.append(.event(.sendRoom(id)))
        }
    }

    /// Without credit only IrLAP can hold a peer back, and with it everybody on the link (IrLAP 1.1, 6.12.2).
    ///
    /// - Parameter transport: that of the connection on which something has changed.
    mutating func holdBackIfCongested(
        _ transport: IrDATransport, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        guard transport == .raw else { return }
        let isCongested = connections.values.contains { $0.phase != .closing && $0.machine.isCongested }
        perform(lap.setBusy(isCongested, at: now), at: now, &actions)
    }

    func deliver(_ unit: TinyTPDelivery, to id: IrDAConnectionID, _ actions: inout [IrDAStackAction]) {
        actions.append(.event(unit.isTruncated ? .receivedTruncated(id, unit.bytes) : .received(id, unit.bytes)))
    }

    // MARK: Turns

    /// Lets a connection wait for its turn, if it has something to send.
    mutating func enterSendOrder(_ id: IrDAConnectionID) {
        guard let connection = connections[id], connection.phase.carriesData, !connection.isInSendOrder,
            connection.machine.hasPDU
        else { return }
        connections.change(id) { $0.isInSendOrder = true }
        sendOrder.append(id)
    }

    /// Gives the link the PDUs that its next turn has room for, one from each connection in turn.
    mutating func pump(at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        var passedOver = 0
        while passedOver < sendOrder.count, let linkRoom = lap.room, let id = sendOrder.popFirst() {
            guard let lsap = connections[id]?.lsap else { continue }
            if lmp.isLocked(lsap) {  // Another has the link to itself.
                sendOrder.append(id)
                passedOver += 1
                continue
            }
            passedOver = 0
            var information = lap.buffers.take()
            var room = 0
            let isReady = lmp.beginData(on: lsap, in: &information)
            let hasPDU = connections.change(id) { connection in
                connection.isInSendOrder = false
                room = connection.machine.sendRoom
                // A peer that reads no more gives no more credit: what is left of a closed connection goes in whole segments,
                // for which the credit was enough when the data was taken.
                let wanted = connection.phase == .closing ? nil : linkRoom
                return isReady && connection.machine.appendPDU(for: wanted, to: &information)
            }
            guard hasPDU == true else {
                lap.buffers.give(information)
                continue
            }
            counters.dataSent += 1
            lap.queue(information)
            enterSendOrder(id)
            sent(id, roomBefore: room, at: now, &actions)
        }
    }

    private mutating func sent(
        _ id: IrDAConnectionID, roomBefore room: Int, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        guard let connection = connections[id] else { return }
        switch connection.phase {
        case .closing where connection.machine.queuedBytes == 0:
            finishClosing(id, at: now, &actions)
        case .open where connection.machine.sendRoom > room:
            actions.append(.event(.sendRoom(id)))
        case .askingForExclusiveMode, .lookingUp, .connecting, .locking, .offered, .open, .closing:
            break
        }
    }
}

extension IrDATransport {
    fileprivate var hasMessages: Bool {
        switch self {
        case .messages: true
        case .stream, .cooked, .raw: false
        }
    }
}
