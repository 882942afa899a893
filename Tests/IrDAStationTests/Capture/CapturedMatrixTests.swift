import IrDAProtocol
import IrDASimulation
import IrDAStation
import Testing

/// Links of every rate, on good and on bad media, and with every awkward peer, as an independent decoder reads them.
@Suite struct CapturedMatrixTests {
    struct Cell: Sendable, CustomTestStringConvertible {
        var rate = BaudRate.rate115200
        var dataSize = DataSize.bytes2048
        var window = 7
        var turnaround = MinimumTurnaround.ms1
        var faults: [String] = []
        var seed: UInt64 = 1

        var testDescription: String {
            "\(rate) bit/s, \(window) x \(dataSize.bytes), \(turnaround.microseconds) us, \(faults), seed \(seed)"
        }
    }

    /// All rates three times, with other sizes, windows, turn-around times and bit errors each time.
    private static let links: [Cell] = (0..<3).flatMap { round in
        BaudRate.allCases.enumerated().map { index, rate in
            let number = round * BaudRate.allCases.count + index
            return Cell(
                rate: rate, dataSize: DataSize.allCases[number % DataSize.allCases.count], window: 1 + number % 7,
                turnaround: MinimumTurnaround.allCases[number % MinimumTurnaround.allCases.count],
                faults: ["sunlight \([0, 0.00001, 0.0001][round])"], seed: UInt64(number + 1))
        }
    }

    private static let peers: [Cell] = [
        "ignore-first-snrm Phone", "leave-reply-early Phone", "stray-frames Phone", "smallest Phone", "deaf 5 Phone",
        "stop 40 Phone", "lose 20", "interrupt 700 Phone",
    ].map { Cell(faults: [$0]) }

    @Test("tshark finds nothing malformed in what both ends have sent", arguments: links + peers)
    func cell(_ cell: Cell) throws {
        let frames = try run(cell)
        let directory = try TemporaryDirectory()
        let path = directory.path + "/cell.pcap"
        var file = try CaptureFile(path: path, epoch: .zero)
        for frame in frames { try file.write(frame) }
        #expect(try Tshark.complaints(about: path, in: directory) == [])
        #expect(try Tshark.lines(about: path, "", in: directory).count == frames.count)
    }

    /// A discovery, a question and a few kilobytes both ways; what of it the medium and the peer let come about.
    private func run(_ cell: Cell) throws -> [ObservedFrame] {
        var parameters = NegotiationParameters.standard
        parameters.baudRates = cell.rate == .rate2400 ? .rate2400 : [.rate9600, BaudRateSet(cell.rate)]
        parameters.dataSize = cell.dataSize
        parameters.windowSize = cell.window
        parameters.minimumTurnaround = cell.turnaround
        let phone = Scenario.Device(
            name: "Phone", hints: [.telephony, .obex],
            services: [Scenario.Service(className: "Echo", behaviour: .echo)])
        var scenario = Scenario(devices: [phone])
        scenario.faults = try cell.faults.map { try Fault($0) }
        var (simulation, local, devices) = try scenario.makeSimulation(seed: cell.seed)
        simulation.observedStation = local
        let address = simulation.stack(of: devices[0]).address
        simulation.tell(local) { $0.discover(at: $1) }
        _ = simulation.run(for: .seconds(5)) { _ in false }
        let connection = simulation.with(local) { $0.connect(to: .service("Echo"), at: address, now: $1) }
        let bytes = [UInt8](repeating: 0xC1, count: 6000)
        var (unsent, echoed, isOver) = (bytes[...], 0, false)
        _ = simulation.run(for: .seconds(300)) { simulation in
            for happened in simulation.takeEvents() where happened.station == local {
                switch happened.event {
                case .connected(connection), .sendRoom(connection):
                    let piece = unsent
                    unsent = unsent.dropFirst(
                        simulation.with(local) { $0.send(piece, on: connection, at: $1) })
                case .received(connection, let segment):
                    echoed += segment.count
                    simulation.tell(local) { $0.consumed(segments: 1, on: connection, at: $1) }
                case .ended(connection, _): isOver = true
                default: break
                }
            }
            return isOver || echoed == bytes.count
        }
        simulation.tell(local) { $0.disconnectLink(at: $1) }
        _ = simulation.run(for: .seconds(5)) { _ in false }
        let frames = simulation.takeObservedFrames()
        try #require(frames.count > 10, "nothing has come about")
        return frames
    }
}
