import IrDAProtocol
import IrDASimulation
import TestSupport
import Testing

@Suite("Connections without TinyTP, and data without connections")
struct RawTransportTests {
    @Test("IrLPT: found by IrDA:IrLMP:LsapSel, and every PDU is data")
    func raw() throws {
        var ends = TwoEnds(TwoStations(seed: 1))
        try ends.offer("IrLPT", .raw)
        let (near, far) = try ends.connect(to: .service("IrLPT"), .raw)
        #expect(ends.info(ends.computer, near)?.dataSize == 2046)
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try ends.ask(ends.computer) { $0.send(bytes, on: near, at: $1) } == 5000)
        ends.run(for: .seconds(5))
        let pdus = ends.take(ends.phone).compactMap { $0.bytes(on: far) }
        #expect(pdus.flatMap(\.self) == bytes)
        #expect(pdus.map(\.count) == [2046, 2046, 908], "as cut by the sender")
    }

    @Test("The selector of an old product's spelling is found too; a service over TinyTP is not one without")
    func spelling() throws {
        var ends = TwoEnds(TwoStations(seed: 2))
        try ends.offer("OBEX", .stream)
        let (_, selector) = try ends.ask(ends.phone) { stack, _ in
            (try stack.offer(className: nil, transport: .raw), [])
        }
        try ends.ask(ends.phone) { stack, _ in
            (
                try stack.addObject(
                    className: "IrLPT",
                    attributes: [
                        IASAttribute(name: "IrDA:IrLMP:LSAPSel", value: .integer(Int32(selector.rawValue)))
                    ]), []
            )
        }
        _ = try ends.connect(to: .service("IrLPT"), .raw)
        let lost = try ends.ask(ends.computer) {
            $0.connect(to: .service("OBEX"), at: TwoStations.phoneAddress, transport: .raw, now: $1)
        }
        #expect(ends.run { $0.has($0.computer, .ended(lost, .noSuchService)) })
    }

    @Test("Who does not read a raw connection holds the sender back, and nothing is lost")
    func heldBack() throws {
        var ends = TwoEnds(TwoStations(seed: 3))
        try ends.offer("IrLPT", .raw)
        let (near, far) = try ends.connect(to: .service("IrLPT"), .raw)
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var sent = 0
        var pdus: [[UInt8]] = []
        for turn in 0..<400 where pdus.joined().count < bytes.count {
            sent += try ends.ask(ends.computer) { $0.send(bytes[sent...], on: near, at: $1) }
            ends.run(for: .milliseconds(500))
            pdus += ends.take(ends.phone).compactMap { $0.bytes(on: far) }
            if turn == 60 { #expect(pdus.count < 60 && sent < bytes.count, "\(pdus.count) PDUs came") }
            // For half a minute nobody reads.
            if turn > 60 { try ends.tell(ends.phone) { $0.consumed(segments: 100, on: far, at: $1) } }
        }
        #expect(Array(pdus.joined()) == bytes)
        #expect(!ends.take(ends.computer).contains { if case .ended = $0 { true } else { false } })
    }

    @Test("A raw connection that nobody read holds back the others no more when its user has left it")
    func heldBackByOneThatWasLeft() throws {
        var ends = TwoEnds(TwoStations(seed: 7))
        try ends.offer("IrLPT", .raw)
        try ends.offer("Sink", .stream)
        let (source, unread) = try ends.connect(to: .service("IrLPT"), .raw)
        let (near, far) = try ends.connect(to: .service("Sink"), .stream)
        let piece = [UInt8](repeating: 1, count: 20_000)
        for _ in 0..<20 {
            try ends.ask(ends.computer) { $0.send(piece, on: source, at: $1) }
            ends.run(for: .seconds(1))
        }
        #expect(ends.take(ends.phone).count(where: { $0.bytes(on: unread) != nil }) < 60, "the phone says RNR")
        // Something is still to go out, so the connection is not gone at once.
        try ends.ask(ends.phone) { $0.send(piece, on: unread, at: $1) }
        try ends.tell(ends.phone) { $0.disconnect(unread, at: $1) }
        try ends.ask(ends.computer) { $0.send([7], on: near, at: $1) }
        #expect(ends.run(for: .seconds(10)) { $0.has($0.phone, .received(far, [7])) })
        #expect(ends.run(for: .seconds(10)) { $0.has($0.phone, .closed(unread)) })
    }

    @Test("IRLMP_9WIRE_MODE: plain bytes above, cooked IrCOMM below, with the service type first")
    func cooked() throws {
        var ends = TwoEnds(TwoStations(seed: 4))
        try ends.offer("IrDA:IrCOMM", .cooked)
        try ends.offer("Seen", .messages(maximumSize: nil))
        let (near, far) = try ends.connect(to: .service("IrDA:IrCOMM"), .cooked)
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        var sent = 0
        var arrived: [UInt8] = []
        for _ in 0..<100 where arrived.count < bytes.count {
            sent += try ends.ask(ends.computer) { $0.send(bytes[sent...], on: near, at: $1) }
            ends.run(for: .milliseconds(500))
            for segment in ends.take(ends.phone).compactMap({ $0.bytes(on: far) }) {
                arrived += segment
                try ends.tell(ends.phone) { $0.consumed(segments: 1, on: far, at: $1) }
            }
        }
        #expect(difference(arrived, from: bytes) == nil)

        let (seen, other) = try ends.connect(to: .service("Seen"), .cooked)
        #expect(try ends.ask(ends.computer) { $0.send([0x41, 0x42], on: seen, at: $1) } == 2)
        ends.run(for: .seconds(1))
        let pdus = ends.take(ends.phone).compactMap { $0.bytes(on: other) }
        #expect(pdus == [[3, 0, 1, 4], [0, 0x41, 0x42]])
        // Control information is passed over, and gives its credit back by itself.
        for pdu in [[3, 0x20, 1, 0x0C], [2, 0x22, 0, 0x43], [9, 1], [0]] as [[UInt8]] {
            try ends.tell(ends.phone) { try $0.sendMessage(pdu, on: other, at: $1) }
        }
        ends.run(for: .seconds(1))
        #expect(ends.take(ends.computer).compactMap { $0.bytes(on: seen) } == [[0x43]])
    }

    // MARK: Unit data

    @Test("Unit data overtakes, needs no credit and says where it came from")
    func unitData() throws {
        var ends = TwoEnds(TwoStations(seed: 5))
        try ends.offer("Datagrams", .stream)
        let (near, far) = try ends.connect(to: .service("Datagrams"), .stream)
        for number in 0..<5 as Range<UInt8> {
            try ends.tell(ends.computer) { try $0.sendUnitData([number, 1], on: near, at: $1) }
        }
        try ends.tell(ends.phone) { try $0.sendUnitData([9], on: far, at: $1) }
        ends.run(for: .seconds(2))
        #expect(ends.take(ends.phone) == (0..<5).map { .unitData(far, [$0, 1]) })
        #expect(ends.take(ends.computer) == [.unitData(near, [9])])
        #expect(throws: IrDASendError.tooLong(limit: 2046)) {
            try ends.tell(ends.computer) { try $0.sendUnitData([UInt8](repeating: 0, count: 2047), on: near, at: $1) }
        }
        #expect(throws: IrDASendError.empty) {
            try ends.tell(ends.computer) { try $0.sendUnitData([], on: near, at: $1) }
        }
        #expect(throws: IrDASendError.noRoom) {
            for _ in 0..<100 { try ends.tell(ends.computer) { try $0.sendUnitData([1], on: near, at: $1) } }
        }
        try ends.tell(ends.computer) { $0.disconnect(near, at: $1) }
        #expect(throws: IrDASendError.notConnected) {
            try ends.tell(ends.computer) { try $0.sendUnitData([1], on: near, at: $1) }
        }
    }

    @Test("Ultra reaches everybody without a link, one packet in 500 ms, and the peer with one")
    func ultra() throws {
        var ends = TwoEnds(TwoStations(seed: 6))
        ends.run(for: .seconds(1))
        let start = ends.now
        for number in 0..<4 as Range<UInt8> {
            try ends.tell(ends.computer) { try $0.sendUltra([0, number], protocolID: 1, at: $1) }
        }
        #expect(ends.run { $0.has($0.phone, .ultra(protocolID: 1, [0, 3])) })
        #expect(start.duration(to: ends.now) >= .milliseconds(1500))
        #expect(ends.take(ends.phone) == (0..<4).map { .ultra(protocolID: 1, [0, $0]) })
        #expect(throws: IrDASendError.tooLong(limit: 381)) {
            try ends.tell(ends.computer) { try $0.sendUltra([UInt8](repeating: 0, count: 382), protocolID: 1, at: $1) }
        }
        #expect(throws: IrDASendError.noSuchProtocol) {
            try ends.tell(ends.computer) { try $0.sendUltra([0], protocolID: 0x80, at: $1) }
        }
        #expect(throws: IrDASendError.noRoom) {
            for _ in 0..<100 { try ends.tell(ends.computer) { try $0.sendUltra([0], protocolID: 1, at: $1) } }
        }
        ends.run(for: .seconds(10))
        _ = ends.take(ends.phone)

        try ends.offer("x", .stream)
        _ = try ends.connect(to: .service("x"), .stream)
        try ends.tell(ends.phone) { try $0.sendUltra([0, 7], protocolID: 2, at: $1) }
        #expect(ends.run { $0.has($0.computer, .ultra(protocolID: 2, [0, 7])) })
    }
}
