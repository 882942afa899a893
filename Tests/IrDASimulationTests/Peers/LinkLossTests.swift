import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import TestSupport
import Testing

/// Stations that go away, and come back (IrLAP 1.1, 6.6.9).
@Suite struct LinkLossTests {
    private static let away = Position(x: 5)

    /// A connection between two stations that give each other up after 12 s.
    private static func connected(seed: UInt64) throws -> (
        room: TwoStations, traffic: Traffic, near: Traffic.End, far: Traffic.End
    ) {
        let parameters = NegotiationParameters.limited(disconnectTimes: [.s3, .s8, .s12])
        var room = TwoStations(seed: seed, computer: parameters, phone: parameters)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        var traffic = Traffic()
        let ends = try #require(
            traffic.connect(room.computer, to: .service("Bulk"), at: TwoStations.phoneAddress, in: &room.simulation))
        return (room, traffic, ends.near, ends.far)
    }

    @Test("IrLAP 1.1, 6.6.9: both ends notice within the disconnect time and a few polls", arguments: [true, false])
    func outOfRange(withData: Bool) throws {
        var (room, traffic, near, far) = try Self.connected(seed: 1)
        if withData {
            traffic.send([UInt8](repeating: 1, count: 50_000), from: near, in: &room.simulation)
            _ = traffic.run(&room.simulation, for: .seconds(1)) { _ in false }
        }
        room.simulation.move(room.phone, to: Self.away)
        let start = room.simulation.now
        #expect(traffic.run(&room.simulation, for: .seconds(11)) { !$0.ended.isEmpty } == false)
        #expect(traffic.run(&room.simulation, for: .seconds(60)) { $0.ended.count == 2 })
        #expect(traffic.ended == [near: .link(.linkLost), far: .link(.linkLost)])
        let taken = start.duration(to: room.simulation.now)
        #expect(taken <= .seconds(14), "\(taken)")
        for station in [room.computer, room.phone] {
            #expect(room.simulation.stack(of: station).peer == nil)
            #expect(!room.simulation.stack(of: station).isBusy)
        }
    }

    @Test(
        "IrLAP 1.1, 6.6.9: an interruption shorter than the disconnect time costs nothing but time",
        arguments: [1, 5, 10])
    func interruption(seconds: Int) throws {
        var (room, traffic, near, far) = try Self.connected(seed: 2)
        var generator = SeededGenerator(seed: 2)
        let bytes = generator.randomBytes(60_000)
        traffic.send(bytes, from: near, in: &room.simulation)
        _ = traffic.run(&room.simulation, for: .milliseconds(1500)) { _ in false }
        room.simulation.move(room.phone, to: Self.away)
        _ = traffic.run(&room.simulation, for: .seconds(seconds)) { _ in false }
        room.simulation.move(room.phone, to: Position())
        _ = traffic.run(&room.simulation, for: .seconds(60)) { $0.received[far]?.count == bytes.count }
        #expect(difference(traffic.received[far] ?? [], from: bytes) == nil)
        #expect(traffic.ended.isEmpty)
    }

    @Test("IrLAP 1.1, 6.11: an SNRM or a UA that is lost costs time, and not the connection", arguments: 0..<8)
    func lostSetUp(seed: UInt64) throws {
        for (frames, lost) in [
            (FrameFilter.connectionRequests, 1), (.connectionRequests, 3), (.acknowledgements, 1),
        ] {
            var room = TwoStations(seed: seed)
            _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
            _ = room.simulation.add(MediumRule(.drop, to: frames, limit: lost))
            var traffic = Traffic()
            let ends = traffic.connect(
                room.computer, to: .service("Bulk"), at: TwoStations.phoneAddress, in: &room.simulation)
            #expect(ends != nil, "\(lost) lost")
            #expect(traffic.linkEnds == 0)
            #expect(room.simulation.now < .start.advanced(by: .seconds(5)))
        }
    }

    @Test("A station that has gone in the middle of a frame does not count as receiving for ever")
    func goneInMidFrame() {
        var room = TwoStations(seed: 3)
        room.simulation.tell(room.computer) { $0.discover(slots: .one, at: $1) }
        room.simulation.run(until: .start.advanced(by: .milliseconds(570)))  // The query takes from 560 to 589 ms.
        room.simulation.move(room.phone, to: Self.away)
        room.simulation.run(until: .start.advanced(by: .seconds(2)))
        #expect(!room.simulation.isBusy)
    }

    @Test("After a loss the same stations connect again")
    func reconnect() throws {
        var (room, traffic, near, _) = try Self.connected(seed: 4)
        room.simulation.move(room.phone, to: Self.away)
        _ = traffic.run(&room.simulation, for: .seconds(60)) { $0.ended.count == 2 }
        room.simulation.move(room.phone, to: Position())
        let again = try #require(
            traffic.connect(room.computer, to: .service("Bulk"), at: TwoStations.phoneAddress, in: &room.simulation))
        #expect(again.near != near)
        traffic.send([7], from: again.near, in: &room.simulation)
        #expect(traffic.run(&room.simulation, for: .seconds(5)) { $0.received[again.far] == [7] })
    }

    @Test("A connection to somebody who is not there fails in a few seconds")
    func nobody() {
        var room = TwoStations(seed: 5)
        room.simulation.move(room.phone, to: Self.away)
        #expect(room.connect(to: .service("Bulk")) == .failure(.init(reason: .link(.noAnswer))))
        #expect(room.simulation.now < .start.advanced(by: .seconds(4)))
    }

    @Test("IrLMP 1.1, 3.5.3: a link that only the last connection needed is gone 2 s after it, on both sides")
    func idleLink() throws {
        var (room, traffic, near, _) = try Self.connected(seed: 6)
        room.simulation.tell(room.computer) { $0.disconnect(near.connection, at: $1) }
        #expect(traffic.run(&room.simulation, for: .milliseconds(1900)) { _ in false } == false)
        #expect(room.simulation.stack(of: room.computer).peer != nil)
        _ = traffic.run(&room.simulation, for: .seconds(1)) { _ in false }
        for station in [room.computer, room.phone] { #expect(room.simulation.stack(of: station).peer == nil) }
    }

    @Test("What was taken for one device arrives before the link makes way for another")
    func anotherDevice() throws {
        var (room, traffic, near, far) = try Self.connected(seed: 7)
        let other = DeviceAddress(rawValue: 0x0102_0304)
        let third = room.simulation.addStation(
            IrDAStack.Configuration(address: other, name: "Other", hints: .computer))
        _ = try room.simulation.offer(.program(""), on: third, className: "Bulk")
        let bytes = [UInt8](repeating: 3, count: 20_000)
        let taken = room.simulation.with(near.station) { $0.send(bytes, on: near.connection, at: $1) }
        #expect(taken == bytes.count)
        room.simulation.tell(near.station) { $0.disconnect(near.connection, at: $1) }
        let start = room.simulation.now
        let second = traffic.connect(room.computer, to: .service("Bulk"), at: other, in: &room.simulation)
        // The data takes 2 s, the way to the other device less than one; nobody waits for the idle time of the old link.
        #expect(start.duration(to: room.simulation.now) < .milliseconds(3500))
        #expect(difference(traffic.received[far] ?? [], from: bytes) == nil)
        #expect(traffic.ended[far] == .peer(.userRequest))
        #expect(second != nil)
    }
}
