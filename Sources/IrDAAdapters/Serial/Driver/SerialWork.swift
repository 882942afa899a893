/// A list of steps that a driver is going through, and what for.
struct SerialWork: Sendable {
    enum Goal: Sendable {
        case open(rate: Int, attemptsLeft: Int)
        case change(rate: Int, attemptsLeft: Int)
        /// A change has failed; the dongle is brought back to its own speed.
        case recover
        case close
    }

    private enum Progress: Sendable {
        case next
        case waiting(until: Duration)
        case draining
        case expecting([UInt8], until: Duration)
    }

    let goal: Goal
    private var steps: ArraySlice<SerialStep>
    private var progress = Progress.next
    /// What has come since the last write or discarding.
    private var heard: [UInt8] = []
    /// When the last change of the lines has arrived for certain.
    private var settled = Duration.zero

    private static let mostHeard = 256

    init(_ goal: Goal, _ steps: [SerialStep]) {
        self.goal = goal
        self.steps = steps[...]
    }

    mutating func hear(_ bytes: [UInt8]) {
        heard += bytes.prefix(Self.mostHeard - heard.count)
    }

    func deadline(_ line: LineClock) -> Duration? {
        switch progress {
        case .next: nil
        case .waiting(let until), .expecting(_, let until): until
        case .draining: line.quietMoment ?? line.limit
        }
    }

    enum Advance {
        case blocked
        case went(SerialDriver.Action?)
        case done
        case failed(SerialProblem)
    }

    mutating func advance(
        at now: Duration, _ line: inout LineClock, hostRate: inout Int?, traits: SerialPortTraits
    ) -> Advance {
        switch progress {
        case .next: break
        case .waiting(let until):
            guard now >= until else { return .blocked }
        case .draining:
            guard let quiet = line.quietMoment else {
                return now >= line.limit ? .failed(.portHoldsBytes) : .blocked
            }
            guard now >= quiet else { return .blocked }
        case .expecting(let answer, let until):
            if !heard.contains(answer) {
                return now >= until ? .failed(.noAnswer(expected: answer, heard: heard)) : .blocked
            }
        }
        progress = .next
        if now < settled, mustSettle {
            progress = .waiting(until: settled)
            return .blocked
        }
        guard let step = steps.popFirst() else { return .done }
        return .went(perform(step, at: now, &line, hostRate: &hostRate, traits))
    }

    /// Whether what comes next relies on the lines: bytes that would otherwise overtake them.
    private var mustSettle: Bool {
        switch steps.first {
        case .write, nil: true
        case .lines, .hostRate, .drain, .wait, .expect, .discardInput: false
        }
    }

    private mutating func perform(
        _ step: SerialStep, at now: Duration, _ line: inout LineClock, hostRate: inout Int?, _ traits: SerialPortTraits
    ) -> SerialDriver.Action? {
        switch step {
        case .lines(let lines):
            settled = now + traits.lineLatency
            return .setLines(lines)
        case .hostRate(let rate):
            guard rate != hostRate else { return nil }
            hostRate = rate
            return .setHostRate(rate)
        case .write(let bytes):
            heard = []
            if let hostRate { line.wrote(bytes.count, at: hostRate, now: now) }
            return .write(bytes)
        case .drain:
            progress = .draining
            return nil
        case .wait(let time):
            // A pulse lasts from one change to the next; anything longer counts from when the lines have arrived.
            let start = time < .milliseconds(1) ? now : max(now, settled)
            progress = .waiting(until: start + time)
            return nil
        case .expect(let bytes, let limit):
            progress = .expecting(bytes, until: now + limit + traits.answerAllowance)
            return nil
        case .discardInput:
            heard = []
            return .discardInput
        }
    }
}

extension SerialDriver {
    /// Goes on with a list of steps; false if it must wait.
    mutating func advance(_ work: SerialWork, at now: Duration, _ actions: inout [Action]) -> Bool {
        var work = work
        let advance = work.advance(at: now, &line, hostRate: &hostRate, traits: traits)
        state = .working(work)
        switch advance {
        case .blocked: return false
        case .went(let action):
            if let action { actions.append(action) }
        case .done: finish(work.goal, &actions)
        case .failed(.portHoldsBytes): giveUp(work.goal, after: .portHoldsBytes, &actions)
        case .failed(let problem): retry(work.goal, after: problem, &actions)
        }
        return true
    }

    private mutating func finish(_ goal: SerialWork.Goal, _ actions: inout [Action]) {
        switch goal {
        case .open, .change, .recover:
            state = .ready
            actions.append(.ready(rate: hostRate ?? dongle.rateAfterReset))
        case .close:
            state = .over
            actions.append(.closed)
        }
    }

    private mutating func retry(_ goal: SerialWork.Goal, after problem: SerialProblem, _ actions: inout [Action]) {
        switch goal {
        case .open(let rate, let attemptsLeft) where attemptsLeft > 0:
            begin(.open(rate: rate, attemptsLeft: attemptsLeft - 1), steps(to: rate))
        case .change(let rate, let attemptsLeft) where attemptsLeft > 0:
            begin(.change(rate: rate, attemptsLeft: attemptsLeft - 1), steps(to: rate))
        case .change:
            actions.append(.changeFailed(problem))
            begin(.recover, dongle.reset + [.hostRate(dongle.rateAfterReset), .discardInput])
        case .open, .recover, .close: giveUp(goal, after: problem, &actions)
        }
    }

    private mutating func giveUp(
        _ goal: SerialWork.Goal, after problem: SerialProblem, _ actions: inout [Action]
    ) {
        guard case .close = goal else { return fail(problem, &actions) }
        // Whatever the port does with its bytes, the dongle is let go.
        for case .lines(let lines) in dongle.closing { actions.append(.setLines(lines)) }
        state = .over
        actions.append(.closed)
    }

    /// Nothing more can be done with this dongle.
    mutating func fail(_ problem: SerialProblem, _ actions: inout [Action]) {
        state = .over
        commands = []
        actions.append(.failed(problem))
    }
}

extension [UInt8] {
    /// Whether these bytes occur somewhere, one after the other.
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard count >= other.count else { return false }
        return (0...(count - other.count)).contains { self[$0...].starts(with: other) }
    }
}
