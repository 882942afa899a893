import IrDAProtocol
import IrDASimulation

/// A computer that finds a phone, asks it for a service, has 10 KB echoed and hangs up; with all of its frames.
struct CapturedSession {
    private(set) var frames: [ObservedFrame] = []
    private(set) var echoed: [UInt8] = []
    let sent = (0..<10_000).map(ServiceBehaviour.patternByte(at:))

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private var simulation: Simulation
    private let local: StationID

    init() throws {
        let phone = Scenario.Device(
            name: "Phone", hints: [.telephony, .obex],
            services: [Scenario.Service(className: "Echo", behaviour: .echo)])
        (simulation, local, _) = try Scenario(devices: [phone]).makeSimulation(seed: 1)
        simulation.observedStation = local

        simulation.tell(local) { $0.discover(at: $1) }
        let address = try wait("a discovery") {
            if case .discoveryEnded(.found(let records)) = $0 { records.first?.address } else { nil }
        }
        let query = simulation.with(local) { $0.query("DeviceName", of: "Device", at: address, now: $1) }
        let outcome = try wait("an answer") {
            if case .queryEnded(query, let outcome) = $0 { outcome } else { nil }
        }
        guard case .answered(.success(let entries)) = outcome, case .string(let name) = entries.first?.value,
            name.text == "Phone"
        else { throw Failure(description: "the phone said: \(outcome)") }

        let connection = simulation.with(local) { $0.connect(to: .service("Echo"), at: address, now: $1) }
        try wait("a connection") { $0 == .connected(connection) ? () : nil }
        try exchange(on: connection)
        simulation.tell(local) { $0.disconnectLink(at: $1) }
        try wait("the end of the link") { if case .linkDisconnected = $0 { () } else { nil } }
        frames = simulation.takeObservedFrames()
    }

    private mutating func exchange(on connection: IrDAConnectionID) throws {
        var rest = sent[...]
        while echoed.count < sent.count {
            let piece = rest
            rest = rest.dropFirst(simulation.with(local) { $0.send(piece, on: connection, at: $1) })
            let segment: [UInt8] = try wait("an echo") {
                switch $0 {
                case .received(connection, let segment): segment
                case .sendRoom(connection): []
                default: nil
                }
            }
            guard !segment.isEmpty else { continue }
            echoed += segment
            simulation.tell(local) { $0.consumed(segments: 1, on: connection, at: $1) }
        }
    }

    /// Runs until the computer has seen what is wanted.
    @discardableResult
    private mutating func wait<Value>(_ what: String, _ pick: (IrDAEvent) -> Value?) throws -> Value {
        var found: Value?
        let local = local
        _ = simulation.run(for: .seconds(60)) { simulation in
            for happened in simulation.takeEvents() where found == nil && happened.station == local {
                found = pick(happened.event)
            }
            return found != nil
        }
        guard let found else { throw Failure(description: "no sign of \(what) in 60 simulated seconds") }
        return found
    }
}
