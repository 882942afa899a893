/// A USB port with a model of an adapter in it, in whatever time it is told, and what goes wrong with buses.
///
/// Control requests go through the kernel's check first, as they do for every program.
public struct USBBench: Sendable {
    /// What the port tells its owner.
    public enum Event: Hashable, Sendable {
        /// The transfer has ended.
        case completed(USBOutcome)
        /// The listening has ended.
        case heard(USBOutcome)
    }

    /// The adapter.
    public private(set) var model: any USBAdapterModel
    /// All transfers so far.
    public private(set) var log: [USBTransfer] = []
    private var completion: (moment: Duration, outcome: USBOutcome)?
    private var isListening = false
    private var nextPoll = Duration.zero
    private var isCancelled = false
    private var arrivals: [Arrival] = []
    private var lightTaken = 0
    /// Whether the adapter has been unplugged.
    public private(set) var isGone = false
    /// The numbers of the transfers that fail, from 0, and how.
    private let faults: [Int: USBOutcome]
    /// The number of the transfer at which the adapter is unplugged.
    public var unplugsAt: Int?
    /// How it is read.
    private let path: USBDataPath
    /// How long a transfer takes at least.
    private let transferTime: Duration

    /// Light on its way to the adapter.
    private struct Arrival: Sendable {
        let light: AirLight
        /// The whole of a frame that has errors.
        let damaged: [UInt8]?
    }

    private static let pollTime = Duration.milliseconds(1)

    /// A port with an adapter.
    public init(
        _ model: any USBAdapterModel, path: USBDataPath = .bulk, faults: [Int: USBOutcome] = [:], unplugsAt: Int? = nil,
        transferTime: Duration = .microseconds(200)
    ) {
        self.model = model
        self.path = path
        self.transferTime = transferTime
        self.faults = faults
        self.unplugsAt = unplugsAt
    }

    // MARK: The port's side

    /// Does a transfer.
    public mutating func submit(_ transfer: USBTransfer, limit: Duration, at now: Duration) {
        let number = log.count
        log.append(transfer)
        if number == unplugsAt { isGone = true }
        // When the device has it.
        let end = now + transferTime
        if isGone {
            completion = (end, .gone)
        } else if let fault = faults[number] {
            completion = (fault == .timedOut ? now + limit : end, fault)
        } else {
            switch transfer {
            case .control(let setup): completion = (end, control(setup, at: now))
            case .controlOut(let setup, let bytes):
                let answer = model.isLetThrough(setup) ? model.controlOut(setup, bytes, at: end) : (.failed, end)
                completion = ended(answer, limit: limit, at: now)
            case .clearHalts: completion = (end, .done([]))
            case .send(let bytes, let endsShort):
                completion = ended(model.send(bytes, endsShort: endsShort, at: end), limit: limit, at: now)
            }
        }
    }

    /// A device that takes too long is waited for no longer than the limit.
    private func ended(
        _ answer: (outcome: USBOutcome, moment: Duration), limit: Duration, at now: Duration
    ) -> (moment: Duration, outcome: USBOutcome) {
        answer.moment > now + limit || answer.outcome == .timedOut
            ? (now + limit, .timedOut) : (max(now + transferTime, answer.moment), answer.outcome)
    }

    private mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome {
        model.isLetThrough(setup) ? model.control(setup, at: now) : .failed
    }

    /// Begins to listen.
    public mutating func listen(at now: Duration) {
        isListening = true
        isCancelled = false
        nextPoll = now + Self.pollTime
    }

    /// Calls the listening off.
    public mutating func stopListening() {
        isCancelled = isListening
    }

    /// Unplugs the adapter.
    public mutating func unplug() { isGone = true }

    // MARK: The light's side

    /// The light that has been sent since it was last taken.
    public mutating func takeLight() -> [AirLight] {
        defer { lightTaken = model.light.count }
        return Array(model.light[lightTaken...])
    }

    /// Light that will have ended at its end.
    public mutating func shine(_ light: AirLight) { add(Arrival(light: light, damaged: nil)) }

    /// A frame above SIR that will have arrived with errors at its end.
    ///
    /// - Parameters:
    ///   - packet: A, C, I-field and check sequence, as they arrive.
    ///   - rate: its speed in bit/s.
    ///   - end: when it ends.
    public mutating func shine(damaged packet: [UInt8], rate: Int, until end: Duration) {
        var light = AirLight(.frame([], additionalBOFs: 0), rate: rate, start: end)
        light.end = end
        add(Arrival(light: light, damaged: packet))
    }

    private mutating func add(_ arrival: Arrival) {
        arrivals.append(arrival)
        arrivals.sort { $0.light.end < $1.light.end }
    }

    // MARK: Time

    /// The next moment at which something happens by itself.
    public var nextMoment: Duration? {
        var moments = [completion?.moment, arrivals.first?.light.end].compactMap { $0 }
        if isListening { moments.append(isCancelled || isGone ? .zero : nextPoll) }
        return moments.min()
    }

    /// Lets time pass.
    public mutating func advance(to now: Duration) -> [Event] {
        while let first = arrivals.first, first.light.end <= now {
            arrivals.removeFirst()
            if let packet = first.damaged {
                model.see(damaged: packet, rate: first.light.rate, at: first.light.end)
            } else {
                model.see(first.light, at: first.light.end)
            }
        }
        var events: [Event] = []
        if let ended = completion, ended.moment <= now {
            completion = nil
            events.append(.completed(ended.outcome))
        }
        guard isListening else { return events }
        if isGone || isCancelled {
            isListening = false
            events.append(.heard(isGone ? .gone : .cancelled))
        } else if nextPoll <= now {
            if let outcome = read(at: now) {
                isListening = false
                events.append(.heard(outcome))
            } else {
                nextPoll = now + Self.pollTime
            }
        }
        return events
    }

    private mutating func read(at now: Duration) -> USBOutcome? {
        switch path {
        case .bulk, .interrupt: model.read(at: now).map { .done($0) }
        case .control(let setup): control(setup, at: now)
        }
    }
}
