import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

@Suite("The end of a connection, and turns")
struct ClosingTests {
    private static let parameters = NegotiationParameters.limited(rate: .rate9600)

    /// A connection whose near end has taken more than the link can carry at once.
    private func loaded(seed: UInt64) throws -> (ends: TwoEnds, near: IrDAConnectionID, far: IrDAConnectionID) {
        var ends = TwoEnds(TwoStations(seed: seed, computer: Self.parameters, phone: Self.parameters))
        try ends.offer("Sink", .stream)
        let (near, far) = try ends.connect(to: .service("Sink"), .stream)
        let bytes = [UInt8](repeating: 5, count: 5000)
        #expect(try ends.ask(ends.computer) { $0.send(bytes, on: near, at: $1) } > 3000)
        return (ends, near, far)
    }

    @Test("What was taken goes out first, and then the connection is closed on both sides")
    func drained() throws {
        var (ends, near, far) = try loaded(seed: 1)
        let queued = try #require(ends.info(ends.computer, near)?.queuedBytes)
        try ends.tell(ends.computer) { $0.disconnect(near, payload: [1, 2], at: $1) }
        #expect(ends.info(ends.computer, near) == nil)
        #expect(ends.room.simulation.stack(of: ends.computer).sendRoom(near) == 0)
        #expect(!ends.has(ends.computer, .closed(near)))
        #expect(ends.run { $0.has($0.phone, .ended(far, .peer(.userRequest))) })
        #expect(ends.has(ends.computer, .closed(near)))
        #expect(ends.take(ends.phone).compactMap { $0.bytes(on: far) }.joined().count >= queued)
    }

    @Test("What is in frames counts until the peer has acknowledged it, for the connection that it belongs to")
    func inFrames() throws {
        var ends = TwoEnds(TwoStations(seed: 3))
        try ends.offer("Sink", .stream)
        let (first, far) = try ends.connect(to: .service("Sink"), .stream)
        let (second, _) = try ends.connect(to: .service("Sink"), .stream)
        let taken = try ends.ask(ends.computer) { $0.send([UInt8](repeating: 5, count: 3000), on: first, at: $1) }
        func unacknowledged(_ ends: TwoEnds, _ id: IrDAConnectionID) -> Int {
            ends.info(ends.computer, id).map { $0.queuedBytes + $0.bytesInFrames } ?? -1
        }
        func arrived(_ ends: TwoEnds) -> Int {
            ends.events[ends.phone, default: []].compactMap { $0.bytes(on: far)?.count }.reduce(0, +)
        }
        var isEverAhead = false
        var isEverWrong = false
        let hasArrived = ends.run { ends in
            // The peer can have more than it has said, and never less.
            let (rest, counted) = (taken - arrived(ends), unacknowledged(ends, first))
            if counted > rest { isEverAhead = true }
            if counted < rest || unacknowledged(ends, second) != 0 { isEverWrong = true }
            return counted == 0
        }
        #expect(hasArrived && !isEverWrong)
        #expect(arrived(ends) == taken && isEverAhead)
    }

    @Test("What a peer that leaves has not got is told, whenever it leaves", arguments: 0..<40 as Range<UInt64>)
    func leftEarly(tick: UInt64) throws {
        var (ends, near, far) = try loaded(seed: tick)
        ends.run(for: .milliseconds(tick * 130))
        try ends.tell(ends.phone) { $0.disconnect(far, at: $1) }
        #expect(ends.run { $0.has($0.computer, .ended(near, .peer(.userRequest))) })
        let arrived = ends.take(ends.phone).compactMap { $0.bytes(on: far)?.count }.reduce(0, +)
        let told = ends.take(ends.computer).compactMap { event -> Int? in
            if case .dropped(near, let bytes) = event { bytes } else { nil }
        }
        // A turn, at 9600 bit/s of 480 bytes, may cross the peer's Disconnect: its IrLAP acknowledges what its IrLMP has nobody
        // for any more.
        let missing = 5000 - arrived
        #expect(told.count <= 1 && (missing - 480...missing).contains(told.first ?? 0))
        #expect(arrived < 5000)
    }

