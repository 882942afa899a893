@testable import IrDAProtocol
import Testing

@Suite("IAS queries")
struct IASExchangeTests {
    private static let room = 2046

    /// The IAP part of an example frame.
    private func payload(_ name: String) throws -> [UInt8] {
        let example = try #require(WireExample.ias.first { $0.name == name })
        return Array(example.frame[4...])
    }

    /// The information base of the examples: an IrCOMM object with id 3.
    private func database() throws -> IASDatabase {
        var database = IASDatabase(deviceName: "Printer-B")
        let others = [
            try database.add(className: "x", attributes: []), try database.add(className: "y", attributes: []),
        ]
        _ = try database.add(
            className: "IrDA:IrCOMM",
            attributes: [
                IASAttribute(name: "IrDA:TinyTP:LsapSel", value: .integer(0x12)),
                IASAttribute(name: "Parameters", value: .octets(hex("00 01 06 01 01 01"))),
            ])
        for id in others { database.remove(id: id) }
        return database
    }

    static let exchanges:
        [(request: String, answer: String, className: IASName, attribute: IASName, result: IASResult)] = [
            (
                "IAS request", "IAS integer", "IrDA:IrCOMM", "IrDA:TinyTP:LsapSel",
                .success([IASEntry(objectID: 3, value: .integer(0x12))])
            ),
            (
                "IAS request 2", "IAS octets", "IrDA:IrCOMM", "Parameters",
                .success([IASEntry(objectID: 3, value: .octets(hex("00 01 06 01 01 01")))])
            ),
            (
                "IAS request 3", "IAS string", "Device", "DeviceName",
                .success([IASEntry(objectID: 0, value: .string(IASString("Printer-B")))])
            ),
            ("IAS request 4", "IAS no such class", "Nope", "X", .noSuchClass),
            (
                "IAS request 5", "IAS support", "Device", "IrLMPSupport",
                .success([IASEntry(objectID: 0, value: .octets([1, 0, 0]))])
            ),
        ]

    @Test("Every example, both sides", arguments: exchanges)
    func examples(
        _ request: String, _ answer: String, _ className: IASName, _ attribute: IASName, _ result: IASResult
    ) throws {
        var client = IASClient(maximumPayload: Self.room)
        var server = IASServer(maximumPayload: Self.room)
        #expect(try client.query(className: className, attribute: attribute) == [try payload(request)])
        #expect(client.isOutstanding)
        #expect(server.receive(try payload(request), database: try database()) == [try payload(answer)])
        let received = client.receive(try payload(answer))
        #expect(received.send == [] && received.result == result)
        #expect(!client.isOutstanding)
    }

    @Test("Every frame of the examples is read and written back", arguments: WireExample.ias)
    func frames(_ example: WireExample) throws {
        let payload = Array(example.frame[4...])
        #expect(try #require(IAPFrame(bytes: payload)).bytes == payload)
    }

    @Test(
        "Error answers in short and long form",
        arguments: [
            ("84 01", .noSuchClass), ("84 02", .noSuchAttribute), ("84 01 00 01 12 35 00", .noSuchClass),
            ("84 02 00 01 00 03 00", .noSuchAttribute), ("84 FF", .failed(code: 0xFF)), ("84 03", .failed(code: 3)),
            ("84", .failed(code: 0xFF)), ("84 00 00 01 00", .failed(code: 0xFF)), ("84 00 00 00", .success([])),
            ("84 00 00 02 00 03 00", .failed(code: 0xFF)), ("84 00 00 01 00 03 07", .failed(code: 0xFF)),
        ] as [(String, IASResult)])
    func answers(_ answer: String, _ result: IASResult) throws {
        var client = IASClient(maximumPayload: Self.room)
        _ = try client.query(className: "C", attribute: "A")
        #expect(client.receive(hex(answer)).result == result)
        #expect(!client.isOutstanding)
    }

