import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

/// Two stations under rules that come and go at random: whatever state they reach, a clean medium finds a way out of it.
@Suite struct RandomWalkTests {
    /// How many walks; more of them by hand.
    private static let walks: Range<UInt64> = 0..<40
    private static let steps = 25

    @Test("From every state that is reached, a clean medium leads back to a working connection")
    func recovery() throws {
        for seed in Self.walks {
            var walk = try Walk(seed: seed)
            for _ in 0..<Self.steps { walk.step() }
            let recovers = walk.recovers()
            #expect(recovers, "seed \(seed): \(walk.history)")
        }
    }

    private struct Walk {
        private var room: TwoStations
        private var generator: SeededGenerator
        private var rules: [RuleID] = []
        private var connections: [Traffic.End] = []
        private(set) var history: [String] = []

        init(seed: UInt64) throws {
            generator = SeededGenerator(seed: seed &* 977)
            var parameters = NegotiationParameters.standard
            parameters.disconnectTimes = [.s3, .s8]
            room = TwoStations(seed: seed, computer: parameters, phone: parameters)
            for station in [room.computer, room.phone] {
                _ = try room.simulation.offer(.echo, on: station, className: "Echo")
            }
        }

        private mutating func either() -> StationID {
            Bool.random(using: &generator) ? room.computer : room.phone
        }

        private static func address(of station: StationID, in room: TwoStations) -> DeviceAddress {
            station == room.computer ? TwoStations.phoneAddress : TwoStations.computerAddress
        }

        mutating func step() {
            let station = either()
            let peer = Self.address(of: station, in: room)
            switch Int.random(in: 0..<12, using: &generator) {
            case 0, 1:
                history.append("connect")
                let id = room.simulation.with(station) { $0.connect(to: .service("Echo"), at: peer, now: $1) }
                connections.append(Traffic.End(station: station, connection: id))
            case 2:
                history.append("discover")
                room.simulation.tell(station) { $0.discover(slots: .one, at: $1) }
            case 3, 4:
                guard let end = connections.randomElement(using: &generator) else { break }
                history.append("send")
                let bytes = [UInt8](repeating: 7, count: Int.random(in: 1...5000, using: &generator))
                room.simulation.tell(end.station) { $0.send(bytes, on: end.connection, at: $1).actions }
            case 5:
                guard let end = connections.randomElement(using: &generator) else { break }
                history.append("disconnect")
                room.simulation.tell(end.station) { $0.disconnect(end.connection, at: $1) }
            case 6:
                history.append("disconnect link")
                room.simulation.tell(station) { $0.disconnectLink(at: $1) }
            case 7, 8, 9:
                let rule = randomRule(at: station)
                history.append("rule")
                rules.append(room.simulation.add(rule))
            case 10:
                guard let rule = rules.popLast() else { break }
                history.append("remove")
                room.simulation.remove(rule)
            default:
                history.append("move")
                room.simulation.move(station, to: Position(x: Bool.random(using: &generator) ? 0 : 5))
            }
            let time = Duration.milliseconds(Int64.random(in: 1...2500, using: &generator))
            room.simulation.run(until: room.simulation.now.advanced(by: time))
        }

        private mutating func randomRule(at station: StationID) -> MediumRule {
            let filters = [
                FrameFilter.any, .turns, .information, .supervisory, .connectionRequests, .acknowledgements,
                .discoveryCommands,
            ]
            let frames = filters.randomElement(using: &generator) ?? .any
            let confused: MediumRule.Rewriting = { frame in
                var frame = frame
                frame.address.isCommand.toggle()
                return frame
            }
            let effects: [MediumRule.Effect] = [
                .drop, .corrupt(bits: 3), .delay(.milliseconds(40)), .cutShort(characters: 4), .stray([0xC0, 0x7D]),
                .deaf(.milliseconds(15)), .sunlight(bitErrorRate: 1e-3), .hear(confused), .say { _ in nil },
                .hear { frame in
                    guard case .supervisory(let kind, let nr, let final) = frame.control else { return frame }
                    return IrLAPFrame(
                        address: frame.address, control: .supervisory(kind, nr: (nr + 3) & 7, pollFinal: final))
                },
            ]
            return MediumRule(
                effects.randomElement(using: &generator) ?? .drop, to: frames, from: station,
                probability: [0.2, 1].randomElement(using: &generator) ?? 1)
        }

        /// Cleans the medium, and sees whether the stations can talk within what their timers need.
        mutating func recovers() -> Bool {
            for rule in rules { room.simulation.remove(rule) }
            for station in [room.computer, room.phone] { room.simulation.move(station, to: Position()) }
            _ = room.simulation.takeEvents()
            // The disconnect time, the watchdogs of IrLMP and IAS, and a new link.
            for _ in 0..<6 {
                guard case .success(let connection) = room.connect(to: .service("Echo")) else { continue }
                if room.exchange([1, 2, 3], expecting: 3, on: connection, patience: .seconds(60)) == [1, 2, 3] {
                    return true
                }
            }
            return false
        }
    }
}
