import IrDAProtocol
import Testing

/// One end of a simulated connection: its machine, what is on its way to it, and its user.
private struct End {
    var tinyTP: TinyTP
    let buffers: Int
    var incoming: [TinyTPDataPDU] = []
    var sent: [UInt8] = []
    var received: [UInt8] = []
    /// Delivered segments that the user has not taken.
    var held = 0
}

@Suite("TinyTP schedules")
struct TinyTPScheduleTests {
    private var ends: [End] = []

    @Test(
        "Any order of events: credit is conserved, every byte arrives in order",
        arguments: 1...100 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) throws {
        var run = self
        try run.play(seed)
    }

    private mutating func play(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2 {
            let buffers = Int.random(in: 1...40, using: &generator)
            let initial = Int.random(in: 0...buffers, using: &generator)
            ends.append(End(tinyTP: TinyTP(receiveBuffers: buffers, initialCredit: initial), buffers: buffers))
        }
        let connects = [ends[0].tinyTP.connectPDU(), ends[1].tinyTP.connectPDU()]
        for index in 0..<2 {
            let size = Int.random(in: 1...20, using: &generator)
            ends[index].tinyTP.peerConnected(connects[1 - index], segmentSize: size)
        }
        for index in 0..<2 { transmit(ends[index].tinyTP.flush(), from: index) }
        for _ in 0..<600 {
            try step(Int.random(in: 0...1, using: &generator), &generator)
            checkConservation(seed)
        }
        // The users go on consuming; nothing new is sent. All queues must run empty.
        var rounds = 0
        while ends.contains(where: { $0.tinyTP.queuedBytes > 0 || !$0.incoming.isEmpty || $0.held > 0 }) {
            for index in 0..<2 {
                while !ends[index].incoming.isEmpty { try deliver(to: index) }
                consume(ends[index].held, at: index)
                transmit(ends[index].tinyTP.flush(), from: index)
                checkConservation(seed)
            }
            rounds += 1
            try #require(rounds < 20_000, "seed \(seed): the ends wait for each other")
        }
        #expect(ends[0].sent == ends[1].received, "seed \(seed)")
        #expect(ends[1].sent == ends[0].received, "seed \(seed)")
        for end in ends {
            #expect(end.tinyTP.available + end.tinyTP.peerCredits == end.buffers, "seed \(seed)")
        }
    }

    private mutating func step(_ index: Int, _ generator: inout SeededGenerator) throws {
        let limit = Bool.random(using: &generator) ? Int.max : Int.random(in: 0...2, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0:
            let bytes = generator.bytes(Int.random(in: 0...60, using: &generator))
            ends[index].sent += bytes
            transmit(ends[index].tinyTP.send(bytes, maximumPDUs: limit), from: index)
        case 1:
            consume(Int.random(in: 0...ends[index].held, using: &generator), at: index)
        default:
            if ends[index].incoming.isEmpty {
                transmit(ends[index].tinyTP.flush(maximumPDUs: limit), from: index)
            } else {
                try deliver(to: index)
            }
        }
    }

    private mutating func deliver(to index: Int) throws {
        let pdu = ends[index].incoming.removeFirst()
        let (delivered, send) = try ends[index].tinyTP.take(pdu)
        ends[index].received += delivered
        if !pdu.isDataless { ends[index].held += 1 }
        transmit(send, from: index)
    }

    private mutating func consume(_ segments: Int, at index: Int) {
        ends[index].held -= segments
        transmit(ends[index].tinyTP.take(consumed: segments), from: index)
    }

    private mutating func transmit(_ pdus: [TinyTPDataPDU], from index: Int) {
        // Through the wire form, so that nothing exceeds its field.
        ends[1 - index].incoming += pdus.compactMap { TinyTPDataPDU(bytes: $0.bytes) }
    }

    private func checkConservation(_ seed: UInt64) {
        for index in 0..<2 {
            let (own, peer) = (ends[index], ends[1 - index])
            let buffers = own.tinyTP.available + own.tinyTP.peerCredits + own.held
            // What the peer may send by our count: what it has, what it used on the way here, what we gave on the way there.
            let used = own.incoming.count { !$0.isDataless }
            let given = peer.incoming.reduce(0) { $0 + Int($1.credit) }
            let credit = peer.tinyTP.credits + used + given
            let isSound = buffers == own.buffers && credit == own.tinyTP.peerCredits && own.tinyTP.peerCredits <= 127
            #expect(isSound, "seed \(seed): \(buffers) of \(own.buffers) buffers, credit \(credit), \(own.tinyTP)")
        }
    }

    @Test("A bulk transfer goes in full segments and with little credit traffic")
    func bulk() throws {
        var sender = TinyTP()
        var receiver = TinyTP()
        let segmentSize = 2045
        sender.peerConnected(receiver.connectPDU(), segmentSize: segmentSize)
        receiver.peerConnected(sender.connectPDU(), segmentSize: segmentSize)
        let data = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        var received: [UInt8] = []
        var (segments, full, dataless) = (0, 0, 0)
        var pending = sender.send(data)
        while !pending.isEmpty {
            var next: [TinyTPDataPDU] = []
            for pdu in pending {
                segments += 1
                if pdu.payload.count == segmentSize { full += 1 }
                let result = try receiver.take(pdu)
                received += result.delivered
                for credit in result.send + receiver.take(consumed: 1) {
                    dataless += 1
                    next += try sender.take(credit).send
                }
            }
            pending = next
        }
        #expect(received == data)
        #expect(segments == (data.count + segmentSize - 1) / segmentSize && full == segments - 1)
        #expect(dataless <= segments / 7 + 1, "\(dataless) for \(segments) segments")
    }
}
