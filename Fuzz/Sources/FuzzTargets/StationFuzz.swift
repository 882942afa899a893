import IrDAProtocol

/// A whole stack, and everything that can happen to it, in an order that bytes decide.
struct StationFuzz {
    private static let address = DeviceAddress(rawValue: 0x1234_5678)
    private static let peer = DeviceAddress(rawValue: 0x9ABC_DEF1)

    private var input: FuzzInput
    private var stack: IrDAStack
    private var now = IrDAInstant.start
    /// In the order in which they were set, which is that of timers of one moment.
    private var timers: [(timer: IrDAStackTimer, moment: IrDAInstant)] = []
    private var isTransmitting = false
    private var connectionAddress: UInt8 = 0x54
    private var connections: [IrDAConnectionID] = []
    /// Nr and Ns that the peer would use, so that much of what it says is taken.
    private var (ns, nr) = (UInt8(0), UInt8(0))

    init(_ bytes: [UInt8]) {
        input = FuzzInput(bytes)
        stack = IrDAStack(
            configuration: IrDAStack.Configuration(address: Self.address, name: "Fuzz", hints: .computer),
            seed: UInt64(input.byte()), at: .start)
        _ = try? stack.offer(className: "Fuzz", selector: LSAPSelector(rawValue: 0x12))
    }

    mutating func run() {
        while !input.isEmpty { step() }
        carryOut(stack.disconnectLink(at: now))
        let end = now.advanced(by: .seconds(400))
        var events = 0
        while now < end {
            events += 1
            require(events < 20_000, "a station that is busy with itself")
            if isTransmitting { endTransmission() } else if timers.isEmpty { break } else { fireNext() }
        }
        require(stack.peer == nil, "a link without a peer")
    }

    private mutating func step() {
        switch input.number(below: 16) {
        case 0...5: receive()
        case 6: endTransmission()
        case 7, 8: fireNext()
        case 9: now = now.advanced(by: .milliseconds(Int64(input.byte()) * 5))
        case 10:
            let (id, actions) = stack.connect(
                to: input.byte() & 1 == 0 ? .service("Fuzz") : .selector(LSAPSelector(rawValue: input.byte())),
                at: Self.peer, exclusively: input.byte() & 7 == 0, now: now)
            connections.append(id)
            carryOut(actions)
        case 11:
            guard let id = someConnection() else { break }
            carryOut(stack.send([UInt8](repeating: 7, count: Int(input.byte()) * 8), on: id, at: now).actions)
        case 12:
            guard let id = someConnection() else { break }
            carryOut(
                input.byte() & 1 == 0
                    ? stack.disconnect(id, at: now) : stack.consumed(segments: Int(input.byte()), on: id, at: now))
        case 13: carryOut(stack.discover(at: now))
        case 14: carryOut(stack.disconnectLink(at: now))
        default:
            stack.lightSensed(at: now)
            stack.receivedGarbage(at: now)
        }
    }

    private mutating func someConnection() -> IrDAConnectionID? {
        connections.isEmpty ? nil : connections[input.number(below: connections.count)]
    }

    private mutating func receive() {
        let frame: [UInt8]
        switch input.number(below: 6) {
        case 0:
            frame = input.take(input.number(below: 64))
        case 1:
            connectionAddress = 0x54
            (ns, nr) = (0, 0)
            frame =
                SNRMFrame(
                    source: Self.peer, destination: Self.address, connectionAddress: ConnectionAddress(rawValue: 0x2A),
                    parameters: NegotiationParameters.standard.bytes
                ).frame.bytes
        case 2:
            (ns, nr) = (0, 0)
            frame =
                UAFrame(
                    address: IrLAPAddress(byte: connectionAddress).connection, source: Self.peer,
                    destination: Self.address,
                    parameters: NegotiationParameters.standard.bytes
                ).frame.bytes
        case 3:
            frame = [connectionAddress ^ (input.byte() & 1), 0x11 | nr << 5]
        default:
            // The next I frame that we wait for, with any information.
            frame =
                [connectionAddress ^ (input.byte() & 1), 0x10 | nr << 5 | ns << 1] + input.take(input.number(below: 32))
            ns = (ns + 1) & 7
        }
        carryOut(stack.received(frame, at: now))
    }

    private mutating func endTransmission() {
        guard isTransmitting else { return }
        isTransmitting = false
        now = now.advanced(by: .milliseconds(30))
        carryOut(stack.transmissionEnded(at: now))
    }

    private mutating func fireNext() {
        guard let index = timers.indices.min(by: { timers[$0].moment < timers[$1].moment }) else { return }
        let (timer, moment) = timers.remove(at: index)
        now = max(now, moment)
        carryOut(stack.timerFired(timer, at: now))
    }

    private mutating func carryOut(_ actions: [IrDAStackAction]) {
        for action in actions {
            switch action {
            case .transmit(let frames):
                require(!isTransmitting && !frames.isEmpty, "two lights of one station at once, or none")
                isTransmitting = true
                for transmission in frames { note(transmission.frame) }
            case .setBaudRate:
                break
            case .setTimer(let timer, let moment):
                timers.removeAll { $0.timer == timer }
                timers.append((timer, max(now, moment)))
            case .cancelTimer(let timer):
                timers.removeAll { $0.timer == timer }
            case .event(.incoming(let id, _, _)):
                connections.append(id)
                if input.byte() & 1 == 0 { carryOut(stack.accept(id, at: now)) }
            case .event:
                break
            }
        }
    }

    private mutating func note(_ frame: IrLAPFrame) {
        if let snrm = SNRMFrame(frame) {
            connectionAddress = IrLAPAddress(connection: snrm.connectionAddress, isCommand: false).byte
        }
        if case .information(let number, _, _) = frame.control { nr = (number + 1) & 7 }
    }
}
