import IrDAProtocol

/// An IrLAP machine, and everything that can happen to it, in an order that bytes decide.
struct LinkFuzz {
    private static let address = DeviceAddress(rawValue: 0x1234_5678)
    private static let peer = DeviceAddress(rawValue: 0x9ABC_DEF1)
    /// Longer than any timer of a station whose peer is silent.
    private static let silence = Duration.seconds(400)

    private var input: FuzzInput
    private var lap: IrLAP
    private var now = IrDAInstant.start
    private var timers: [IrLAPTimer: IrDAInstant] = [:]
    private var isTransmitting = false
    private var isUp = false
    private var connectionAddress: UInt8 = 0x54
    private var rate = BaudRate.rate9600

    init(_ bytes: [UInt8]) {
        input = FuzzInput(bytes)
        let choices = input.byte()
        var configuration = IrLAP.Configuration(
            address: Self.address, info: DeviceInfo(name: "Fuzz", hints: .computer))
        configuration.asksBeforeReset = choices & 1 != 0
        configuration.exchangesRoles = choices & 2 != 0
        configuration.resolvesConflicts = choices & 4 != 0
        configuration.discoveryPace = choices & 8 != 0 ? .quick : .patient
        lap = IrLAP(configuration: configuration, seed: UInt64(choices), at: .start)
    }

    mutating func run() {
        while !input.isEmpty { step() }
        beSilent()
    }

    private mutating func step() {
        switch input.number(below: 24) {
        case 0...6: receive()
        case 7: lap.lightSensed(at: now)
        case 8: lap.receivedGarbage(at: now)
        case 9, 10: endTransmission()
        case 11, 12: fireNext()
        case 13: carryOut(lap.timerFired(IrLAPTimer.allCases[input.number(below: IrLAPTimer.allCases.count)], at: now))
        case 14: now = now.advanced(by: .milliseconds(Int64(input.byte()) * 5))
        case 15: carryOut(lap.discover([SlotCount.one, .six, .eight, .sixteen][input.number(below: 4)], at: now))
        case 16: carryOut(lap.connect(to: Self.peer, at: now))
        case 17: carryOut(lap.send(input.take(Int(input.byte())), at: now))
        case 18: carryOut(lap.disconnect(at: now))
        case 19: carryOut(input.byte() & 1 == 0 ? lap.acceptConnection(at: now) : lap.refuseConnection(at: now))
        case 20: carryOut(input.byte() & 1 == 0 ? lap.reset(at: now) : lap.becomePrimary(at: now))
        case 21: carryOut(lap.setBusy(input.byte() & 1 == 0, at: now))
        case 22:
            switch input.number(below: 5) {
            case 0: carryOut(lap.sniff(true, at: now))
            case 1: carryOut(lap.sniff(false, at: now))
            case 2: carryOut(lap.connect(toSniffer: Self.peer, at: now))
            case 3: carryOut(lap.abortDiscovery(at: now))
            default: carryOut(lap.resolveConflict(of: Self.peer, slots: .one, at: now))
            }
        default: carryOut(lap.sendUnitData(input.take(input.number(below: 40)), at: now) ?? [])
        }
        require(isUp == lap.isConnected, "a link comes or goes without a word")
        require(!isUp || isTransmitting || !timers.isEmpty, "a link that waits for nothing")
        while let room = lap.room, !input.isEmpty { lap.queue(Array(repeating: 0x55, count: max(1, room.bytes))) }
    }

