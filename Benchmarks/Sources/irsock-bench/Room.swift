import IrDAProtocol
import IrDASimulation

/// A computer and a phone in one room, and the bytes that go from one to the other.
struct Room {
    var simulation: Simulation
    let computer: StationID
    let phone: StationID
    private static let computerAddress = DeviceAddress(rawValue: 0x1234_5678)
    static let phoneAddress = DeviceAddress(rawValue: 0x9ABC_DEF1)

    /// Both ends of a connection.
    struct Connection {
        let near: IrDAConnectionID
        let far: IrDAConnectionID
    }

    init(parameters: NegotiationParameters = .standard, bitErrorRate: Double = 0, seed: UInt64 = 1) {
        simulation = Simulation(bitErrorRate: bitErrorRate, seed: seed)
        computer = simulation.addStation(
            Self.configuration(Self.computerAddress, "Computer", .computer, parameters))
        phone = simulation.addStation(Self.configuration(Self.phoneAddress, "Phone", .telephony, parameters))
    }

    /// A room in which each station may have an adapter between itself and the light.
    init(
        computer: NegotiationParameters, behind computerAdapter: (any Transceiver)?,
        phone: NegotiationParameters, behind phoneAdapter: (any Transceiver)?, seed: UInt64 = 1
    ) {
        simulation = Simulation(seed: seed)
        self.computer = simulation.addStation(
            Self.configuration(Self.computerAddress, "Computer", .computer, computer), behind: computerAdapter)
        self.phone = simulation.addStation(
            Self.configuration(Self.phoneAddress, "Phone", .telephony, phone), behind: phoneAdapter)
    }

    private static func configuration(
        _ address: DeviceAddress, _ name: String, _ hints: ServiceHints, _ parameters: NegotiationParameters
    ) -> IrDAStack.Configuration {
        IrDAStack.Configuration(address: address, name: name, hints: hints, parameters: parameters)
    }

    /// A room in which the computer has a connection to a service of the phone that this program serves itself.
    static func connected(parameters: NegotiationParameters = .standard, seed: UInt64 = 1) throws -> ConnectedRoom {
        var room = Room(parameters: parameters, seed: seed)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        let connection = try room.connect(to: "Bulk")
        return ConnectedRoom(start: room.simulation.now, room: room, connection: connection)
    }

    /// How many frames both stations have sent.
    var framesSent: UInt64 {
        [computer, phone].reduce(0) { $0 + simulation.counters(of: $1).framesSent }
    }

    /// Opens a connection to a service of the phone that this program serves itself.
    mutating func connect(to className: IASName) throws -> Connection {
        let near = simulation.with(computer) { $0.connect(to: .service(className), at: Self.phoneAddress, now: $1) }
        var far: IrDAConnectionID?
        var isOpen = false
        var end: IrDAEndReason?
        let phone = phone
        let succeeded = simulation.run(for: .seconds(60)) { simulation in
            for happened in simulation.takeEvents() {
                switch happened.event {
                case .incoming(let connection, _, _):
                    far = connection
                    simulation.tell(phone) { $0.accept(connection, at: $1) }
                case .connected(near): isOpen = true
                case .ended(near, let reason): end = reason
                default: break
                }
            }
            return isOpen || end != nil
        }
        guard succeeded, isOpen, let far else {
            throw BenchmarkFailure(
                "The computer cannot connect to the phone: \(end.map { "\($0)" } ?? "nothing happens").")
        }
        return Connection(near: near, far: far)
    }

    /// Sends bytes from the computer to the phone as fast as there is credit, until the phone has all of them.
    ///
    /// - Returns: the payload's rate on the medium from the arrival of the first segment to that of the last, in bit/s.
    mutating func throughput(of bytes: [UInt8], over connection: Connection) throws -> Double {
        let (computer, phone) = (computer, phone)
        var unsent = bytes[...]
        func pump(_ simulation: inout Simulation) {
            let piece = unsent
            let taken = simulation.with(computer) { $0.send(piece, on: connection.near, at: $1) }
            unsent = unsent.dropFirst(taken)
        }
        pump(&simulation)
        var received: [UInt8] = []
        received.reserveCapacity(bytes.count)
        var beginning: (moment: IrDAInstant, count: Int)?
        let succeeded = simulation.run(for: .seconds(86_400)) { simulation in
            for happened in simulation.takeEvents() {
                switch happened.event {
                case .received(connection.far, let segment):
                    received += segment
                    // The first turns of a link are careful.
                    if beginning == nil && received.count > bytes.count / 20 {
                        beginning = (simulation.now, received.count)
                    }
                    simulation.tell(phone) { $0.consumed(segments: 1, on: connection.far, at: $1) }
                case .sendRoom(connection.near): pump(&simulation)
                default: break
                }
            }
            return received.count >= bytes.count
        }
        guard succeeded, let beginning, received == bytes else {
            throw BenchmarkFailure("The phone has received \(received.count) of \(bytes.count) bytes, or other ones.")
        }
        let seconds = beginning.moment.duration(to: simulation.now) / .seconds(1)
        return Double((bytes.count - beginning.count) * 8) / seconds
    }
}

/// A room with a connection in it.
struct ConnectedRoom {
    let start: IrDAInstant
    var room: Room
    let connection: Room.Connection

    var simulation: Simulation { room.simulation }
}

extension SeededGenerator {
    /// Random bytes; every value is as likely as any other.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}
