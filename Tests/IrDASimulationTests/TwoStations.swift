import IrDAProtocol
import IrDASimulation

/// A computer and a phone in one room, and what a test does with them.
struct TwoStations {
    var simulation: Simulation
    let computer: StationID
    let phone: StationID

    static let computerAddress = DeviceAddress(rawValue: 0x1234_5678)
    static let phoneAddress = DeviceAddress(rawValue: 0x9ABC_DEF1)

    init(
        bitErrorRate: Double = 0, seed: UInt64, computer: NegotiationParameters = .standard,
        phone: NegotiationParameters = .standard
    ) {
        simulation = Simulation(bitErrorRate: bitErrorRate, seed: seed)
        self.computer = simulation.addStation(
            IrDAStack.Configuration(
                address: Self.computerAddress, name: "Computer", hints: .computer, parameters: computer))
        self.phone = simulation.addStation(
            IrDAStack.Configuration(
                address: Self.phoneAddress, name: "Phone", hints: [.telephony, .obex], parameters: phone))
    }

    /// Runs until the computer has seen an event of the wanted kind.
    mutating func wait<Value>(
        for patience: Duration = .seconds(60), _ pick: (IrDAEvent) -> Value?
    ) -> Value? {
        var found: Value?
        let computer = computer
        _ = simulation.run(for: patience) { simulation in
            for happened in simulation.takeEvents() where found == nil && happened.station == computer {
                found = pick(happened.event)
            }
            return found != nil
        }
        return found
    }

    /// Opens a connection from the computer to the phone.
    mutating func connect(to target: IrDATarget) -> Result<IrDAConnectionID, ConnectFailure> {
        let connection = simulation.with(computer) { $0.connect(to: target, at: Self.phoneAddress, now: $1) }
        return wait { event in
            switch event {
            case .connected(connection): .success(connection)
            case .ended(connection, let reason): .failure(ConnectFailure(reason: reason))
            default: nil
            }
        } ?? .failure(ConnectFailure(reason: nil))
    }

    struct ConnectFailure: Error, Equatable {
        let reason: IrDAEndReason?
    }

    /// Sends the bytes to a service and gathers what comes back, until that is `expected` bytes.
    mutating func exchange(
        _ bytes: [UInt8], expecting expected: Int, on connection: IrDAConnectionID, patience: Duration = .seconds(3600)
    ) -> [UInt8] {
        var sent = 0
        var received: [UInt8] = []
        let computer = computer
        func pump(_ simulation: inout Simulation) {
            let rest = bytes[sent...]
            sent += simulation.with(computer) { $0.send(rest, on: connection, at: $1) }
        }
        pump(&simulation)
        _ = simulation.run(for: patience) { simulation in
            for happened in simulation.takeEvents() where happened.station == computer {
                switch happened.event {
                case .received(connection, let segment):
                    received += segment
                    simulation.tell(computer) { $0.consumed(segments: 1, on: connection, at: $1) }
                case .sendRoom(connection): pump(&simulation)
                default: break
                }
            }
            return received.count >= expected && sent == bytes.count
        }
        return received
    }
}
