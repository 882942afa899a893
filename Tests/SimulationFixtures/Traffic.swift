package import IrDAProtocol
package import IrDASimulation

/// Both ends of connections in the hands of a test: what each sends, and what has arrived.
///
/// Services that are to be served here are offered as programs; everything that arrives is consumed at once.
package struct Traffic {
    /// One end of a connection.
    package struct End: Hashable {
        package let station: StationID
        package let connection: IrDAConnectionID

        package init(station: StationID, connection: IrDAConnectionID) {
            self.station = station
            self.connection = connection
        }
    }

    /// Nothing is under way.
    package init() {}

    private var outgoing: [End: ArraySlice<UInt8>] = [:]
    package private(set) var received: [End: [UInt8]] = [:]
    /// The ends that peers have opened, in the order of their opening.
    package private(set) var incoming: [End] = []
    /// The ends that were opened from here.
    package private(set) var connected: Set<End> = []
    package private(set) var ended: [End: IrDAEndReason] = [:]
    /// The links that have ended, on both sides.
    package private(set) var linkEnds = 0

    /// Opens a connection; gives both its ends, or nil if it did not come about.
    package mutating func connect(
        _ station: StationID, to target: IrDATarget, at peer: DeviceAddress, in simulation: inout Simulation
    ) -> (near: End, far: End)? {
        let connection = simulation.with(station) { $0.connect(to: target, at: peer, now: $1) }
        let near = End(station: station, connection: connection)
        let before = incoming.count
        _ = run(&simulation) { $0.connected.contains(near) || $0.ended[near] != nil }
        guard connected.contains(near), incoming.count == before + 1 else { return nil }
        return (near, incoming[before])
    }

    /// Queues bytes to be sent as fast as the peer gives credit.
    package mutating func send(_ bytes: [UInt8], from end: End, in simulation: inout Simulation) {
        outgoing[end, default: []] += bytes
        pump(end, &simulation)
    }

    /// What has not been taken yet.
    package func unsent(_ end: End) -> Int { outgoing[end]?.count ?? 0 }

    /// Runs until something holds, dealing with all events meanwhile.
    package mutating func run(
        _ simulation: inout Simulation, for patience: Duration = .seconds(3600), until holds: (Traffic) -> Bool
    ) -> Bool {
        var traffic = self
        defer { self = traffic }
        return simulation.run(for: patience) { simulation in
            for happened in simulation.takeEvents() { traffic.handle(happened, &simulation) }
            return holds(traffic)
        }
    }

    private mutating func handle(_ happened: StationEvent, _ simulation: inout Simulation) {
        switch happened.event {
        case .incoming(let connection, _, _):
            let end = End(station: happened.station, connection: connection)
            incoming.append(end)
            simulation.tell(happened.station) { $0.accept(connection, at: $1) }
            pump(end, &simulation)
        case .connected(let connection):
            let end = End(station: happened.station, connection: connection)
            connected.insert(end)
            pump(end, &simulation)
        case .sendRoom(let connection):
            pump(End(station: happened.station, connection: connection), &simulation)
        case .received(let connection, let bytes), .receivedTruncated(let connection, let bytes):
            received[End(station: happened.station, connection: connection), default: []] += bytes
            simulation.tell(happened.station) { $0.consumed(segments: 1, on: connection, at: $1) }
        case .ended(let connection, let reason):
            ended[End(station: happened.station, connection: connection)] = reason
        case .linkDisconnected:
            linkEnds += 1
        case .discoveryEnded, .discovered, .addressChanged, .deviceWaitEnded, .queryEnded, .unitData, .ultra, .locked,
            .unlocked, .closed, .dropped, .linkConnected, .linkStalled, .linkRecovered:
            break
        }
    }

    private mutating func pump(_ end: End, _ simulation: inout Simulation) {
        guard let bytes = outgoing[end], !bytes.isEmpty else { return }
        let taken = simulation.with(end.station) { $0.send(bytes, on: end.connection, at: $1) }
        outgoing[end] = bytes.dropFirst(taken)
    }
}

extension SeededGenerator {
    /// Random bytes; every value is as likely as any other.
    package mutating func randomBytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}

extension NegotiationParameters {
    /// The standard announcement with other limits for what is sent to us.
    package static func limited(
        rate: BaudRate = .rate115200, window: Int = 7, dataSize: DataSize = .bytes2048,
        turnaround: MinimumTurnaround = .ms10, disconnectTimes: DisconnectTimeSet = .all
    ) -> Self {
        var parameters = standard
        parameters.baudRates = [.rate9600, BaudRateSet(rate)]
        parameters.windowSize = window
        parameters.dataSize = dataSize
        parameters.minimumTurnaround = turnaround
        parameters.disconnectTimes = disconnectTimes
        return parameters
    }
}
