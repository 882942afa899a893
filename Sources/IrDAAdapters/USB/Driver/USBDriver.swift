/// Drives a USB adapter: sets it up, changes its speed, sends and hears light.
///
/// A value: outcomes of transfers and moments go in, transfers come out. At most one transfer and one listening are under way at a time.
public struct USBDriver: SteppedDriver, Sendable {
    /// Something to do, in the order of the list.
    public enum Action: WakingAction, Hashable, Sendable {
        /// Do this; call `completed` with its outcome, at the latest after the limit.
        case submit(USBTransfer, limit: Duration)
        /// Read from the data endpoint until something comes; call `heard` with it.
        case listen
        /// Call the listening off; `heard(.cancelled)`, or what came before, follows.
        case stopListening
        /// Call `wake` at this moment; it takes the place of an earlier one.
        case wake(at: Duration)
        /// Another station's light.
        case received(AdapterLight)
        /// All light of a transmission is off.
        case transmitted
        /// It stands at a speed, in bit/s: after opening, and after a change.
        case ready(rate: Int)
        /// It cannot be used any more. Nothing follows.
        case failed(USBProblem)
        /// It has been put to rest. Nothing follows.
        case closed
    }

    private enum Command: Sendable {
        case job(USBJob)
        /// The peer still needs so long before the light that follows.
        case turnaround(Duration)
        /// All of a transmission has been handed over.
        case endOfTransmission
    }

    private enum State: Sendable {
        case closed
        case idle
        /// A transfer of this job is under way.
        case transferring(USBJob, attemptsLeft: Int)
        case waiting(USBJob, until: Duration)
        /// The adapter has taken all, and the light is still on.
        case shining(until: Duration)
        case over
    }

    private enum Listening: Sendable {
        case off
        case on
        case stopping
        case pausing(until: Duration)
    }

    /// The adapter, with what it has said of itself so far.
    public private(set) var adapter: any USBAdapter
    private var state = State.closed
    private var listening = Listening.off
    private var commands: [Command] = []
    /// What was heard after the last light of a transmission, and before its end was known: an answer that came quickly.
    private var early: [AdapterLight] = []
    private var isTransmitting = false
    private var failures = 0
    private var lastTransfer: USBTransfer?
    /// When the light of what has been handed over is off.
    private var lightEnd = Duration.zero
    var nextWake: Duration?
    private(set) var rate = 9600

    private static let controlLimit = Duration.milliseconds(500)
    private static let patience = Duration.milliseconds(500)
    private static let pauseAfterFailure = Duration.milliseconds(10)
    private static let mostFailures = 3

    /// A driver for an adapter that is not set up yet.
    public init(_ adapter: any USBAdapter) {
        self.adapter = adapter
    }

    /// Its speeds, in bit/s.
    public var rates: [Int] { adapter.rates }
    /// Whether light goes to it as frames, at its present speed.
    public var takesFrames: Bool { adapter.takesFrames(at: rate) }
    /// Whether light goes to it as frames at a speed.
    public func takesFrames(at rate: Int) -> Bool { adapter.takesFrames(at: rate) }

    // MARK: Events

    /// The device is there; `ready` or `failed` follows.
    public mutating func open(at now: Duration) -> [Action] {
        guard case .closed = state else { return [] }
        state = .idle
        commands = [.job(.open)]
        return advance(at: now)
    }

    /// Light is to be sent; `transmitted` follows when all of it is off.
    ///
    /// - Parameters:
    ///   - light: what to send, in the form that the adapter takes.
    ///   - turnaround: how long the peer still needs; zero for an adapter that does not keep that time itself.
    ///   - now: the moment.
    public mutating func transmit(
        _ light: [AdapterLight], keeping turnaround: Duration = .zero, at now: Duration
    ) -> [Action] {
        ask([.turnaround(turnaround)] + light.map { .job(.transmit($0)) } + [.endOfTransmission], at: now)
    }

    /// The speed is to be changed, after what was to be sent before; `ready` follows.
    public mutating func setRate(_ rate: Int, at now: Duration) -> [Action] {
        ask([.job(.changeRate(rate))], at: now)
    }

