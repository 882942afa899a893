import IrDAProtocol
import IrDASimulation
import Testing

/// Rules of the medium: each does what it says, to whom it says, and only as long as it holds.
@Suite struct MediumRuleTests {
    /// Two stations with an echo service, and a connection to it.
    private static func connected(seed: UInt64 = 1) throws -> (room: TwoStations, connection: IrDAConnectionID) {
        var room = TwoStations(seed: seed)
        _ = try room.simulation.offer(.echo, on: room.phone, className: "Echo")
        let connection = try room.connect(to: .service("Echo")).get()
        return (room, connection)
    }

    private static let bytes = (0..<4000).map { UInt8(truncatingIfNeeded: $0) }

    @Test("What is lost, spoiled, late or cut short is sent again, and arrives once")
    func repaired() throws {
        let effects: [MediumRule.Effect] = [
            .drop, .corrupt(bits: 1), .corrupt(bits: 20), .delay(.milliseconds(30)), .cutShort(characters: 5),
            .stray([0xC0, 0xC0, 0x7D, 0x55]), .sunlight(bitErrorRate: 2e-4),
        ]
        for effect in effects {
            for filter in [FrameFilter.information, .turns, .any] {
                var (room, connection) = try Self.connected()
                let rule = room.simulation.add(MediumRule(effect, to: filter, probability: 0.3))
                let echo = room.exchange(Self.bytes, expecting: Self.bytes.count, on: connection)
                #expect(echo == Self.bytes, "\(effect)")
                #expect((room.simulation.applications(of: rule) ?? 0) > 0, "\(effect)")
                room.simulation.remove(rule)
                #expect(room.simulation.applications(of: rule) == nil)
            }
        }
    }

    @Test("A rule applies to its own direction, as often as it may, from the frame on that it is to begin with")
    func limits() throws {
        var (room, connection) = try Self.connected()
        let dropped = room.simulation.add(
            MediumRule(.drop, to: .information, from: room.computer, at: room.phone, limit: 2, skipping: 1))
        let other = room.simulation.add(MediumRule(.drop, from: StationID(index: 7)))
        #expect(room.exchange(Self.bytes, expecting: Self.bytes.count, on: connection) == Self.bytes)
        #expect(room.simulation.applications(of: dropped) == 2)
        #expect(room.simulation.applications(of: other) == 0)
    }

    @Test("A muted direction ends the link on both sides within the disconnect time, with the same reason")
    func muted() throws {
        var (room, _) = try Self.connected()
        room.simulation.add(.mute(from: room.phone, to: room.computer))
        let start = room.simulation.now
        var ends: [StationID: IrLAPDisconnectReason] = [:]
        _ = room.simulation.run(for: .seconds(100)) { simulation in
            for happened in simulation.takeEvents() {
                if case .linkDisconnected(let reason) = happened.event { ends[happened.station] = reason }
            }
            return ends.count == 2
        }
        #expect(ends == [room.computer: .linkLost, room.phone: .linkLost])
        // The primary gives up after 40 s; only then does the secondary begin to miss its polls.
        #expect(start.duration(to: room.simulation.now) < .seconds(82))
    }

    @Test("A third station that talks out of turn costs time, and no data")
    func interference() throws {
        var (room, connection) = try Self.connected()
        let third = room.simulation.addStation(
            IrDAStack.Configuration(address: DeviceAddress(rawValue: 5), name: "Remote", hints: .computer))
        let rule = room.simulation.add(
            MediumRule(
                .interference(.init(interval: .milliseconds(170), bytes: [0x55, 0xC0, 0x11, 0xC1], rate: .rate9600)),
                from: third))
        #expect(room.exchange(Self.bytes, expecting: Self.bytes.count, on: connection) == Self.bytes)
        #expect((room.simulation.applications(of: rule) ?? 0) > 3)
        #expect(room.simulation.counters(of: room.phone).garbage > 0)
    }

    @Test("Counters tell good frames from bad ones")
    func counters() throws {
        var (room, connection) = try Self.connected()
        let before = room.simulation.counters(of: room.phone)
        #expect(before.framesReceived > 0 && before.framesSent > 0 && before.checkErrors == 0)
        room.simulation.add(MediumRule(.corrupt(bits: 1), to: .information, from: room.computer, limit: 3))
        _ = room.exchange(Self.bytes, expecting: Self.bytes.count, on: connection)
        let after = room.simulation.counters(of: room.phone)
        #expect(after.checkErrors + after.garbage + after.lengthErrors + after.aborts >= 3)
        #expect(after.bytesReceived > before.bytesReceived + UInt64(Self.bytes.count))
    }
}
