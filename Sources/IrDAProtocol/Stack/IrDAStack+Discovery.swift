// Who is around: discoveries that are asked for, those that go on by themselves, and what is remembered of them.
extension IrDAStack {
    /// Somebody who waits for a device.
    struct DeviceWait: Sendable {
        let hints: ServiceHints
    }

    /// How often a discovery is made while somebody waits for a device, and what Linux does when it is told to go on by itself.
    public static let discoveryInterval = Duration.seconds(3)

    /// Looks for stations; `discoveryEnded` follows. While a link is up, tells what is known instead.
    ///
    /// - Parameters:
    ///   - slots: how many stations can answer without a collision, and so how long it takes.
    ///   - now: the time.
    /// - Returns: what to do.
    public mutating func discover(slots: SlotCount = .six, at now: IrDAInstant) -> [IrDAStackAction] {
        guard !isDiscovering else { return [] }  // Whoever asks now hears of the one that is under way.
        guard peer == nil else { return [.event(.discoveryEnded(.remembered(cache.devices.map(\.record))))] }
        return collect(at: now) { stack, actions in stack.beginDiscovery(slots, at: now, &actions) }
    }

    /// Makes a discovery again and again, whenever no link is up.
    ///
    /// - Parameters:
    ///   - interval: the time from one to the next, at least a second; nil for none.
    ///   - delay: the time from now to the first, at least.
    ///   - now: the time.
    /// - Returns: what to do.
    public mutating func setBackgroundDiscovery(
        every interval: Duration?, after delay: Duration = .zero, at now: IrDAInstant
    ) -> [IrDAStackAction] {
        backgroundInterval = interval.map { max($0, .seconds(1)) }
        firstBackgroundDiscovery = now.advanced(by: delay)
        return collect(at: now) { stack, actions in stack.scheduleDiscovery(at: now, &actions) }
    }

    /// The stations that are remembered, with any of the hints; empty hints ask for all.
    ///
    /// A station is forgotten when it has not been heard for the lifetime in the configuration, or has not answered two
    /// discoveries in a row; the time of a link, in which nobody else can be heard, does not count.
    ///
    /// - Parameters:
    ///   - hints: what a station has to offer.
    ///   - moment: only stations that were heard at this time or later; nil for all.
    ///   - now: the time.
    /// - Returns: the stations, in the order in which they were first heard.
    public func knownDevices(
        offering hints: ServiceHints = [], since moment: IrDAInstant? = nil, at now: IrDAInstant
    ) -> [KnownDevice] {
        var current = cache
        if linkState == nil { current.expire(at: now) }
        return current.devices.filter { $0.isKnown(offering: hints, since: moment) }
    }

    /// Waits for a device: `deviceWaitEnded` follows, at once if one is remembered.
    ///
    /// Meanwhile discoveries are made every three seconds, and stations that introduce themselves count as well.
    ///
    /// - Parameters:
    ///   - hints: what the device has to offer, any of them; empty for all.
    ///   - deadline: how long to wait.
    ///   - now: the time.
    /// - Returns: the number of the wait, and what to do.
    public mutating func waitForDevice(
        offering hints: ServiceHints = [], until deadline: IrDAInstant, at now: IrDAInstant
    ) -> (id: IrDADeviceWaitID, actions: [IrDAStackAction]) {
        let id = IrDADeviceWaitID(number: newNumber())
        if let known = knownDevices(offering: hints, at: now).first {
            return (id, [.event(.deviceWaitEnded(id, known.record))])
        }
        deviceWaits[id] = DeviceWait(hints: hints)
        let actions = collect(at: now) { stack, actions in
            actions.append(.setTimer(.deviceWait(id), deadline))
            stack.scheduleDiscovery(at: now, &actions)
        }
        return (id, actions)
    }

    /// Waits no longer; no event follows.
    public mutating func cancelWait(_ id: IrDADeviceWaitID) -> [IrDAStackAction] {
        deviceWaits.removeValue(forKey: id) == nil ? [] : [.cancelTimer(.deviceWait(id))]
    }

    /// Gives a discovery up; `discoveryEnded` follows with what is remembered.
    public mutating func abortDiscovery(at now: IrDAInstant) -> [IrDAStackAction] {
        collect(at: now) { stack, actions in stack.perform(stack.lap.abortDiscovery(at: now), at: now, &actions) }
    }