    @Test("With dropsUnsentData the end comes at once")
    func dropped() throws {
        var (ends, near, far) = try loaded(seed: 2)
        try ends.tell(ends.computer) { $0.disconnect(near, dropsUnsentData: true, at: $1) }
        ends.run(for: .zero)
        #expect(ends.has(ends.computer, .closed(near)))
        let start = ends.now
        #expect(ends.run { $0.has($0.phone, .ended(far, .peer(.userRequest))) })
        #expect(start.duration(to: ends.now) < .seconds(2))
    }

    @Test("A peer that never gives credit again cannot keep a closed connection for longer than the drain time")
    func neverDrained() throws {
        var ends = TwoEnds(TwoStations(seed: 3))
        try ends.offer("Sink", .stream)
        let (near, far) = try ends.connect(to: .service("Sink"), .stream)
        // Nobody reads; all credit is used up, and a message more is taken for the last of it.
        var sent = 0
        for _ in 0..<100 {
            sent += try ends.ask(ends.computer) { $0.send([UInt8](repeating: 1, count: 100_000), on: near, at: $1) }
            ends.run(for: .milliseconds(500))
        }
        #expect(ends.room.simulation.stack(of: ends.computer).sendRoom(near) == 0)
        let left = try #require(ends.info(ends.computer, near)?.queuedBytes)
        _ = ends.take(ends.computer)
        try ends.tell(ends.computer) { $0.disconnect(near, at: $1) }
        let start = ends.now
        #expect(ends.run(for: .seconds(100)) { $0.has($0.phone, .ended(far, .peer(.userRequest))) })
        #expect(start.duration(to: ends.now) < (left == 0 ? .seconds(2) : IrDAStack.drainTime + .seconds(2)))
        #expect(ends.has(ends.computer, .closed(near)))
    }

    @Test("The link's end ends what drains, too")
    func linkLost() throws {
        var (ends, near, _) = try loaded(seed: 4)
        try ends.tell(ends.computer) { $0.disconnect(near, at: $1) }
        try ends.tell(ends.computer) { $0.disconnectLink(at: $1) }
        #expect(ends.run { $0.has($0.computer, .closed(near)) })
        #expect(!ends.take(ends.computer).contains { if case .ended = $0 { true } else { false } })
        ends.run(for: .seconds(70))
        #expect(ends.room.simulation.stack(of: ends.computer).peer == nil)
    }

    @Test("Eight bulk connections over one link get the same share, from either end", arguments: [true, false])
    func fairness(fromPrimary: Bool) throws {
        var ends = TwoEnds(TwoStations(seed: 5))
        try ends.offer("Sink", .stream)
        let pairs = try (0..<8).map { _ in try ends.connect(to: .service("Sink"), .stream) }
        let (source, sink) = fromPrimary ? (ends.computer, ends.phone) : (ends.phone, ends.computer)
        func ways() -> [(from: IrDAConnectionID, to: IrDAConnectionID)] {
            pairs.map { fromPrimary ? ($0.near, $0.far) : ($0.far, $0.near) }
        }
        var received = [Int](repeating: 0, count: 8)
        let piece = [UInt8](repeating: 0x55, count: 30_000)
        for _ in 0..<200 {
            for (index, way) in ways().enumerated() {
                // The first wants ten times as much as it can get, the last writes a little at a time.
                try ends.ask(source) { $0.send(piece.prefix(index == 7 ? 3000 : 30_000), on: way.from, at: $1) }
            }
            ends.run(for: .milliseconds(100))
            for event in ends.take(sink) {
                for (index, way) in ways().enumerated() {
                    guard let bytes = event.bytes(on: way.to) else { continue }
                    received[index] += bytes.count
                    try ends.tell(sink) { $0.consumed(segments: 1, on: way.to, at: $1) }
                }
            }
        }
        let (least, most) = (received.min() ?? 0, received.max() ?? 0)
        #expect(least > 10_000 && Double(most) < 1.3 * Double(least), "\(received)")
    }
}
