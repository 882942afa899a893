import IrDAProtocol
import IrDASimulation
import Testing

@Suite struct TransferTests {
    @Test func discoveryFindsTheOtherStation() throws {
        var room = TwoStations(seed: 1)
        room.simulation.tell(room.computer) { $0.discover(at: $1) }
        let report = room.wait { if case .discoveryEnded(let report) = $0 { report } else { nil } }
        guard case .found(let records) = report else {
            Issue.record("no discovery: \(String(describing: report))")
            return
        }
        #expect(records.map(\.address) == [TwoStations.phoneAddress])
        #expect(records.first?.info.name == "Phone")
        #expect(records.first?.info.hints == [.telephony, .obex])
    }

    @Test(arguments: [0.0, 1e-5], [0, 1, 100_000])
    func echoIsIdentical(bitErrorRate: Double, size: Int) throws {
        let seed: UInt64 = 42
        var room = TwoStations(bitErrorRate: bitErrorRate, seed: seed)
        _ = try room.simulation.offer(.echo, on: room.phone, className: "Echo")
        let connection = try room.connect(to: .service("Echo")).get()
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let echoed = room.exchange(bytes, expecting: size, on: connection)
        #expect(echoed == bytes, "seed \(seed)")
    }
}
