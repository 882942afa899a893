import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

@Suite("Messages over TinyTP")
struct MessageTests {
    @Test("SOCK_SEQPACKET: what both ends announce is what both may send")
    func sizes() throws {
        var ends = TwoEnds(TwoStations(seed: 1))
        try ends.offer("Chat", .messages(maximumSize: 5000))
        let (near, far) = try ends.connect(to: .service("Chat"), .messages(maximumSize: 300))
        let nearInfo = try #require(ends.info(ends.computer, near))
        let farInfo = try #require(ends.info(ends.phone, far))
        #expect(nearInfo.maximumSendSize == 5000 && nearInfo.maximumReceiveSize == 300)
        #expect(farInfo.maximumSendSize == 300 && farInfo.maximumReceiveSize == 5000)
        #expect(nearInfo.dataSize == 2045 && nearInfo.peer == TwoStations.phoneAddress)
        #expect(nearInfo.localSelector == farInfo.peerSelector && nearInfo.peerSelector == farInfo.localSelector)
        #expect(throws: IrDASendError.tooLong(limit: 5000)) {
            try ends.tell(ends.computer) { try $0.sendMessage([UInt8](repeating: 0, count: 5001), on: near, at: $1) }
        }
        #expect(throws: IrDASendError.empty) {
            try ends.tell(ends.computer) { try $0.sendMessage([], on: near, at: $1) }
        }
        #expect(try ends.ask(ends.computer) { $0.send([1], on: near, at: $1) } == 0, "there is no stream")
    }

    @Test("A peer that does not reassemble gets one segment a message, and no MaxSduSize from us")
    func plainPeer() throws {
        var ends = TwoEnds(TwoStations(seed: 2))
        try ends.offer("Chat", .messages(maximumSize: 5000))
        try ends.offer("Plain", .stream)
        let (toMessages, far) = try ends.connect(to: .service("Chat"), .stream)
        #expect(ends.info(ends.phone, far)?.maximumSendSize == 2045)
        #expect(ends.info(ends.phone, far)?.maximumReceiveSize == 2045)
        try ends.tell(ends.phone) { try $0.sendMessage([UInt8](repeating: 7, count: 2045), on: far, at: $1) }
        try ends.tell(ends.phone) { try $0.sendMessage([8], on: far, at: $1) }
        ends.run(for: .seconds(3))
        let received = ends.take(ends.computer).compactMap { $0.bytes(on: toMessages) }
        #expect(received.map(\.count) == [2045, 1])

        let (near, _) = try ends.connect(to: .service("Plain"), .messages(maximumSize: 5000))
        #expect(ends.info(ends.computer, near)?.maximumSendSize == 2045)
    }

    @Test(
        "Messages of all sizes arrive whole, in order and once, both ways at once, on a bad medium",
        arguments: [(0, 1), (1e-5, 2), (1e-4, 3)] as [(Double, UInt64)])
    func random(_ errorRate: Double, _ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var ends = TwoEnds(TwoStations(bitErrorRate: errorRate, seed: seed))
        try ends.offer("Chat", .linuxMessages)
        let (near, far) = try ends.connect(to: .selector(LSAPSelector(rawValue: 0x10)), .linuxMessages)
        let sides = [(ends.computer, near), (ends.phone, far)]
        var unsent = sides.map { _ in
            (0..<30).map { _ in
                let most = [1, 61, 2045, 2046, 4090, 20_000, 65_535].randomElement(using: &generator) ?? 1
                return generator.randomBytes(Int.random(in: max(1, most - 2)...most, using: &generator))
            }
        }
        let sent = unsent
        var received: [[[UInt8]]] = [[], []]
        var held = [0, 0]
        // The users read and write when they please; the credit has to hold whatever they do.
        for _ in 0..<20_000 where received.map(\.count) != [30, 30] {
            for (index, (station, id)) in sides.enumerated() {
                if let message = unsent[index].first, Bool.random(using: &generator) {
                    do {
                        try ends.tell(station) { try $0.sendMessage(message, on: id, at: $1) }
                        unsent[index].removeFirst()
                    } catch IrDASendError.noRoom {
                        // Later.
                    }
                }
                for event in ends.take(station) {
                    guard let bytes = event.bytes(on: id) else { continue }
                    if case .receivedTruncated = event { Issue.record("seed \(seed): a message was cut") }
                    received[index].append(bytes)
                    held[index] += 1
                }
                let taken = Int.random(in: 0...held[index], using: &generator)
                held[index] -= taken
                try ends.tell(station) { $0.consumed(segments: taken, on: id, at: $1) }
            }
            ends.run(for: .milliseconds(200))
        }
        #expect(received[1] == sent[0], "seed \(seed)")
        #expect(received[0] == sent[1], "seed \(seed)")
    }
}