    /// Begins or ends to save power: the station sleeps most of the time and can be found only every three seconds.
    public mutating func setSniffing(_ isOn: Bool, at now: IrDAInstant) -> [IrDAStackAction] {
        collect(at: now) { stack, actions in stack.perform(stack.lap.sniff(isOn, at: now), at: now, &actions) }
    }

    // MARK: What we say of ourselves

    /// What this station says that it can do.
    public var hints: ServiceHints { lap.configuration.info.hints }

    /// Says something else from now on.
    public mutating func setHints(_ hints: ServiceHints) {
        lap.configuration.info = DeviceInfo(name: name, hints: hints)
    }

    /// Calls the station something else: cut in discoveries, whole in the information base.
    public mutating func setName(_ name: String) {
        self.name = name
        lap.configuration.info = DeviceInfo(name: name, hints: hints)
        database.setDeviceName(name)
    }

    /// Announces something else from the next link on, as when another adapter has been plugged in.
    public mutating func announce(_ parameters: NegotiationParameters) {
        lap.configuration.parameters = parameters
    }

    // MARK: What happens

    /// Sees to the next discovery of those that go on by themselves: an interval after the last, whoever wanted that.
    private mutating func scheduleDiscovery(at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        guard let interval = backgroundInterval ?? (deviceWaits.isEmpty ? nil : Self.discoveryInterval) else {
            actions.append(.cancelTimer(.discovery))
            return
        }
        var due = lastDiscovery.map { max(now, $0.advanced(by: interval)) } ?? now
        if deviceWaits.isEmpty { due = max(due, firstBackgroundDiscovery) }
        actions.append(.setTimer(.discovery, due))
    }

    mutating func discoveryTimerFired(at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        // One that nobody waits for is not worth holding up a connection for until the medium is quiet.
        if peer == nil && !isDiscovering && (!deviceWaits.isEmpty || lap.isQuiet(at: now)) {
            beginDiscovery(.six, at: now, &actions)
        } else {
            lastDiscovery = now  // Not now; perhaps the next time.
        }
        scheduleDiscovery(at: now, &actions)
    }

    private mutating func beginDiscovery(
        _ slots: SlotCount, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        isDiscovering = true
        lastDiscovery = now
        perform(lap.discover(slots, at: now), at: now, &actions)
    }

    mutating func discoveryEnded(
        _ outcome: DiscoveryOutcome, at now: IrDAInstant, _ actions: inout [IrDAStackAction]
    ) {
        isDiscovering = false
        switch outcome {
        case .completed(let log):
            counters.discoveries += 1
            cache.expire(at: now)
            let found = cache.discovered(log, at: now)
            actions.append(.event(.discoveryEnded(.found(found))))
            for record in found { satisfyWaits(with: record, &actions) }
        case .mediaBusy:
            actions.append(.event(.discoveryEnded(.mediaBusy)))
        case .linkInUse, .aborted:
            actions.append(.event(.discoveryEnded(.remembered(cache.devices.map(\.record)))))
        }
        connectDeferred(at: now, &actions)
    }

    /// Another station has made a discovery, and introduced itself in it.
    mutating func discovered(_ record: DiscoveryRecord, at now: IrDAInstant, _ actions: inout [IrDAStackAction]) {
        counters.passiveDiscoveries += 1
        cache.expire(at: now)
        cache.note(record, isPassive: true, at: now)
        actions.append(.event(.discovered(record)))
        satisfyWaits(with: record, &actions)
    }

    private mutating func satisfyWaits(with record: DiscoveryRecord, _ actions: inout [IrDAStackAction]) {
        for (id, wait) in deviceWaits.sorted(by: { $0.key.number < $1.key.number })
        where record.offers(any: wait.hints) {
            deviceWaits[id] = nil
            actions += [.cancelTimer(.deviceWait(id)), .event(.deviceWaitEnded(id, record))]
        }
    }

    mutating func deviceWaitTimerFired(_ id: IrDADeviceWaitID, _ actions: inout [IrDAStackAction]) {
        guard deviceWaits.removeValue(forKey: id) != nil else { return }
        actions.append(.event(.deviceWaitEnded(id, nil)))
    }
}

extension KnownDevice {
    fileprivate func isKnown(offering hints: ServiceHints, since moment: IrDAInstant?) -> Bool {
        record.offers(any: hints) && moment.map { lastSeen >= $0 } ?? true
    }
}

extension DiscoveryRecord {
    /// Whether the station hints at any of these; all do if none are given.
    fileprivate func offers(any hints: ServiceHints) -> Bool {
        hints.isEmpty || !info.hints.isDisjoint(with: hints)
    }
}
