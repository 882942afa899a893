import IrDAAdapters
import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

@testable import IrDAStation

/// A link through adapters that has nothing to carry for a while.
@Suite struct IdleAdapterTests {
    @Test("An idle link stays up through any adapter, and carries data afterwards", arguments: Equipment.adapters)
    func idle(_ adapter: Equipment) throws {
        for other in [adapter, .none] {
            let rate = try #require(adapter.capabilities.rates.intersection(other.capabilities.rates).highest)
            var room = AdapterRoom(adapter, other, rate: rate, seed: 5)
            var traffic = Traffic()
            let ends = try room.connect(&traffic)
            room.simulation.run(until: room.simulation.now.advanced(by: .seconds(60)))
            let fault = traffic.exchange(300, between: ends.near, and: ends.far, seed: 5, in: &room.simulation)
            #expect(fault == nil, "with \(other.testDescription)")
            #expect(room.simulation.stack(of: room.desk).linkStatus?.parameters.baudRate == rate)
        }
    }
}
