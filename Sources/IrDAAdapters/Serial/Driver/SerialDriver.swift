/// Drives a serial dongle: feeds it, sets its speed, sends and hears bytes.
///
/// A value: events come in with the time since any fixed moment, actions come out, in order. Whoever owns it has the port and the
/// clock, carries the actions out, and calls `wake` at the moment that the last `.wake` named.
public struct SerialDriver: SteppedDriver, Sendable {
    /// Something to do, in the order of the list.
    public enum Action: WakingAction, Hashable, Sendable {
        /// Set both control lines in one request.
        case setLines(SerialLines)
        /// Set the port's line speed, in bit/s.
        case setHostRate(Int)
        /// Write bytes; call `drained` once the port holds none of what was written to it.
        case write([UInt8])
        /// Throw away what the port has heard and not reported yet.
        case discardInput
        /// Call `wake` at this moment; it takes the place of an earlier one.
        case wake(at: Duration)
        /// Another station's light.
        case received([UInt8])
        /// The last bit of a transmission has left.
        case transmitted
        /// The dongle is ready at a speed, in bit/s: after opening, and after a change, successful or not.
        case ready(rate: Int)
        /// A change of speed did not work; `ready` with the speed that it has will follow.
        case changeFailed(SerialProblem)
        /// The dongle cannot be used. Nothing follows.
        case failed(SerialProblem)
        /// The dongle has been let go. Nothing follows.
        case closed
    }

    enum Command: Sendable {
        case transmit([UInt8])
        case setRate(Int)
    }

    enum State: Sendable {
        case closed
        case working(SerialWork)
        case ready
        case sending(SerialTransmission)
        case over
    }

    let dongle: any SerialDongle
    let traits: SerialPortTraits
    var state = State.closed
    /// What was asked for and could not be done yet.
    var commands: [Command] = []
    var line: LineClock
    var echo: EchoFilter
    /// The host's speed, once it has been set.
    var hostRate: Int?
    var nextWake: Duration?

    /// A driver for a dongle that is not open yet.
    ///
    /// - Parameters:
    ///   - dongle: its kind.
    ///   - traits: the port that it is behind.
    ///   - echo: what is done with the echo of one's own light.
    public init(_ dongle: any SerialDongle, behind traits: SerialPortTraits, echo: EchoHandling = .match) {
        self.dongle = dongle
        self.traits = traits
        line = LineClock(traits.draining)
        self.echo = EchoFilter(echo, latency: traits.answerAllowance)
    }

    // MARK: Events

    /// The port is open; `ready` or `failed` will follow.
    public mutating func open(at now: Duration) -> [Action] {
        guard case .closed = state else { return [] }
        let rate = dongle.discoveryRate
        begin(.open(rate: rate, attemptsLeft: 1), dongle.opening + steps(to: rate))
        return advance(at: now)
    }

    /// Bytes are to be sent; `transmitted` follows when the last bit has left. They wait for what was asked for before.
    public mutating func transmit(_ bytes: [UInt8], at now: Duration) -> [Action] {
        if case .over = state { return [] }
        commands.append(.transmit(bytes))
        return advance(at: now)
    }

    /// The speed is to be changed, after all that was to be sent before has left; `ready` follows.
    public mutating func setRate(_ rate: Int, at now: Duration) -> [Action] {
        if case .over = state { return [] }
        commands.append(.setRate(rate))
        return advance(at: now)
    }

    /// The port has heard something.
    public mutating func received(_ bytes: [UInt8], at now: Duration) -> [Action] {
        switch state {
        case .closed, .over: return []
        case .working(var work):
            work.hear(bytes)
            state = .working(work)
            return advance(at: now)
        case .ready, .sending:
            let heard = echo.filter(bytes, at: now)
            return (heard.isEmpty ? [] : [.received(heard)]) + advance(at: now)
        }
    }

    /// The port holds nothing any more of what was written to it.
    public mutating func drained(at now: Duration) -> [Action] {
        line.drained(at: hostRate ?? dongle.rateAfterReset, now: now)
        return advance(at: now)
    }

    /// The moment that `.wake` named has come.
    public mutating func wake(at now: Duration) -> [Action] {
        nextWake = nil
        return advance(at: now)
    }

    /// The dongle is to be let go; `closed` follows, after what has been written has left.
    public mutating func close(at now: Duration) -> [Action] {
        switch state {
        case .over: return []
        case .closed:
            state = .over
            return [.closed]
        case .working, .ready, .sending:
            commands = []
            begin(.close, [.drain] + dongle.closing)
            return advance(at: now)
        }
    }

    // MARK: Work

    /// The steps that set a speed: the dongle's reset first, whatever its state is.
    func steps(to rate: Int) -> [SerialStep] {
        let change = dongle.change(to: rate) ?? []
        let talks = change.contains { step in
            if case .write = step { true } else { false }
        }
        return dongle.reset + (talks ? [.hostRate(dongle.rateAfterReset)] : []) + change
            + [.hostRate(rate), .discardInput]
    }

    mutating func begin(_ goal: SerialWork.Goal, _ steps: [SerialStep]) {
        echo = echo.cleared
        state = .working(SerialWork(goal, steps))
    }

    /// Does the next thing; false when there is nothing that can be done before something happens.
    mutating func step(at now: Duration, _ actions: inout [Action]) -> Bool {
        switch state {
        case .closed, .over: return false
        case .working(let work): return advance(work, at: now, &actions)
        case .sending(let transmission): return advance(transmission, at: now, &actions)
        case .ready:
            let late = echo.expire(at: now)
            if !late.isEmpty { actions.append(.received(late)) }
            return beginNextCommand(&actions)
        }
    }

    private mutating func beginNextCommand(_ actions: inout [Action]) -> Bool {
        guard !commands.isEmpty else { return false }
        switch commands.removeFirst() {
        case .transmit(let bytes):
            echo.send(bytes)
            state = .sending(SerialTransmission(bytes))
        case .setRate(let rate):
            if rate == hostRate {
                actions.append(.ready(rate: rate))
            } else if dongle.change(to: rate) == nil {
                actions.append(.changeFailed(.noSuchRate(rate, available: dongle.rates)))
                actions.append(.ready(rate: hostRate ?? dongle.rateAfterReset))
            } else {
                begin(.change(rate: rate, attemptsLeft: 1), [.drain] + steps(to: rate))
            }
        }
        return true
    }

    /// The next moment at which time itself changes something.
    var wakeMoment: Duration? {
        switch state {
        case .closed, .over: nil
        case .working(let work): work.deadline(line)
        case .sending(let transmission): transmission.deadline(line)
        case .ready: echo.deadline
        }
    }
}