    @Test("Operations we do not know are answered FF", arguments: [0, 1, 2, 3, 5, 6, 0x3F] as [UInt8])
    func unsupported(_ operation: UInt8) throws {
        var server = IASServer(maximumPayload: Self.room)
        #expect(server.receive([0x80 | operation], database: try database()) == [[0x80 | operation, 0xFF]])
        #expect(server.receive([operation, 1, 2], database: try database()) == [[0x40 | operation]])
        #expect(server.receive([0x80 | operation, 3], database: try database()) == [[0x80 | operation, 0xFF]])
        #expect(try payload("IAS unsupported") == [0x81, 0xFF])
    }

    @Test(
        "Queries that cannot be read",
        arguments: ["84", "84 06 \"Dev\"", "84 06 \"Device\"", "84 3D", "84 06 \"Device\" 0A \"D\""])
    func unreadableQuery(_ query: String) throws {
        var server = IASServer(maximumPayload: Self.room)
        #expect(server.receive(hex(query), database: try database()) == [[0x84, 0xFF]])
        #expect(server.receive(try payload("IAS request"), database: try database()) == [try payload("IAS integer")])
    }

    @Test("The result in two parts of the examples")
    func parts() throws {
        var client = IASClient(maximumPayload: Self.room)
        _ = try client.query(className: "Device", attribute: "DeviceName")
        let first = client.receive(try payload("IAS part 1"))
        #expect(first.send == [try payload("IAS ack")] && first.result == nil)
        let second = client.receive(try payload("IAS part 2"))
        #expect(second.send == [])
        #expect(second.result == .success([IASEntry(objectID: 0, value: .string(IASString("Printer-B")))]))

        // The same from our server: 12 bytes of body in the first frame.
        var server = IASServer(maximumPayload: 13)
        let database = try database()
        let query = try payload("IAS request 3")
        #expect(server.receive(query, database: database) == [try payload("IAS part 1")])
        #expect(server.receive(try payload("IAS ack last"), database: database) == [])
        #expect(server.receive(try payload("IAS ack"), database: database) == [try payload("IAS part 2")])
        #expect(server.receive(try payload("IAS ack"), database: database) == [])
    }

    @Test("Any room for a frame, both directions", arguments: [0, 2, 3, 5, 17, 62, 100, 2046])
    func rooms(_ room: Int) throws {
        var database = try database()
        for number in 1...5 {
            _ = try database.add(
                className: "Service",
                attributes: [
                    IASAttribute(
                        name: "Data", value: .octets((0..<(number * 50)).map { UInt8(truncatingIfNeeded: $0) }))
                ])
        }
        for (className, attribute) in [("Service", "Data"), ("Device", "DeviceName"), ("Nope", "X"), ("x", "y")]
            as [(IASName, IASName)]
        {
            var client = IASClient(maximumPayload: room)
            var server = IASServer(maximumPayload: room)
            var toServer = try client.query(className: className, attribute: attribute)
            var result: IASResult?
            var frames = 0
            while result == nil {
                try #require(toServer.count == 1, "stop and wait")
                let toClient = server.receive(toServer[0], database: database)
                try #require(toClient.count == 1)
                #expect(max(toServer[0].count, toClient[0].count) <= max(room, 2))
                let step = client.receive(toClient[0])
                (toServer, result) = (step.send, step.result)
                frames += 1
                try #require(frames < 2000)
            }
            #expect(toServer == [])
            #expect(result == database.values(className: className, attribute: attribute))
        }
    }

