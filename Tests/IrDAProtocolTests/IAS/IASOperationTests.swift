@testable import IrDAProtocol
import Testing

@Suite("IAS operations")
struct IASOperationTests {
    private static let room = 2046

    /// Objects 0 (Device), 2 (OBEX), 5 and 7 (twice the same class).
    private func database(operations: IASOperations = .all) throws -> IASDatabase {
        var database = IASDatabase(deviceName: "Printer-B", operations: operations)
        for number in 1...7 {
            _ = try database.add(
                className: number == 2 ? "OBEX" : "Twin",
                attributes: [
                    IASAttribute(name: "IrDA:TinyTP:LsapSel", value: .integer(Int32(number))),
                    IASAttribute(name: "Text", value: .string(IASString("n\(number)"))),
                    IASAttribute(name: "Bytes", value: .octets([1, 2])),
                ])
        }
        for id in [1, 3, 4, 6] as [UInt16] { database.remove(id: id) }
        return database
    }

    private func payload(_ name: String) throws -> [UInt8] {
        Array(try #require(WireExample.ias.first { $0.name == name }).frame[4...])
    }

    /// Asks and answers with so much room a frame; both sides stop and wait.
    private func exchange(
        _ request: IASRequest, _ database: IASDatabase, room: Int = room
    ) throws -> (reply: IASReply?, frames: Int) {
        var client = IASClient(maximumPayload: room)
        var server = IASServer(maximumPayload: room)
        var toServer = try client.ask(request)
        var frames = 0
        while frames < 5000 {
            try #require(toServer.count == 1)
            let toClient = server.receive(toServer[0], database: database)
            try #require(toClient.count == 1)
            let step = client.receive(toClient[0])
            frames += 1
            if let reply = step.reply { return (reply, frames) }
            toServer = step.send
        }
        return (nil, frames)
    }

    @Test("The examples, both sides")
    func examples() throws {
        var client = IASClient(maximumPayload: Self.room)
        #expect(try client.ask(.infoBaseDetails) == [try payload("IAS details")])
        #expect(
            client.receive(try payload("IAS details result")).reply == .infoBaseDetails(objects: 4, largestID: 7))
        #expect(try client.ask(.infoBaseDetails) == [try payload("IAS details")])
        #expect(client.receive(try payload("IAS unsupported")).reply == .failed(code: 0xFF))
        #expect(
            try client.ask(.values(object: 0, attributes: ["DeviceName"])) == [try payload("IAS GetValue")])
        #expect(
            client.receive(try payload("IAS GetValue result")).reply
                == .values([.string(IASString("Printer-B"))], isComplete: true))

        var server = IASServer(maximumPayload: Self.room)
        let database = try database()
        #expect(server.receive(try payload("IAS details"), database: database) == [try payload("IAS details result")])
        #expect(
            server.receive(try payload("IAS GetValue"), database: database) == [try payload("IAS GetValue result")])
        #expect(
            server.receive(try payload("IAS details"), database: try self.database(operations: []))
                == [try payload("IAS unsupported")])
    }

    static let questions: [(request: IASRequest, reply: IASReply)] = [
        (.infoBaseDetails, .infoBaseDetails(objects: 4, largestID: 7)),
        (
            .objects(from: 0, maximum: 2, className: nil),
            .objects(
                [
                    IASObjectSummary(id: 0, attributeCount: 2, className: "Device"),
                    IASObjectSummary(id: 2, attributeCount: 3, className: "OBEX"),
                ], next: 5)
        ),
        (
            .objects(from: 1, maximum: 9, className: "Twin"),
            .objects(
                [
                    IASObjectSummary(id: 5, attributeCount: 3, className: nil),
                    IASObjectSummary(id: 7, attributeCount: 3, className: nil),
                ], next: 0)
        ),
        (.objects(from: 8, maximum: 9, className: nil), .objects([], next: 0)),
        (.objects(from: 0, maximum: 0, className: nil), .objects([], next: 0)),
        (
            .values(object: 7, attributes: ["Bytes", "IrDA:TinyTP:LsapSel"]),
            .values([.octets([1, 2]), .integer(7)], isComplete: true)
        ),
        (
            .values(object: 2, attributes: ["Nope", "Bytes"]),
            .values([.missing, .octets([1, 2])], isComplete: false)
        ),
        (.values(object: 1, attributes: ["Bytes"]), .failed(code: 1)),
        (.values(object: 2, attributes: (0..<70).map { IASName("a\($0)") }), .failed(code: 3)),
        (.objectInfo(2), .objectInfo(lowest: 1, highest: 3, used: 3)), (.objectInfo(1), .failed(code: 1)),
        (
            .attributeNames(object: 2, from: 0, maximum: 2),
            .attributeNames(
                [
                    IASAttributeSummary(name: "IrDA:TinyTP:LsapSel", type: 1),
                    IASAttributeSummary(name: "Text", type: 3),
                ], next: 3)
        ),
        (
            .attributeNames(object: 2, from: 3, maximum: 9),
            .attributeNames([IASAttributeSummary(name: "Bytes", type: 2)], next: 0)
        ),
        (.attributeNames(object: 2, from: 4, maximum: 9), .attributeNames([], next: 0)),
        (.attributeNames(object: 1, from: 0, maximum: 2), .failed(code: 0xFF)),
        (
            .valueByClass(className: "Twin", attribute: "IrDA:TinyTP:LsapSel"),
            .valueByClass([IASEntry(objectID: 5, value: .integer(5)), IASEntry(objectID: 7, value: .integer(7))])
        ),
    ]

    @Test("Questions and answers, in one frame and in many", arguments: questions)
    func answers(_ request: IASRequest, _ reply: IASReply) throws {
        // GetObjects without room in its list still says where to go on.
        let expected = request == .objects(from: 0, maximum: 0, className: nil) ? .objects([], next: 0) : reply
        for room in [Self.room, 62, 11, 2] {
            let (answer, frames) = try exchange(request, try database(), room: room)
            #expect(answer == expected, "room \(room)")
            #expect(room < Self.room || frames == 1 || frames == 3, "\(frames) frames")
        }
    }

    @Test("What an information base does not support is answered FF", arguments: questions)
    func unsupported(_ request: IASRequest, _ reply: IASReply) throws {
        let answer = try exchange(request, try database(operations: [])).reply
        if case .valueByClass = request { #expect(answer == reply) } else { #expect(answer == .failed(code: 0xFF)) }
    }

    @Test("A list that was cut goes on where it ended")
    func continuation() throws {
        var database = try database()
        for number in 0..<200 { _ = try database.add(className: "Many", attributes: []); _ = number }
        var ids: [UInt16] = []
        var next: UInt16 = 0
        repeat {
            guard
                case .objects(let listed, let following) = try exchange(
                    .objects(from: next, maximum: 1000, className: nil), database
                ).reply
            else {
                Issue.record("no list from \(next)")
                return
            }
            ids += listed.map(\.id)
            next = following
        } while next != 0 && ids.count < 1000
        #expect(ids == database.objects.map(\.id).sorted())
    }

    @Test(
        "IrLMP 1.1, 4.3.6: GetValue's list is optional where a value is missing",
        arguments: [
            ("83 02", .failed(code: 2)),
            ("83 02 00 02 00 01 00 00 00 07", .values([.missing, .integer(7)], isComplete: false)),
            ("83 03 00 40", .failed(code: 3)), ("83 01", .failed(code: 1)), ("83 00", .failed(code: 0xFF)),
            ("83 00 00 02 00", .failed(code: 0xFF)), ("83", .failed(code: 0xFF)),
        ] as [(String, IASReply)])
    func valueReplies(_ answer: String, _ reply: IASReply) throws {
        var client = IASClient(maximumPayload: Self.room)
        _ = try client.ask(.values(object: 1, attributes: ["a", "b"]))
        #expect(client.receive(hex("84 00 00 00")) == IASClient.Step(), "the answer to another operation")
        #expect(client.receive(hex(answer)).reply == reply)
    }

    @Test("Attributes are changed in their place")
    func setAttribute() throws {
        var database = try database()
        try database.setAttribute(IASAttribute(name: "Text", value: .integer(1)), of: 2)
        #expect(database.object(id: 2)?.attributes.map(\.name) == ["IrDA:TinyTP:LsapSel", "Text", "Bytes"])
        #expect(database.object(id: 2)?.value(of: "Text") == .integer(1))
        try database.setAttribute(IASAttribute(name: "New", value: .missing), of: 2)
        #expect(database.object(id: 2)?.attributes.count == 4)
        let long = IASAttribute(name: "Text", value: .octets([UInt8](repeating: 0, count: 1025)))
        #expect(throws: IASError.octetsTooLong(1025)) { try database.setAttribute(long, of: 2) }
        #expect(throws: IASError.noSuchObject(1)) { try database.setAttribute(long, of: 1) }
        #expect(database.object(id: 2)?.value(of: "Text") == .integer(1))
        database.setDeviceName("Other")
        #expect(database.object(id: 0)?.attributes.map(\.name) == ["DeviceName", "IrLMPSupport"])
        #expect(database.object(id: 0)?.value(of: "DeviceName") == .string(IASString("Other")))
    }

    @Test("What a station supports is in its Device object")
    func support() {
        let value = IASDatabase(deviceName: "x", features: .connectionless, operations: [.value, .attributeNames])
            .object(id: 0)?.value(of: "IrLMPSupport")
        #expect(value == .octets([1, 0x24, 0x04]))
        #expect(IASOperations(support: value) == [.value, .attributeNames])
        #expect(LMPFeatures(support: value) == .connectionless)
        for unreadable in [nil, .missing, .integer(0x010203), .octets([1])] as [IASValue?] {
            #expect(IASOperations(support: unreadable).isEmpty && LMPFeatures(support: unreadable).isEmpty)
        }
    }

    @Test("Random questions to a random base are answered as the base says", arguments: 1...20 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var database = IASDatabase(deviceName: "d", operations: .all)
        for number in 0..<Int.random(in: 0...20, using: &generator) {
            _ = try database.add(
                className: IASName("C\(number % 3)"),
                attributes: (0..<Int.random(in: 0...8, using: &generator)).map {
                    IASAttribute(
                        name: IASName("A\($0)"),
                        value: .octets(generator.bytes(Int.random(in: 0...300, using: &generator))))
                })
        }
        for _ in 0..<40 {
            let id = UInt16.random(in: 0...22, using: &generator)
            let request: IASRequest =
                switch Int.random(in: 0...5, using: &generator) {
                case 0: .infoBaseDetails
                case 1: .objects(from: id, maximum: UInt16.random(in: 0...30, using: &generator), className: nil)
                case 2: .values(object: id, attributes: ["A1", "A0", "Nope"])
                case 3: .objectInfo(id)
                case 4: .attributeNames(object: id, from: UInt16.random(in: 0...9, using: &generator), maximum: 3)
                default: .valueByClass(className: "C1", attribute: "A2")
                }
            let room = Int.random(in: 2...300, using: &generator)
            #expect(
                try exchange(request, database, room: room).reply == database.reply(to: request),
                "seed \(seed), \(request), room \(room)")
        }
    }
}
