// What the layer above asks of a link, and wants to know of it.
extension IrLAP {
    /// Whether a link is up.
    public var isConnected: Bool {
        switch state {
        case .primary, .secondary: true
        case .contention, .query, .reply, .conn, .setup, .sniffing, .awaitingSniffer: false
        }
    }

    /// The station at the other end of the link, or of the one that is being set up.
    public var peer: DeviceAddress? {
        switch state {
        case .contention, .query, .reply, .sniffing: nil
        case .conn(let offer): offer.peer
        case .setup(let setup): setup.peer
        case .awaitingSniffer(let wait): wait.peer
        case .primary(let link): link.common.peer
        case .secondary(let link): link.common.peer
        }
    }

    /// Whether everything that was handed to the link has arrived (the status service of IrLMP 1.1, 3.3.2.1.3).
    public var isDrained: Bool { !isConnected || transfer.isDrained }

    /// The information of I frames that are queued, or on their way and not acknowledged.
    public var unacknowledged: [[UInt8]] { isConnected ? transfer.unacknowledged : [] }

    /// Whether something is going on that needs only time: a discovery, a set-up, data on its way, an end.
    ///
    /// False for a link that just polls, and for a quiet medium. A simulation may hurry while it is true.
    public var isBusy: Bool {
        if heldRequest != nil || afterTransmission != nil { return true }
        return switch state {
        case .contention, .sniffing: false
        case .query, .reply, .conn, .setup, .awaitingSniffer: true
        case .primary(let link): link.isClosing || link.procedure != .transfer || !transfer.isDrained
        case .secondary(let link): link.isClosing || link.procedure != .transfer || !transfer.isDrained
        }
    }

    /// Whether the medium has been quiet for so long that a request would go at once.
    public func isQuiet(at now: IrDAInstant) -> Bool { heldRequest == nil && mediaBusyUntil <= now }

    // MARK: Data

    /// What another frame for the next turn may carry, beside all that waits already; nil if none should come, or without a
    /// link.
    ///
    /// Ask, and fill it with `queue`, as late as possible: when a timer of IrLAP comes due, before it is told. Then frames are
    /// cut as the errors of late suggest, the last one fills the turn, and many connections share the link fairly.
    public var room: InformationRoom? { isConnected ? transfer.room : nil }

    /// The most bytes of information that a frame does best with, as the errors of late suggest.
    public var frameSize: Int { transfer.preferredSize }

    /// Whether what is queued would go at once: the turn is ours, and the line is idle.
    public var maySendNow: Bool {
        switch state {
        case .primary(let link): link.mayTransmitNow
        case .contention, .query, .reply, .conn, .setup, .sniffing, .awaitingSniffer, .secondary: false
        }
    }

    /// Queues the information of an I frame, without sending it yet; `sendQueued` does, or the next turn.
    ///
    /// Without a link nothing happens, since the link's end was indicated before.
    public mutating func queue(_ information: [UInt8]) {
        if isConnected { transfer.enqueue(information) }
    }

    /// Takes the turn for what is queued, if the line is idle.
    public mutating func sendQueued(at now: IrDAInstant) -> [IrLAPAction] {
        var actions = newActions()
        // A busy peer takes no data; the P-timer that runs must not start again.
        if case .primary(let link) = state, link.mayTransmitNow, transfer.hasSomethingToSend {
            takeTurn(link, pollNow: false, at: now, &actions)
        }
        return actions
    }

    /// Queues the information of an I frame, and sends it at once if the line is idle.
    ///
    /// - Returns: the actions; without a link nothing happens, since the link's end was indicated before.
    public mutating func send(_ information: [UInt8], at now: IrDAInstant) -> [IrLAPAction] {
        queue(information)
        return sendQueued(at: now)
    }

    /// Says that we can take no I frames for a while, or can again (the BUSY states of 6.12).
    ///
    /// What arrives meanwhile is dropped and has to be sent again. TinyTP's credit is the better way, and the only one that
    /// every peer understands: some never answer RNR.
    public mutating func setBusy(_ isBusy: Bool, at now: IrDAInstant) -> [IrLAPAction] {
        guard isConnected, transfer.localBusy != isBusy else { return [] }
        transfer.localBusy = isBusy
        announcesReady = !isBusy
        var actions: [IrLAPAction] = []
        if case .primary(var link) = state, !isBusy {
            // Only RR ends it, at once if the line is idle.
            announcesReady = false
            link.intent = .poll
            state = .primary(link)
            if link.mayTransmitNow { takeTurn(link, pollNow: true, at: now, &actions) }
        }
        return actions
    }

    // MARK: The end

    /// Ends the link, or the attempt to set it up. Data that is still queued is dropped (IrLAP 1.1, 6.12).
    public mutating func disconnect(at now: IrDAInstant) -> [IrLAPAction] {
        var actions: [IrLAPAction] = []
        switch state {
        case .primary(var link):
            link.isClosing = true
            state = .primary(link)
            if link.phase == .idle { takeTurn(link, pollNow: true, at: now, &actions) }
        case .secondary(var link):
            link.isClosing = true
            if link.procedure == .decidingOnReset {
                // The refusal of a reset is RD, now that we are polled (6.12.4).
                link.procedure = .transfer
                actions = [.cancelTimer(.watchdog), .setTimer(.turnaround, now.advanced(by: link.common.turnaround))]
            }
            state = .secondary(link)
        case .setup:
            leaveLink(.requested, at: now, &actions)
        case .awaitingSniffer:
            state = .contention
            mediaBusyUntil = now.advanced(by: Self.mediaSense)
            actions = [.cancelTimer(.sniff), .indicate(.disconnected(.requested))]
        case .conn:
            // A connection of our own may have given way to this one, and ends with it.
            return refuseConnection(at: now) + [.indicate(.disconnected(.requested))]
        case .contention, .query, .reply, .sniffing:
            if case .connect = heldRequest {
                heldRequest = nil
                actions = [.cancelTimer(.mediaAccess), .indicate(.disconnected(.requested))]
            }
        }
        return actions
    }
}