    @Test("Stray acknowledgements and answers are ignored")
    func strays() throws {
        var client = IASClient(maximumPayload: 12)
        for stray in ["44", "C4", "84 01", "04 00", "", "85 00"] {
            #expect(client.receive(hex(stray)) == IASClient.Step(), "idle: \(stray)")
        }
        let first = try client.query(className: "Device", attribute: "DeviceName")
        #expect(first == [hex("04 06 \"Device\" 0A \"Dev\"")])
        #expect(client.receive(hex("C4")) == IASClient.Step())
        #expect(client.receive(hex("41")) == IASClient.Step(), "another operation")
        #expect(client.receive(hex("44")).send == [hex("84 \"iceName\"")])
        for stray in ["44", "C4", "83 00", ""] { #expect(client.receive(hex(stray)) == IASClient.Step()) }
        #expect(client.receive(hex("84 01")).result == .noSuchClass)

        var server = IASServer(maximumPayload: Self.room)
        for stray in ["44", "C4", "41", ""] {
            #expect(server.receive(hex(stray), database: try database()) == [])
        }
        #expect(server.receive(try payload("IAS request"), database: try database()) == [try payload("IAS integer")])
    }

    @Test("A refusal before the whole query was sent ends the call")
    func earlyRefusal() throws {
        var client = IASClient(maximumPayload: 5)
        _ = try client.query(className: "Device", attribute: "DeviceName")
        #expect(client.receive(hex("84 FF")).result == .failed(code: 0xFF))
        #expect(!client.isOutstanding)
    }

    @Test("A query longer than any valid one is survived, and refused")
    func endlessQuery() throws {
        var server = IASServer(maximumPayload: Self.room)
        let database = try database()
        for _ in 0..<1000 {
            #expect(server.receive([0x04] + [UInt8](repeating: 0x41, count: 1000), database: database) == [[0x44]])
        }
        #expect(server.receive([0x84], database: database) == [[0x84, 0xFF]])
        #expect(server.receive(try payload("IAS request"), database: database) == [try payload("IAS integer")])
    }

    @Test("A new query while a result is returned replaces it")
    func replaced() throws {
        var server = IASServer(maximumPayload: 14)
        let database = try database()
        _ = server.receive(try payload("IAS request 3"), database: database)
        #expect(server.receive(try payload("IAS request 4"), database: database) == [hex("84 01")])
        #expect(server.receive(hex("44"), database: database) == [])
    }

    @Test("A result beyond the bound is refused")
    func endlessResult() throws {
        var client = IASClient(maximumPayload: Self.room)
        _ = try client.query(className: "C", attribute: "A")
        var result: IASResult?
        var frames = 0
        while result == nil && frames < 100 {
            let answer = client.receive([0x04] + [UInt8](repeating: 0, count: 2045))
            result = answer.result
            frames += 1
            #expect(answer.send == (result == nil ? [[0x44]] : []))
        }
        #expect(result == .failed(code: 0xFF))
        #expect(frames == 65_536 / 2045 + 1)
        #expect(!client.isOutstanding)
    }

    @Test("One call at a time, with proper names")
    func refusedCalls() throws {
        var client = IASClient(maximumPayload: Self.room)
        #expect(throws: IASError.emptyName) { try client.query(className: "", attribute: "A") }
        #expect(throws: IASError.emptyName) { try client.query(className: "C", attribute: "") }
        let long = IASName(String(repeating: "n", count: 61))
        #expect(throws: IASError.nameTooLong(long)) { try client.query(className: "C", attribute: long) }
        #expect(!client.isOutstanding)
        _ = try client.query(className: "C", attribute: "A")
        #expect(throws: IASError.queryOutstanding) { try client.query(className: "C", attribute: "A") }
    }

    @Test("Random frames do no harm", arguments: 1...10 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var server = IASServer(maximumPayload: Int.random(in: 0...70, using: &generator))
        var client = IASClient(maximumPayload: 10)
        let database = try database()
        for _ in 0..<2000 {
            var frame = generator.bytes(Int.random(in: 0...40, using: &generator))
            if !frame.isEmpty && Bool.random(using: &generator) { frame[0] = frame[0] & 0xC0 | 0x04 }
            #expect(server.receive(frame, database: database).count <= 1, "seed \(seed)")
            if !client.isOutstanding { _ = try client.query(className: "Device", attribute: "DeviceName") }
            let answer = client.receive(frame)
            #expect(answer.send.isEmpty || answer.result == nil, "seed \(seed)")
        }
        // Whatever state was left, a whole query replaces it.
        let answer = server.receive(hex("84 04 \"Nope\" 01 \"X\""), database: database)
        #expect(answer.count == 1, "seed \(seed)")
    }
}
