import IrDAProtocol
import IrDASimulation

/// Every kind of link, with data both ways at once: nothing is lost, doubled or disordered.
///
/// It takes minutes, so it runs only where it is asked for: `--filter matrix`. Each cell has a seed of its own and moves a megabyte
/// in all, or what goes in two hours of the medium.
struct TransferMatrix: Benchmark {
    let name = "transfer matrix"
    var isOnRequest: Bool { true }

    private static let errors = [0, 1e-6, 1e-5, 1e-4, 3e-4]
    private static let turnarounds = [MinimumTurnaround.zero, .us100, .ms1, .ms10]
    private static let bytesOfACell = 1 << 20
    private static let patience = Duration.seconds(7200)

    struct Cell {
        let bitErrorRate: Double
        let rate: BaudRate
        let dataSize: DataSize
        let window: Int
        let turnaround: MinimumTurnaround
        let seed: UInt64

        var text: String {
            "\(rate) bit/s, \(window) x \(dataSize.bytes), \(turnaround.microseconds) us, bit errors \(bitErrorRate), seed \(seed)"
        }

        var parameters: NegotiationParameters {
            var parameters = NegotiationParameters.standard
            parameters.baudRates = rate == .rate2400 ? .rate2400 : [.rate9600, BaudRateSet(rate)]
            parameters.dataSize = dataSize
            parameters.windowSize = window
            parameters.minimumTurnaround = turnaround
            return parameters
        }
    }

    /// All windows with all sizes, rates and errors; the turn-around time changes from cell to cell.
    private static var cells: [Cell] {
        var cells: [Cell] = []
        for bitErrorRate in errors {
            for rate in BaudRate.allCases {
                for dataSize in DataSize.allCases {
                    for window in 1...7 {
                        let number = cells.count
                        cells.append(
                            Cell(
                                bitErrorRate: bitErrorRate, rate: rate, dataSize: dataSize, window: window,
                                turnaround: turnarounds[(number + number / 7) % turnarounds.count],
                                seed: UInt64(number + 1)))
                    }
                }
            }
        }
        return cells
    }

    func run(report: (Figure) -> Void) throws {
        var moved = 0
        var lost = 0
        let cells = Self.cells
        let seconds = try ProcessorTime.seconds { () throws(BenchmarkFailure) in
            for cell in cells {
                switch try run(cell) {
                case .arrived(let bytes): moved += bytes
                case .linkLost(let bytes):
                    moved += bytes
                    lost += 1
                }
            }
        }
        report(
            Figure(
                "\(name): cells", Double(cells.count), "",
                comparedWith:
                    "all that arrived is right; links that were lost on both sides, by the disconnect time: \(lost)"))
        report(
            Figure(
                "\(name): data", Double(moved) / 1e6, "MB",
                comparedWith: "both ways at once, in \(seconds.text(decimals: 0)) s of processor time"))
    }

    private enum Outcome {
        case arrived(Int)
        case linkLost(Int)
    }

    /// - Throws: if anything is lost, doubled or disordered, or if only one end hears of a lost link.
    private func run(_ cell: Cell) throws(BenchmarkFailure) -> Outcome {
        var room = Room(parameters: cell.parameters, bitErrorRate: cell.bitErrorRate, seed: cell.seed)
        let connection: Room.Connection
        do {
            _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
            connection = try Self.connect(&room)
        } catch {
            throw BenchmarkFailure("\(cell.text): \(error)")
        }
        var generator = SeededGenerator(seed: cell.seed)
        let data = [generator.bytes(Self.bytesOfACell / 2), generator.bytes(Self.bytesOfACell / 2)]
        var directions = [
            Direction(data: data[0], from: (room.computer, connection.near), to: (room.phone, connection.far)),
            Direction(data: data[1], from: (room.phone, connection.far), to: (room.computer, connection.near)),
        ]
        var ends: Set<StationID> = []
        var fault: String?
        for index in directions.indices { directions[index].pump(&room.simulation) }
        _ = room.simulation.run(for: Self.patience) { simulation in
            for happened in simulation.takeEvents() {
                switch happened.event {
                case .received(let id, let bytes):
                    for index in directions.indices where directions[index].to == (happened.station, id) {
                        if !directions[index].takes(bytes) { fault = "what arrives is not what was sent" }
                        simulation.tell(happened.station) { $0.consumed(segments: 1, on: id, at: $1) }
                    }
                case .sendRoom(let id):
                    for index in directions.indices where directions[index].from == (happened.station, id) {
                        directions[index].pump(&simulation)
                    }
                case .ended(_, let reason):
                    ends.insert(happened.station)
                    if reason != .link(.linkLost) { fault = "a connection ended: \(reason)" }
                default:
                    break
                }
            }
            return fault != nil || ends.count == 2 || directions.allSatisfy(\.isComplete)
        }
        if let fault { throw BenchmarkFailure("\(cell.text): \(fault)") }
        let bytes = directions.reduce(0) { $0 + $1.arrived }
        if ends.count == 1 { throw BenchmarkFailure("\(cell.text): only one end knows that the link is lost") }
        return ends.isEmpty ? .arrived(bytes) : .linkLost(bytes)
    }

    /// With so many errors all four SNRMs of an attempt may be lost.
    private static func connect(_ room: inout Room) throws -> Room.Connection {
        for _ in 0..<2 { if let connection = try? room.connect(to: "Bulk") { return connection } }
        return try room.connect(to: "Bulk")
    }

    private struct Direction {
        let data: [UInt8]
        let from: (StationID, IrDAConnectionID)
        let to: (StationID, IrDAConnectionID)
        private var sent = 0
        private(set) var arrived = 0

        init(data: [UInt8], from: (StationID, IrDAConnectionID), to: (StationID, IrDAConnectionID)) {
            (self.data, self.from, self.to) = (data, from, to)
        }

        var isComplete: Bool { arrived == data.count }

        mutating func pump(_ simulation: inout Simulation) {
            let rest = data[sent...]
            let id = from.1
            sent += simulation.with(from.0) { $0.send(rest, on: id, at: $1) }
        }

        /// - Returns: whether these bytes are the next.
        mutating func takes(_ bytes: [UInt8]) -> Bool {
            guard arrived + bytes.count <= data.count, data[arrived..<arrived + bytes.count].elementsEqual(bytes) else {
                return false
            }
            arrived += bytes.count
            return true
        }
    }
}
