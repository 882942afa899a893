import HeapModule
public import IrDAProtocol

/// Stations on a simulated medium, in virtual time.
///
/// The stations run the real stack and the real framer; only the light between them is modelled. Nothing happens by itself:
/// `step` carries out the next thing that is due and moves the clock there. A seed and the same calls at the same times
/// give the same run, to the byte.
public struct Simulation: Sendable {
    private enum Happening: Sendable {
        case lightEnds(Medium.Light, frame: [UInt8], observers: [StationID])
        case timer(StationID, SimulatedStation.Deadline)
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
    private var medium: Medium
    private var nodes: [SimulatedStation] = []
    private var appointments = Heap<Appointment>()
    private var lastNumber: UInt64 = 0
    private var generator: SeededGenerator
    private var events: [StationEvent] = []
    private var observed: [ObservedFrame] = []
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
    }

    // MARK: Stations

    /// All stations, in the order in which they were added.
    public var stations: [StationID] { nodes.indices.map(StationID.init(index:)) }

    /// Puts a station into the room and switches it on.
    public mutating func addStation(
        _ configuration: IrDAStack.Configuration, at position: Position = Position()
    ) -> StationID {
        nodes.append(
            SimulatedStation(stack: IrDAStack(configuration: configuration, seed: generator.next(), at: now)))
        return medium.place(at: position)
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
        case .lightEnds(let light, let frame, let observers): ended(light, frame: frame, observers: observers)
        case .timer(let station, let deadline):
            guard nodes[station.index].take(deadline) else { break }
            carryOut(nodes[station.index].stack.timerFired(deadline.timer, at: now), of: station)
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

    // MARK: The works

    /// What the stack says goes first, all of it; only then do users hear of it and ask for more.
    private mutating func carryOut(_ actions: [IrDAStackAction], of station: StationID) {
        var heard: [IrDAEvent] = []
        for action in actions {
            switch action {
            case .transmit(let frames):
                nodes[station.index].outbox = frames
                sendNextFrame(of: station)
            case .setBaudRate(let rate):
                nodes[station.index].rate = rate
            case .setTimer(let timer, let moment):
                make(.timer(station, nodes[station.index].set(timer)), at: moment)
            case .cancelTimer(let timer):
                nodes[station.index].cancel(timer)
            case .event(let event):
                heard.append(event)
            }
        }
        for event in heard { happened(event, on: station) }
    }

    private mutating func make(_ happening: Happening, at moment: IrDAInstant) {
        lastNumber += 1
        appointments.insert(Appointment(moment: moment, number: lastNumber, happening: happening))
    }

    private mutating func sendNextFrame(of station: StationID) {
        guard !nodes[station.index].outbox.isEmpty else {
            // After its own light a receiver starts afresh.
            nodes[station.index].deframer.reset()
            carryOut(nodes[station.index].stack.transmissionEnded(at: now), of: station)
            return
        }
        let transmission = nodes[station.index].outbox.removeFirst()
        let frame = transmission.frame.bytes
        let light = medium.emit(
            SIRFramer.encode(frame, additionalBOFs: transmission.additionalBOFs),
            rate: nodes[station.index].rate, from: station, at: now)
        let observers = medium.observers(of: station)
        make(.lightEnds(light, frame: frame, observers: observers), at: light.end)
        for observer in observers {
            nodes[observer.index].stack.lightSensed(at: now)
        }
    }

    private mutating func ended(_ light: Medium.Light, frame: [UInt8], observers: [StationID]) {
        if light.sender == observedStation {
            observed.append(ObservedFrame(moment: light.start, direction: .sent, bytes: frame))
        }
        let stillSeeing = medium.observers(of: light.sender)
        for observer in observers {
            guard stillSeeing.contains(observer) else {
                // One of the two was carried away, and the end of the frame is missing.
                nodes[observer.index].stack.receivedGarbage(at: now)
                continue
            }
            guard
                let bytes = medium.reception(of: light, by: observer, listeningAt: nodes[observer.index].rate)
            else { continue }
            receive(bytes, by: observer)
        }
        medium.forgetPast(at: now)
        sendNextFrame(of: light.sender)
    }

    private mutating func receive(_ bytes: [UInt8], by station: StationID) {
        let heard = nodes[station.index].deframer.receive(bytes)
        if heard.isEmpty {
            // Light without even the beginning of a frame.
            nodes[station.index].stack.receivedGarbage(at: now)
        }
        for event in heard {
            switch event {
            case .frame(let frame):
                if station == observedStation {
                    observed.append(ObservedFrame(moment: now, direction: .received, bytes: frame))
                }
                carryOut(nodes[station.index].stack.received(frame, at: now), of: station)
            case .garbage:
                nodes[station.index].stack.receivedGarbage(at: now)
            }
        }
    }
}

// What built-in services do with the events of their connections.
extension Simulation {
    private mutating func happened(_ event: IrDAEvent, on station: StationID) {
        switch event {
        case .incoming(let connection, let service, _):
            guard let behaviour = nodes[station.index].behaviours[service], let servant = Servant(behaviour) else {
                break
            }
            nodes[station.index].servants[connection] = servant
            tell(station) { $0.accept(connection, at: $1) }
            if let limit = nodes[station.index].stack.info(of: connection)?.maximumSendSize {
                nodes[station.index].servants[connection]?.opened(messageLimit: limit)
            }
            serve(connection, on: station)
            return
        case .received(let connection, let bytes), .receivedTruncated(let connection, let bytes):
            guard nodes[station.index].servants[connection] != nil else { break }
            nodes[station.index].servants[connection]?.received(bytes)
            serve(connection, on: station)
            return
        case .sendRoom(let connection):
            guard nodes[station.index].servants[connection] != nil else { break }
            serve(connection, on: station)
            return
        case .ended(let connection, _):
            guard nodes[station.index].servants.removeValue(forKey: connection) != nil else { break }
            return
        case .discoveryEnded, .discovered, .deviceWaitEnded, .queryEnded, .connected, .unitData, .ultra, .closed,
            .linkConnected, .linkStalled, .linkDisconnected:
            break
        }
        events.append(StationEvent(station: station, event: event))
    }