    private mutating func ask(_ new: [Command], at now: Duration) -> [Action] {
        if case .over = state { return [] }
        commands += new
        return advance(at: now)
    }

    /// The transfer has ended.
    public mutating func completed(_ outcome: USBOutcome, at now: Duration) -> [Action] {
        guard case .transferring(let job, let attemptsLeft) = state else { return [] }
        switch outcome {
        case .gone: return fail(.gone)
        case .done, .stalled:
            return take(adapter.next(outcome, at: now), of: job, at: now)
        case .timedOut, .failed, .cancelled:
            guard attemptsLeft > 0, let lastTransfer else {
                return adapter.mayFail
                    ? take(adapter.next(.failed, at: now), of: job, at: now) : fail(.refused(job.words))
            }
            state = .transferring(job, attemptsLeft: attemptsLeft - 1)
            return [.submit(lastTransfer, limit: limit(of: lastTransfer, job))]
        }
    }

    /// The listening has ended.
    public mutating func heard(_ outcome: USBOutcome, at now: Duration) -> [Action] {
        switch (state, listening) {
        case (.closed, _), (.over, _), (_, .off), (_, .pausing): return []
        case (_, .on), (_, .stopping): break
        }
        listening = .off
        var actions: [Action] = []
        switch outcome {
        case .gone: return fail(.gone)
        case .done(let bytes):
            failures = 0
            actions = report(adapter.heard(bytes, at: now), at: now)
            if bytes.isEmpty, adapter.pollInterval > .zero { listening = .pausing(until: now + adapter.pollInterval) }
        case .cancelled: break
        case .stalled, .timedOut, .failed:
            failures += 1
            guard failures < Self.mostFailures else { return fail(.refused("hear")) }
            listening = .pausing(until: now + Self.pauseAfterFailure)
        }
        return actions + advance(at: now)
    }

    /// Nobody can take an answer before the end of the question; what comes before that end is one's own light, or spoilt by it.
    private mutating func report(_ light: [AdapterLight], at now: Duration) -> [Action] {
        guard isTransmitting else { return light.map { .received($0) } }
        if isFinishing, now >= (adapter.lightBegan == nil ? lightEnd : lightEnd - Self.uncertainty) { early += light }
        return []
    }

    private var isFinishing: Bool {
        switch state {
        case .shining, .transferring(.finish, _), .waiting(.finish, _): true
        case .closed, .idle, .transferring, .waiting, .over: false
        }
    }

    /// The moment that `.wake` named has come.
    public mutating func wake(at now: Duration) -> [Action] {
        nextWake = nil
        return advance(at: now)
    }

    /// The adapter is to be put to rest; `closed` follows.
    public mutating func close(at now: Duration) -> [Action] {
        switch state {
        case .over: return []
        case .closed:
            state = .over
            return [.closed]
        case .idle, .transferring, .waiting, .shining:
            commands = [.job(.close)]
            return advance(at: now)
        }
    }

    // MARK: Work

    private mutating func fail(_ problem: USBProblem) -> [Action] {
        state = .over
        commands = []
        return [.failed(problem)]
    }

    mutating func step(at now: Duration, _ actions: inout [Action]) -> Bool {
        switch state {
        case .closed, .over, .transferring: return listen(at: now, &actions)
        case .waiting(let job, let until):
            guard now >= until else { return listen(at: now, &actions) }
            actions += take(adapter.next(.done([]), at: now), of: job, at: now)
            return true
        case .shining(let until):
            guard now >= until else { return listen(at: now, &actions) }
            actions += take(adapter.begin(.finish, at: now), of: .finish, at: now)
            return true
        case .idle:
            guard !commands.isEmpty else { return listen(at: now, &actions) }
            if adapter.isHalfDuplex, case .job = commands[0] {
                switch listening {
                case .on:
                    listening = .stopping
                    actions.append(.stopListening)
                    return false
                case .stopping: return false
                case .pausing: listening = .off
                case .off: break
                }
            }
            begin(at: now, &actions)
            return true
        }
    }

