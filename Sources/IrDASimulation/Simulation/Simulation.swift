import HeapModule
public import IrDAProtocol

/// Stations on a simulated medium, in virtual time.
///
/// The stations run the real stack and the real framer; only the light between them is modelled. Nothing happens by itself:
/// `step` carries out the next thing that is due and moves the clock there. A seed and the same calls at the same times
/// give the same run, to the byte.
public struct Simulation: Sendable {
    enum Happening: Sendable {
        /// Everything of this light has left.
        case lightEnds(UInt64)
        case timer(StationID, SimulatedStation.Deadline)
        /// A frame that a rule held back.
        case lateFrame(StationID, UInt64)
        case interference(RuleID)
        /// Something happens in the transceiver of a station by itself.
        case transceiver(StationID, IrDAInstant)
    }

    /// What is due, in the order of time, and of its making where times are equal.
    private struct Appointment: Comparable, Sendable {
        let moment: IrDAInstant
        let number: UInt64
        let happening: Happening

        static func < (left: Self, right: Self) -> Bool {
            (left.moment, left.number) < (right.moment, right.number)
        }

        static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    }

    /// The moment at which the simulation stands.
    public private(set) var now = IrDAInstant.start
    var medium: Medium
    var nodes: [SimulatedStation] = []
    private var appointments = Heap<Appointment>()
    private var lastNumber: UInt64 = 0
    private var generator: SeededGenerator
    var events: [StationEvent] = []
    var observed: [ObservedFrame] = []
    /// What is on the air, with who is to receive it.
    var flights: [Flight] = []
    var rules = RuleBook()
    /// The faults that are in force.
    public internal(set) var faults: [ActiveFault] = []
    var lastFault: UInt32 = 0
    /// The station whose frames are observed.
    public var observedStation: StationID?

    /// Makes an empty room.
    ///
    /// - Parameters:
    ///   - range: how far light reaches, in metres.
    ///   - bitErrorRate: the probability that a received bit is wrong, 0 to 1.
    ///   - seed: what all that is random follows from.
    public init(range: Double = 1, bitErrorRate: Double = 0, seed: UInt64) {
        medium = Medium(range: range, bitErrorRate: bitErrorRate, seed: seed)
        generator = SeededGenerator(seed: seed)
        rules.generator = SeededGenerator(seed: seed ^ 0x52_01E5)
    }

    // MARK: Stations

    /// All stations, in the order in which they were added.
    public var stations: [StationID] { nodes.indices.map(StationID.init(index:)) }

    /// Puts a station into the room and switches it on.
    ///
    /// - Parameters:
    ///   - configuration: what it is.
    ///   - position: where it is.
    ///   - transceiver: what is between it and the light; nil for an ideal station.
    public mutating func addStation(
        _ configuration: IrDAStack.Configuration, at position: Position = Position(),
        behind transceiver: (any Transceiver)? = nil
    ) -> StationID {
        let stack = IrDAStack(configuration: configuration, seed: generator.next(), at: now)
        nodes.append(SimulatedStation(stack: stack, transceiver: transceiver))
        let station = medium.place(at: position)
        attendTransceiver(of: station)
        return station
    }

    /// Carries a station somewhere else.
    public mutating func move(_ station: StationID, to position: Position) {
        medium.move(station, to: position)
    }

    /// Offers a service on a station. Those that are programs are for the owner of the simulation to run; the others run here.
    public mutating func offer(
        _ behaviour: ServiceBehaviour, on station: StationID, className: IASName?, selector: LSAPSelector? = nil,
        attributes: [IASAttribute] = []
    ) throws(IrDAServiceError) -> IrDAServiceID {
        let (id, _) = try nodes[station.index].stack.offer(
            className: className, transport: behaviour.transport, selector: selector,
            attributes: attributes + behaviour.attributes(beside: attributes))
        nodes[station.index].behaviours[id] = behaviour
        return id
    }

    /// What runs behind a service of a station; nil if its owner sees to it.
    public func behaviour(of service: IrDAServiceID, on station: StationID) -> ServiceBehaviour? {
        nodes[station.index].behaviours[service]
    }

    /// The stack of a station, to look at.
    public func stack(of station: StationID) -> IrDAStack { nodes[station.index].stack }

