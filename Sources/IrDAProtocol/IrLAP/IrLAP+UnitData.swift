import DequeModule

/// Broadcasts that wait for a quiet medium (IrLAP 1.1, 6.12.5).
struct Broadcasts: Sendable {
    /// More than this do not wait; who sends faster than one in 500 ms is told so.
    static let longestQueue = 8

    var queue: Deque<[UInt8]> = []
    /// One UI frame goes in so much time.
    var earliest = IrDAInstant.start
}

// UI frames: data without a promise, inside a link and outside.
extension IrLAP {
    /// The time between two UI frames outside a link.
    private static let broadcastPause = Duration.milliseconds(500)

    /// Sends the information of a UI frame: with the next turn of the link, or to all when the medium is quiet.
    ///
    /// - Returns: the actions; nil if too much waits already, or while a link is being set up or a discovery goes on.
    public mutating func sendUnitData(_ information: [UInt8], at now: IrDAInstant) -> [IrLAPAction]? {
        var actions: [IrLAPAction] = []
        switch state {
        case .primary(let link):
            guard transfer.enqueueUnitData(information) else { return nil }
            if link.mayTransmitNow && transfer.hasSomethingToSend { takeTurn(link, pollNow: false, at: now, &actions) }
        case .secondary:
            guard transfer.enqueueUnitData(information) else { return nil }
        case .contention:
            guard broadcasts.queue.count < Broadcasts.longestQueue else { return nil }
            broadcasts.queue.append(information)
            sendBroadcast(at: now, &actions)
        case .query, .reply, .conn, .setup, .sniffing, .awaitingSniffer:
            return nil
        }
        return actions
    }

    /// Sends the next broadcast, or looks again when it may go.
    mutating func sendBroadcast(at now: IrDAInstant, _ actions: inout [IrLAPAction]) {
        guard let next = broadcasts.queue.first else { return }
        guard case .contention = state else {
            // Whoever sent it meant the stations around, which the link shuts out.
            broadcasts.queue.removeAll()
            return
        }
        let earliest = max(mediaBusyUntil, broadcasts.earliest)
        guard earliest <= now, afterTransmission == nil, !isReceiving(at: now) else {
            actions.append(.setTimer(.unitData, max(earliest, now.advanced(by: .milliseconds(10)))))
            return
        }
        broadcasts.queue.removeFirst()
        broadcasts.earliest = now.advanced(by: Self.broadcastPause)
        let frame = IrLAPFrame(
            address: IrLAPAddress(connection: .broadcast, isCommand: true),
            control: .unnumbered(.unnumberedInformation, pollFinal: false), information: next)
        transmit([frame], additionalBOFs: Self.contentionBOFs, then: .nothing, &actions)
        if !broadcasts.queue.isEmpty { actions.append(.setTimer(.unitData, broadcasts.earliest)) }
    }
}