    private mutating func begin(at now: Duration, _ actions: inout [Action]) {
        switch commands.removeFirst() {
        case .turnaround(let time):
            isTransmitting = true
            early = []
            adapter.keepTurnaround(time)
        case .endOfTransmission: state = .shining(until: lightEnd)
        case .job(.transmit(let light)) where light.isEmpty: break
        case .job(.changeRate(let wanted)) where wanted == rate: actions.append(.ready(rate: wanted))
        case .job(.changeRate(let wanted)) where !adapter.rates.contains(wanted):
            actions += fail(.noSuchRate(wanted))
        case .job(let job): actions += take(adapter.begin(job, at: now), of: job, at: now)
        }
    }

    /// Listens, where that is due and nothing speaks against it.
    private mutating func listen(at now: Duration, _ actions: inout [Action]) -> Bool {
        if adapter.isHalfDuplex, !isQuiet(at: now) { return false }
        switch (state, listening) {
        case (.closed, _), (.over, _), (_, .on), (_, .stopping): return false
        case (.transferring(.open, _), _), (.waiting(.open, _), _): return false
        case (_, .pausing(let until)) where now < until: return false
        case (_, .pausing), (_, .off):
            listening = .on
            actions.append(.listen)
            return true
        }
    }

    private func isQuiet(at now: Duration) -> Bool {
        if case .idle = state { commands.isEmpty && now >= lightEnd } else { false }
    }

    private mutating func take(_ step: USBStep, of job: USBJob, at now: Duration) -> [Action] {
        switch step {
        case .transfer(let transfer):
            lastTransfer = transfer
            state = .transferring(job, attemptsLeft: 1)
            return [.submit(transfer, limit: limit(of: transfer, job))]
        case .wait(let time):
            state = .waiting(job, until: now + time)
            return advance(at: now)
        case .failed(let problem): return fail(problem)
        case .done:
            state = .idle
            switch job {
            case .open:
                rate = 9600
                return [.ready(rate: rate)] + advance(at: now)
            case .changeRate(let new):
                rate = new
                return [.ready(rate: rate)] + advance(at: now)
            case .transmit(let light):
                let airTime = adapter.asSent(light).airTime(at: rate)
                if let began = adapter.lightBegan {
                    // What was taken last may still be on its way through the adapter.
                    lightEnd = max(max(lightEnd, began) + airTime, now + Self.lastPiece(at: rate))
                } else {
                    lightEnd = max(lightEnd, now) + airTime
                }
                return advance(at: now)
            case .finish:
                isTransmitting = false
                let answers = early.map { Action.received($0) }
                early = []
                return [.transmitted] + answers + advance(at: now)
            case .close:
                state = .over
                return (isListening ? [.stopListening] : []) + [.closed]
            }
        }
    }

    /// How much earlier than it is counted on the light of a slow device may be off: its first packet may have had to wait.
    private static let uncertainty = Duration.milliseconds(10)

    /// Eight characters, as many as the smallest packets hold.
    private static func lastPiece(at rate: Int) -> Duration { .characters(8, at: rate) }

    private var isListening: Bool {
        if case .on = listening { true } else { false }
    }

    private func limit(of transfer: USBTransfer, _ job: USBJob) -> Duration {
        switch transfer {
        case .control, .clearHalts: return Self.controlLimit
        case .send, .controlOut:
            // The adapter may take it only when what it has is off.
            guard case .transmit(let light) = job else { return Self.patience }
            return adapter.asSent(light).airTime(at: rate) * 2 + Self.patience
        }
    }

    var wakeMoment: Duration? {
        var moment: Duration?
        switch state {
        case .closed, .over: return nil
        case .idle: if adapter.isHalfDuplex, lightEnd > .zero, case .off = listening { moment = lightEnd }
        case .transferring: break
        case .waiting(_, let until), .shining(let until): moment = until
        }
        guard case .pausing(let until) = listening else { return moment }
        return min(moment ?? until, until)
    }
}

extension USBJob {
    fileprivate var words: String {
        switch self {
        case .open: "be set up"
        case .changeRate(let rate): "change to \(rate) bit/s"
        case .transmit, .finish: "send"
        case .close: "be put to rest"
        }
    }
}
