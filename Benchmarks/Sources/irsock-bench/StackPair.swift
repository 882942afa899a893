import IrDAProtocol

/// Two stacks with nothing but their framers between them: no medium, no rules, no errors, and no memory taken on the way.
struct StackPair {
    private var stacks: [IrDAStack]
    private var deframers = [SIRDeframer(), SIRDeframer()]
    private var rates = [BaudRate.rate9600, .rate9600]
    private var timers: [[(timer: IrDAStackTimer, moment: IrDAInstant)]] = [[], []]
    private var line: [UInt8] = []
    private var heard: [SIRDeframer.Event] = []
    private var now = IrDAInstant.start
    private var connection: IrDAConnectionID?
    private var unsent: ArraySlice<UInt8> = []
    private(set) var framesSent = 0
    private(set) var bytesReceived = 0

    /// Sets up a connection from the first to the second.
    init() throws {
        var parameters = NegotiationParameters.standard
        parameters.minimumTurnaround = .zero
        let address = DeviceAddress(rawValue: 0x9ABC_DEF1)
        stacks = [DeviceAddress(rawValue: 0x1234_5678), address].map {
            IrDAStack(
                configuration: IrDAStack.Configuration(
                    address: $0, name: "\($0)", hints: .computer, parameters: parameters),
                seed: 1, at: .start)
        }
        _ = try stacks[1].offer(className: "Bulk")
        let (id, actions) = stacks[0].connect(to: .service("Bulk"), at: address, now: now)
        carryOut(actions, of: 0)
        for _ in 0..<1000 where connection == nil { step() }
        guard connection == id else { throw BenchmarkFailure("The two stacks do not connect.") }
    }

    /// Sends bytes until all have arrived.
    mutating func send(_ bytes: [UInt8]) throws {
        let goal = bytesReceived + bytes.count
        unsent = bytes[...]
        sendMore()
        for _ in 0..<bytes.count where bytesReceived < goal { step() }
        guard bytesReceived == goal else { throw BenchmarkFailure("\(goal - bytesReceived) bytes have not arrived.") }
    }

    private mutating func sendMore() {
        guard let connection, !unsent.isEmpty else { return }
        let (taken, actions) = stacks[0].send(unsent, on: connection, at: now)
        unsent = unsent.dropFirst(taken)
        carryOut(actions, of: 0)
    }

    /// The next timer of either.
    private mutating func step() {
        var next: (station: Int, index: Int, moment: IrDAInstant)?
        for station in 0..<2 {
            for index in timers[station].indices {
                let moment = timers[station][index].moment
                if next.map({ moment < $0.moment }) ?? true { next = (station, index, moment) }
            }
        }
        guard let next else { return }
        let timer = timers[next.station].remove(at: next.index).timer
        now = max(now, next.moment)
        carryOut(stacks[next.station].timerFired(timer, at: now), of: next.station)
    }

    private mutating func carryOut(_ actions: consuming [IrDAStackAction], of station: Int) {
        var turn: [IrLAPTransmission] = []
        for action in copy actions {
            switch action {
            case .transmit(let frames): turn = frames
            case .setBaudRate(let rate): rates[station] = rate
            case .setTimer(let timer, let moment):
                cancel(timer, of: station)
                timers[station].append((timer, moment))
            case .cancelTimer(let timer): cancel(timer, of: station)
            case .event(let event): happened(event, on: station)
            }
        }
        for index in turn.indices { transmit(turn[index], from: station) }
        let hasTransmitted = !turn.isEmpty
        turn = []
        stacks[station].reuse(actions)
        if hasTransmitted { carryOut(stacks[station].transmissionEnded(at: now), of: station) }
    }

    private mutating func cancel(_ timer: IrDAStackTimer, of station: Int) {
        if let index = timers[station].firstIndex(where: { $0.timer == timer }) { timers[station].remove(at: index) }
    }

    private mutating func transmit(_ transmission: IrLAPTransmission, from station: Int) {
        framesSent += 1
        line.removeAll(keepingCapacity: true)
        SIRFramer.encode(transmission.frame, additionalBOFs: transmission.additionalBOFs, into: &line)
        now = now.advanced(by: rates[station].time(forBytes: line.count))
        let peer = 1 - station
        guard rates[peer] == rates[station] else { return }
        stacks[peer].lightSensed(at: now)
        deframers[peer].receive(line, into: &heard)
        // One frame was sent, and nothing disturbs it.
        guard case .frame(let frame)? = heard.first else { return }
        carryOut(stacks[peer].received(frame, at: now), of: peer)
        heard.removeAll(keepingCapacity: true)
    }

    private mutating func happened(_ event: IrDAEvent, on station: Int) {
        switch event {
        case .incoming(let id, _, _): carryOut(stacks[station].accept(id, at: now), of: station)
        case .connected(let id): connection = id
        case .sendRoom: sendMore()
        case .received(let id, let bytes):
            bytesReceived += bytes.count
            stacks[station].reuse(bytes)
            carryOut(stacks[station].consumed(segments: 1, on: id, at: now), of: station)
        default: break
        }
    }
}