    /// Lets a built-in service do all that it can do now.
    private mutating func serve(_ connection: IrDAConnectionID, on station: StationID) {
        while true {
            let room = nodes[station.index].stack.sendRoom(connection)
            switch nodes[station.index].servants[connection]?.next(room: room) {
            case .send(let bytes):
                tell(station) { $0.send(bytes, on: connection, at: $1).actions }
            case .sendMessage(let message):
                // One that does not fit is lost: the limit was told when the connection was opened.
                tell(station) { (try? $0.sendMessage(message, on: connection, at: $1)) ?? [] }
            case .consume(let segments):
                tell(station) { $0.consumed(segments: segments, on: connection, at: $1) }
            case .disconnect:
                nodes[station.index].servants[connection] = nil
                tell(station) { $0.disconnect(connection, at: $1) }
            case .wait, nil:
                return
            }
        }
    }
}

/// Something that happened on a station.
public struct StationEvent: Hashable, Sendable {
    /// Where.
    public let station: StationID
    /// What.
    public let event: IrDAEvent

    /// Describes an event.
    public init(station: StationID, event: IrDAEvent) {
        self.station = station
        self.event = event
    }
}

/// A frame that a station sent or received.
public struct ObservedFrame: Hashable, Sendable {
    /// Which way it went.
    public enum Direction: Hashable, Sendable {
        /// From the observed station.
        case sent
        /// To it, with a good FCS.
        case received
    }

    /// When its first bit left, or its last bit arrived.
    public let moment: IrDAInstant
    /// Which way it went.
    public let direction: Direction
    /// A, C and information.
    public let bytes: [UInt8]

    /// Describes a frame.
    public init(moment: IrDAInstant, direction: Direction, bytes: [UInt8]) {
        self.moment = moment
        self.direction = direction
        self.bytes = bytes
    }
}
