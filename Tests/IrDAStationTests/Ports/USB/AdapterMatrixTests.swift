import IrDAAdapters
import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

@testable import IrDAStation

/// Random data through the real driver of every adapter, in virtual time; what arrives must be what was sent.
@Suite struct AdapterMatrixTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let desk: Equipment
        let phone: Equipment
        let rate: BaudRate
        let bitErrorRate: Double

        var testDescription: String {
            "\(desk.testDescription) and \(phone.testDescription), \(rate) bit/s, bit error rate \(bitErrorRate)"
        }

        /// Enough for some turns at each speed.
        var size: Int { min(40_000, max(1000, rate.bitsPerSecond / 8)) }

        /// Every adapter at all its speeds in both roles, opposite to an ideal station, in one clean and in one with errors.
        static let alone = Equipment.adapters.flatMap { adapter in
            adapter.capabilities.rates.rates.enumerated().flatMap { number, rate in
                let isCleanFirst = number % 2 == 0
                return [
                    Case(desk: adapter, phone: .none, rate: rate, bitErrorRate: isCleanFirst ? 0 : 1e-5),
                    Case(desk: .none, phone: adapter, rate: rate, bitErrorRate: isCleanFirst ? 1e-5 : 0),
                ]
            }
        }

        /// Every adapter with every other, and with its like, at the fastest speed that both have.
        static let pairs = Equipment.adapters.flatMap { desk in
            Equipment.adapters.compactMap { phone -> Case? in
                let common = desk.capabilities.rates.intersection(phone.capabilities.rates)
                return common.highest.map { Case(desk: desk, phone: phone, rate: $0, bitErrorRate: 1e-6) }
            }
        }
    }

    @Test(
        "IrLAP 1.1, 6.12: nothing is lost, doubled or disordered through any adapter, whoever is primary",
        arguments: Case.alone + Case.pairs)
    func bulk(link: Case) throws {
        let seed: UInt64 = 21
        var room = AdapterRoom(
            link.desk, link.phone, rate: link.rate, bitErrorRate: link.bitErrorRate, seed: seed)
        var traffic = Traffic()
        let ends = try room.connect(&traffic)
        let fault = traffic.exchange(link.size, between: ends.near, and: ends.far, seed: seed, in: &room.simulation)
        #expect(fault == nil, "seed \(seed)")
        #expect(room.simulation.stack(of: room.desk).linkStatus?.parameters.baudRate == link.rate)
    }

    @Test("Every kind that can be driven is in the matrix")
    func kinds() {
        #expect(
            Set(USBAdapterKind.all.filter(\.isDriven).map(\.name)) == Set(USBAdapterExample.all.map(\.kind)),
            "a new kind joins in USBAdapterExample.all")
    }
}
