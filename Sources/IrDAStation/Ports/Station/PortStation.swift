import IrDAProtocol
import IrDASimulation

/// One station on a real port: its stack, its deframer, and its timers. What the port is to do comes out as commands.
struct PortStation: StationMedium {
    private(set) var now = IrDAInstant.start
    private var stack: IrDAStack
    /// What the station would announce on a port that could do everything.
    private let parameters: NegotiationParameters
    private var capabilities = LightPortCapabilities.byteStream
    private var deframer = SIRDeframer()
    private var rate = BaudRate.rate9600
    private var timers: [IrDAStackTimer: IrDAInstant] = [:]
    /// The frames of a transmission that is under way are on the air, and nothing can be heard.
    private var isTransmitting = false
    private var isLost = false
    /// How long the peer still needs before the next transmission, where the port sees to that.
    private var turnaround = Duration.zero
    /// When a transmission ends that no port carries: the stack takes it for sent, and hears no answer.
    private var unheardEnd: IrDAInstant?
    private var events: [IrDAEvent] = []
    private var observed: [ObservedFrame] = []
    private var commands: [PortCommand] = []
    private var counts = Counts()

    private struct Counts {
        var framesSent: UInt64 = 0
        var framesReceived: UInt64 = 0
        var bytesSent: UInt64 = 0
        var bytesReceived: UInt64 = 0
        var garbage: UInt64 = 0
        var losses: UInt64 = 0
    }

    static let id = StationID(index: 0)

    /// A station whose port is still to be opened.
    init(_ configuration: IrDAStack.Configuration, seed: UInt64) {
        stack = IrDAStack(configuration: configuration, seed: seed, at: .start)
        parameters = configuration.parameters
    }

    var stations: [StationID] { [Self.id] }
    var nextMoment: IrDAInstant? { [timers.values.min(), unheardEnd].compactMap { $0 }.min() }
    /// The clock of a real port is the one on the wall; there is nothing to jump over.
    var isBusy: Bool { stack.isBusy }

    func stack(of station: StationID) -> IrDAStack { stack }
    func behaviour(of service: IrDAServiceID, on station: StationID) -> ServiceBehaviour? { nil }

    mutating func with<Result>(
        _ station: StationID, _ request: (inout IrDAStack, IrDAInstant) -> (Result, [IrDAStackAction])
    ) -> Result {
        let (result, actions) = request(&stack, now)
        carryOut(actions)
        return result
    }

    mutating func step(until limit: IrDAInstant) -> Bool {
        if let end = unheardEnd, end <= limit, timers.values.allSatisfy({ end <= $0 }) {
            now = max(now, end)
            unheardEnd = nil
            transmitted()
            return true
        }
        guard let (timer, moment) = timers.min(by: { $0.value < $1.value }), moment <= limit else {
            now = max(now, limit)
            return false
        }
        now = max(now, moment)
        timers[timer] = nil
        carryOut(stack.timerFired(timer, at: now))
        return true
    }

    mutating func takeEvents() -> [StationEvent] {
        defer { events = [] }
        return events.map { StationEvent(station: Self.id, event: $0) }
    }

    mutating func takeObservedFrames() -> [ObservedFrame] {
        defer { observed = [] }
        return observed
    }

    mutating func takePortCommands() -> [PortCommand] {
        defer { commands = [] }
        return commands
    }

    func frameCounters(of station: StationID) -> [(name: String, value: UInt64)] {
        [
            ("frames sent", counts.framesSent), ("frames received", counts.framesReceived),
            ("bytes sent", counts.bytesSent), ("bytes received", counts.bytesReceived),
            ("unreadable", counts.garbage), ("port losses", counts.losses),
        ]
    }

    // MARK: The port

    mutating func portReported(_ event: PortReport) {
        switch event {
        case .opened(let capabilities): limit(to: capabilities)
        case .received(let characters): received(characters)
        case .receivedFrame(let frame):
            if !isTransmitting { received(frame: frame) }
        case .transmitted: if isTransmitting && unheardEnd == nil { transmitted() }
        case .lost:
            isLost = true
            counts.losses += 1
            deframer.reset()
            if isTransmitting { unheardEnd = now }
        case .back(let capabilities):
            isLost = false
            limit(to: capabilities)
            commands.append(.setRate(rate))
        }
    }

    private mutating func limit(to capabilities: LightPortCapabilities) {
        self.capabilities = capabilities
        stack.announce(parameters.limited(to: capabilities))
    }

    private mutating func received(_ characters: [UInt8]) {
        guard !isTransmitting else { return }  // The echo of our own light, or light that it has spoiled.
        stack.lightSensed(at: now)
        // Light at another speed is garbage from the first byte to the last; to know so once is enough.
        var isGarbage = false
        for event in deframer.receive(characters) {
            switch event {
            case .frame(let frame):
                received(frame: frame)
                isGarbage = false
            case .garbage:
                counts.garbage += 1
                if !isGarbage { stack.receivedGarbage(at: now) }
                isGarbage = true
            }
        }
    }

    private mutating func received(frame: [UInt8]) {
        counts.framesReceived += 1
        counts.bytesReceived += UInt64(frame.count)
        observed.append(ObservedFrame(moment: now, direction: .received, bytes: frame))
        carryOut(stack.received(frame, at: now))
    }

    private mutating func transmitted() {
        isTransmitting = false
        // After its own light a receiver starts afresh.
        deframer.reset()
        carryOut(stack.transmissionEnded(at: now))
    }

    // MARK: The stack

    private mutating func carryOut(_ actions: consuming [IrDAStackAction]) {
        for action in copy actions {
            switch action {
            case .transmit(let frames): transmit(frames)
            case .setBaudRate(let rate):
                self.rate = rate
                commands.append(.setRate(rate))
            case .setTimer(.lap(.turnaround), let moment) where capabilities.keepsTurnaround:
                turnaround = max(.zero, now.duration(to: moment))
                timers[.lap(.turnaround)] = now
            case .setTimer(let timer, let moment): timers[timer] = moment
            case .cancelTimer(let timer): timers[timer] = nil
            case .event(let event): events.append(event)
            }
        }
        stack.reuse(actions)
    }

    private mutating func transmit(_ frames: [IrLAPTransmission]) {
        isTransmitting = true
        let transmission = LightTransmission(frames, turnaround: turnaround)
        turnaround = .zero
        for frame in frames {
            observed.append(ObservedFrame(moment: now, direction: .sent, bytes: frame.frame.bytes))
        }
        guard !isLost else {
            unheardEnd = now.advanced(by: frames.reduce(.zero) { $0 + rate.airTime(of: $1) })
            return
        }
        counts.framesSent += UInt64(frames.count)
        counts.bytesSent += frames.reduce(0) { $0 + UInt64($1.frame.information.count + 2) }
        commands.append(.transmit(transmission))
    }
}
