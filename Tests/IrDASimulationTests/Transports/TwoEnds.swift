import IrDAProtocol
import IrDASimulation
import Testing

/// A computer and a phone, and all that their stacks say. Connections that come in are accepted, nothing else is done.
struct TwoEnds {
    var room: TwoStations
    private(set) var events: [StationID: [IrDAEvent]] = [:]
    /// What is done with connections that come in.
    var accepts = true

    var computer: StationID { room.computer }
    var phone: StationID { room.phone }
    var now: IrDAInstant { room.simulation.now }

    init(_ room: TwoStations) {
        self.room = room
    }

    /// Runs until something holds, but not longer than `patience`.
    @discardableResult
    mutating func run(
        for patience: Duration = .seconds(60), until holds: (TwoEnds) -> Bool = { _ in false }
    ) -> Bool {
        let limit = now.advanced(by: patience)
        while true {
            for happened in room.simulation.takeEvents() {
                events[happened.station, default: []].append(happened.event)
                if accepts, case .incoming(let id, _, _) = happened.event {
                    room.simulation.tell(happened.station) { $0.accept(id, at: $1) }
                }
            }
            if holds(self) { return true }
            guard room.simulation.step(until: limit) else { return false }
        }
    }

    /// The events of a station since the last call.
    mutating func take(_ station: StationID) -> [IrDAEvent] {
        defer { events[station] = [] }
        return events[station] ?? []
    }

    func has(_ station: StationID, _ event: IrDAEvent) -> Bool { events[station]?.contains(event) ?? false }

    @discardableResult
    mutating func ask<Answer>(
        _ station: StationID, _ request: (inout IrDAStack, IrDAInstant) throws -> (Answer, [IrDAStackAction])
    ) throws -> Answer {
        try room.simulation.with(station) { stack, now -> (Result<Answer, any Error>, [IrDAStackAction]) in
            do {
                let (answer, actions) = try request(&stack, now)
                return (.success(answer), actions)
            } catch {
                return (.failure(error), [])
            }
        }.get()
    }

    mutating func tell(
        _ station: StationID, _ request: (inout IrDAStack, IrDAInstant) throws -> [IrDAStackAction]
    ) throws {
        try ask(station) { ((), try request(&$0, $1)) }
    }

    /// Offers a service on the phone.
    mutating func offer(_ className: IASName, _ transport: IrDATransport) throws {
        try ask(phone) { stack, _ in (try stack.offer(className: className, transport: transport), []) }
    }

    /// Connects from the computer to the phone.
    mutating func connect(
        to target: IrDATarget, _ transport: IrDATransport, data: [UInt8] = []
    ) throws -> (near: IrDAConnectionID, far: IrDAConnectionID) {
        let near = try ask(computer) {
            $0.connect(to: target, at: TwoStations.phoneAddress, transport: transport, data: data, now: $1)
        }
        try #require(run { $0.has($0.computer, .connected(near)) }, "\(events)")
        let far = take(phone).compactMap { if case .incoming(let id, _, _) = $0 { id } else { nil } }
        _ = take(computer)
        return (near, try #require(far.last))
    }

    func info(_ station: StationID, _ id: IrDAConnectionID) -> IrDAConnectionInfo? {
        room.simulation.stack(of: station).info(of: id)
    }
}

extension IrDAEvent {
    /// What has been received on a connection, whole or not.
    func bytes(on id: IrDAConnectionID) -> [UInt8]? {
        switch self {
        case .received(id, let bytes), .receivedTruncated(id, let bytes): bytes
        default: nil
        }
    }
}
