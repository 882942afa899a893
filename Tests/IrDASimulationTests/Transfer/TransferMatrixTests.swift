import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

/// Random data over every kind of link, both ways at once; what arrives must be what was sent.
@Suite struct TransferMatrixTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var bitErrorRate: Double
        var rate: BaudRate
        var window: Int
        var dataSize: DataSize
        var turnaround: MinimumTurnaround

        var testDescription: String {
            "\(rate) bit/s, \(window) x \(dataSize.bytes), \(Double(turnaround.microseconds) / 1000) ms, "
                + "bit error rate \(bitErrorRate)"
        }

        /// How many data frames go each way; `make bench` runs the whole matrix, with a megabyte a cell.
        static let frames = 12

        /// A sample of the matrix: each value of each of the five with several of the others.
        static let sample: [Case] = {
            let errors = [0, 1e-5, 1e-4, 3e-4]
            let rates = [
                BaudRate.rate9600, .rate19200, .rate57600, .rate115200, .rate1152000, .rate4000000,
            ]
            let sizes = [DataSize.bytes64, .bytes128, .bytes512, .bytes1024, .bytes2048]
            return (0..<14).map { row in
                Case(
                    bitErrorRate: errors[row % 4], rate: rates[row % 6], window: [7, 1, 2, 4, 3][(row + row / 5) % 5],
                    dataSize: sizes[(2 * row + row / 5) % 5],
                    turnaround: [MinimumTurnaround.zero, .ms1, .ms10][(row + row / 3) % 3])
            }
        }()

        var parameters: NegotiationParameters {
            .limited(rate: rate, window: window, dataSize: dataSize, turnaround: turnaround)
        }
    }

    @Test(
        "IrLAP 1.1, 6.12: nothing is lost, doubled or disordered: from the primary, from the secondary, from both",
        arguments: Case.sample)
    func bulk(link: Case) throws {
        let seed: UInt64 = 20
        var room = TwoStations(
            bitErrorRate: link.bitErrorRate, seed: seed, computer: link.parameters, phone: link.parameters)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        var traffic = Traffic()
        let (primary, secondary) = try #require(
            traffic.connect(
                room.computer, to: .service("Bulk"), at: TwoStations.phoneAddress, in: &room.simulation),
            "seed \(seed)")

        // Enough for the numbers to wrap.
        let size = Case.frames * link.dataSize.bytes
        let fault = traffic.exchange(size, between: primary, and: secondary, seed: seed, in: &room.simulation)
        #expect(fault == nil, "seed \(seed)")
    }
}