    /// Asks something of a station's stack, now, and carries out what the stack wants done.
    public mutating func with<Result>(
        _ station: StationID, _ request: (inout IrDAStack, IrDAInstant) -> (Result, [IrDAStackAction])
    ) -> Result {
        let (result, actions) = request(&nodes[station.index].stack, now)
        carryOut(actions, of: station)
        return result
    }

    /// Asks something of a station's stack that has no answer of its own.
    public mutating func tell(
        _ station: StationID, _ request: (inout IrDAStack, IrDAInstant) -> [IrDAStackAction]
    ) {
        with(station) { stack, now in ((), request(&stack, now)) }
    }

    // MARK: Time

    /// When the next thing is due; nil if nothing ever will be.
    public var nextMoment: IrDAInstant? { appointments.min?.moment }

    /// Whether light or queued frames are all that is waited for, and no program.
    public var isBusy: Bool { medium.isLit(at: now) || nodes.contains { $0.stack.isBusy } }

    /// Carries out the next thing that is due, if that is not later than `limit`.
    ///
    /// - Returns: whether there was one; if not, the clock stands at `limit`.
    public mutating func step(until limit: IrDAInstant) -> Bool {
        guard let next = appointments.min, next.moment <= limit else {
            now = max(now, limit)
            return false
        }
        appointments.removeMin()
        now = max(now, next.moment)
        switch next.happening {
        case .lightEnds(let number): lightEnded(number)
        case .timer(let station, let deadline):
            guard nodes[station.index].take(deadline) else { break }
            carryOut(nodes[station.index].stack.timerFired(deadline.timer, at: now), of: station)
        case .lateFrame(let station, let number):
            lateFrameDue(of: station, number)
        case .interference(let rule):
            interfere(rule)
        case .transceiver(let station, let moment):
            guard nodes[station.index].transceiverMoment == moment else { break }
            attendTransceiver(of: station)
        }
        return true
    }

    /// Runs up to a moment.
    public mutating func run(until limit: IrDAInstant) {
        while step(until: limit) {}
    }

    /// Runs until something holds, but not longer than `patience`.
    ///
    /// - Returns: whether it came to hold.
    public mutating func run(
        for patience: Duration, until holds: (inout Simulation) -> Bool
    ) -> Bool {
        run(until: now.advanced(by: patience), or: holds)
    }

    /// Runs until something holds, but not beyond a moment.
    ///
    /// - Returns: whether it came to hold.
    public mutating func run(until limit: IrDAInstant, or holds: (inout Simulation) -> Bool) -> Bool {
        while !holds(&self) {
            guard step(until: limit) else { return holds(&self) }
        }
        return true
    }

    // MARK: What comes out

    /// What has happened on the stations since the last call, apart from what their built-in services dealt with.
    public mutating func takeEvents() -> [StationEvent] {
        defer { events = [] }
        return events
    }

    /// The frames that the observed station has sent and received since the last call.
    public mutating func takeObservedFrames() -> [ObservedFrame] {
        defer { observed = [] }
        return observed
    }
}

extension Simulation {
    mutating func make(_ happening: Happening, at moment: IrDAInstant) {
        lastNumber += 1
        appointments.insert(Appointment(moment: moment, number: lastNumber, happening: happening))
    }

    /// What the stack says goes first, all of it; only then do users hear of it and ask for more.
    mutating func carryOut(_ actions: consuming [IrDAStackAction], of station: StationID) {
        var heard: [IrDAEvent] = []
        for action in copy actions {
            switch action {
            case .transmit(let frames):
                transmit(frames, from: station)
            case .setBaudRate(let rate):
                nodes[station.index].rate = rate
                nodes[station.index].transceiver?.setRate(rate, at: now)
                attendTransceiver(of: station)
            case .setTimer(.lap(.turnaround), let moment)
            where nodes[station.index].transceiver?.keepsTurnaround == true:
                nodes[station.index].turnaround = max(.zero, now.duration(to: moment))
                make(.timer(station, nodes[station.index].set(.lap(.turnaround))), at: now)
            case .setTimer(let timer, let moment):
                make(.timer(station, nodes[station.index].set(timer)), at: moment)
            case .cancelTimer(let timer):
                nodes[station.index].cancel(timer)
            case .event(let event):
                heard.append(event)
            }
        }
        nodes[station.index].stack.reuse(actions)
        for event in heard { happened(event, on: station) }
    }
}