    /// A frame: likely ones often, any bytes sometimes.
    private mutating func receive() {
        var frame: [UInt8]
        switch input.number(below: 8) {
        case 0:
            frame = input.take(input.number(below: 64))
        case 1:
            frame =
                SNRMFrame(
                    source: input.byte() & 7 == 0 ? DeviceAddress(rawValue: UInt32(input.byte()) + 1) : Self.peer,
                    destination: Self.address, connectionAddress: ConnectionAddress(rawValue: input.byte()),
                    parameters: input.take(input.number(below: 24))
                ).frame.bytes
        case 2:
            frame =
                UAFrame(
                    address: IrLAPAddress(byte: connectionAddress).connection, source: Self.peer,
                    destination: Self.address,
                    parameters: input.take(input.number(below: 24))
                ).frame.bytes
        case 3:
            let flags = input.byte()
            frame =
                XIDFrame(
                    isResponse: flags & 1 != 0, source: Self.peer,
                    destination: flags & 2 != 0 ? .broadcast : Self.address,
                    slotCount: [SlotCount.one, .six, .eight, .sixteen][Int(flags >> 2 & 3)],
                    generatesNewAddress: flags & 16 != 0, slot: flags & 32 != 0 ? .final : .number(flags >> 6),
                    info: input.take(input.number(below: 12))
                ).frame.bytes
        default:
            // On our connection, in either direction.
            frame = [connectionAddress ^ (input.byte() & 1), input.byte()] + input.take(input.number(below: 16))
        }
        if frame.isEmpty { frame = [0xFF] }
        carryOut(lap.received(frame, at: now))
    }

    private mutating func endTransmission() {
        guard isTransmitting else { return }
        isTransmitting = false
        now = now.advanced(by: .milliseconds(30))
        carryOut(lap.transmissionEnded(at: now))
    }

    private mutating func fireNext() {
        guard let (timer, moment) = timers.min(by: { $0.value < $1.value }) else { return }
        timers[timer] = nil
        now = max(now, moment)
        carryOut(lap.timerFired(timer, at: now))
    }

    /// Whoever hears nothing any more comes to rest, whatever went on.
    private mutating func beSilent() {
        if lap.isConnected { carryOut(lap.setBusy(false, at: now)) }
        let end = now.advanced(by: Self.silence)
        carryOut(lap.sniff(false, at: now))
        carryOut(lap.refuseConnection(at: now))
        var events = 0
        while now < end {
            events += 1
            require(events < 20_000, "a station that is busy with itself")
            if isTransmitting {
                endTransmission()
            } else if timers.isEmpty {
                break
            } else {
                fireNext()
            }
        }
        require(!lap.isConnected && !isUp, "a link without a peer")
        require(!lap.isBusy || lap.isAsleep, "something that never ends")
    }

    private mutating func carryOut(_ actions: [IrLAPAction]) {
        for action in actions {
            switch action {
            case .transmit(let frames):
                require(!isTransmitting, "two lights of one station at once")
                require(!frames.isEmpty, "a transmission of nothing")
                isTransmitting = true
                check(frames)
            case .setBaudRate(let rate):
                self.rate = rate
            case .setTimer(let timer, let moment):
                require(moment >= now, "a timer in the past: \(timer), \(now.duration(to: moment)) from now")
                timers[timer] = moment
            case .cancelTimer(let timer):
                timers[timer] = nil
            case .indicate(let indication):
                note(indication)
            }
        }
    }

    /// In a link exactly the last frame gives the turn away.
    private mutating func check(_ frames: [IrLAPTransmission]) {
        for (index, transmission) in frames.enumerated() {
            let frame = transmission.frame
            if let snrm = SNRMFrame(frame) {
                connectionAddress = IrLAPAddress(connection: snrm.connectionAddress, isCommand: false).byte
            }
            if frame.address.connection != .broadcast {
                connectionAddress = frame.address.byte & 0xFE
                require(
                    frame.control.pollFinal == (index == frames.count - 1),
                    "the turn is given away, or not, in the wrong place")
            }
        }
    }

    private mutating func note(_ indication: IrLAPIndication) {
        switch indication {
        case .connected:
            require(!isUp, "a second link")
            isUp = true
        case .disconnected:
            // The refusal of another connection leaves the link as it is.
            if !lap.isConnected { isUp = false }
        case .connectionRequested:
            break
        case .discoveryEnded, .discovered, .data, .unitData, .noActivity, .reset, .role, .addressChanged,
            .conflictResolved:
            break
        }
    }
}
