public import IrDAAdapters
public import IrDAProtocol
public import IrDASimulation

/// A USB adapter on the simulated medium: its driver, and a model of its hardware, in virtual time.
///
/// So a station of a simulation has the same machine between itself and the light as one on a real port.
public struct AdapterTransceiver: Transceiver {
    private var driver: USBDriver
    private var bench: USBBench
    private var wake: Duration?
    private var deframer = SIRDeframer()
    /// The speed that transmissions are made for, which the adapter may have to reach first.
    private var rate = 9600
    /// Light that the adapter is going to send.
    private var waiting: [AirLight] = []
    private var events: [TransceiverEvent] = []
    /// Why the adapter cannot be used any more; nil if it can.
    public private(set) var problem: USBProblem?

    /// Plugs an adapter in.
    ///
    /// - Parameters:
    ///   - adapter: its machine.
    ///   - model: its hardware.
    ///   - now: the moment.
    public init(_ adapter: any USBAdapter, _ model: any USBAdapterModel, at now: IrDAInstant = .start) {
        driver = USBDriver(adapter)
        bench = USBBench(model, path: adapter.dataPath)
        perform(driver.open(at: Self.time(now)), at: Self.time(now))
    }

    private static func time(_ moment: IrDAInstant) -> Duration { .nanoseconds(moment.nanoseconds) }

    /// Plugs one of a kind in.
    public init(_ example: USBAdapterExample) {
        self.init(example.adapter, example.model)
    }

    /// What an adapter can do, by its own word: it is set up for that.
    public static func capabilities(of example: USBAdapterExample) -> LightPortCapabilities {
        var transceiver = AdapterTransceiver(example)
        var now = IrDAInstant.start
        while let next = transceiver.nextMoment, next < .start.advanced(by: settingUpTime) {
            now = max(now, next)
            _ = transceiver.advance(to: now)
        }
        return LightPortCapabilities(transceiver.driver.adapter)
    }

    private static let settingUpTime = Duration.seconds(1)

    // MARK: The station's side

    /// Whether the adapter does.
    public var keepsTurnaround: Bool { driver.adapter.keepsTurnaround }

    /// Sends frames in the form that the adapter takes.
    public mutating func transmit(_ frames: [IrLAPTransmission], keeping turnaround: Duration, at now: IrDAInstant) {
        let light = LightFramer.light(frames, asFrames: driver.takesFrames(at: rate))
        let now = Self.time(now)
        perform(driver.transmit(light, keeping: turnaround, at: now), at: now)
    }

    /// Changes the adapter's speed.
    public mutating func setRate(_ rate: BaudRate, at now: IrDAInstant) {
        self.rate = rate.bitsPerSecond
        let now = Self.time(now)
        perform(driver.setRate(rate.bitsPerSecond, at: now), at: now)
    }

    // MARK: The light's side

    /// Shows light to the adapter.
    public mutating func see(_ bytes: [UInt8], at rate: BaudRate, since start: IrDAInstant, now: IrDAInstant) {
        let end = Self.time(now)
        var shape = AdapterLight.characters(bytes)
        if rate > .rate115200 {
            guard let frame = PacketFramer.decode(bytes, at: rate) else {
                return bench.shine(damaged: bytes, rate: rate.bitsPerSecond, until: end)
            }
            shape = .frame(frame, additionalBOFs: 0)
        }
        var light = AirLight(shape, rate: rate.bitsPerSecond, start: Self.time(start))
        light.end = end
        bench.shine(light)
    }

    // MARK: Time

    /// When the driver, the bus or the adapter goes on by itself.
    public var nextMoment: IrDAInstant? {
        [wake, problem == nil ? bench.nextMoment : nil, waiting.first?.start].compactMap { $0 }.min()
            .map { IrDAInstant.start.advanced(by: $0) }
    }

    /// Lets driver and adapter go on.
    public mutating func advance(to now: IrDAInstant) -> [TransceiverEvent] {
        let now = Self.time(now)
        var isMoving = true
        while isMoving {
            isMoving = false
            for event in bench.advance(to: now) {
                isMoving = true
                switch event {
                case .completed(let outcome): perform(driver.completed(outcome, at: now), at: now)
                case .heard(let outcome): perform(driver.heard(outcome, at: now), at: now)
                }
            }
            if let due = wake, due <= now {
                wake = nil
                isMoving = true
                perform(driver.wake(at: now), at: now)
            }
        }
        waiting += bench.takeLight()
        while let first = waiting.first, first.start <= now { shine(waiting.removeFirst(), at: now) }
        defer { events = [] }
        return events
    }

    private mutating func shine(_ light: AirLight, at now: Duration) {
        guard let rate = UInt32(exactly: light.rate).flatMap(BaudRate.init(rawValue:)) else { return }
        // Adapters that get characters one by one tell of a frame when they have its last: it ends when it ends.
        let time = max(.zero, light.end - max(light.start, now))
        switch light.light {
        case .characters(let characters): events.append(.shines(characters, rate: rate, for: time))
        case .frame(let bytes, _):
            guard let frame = IrLAPFrame(bytes: bytes) else { return }
            events.append(.shines(PacketFramer.encode(frame, at: rate), rate: rate, for: time))
        }
    }

    private mutating func perform(_ actions: [USBDriver.Action], at now: Duration) {
        for action in actions {
            switch action {
            case .submit(let transfer, let limit): bench.submit(transfer, limit: limit, at: now)
            case .listen: bench.listen(at: now)
            case .stopListening: bench.stopListening()
            case .wake(let moment): wake = moment
            case .received(let light): hear(light)
            case .transmitted:
                // After its own light a receiver starts afresh.
                deframer.reset()
                events.append(.transmitted)
            case .failed(let problem): self.problem = problem
            case .ready, .closed: break
            }
        }
    }

    private mutating func hear(_ light: AdapterLight) {
        switch light {
        case .frame(let frame, _): events.append(.received(frame))
        case .characters(let characters):
            for event in deframer.receive(characters) {
                switch event {
                case .frame(let frame): events.append(.received(frame))
                case .garbage: events.append(.garbage)
                }
            }
        }
    }
}
