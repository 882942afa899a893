import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import TestSupport
import Testing

/// Many connections over one link, opened from either side (IrLMP 1.1, 3.2.2).
@Suite struct ManyConnectionsTests {
    private static let seed: UInt64 = 11

    @Test("IrLMP 1.1, 3.2.2: connections share the link, and each keeps its own bytes in order", arguments: [0, 1e-5])
    func severalConnections(bitErrorRate: Double) throws {
        var room = TwoStations(bitErrorRate: bitErrorRate, seed: Self.seed)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Phone")
        _ = try room.simulation.offer(.program(""), on: room.computer, className: "Computer")
        var traffic = Traffic()
        var pairs: [(Traffic.End, Traffic.End)] = []
        for _ in 0..<3 {
            pairs.append(
                try #require(
                    traffic.connect(
                        room.computer, to: .service("Phone"), at: TwoStations.phoneAddress, in: &room.simulation)))
            // The secondary connects over the same link.
            pairs.append(
                try #require(
                    traffic.connect(
                        room.phone, to: .service("Computer"), at: TwoStations.computerAddress, in: &room.simulation)))
        }
        var generator = SeededGenerator(seed: Self.seed)
        var expected: [Traffic.End: [UInt8]] = [:]
        for (near, far) in pairs {
            let there = generator.randomBytes(12_000)
            let back = generator.randomBytes(12_000)
            traffic.send(there, from: near, in: &room.simulation)
            traffic.send(back, from: far, in: &room.simulation)
            expected[far] = there
            expected[near] = back
        }
        _ = traffic.run(&room.simulation) { $0.received.values.reduce(0) { $0 + $1.count } >= 12 * 12_000 }
        #expect(traffic.received == expected, "seed \(Self.seed)")
        #expect(traffic.ended.isEmpty)
    }

    @Test("The end of one connection leaves the others alone")
    func oneEnds() throws {
        var room = TwoStations(seed: Self.seed)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Phone")
        var traffic = Traffic()
        let first = try #require(
            traffic.connect(
                room.computer, to: .service("Phone"), at: TwoStations.phoneAddress, in: &room.simulation))
        let second = try #require(
            traffic.connect(
                room.computer, to: .service("Phone"), at: TwoStations.phoneAddress, in: &room.simulation))
        room.simulation.tell(room.computer) { $0.disconnect(first.near.connection, at: $1) }
        #expect(traffic.run(&room.simulation, for: .seconds(5)) { $0.ended[first.far] != nil })
        #expect(traffic.ended == [first.far: .peer(.userRequest)], "no event for the end that was closed here")
        traffic.send([1, 2, 3], from: second.near, in: &room.simulation)
        #expect(traffic.run(&room.simulation, for: .seconds(5)) { $0.received[second.far] == [1, 2, 3] })
    }

    @Test("IrLMP 1.1, 3.3.2.1.3: a link on which data is still on its way is not idle: the peer can connect over it")
    func connectWhileDraining() throws {
        let parameters = NegotiationParameters.limited(rate: .rate9600)
        var room = TwoStations(seed: Self.seed, computer: parameters, phone: parameters)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Phone")
        _ = try room.simulation.offer(.program(""), on: room.computer, className: "Computer")
        var traffic = Traffic()
        var pairs: [(near: Traffic.End, far: Traffic.End)] = []
        for _ in 0..<3 {
            pairs.append(
                try #require(
                    traffic.connect(
                        room.computer, to: .service("Phone"), at: TwoStations.phoneAddress, in: &room.simulation)))
        }
        // So little on each that no credit comes back, which would put the idle time off.
        let bytes = [UInt8](repeating: 1, count: 1500)
        for (near, _) in pairs {
            let taken = room.simulation.with(room.computer) { $0.send(bytes, on: near.connection, at: $1) }
            #expect(taken == bytes.count)
            room.simulation.tell(room.computer) { $0.disconnect(near.connection, at: $1) }
        }
        // The data takes more than 5 s, and the idle time is over after 2 s.
        _ = traffic.run(&room.simulation, for: .milliseconds(2500)) { _ in false }
        let back = traffic.connect(
            room.phone, to: .service("Computer"), at: TwoStations.computerAddress, in: &room.simulation)
        #expect(back != nil && traffic.linkEnds == 0)
        _ = traffic.run(&room.simulation, for: .seconds(10)) { traffic in
            pairs.allSatisfy { traffic.ended[$0.far] != nil }
        }
        for (_, far) in pairs { #expect(difference(traffic.received[far] ?? [], from: bytes) == nil) }
    }

    @Test(
        "What was taken before the end still arrives, however slow the link",
        arguments: [BaudRate.rate9600, .rate19200, .rate115200], [true, false])
    func dataBeforeTheEnd(rate: BaudRate, fromPrimary: Bool) throws {
        let parameters = NegotiationParameters.limited(rate: rate)
        var room = TwoStations(seed: Self.seed, computer: parameters, phone: parameters)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Phone")
        var traffic = Traffic()
        let ends = try #require(
            traffic.connect(
                room.computer, to: .service("Phone"), at: TwoStations.phoneAddress, in: &room.simulation))
        let (source, sink) = fromPrimary ? (ends.near, ends.far) : (ends.far, ends.near)
        var generator = SeededGenerator(seed: Self.seed)
        let bytes = generator.randomBytes(100_000)
        let taken = room.simulation.with(source.station) { $0.send(bytes, on: source.connection, at: $1) }
        #expect(taken > 0)
        room.simulation.tell(source.station) { $0.disconnect(source.connection, at: $1) }
        #expect(traffic.run(&room.simulation, for: .seconds(120)) { $0.ended[sink] != nil })
        #expect(traffic.received[sink] == Array(bytes.prefix(taken)), "\(taken) bytes were taken")
        #expect(traffic.ended[sink] == .peer(.userRequest))
    }
}
