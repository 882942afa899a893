@testable import OBEX
import TestSupport
import Testing

@Suite("Client and server together")
struct ExchangeTests {
    @Test(
        "Objects of all sizes arrive whole, through packets of all sizes",
        arguments: [0, 1, 100, 240, 255, 5000, 100_000], [255, 1024, 32767] as [UInt16])
    func put(_ size: Int, _ packet: UInt16) throws {
        let seed = UInt64(size) + UInt64(packet)
        var dialogue = Dialogue(server: .init(maximumPacketLength: packet), seed: seed)
        let content = dialogue.generator.bytes(size)
        try dialogue.run { client throws in try client.connect() }
        #expect(dialogue.client.connection?.maximumPacketLength == Int(packet))
        let outcome = try dialogue.put([.name("photo.jpg"), .length(UInt32(size)), .type("image/jpeg")], content)
        #expect(outcome == .success([]), "seed \(seed)")
        #expect(dialogue.kept == content, "seed \(seed)")
        let object = OBEXIncomingObject(
            name: "photo.jpg", type: "image/jpeg", claimedLength: UInt32(size), time: nil)
        #expect(dialogue.serverEvents.prefix(2) == [.connected, .objectBegins(object)])
        #expect(dialogue.serverEvents.last == .objectEnds)
        #expect(dialogue.clientEvents.contains(.progress(sent: size)))
    }

    @Test("A small object is one packet each way")
    func onePacket() throws {
        var dialogue = Dialogue()
        try dialogue.run { client throws in try client.connect() }
        dialogue.log = []
        _ = try dialogue.put([.name("hello.txt"), .length(5)], Array("hello".utf8))
        #expect(dialogue.log == ["C 39: 82 00 27", "S 3: a0 00 03"])
    }

    @Test("Without CONNECT packets have 255 bytes at most, and headers are spread over several")
    func withoutConnect() throws {
        var dialogue = Dialogue()
        let content = dialogue.generator.bytes(1000)
        let name = String(repeating: "n", count: 100)
        let outcome = try dialogue.put(
            [.name(name), .type("text/" + String(repeating: "t", count: 200)), .length(1000)], content)
        #expect(outcome == .success([]))
        #expect(difference(dialogue.kept, from: content) == nil)
        let sizes = dialogue.log.compactMap { $0.split(separator: " ").dropFirst().first?.dropLast() }
        #expect(sizes.compactMap { Int($0) }.max() == 255)
    }

    @Test("A header that fits no packet is refused before anything is sent")
    func tooLargeHeader() throws {
        var dialogue = Dialogue()
        let outcome = try dialogue.put([.name(String(repeating: "n", count: 130))], [])
        #expect(outcome == .failed(.headerTooLarge(.name, size: 265, room: 252)))
        #expect(dialogue.log == [])
        #expect(dialogue.client.isIdle)
    }

    @Test("Several objects in one session, then its end, then another")
    func several() throws {
        var dialogue = Dialogue()
        try dialogue.run { client throws in try client.connect() }
        for number in 1...3 {
            #expect(try dialogue.put([.name("\(number)")], [UInt8(number)]) == .success([]))
        }
        try dialogue.run { client throws in try client.disconnect() }
        #expect(dialogue.client.connection == nil)
        #expect(dialogue.serverEvents.last == .disconnected)
        try dialogue.run { client throws in try client.connect() }
        #expect(dialogue.client.connection != nil)
        #expect(dialogue.kept == [1, 2, 3])
    }

    @Test("A default object comes whole", arguments: [0, 10, 250, 100_000], [255, 2000] as [UInt16])
    func get(_ size: Int, _ packet: UInt16) throws {
        var generator = SplitMix64(seed: UInt64(size))
        let card = OBEXDefaultObject(type: "text/x-vCard", name: "me.vcf", body: generator.bytes(size))
        var dialogue = Dialogue(
            client: .init(maximumPacketLength: packet), server: .init(defaultObjects: [card]), seed: UInt64(packet))
        try dialogue.run { client throws in try client.connect() }
        try dialogue.run { client throws in try client.get([.name(""), .type("TEXT/X-VCARD")]) }
        #expect(dialogue.outcome.map { if case .success = $0 { true } else { false } } == true)
        var headers = OBEXHeaders()
        var body: [UInt8] = []
        for case .received(let more, let part) in dialogue.clientEvents {
            headers.append(contentsOf: more)
            body += part
        }
        #expect(body == card.body)
        #expect(headers.name?.string == "me.vcf" && headers.length == UInt32(size))
        #expect(dialogue.serverEvents.last == .objectFetched(type: "text/x-vCard"))
    }

    @Test("An aborted object is dropped, and the session goes on", arguments: 0...3)
    func abort(_ request: Int) throws {
        var dialogue = Dialogue(server: .init(maximumPacketLength: 255))
        try dialogue.run { client throws in try client.connect() }
        dialogue.abortsAtRequest = request
        let outcome = try dialogue.put([.name("big")], dialogue.generator.bytes(5000))
        #expect(outcome == .aborted)
        // If nothing of the content had gone, nothing had begun.
        #expect((dialogue.serverEvents.last == .objectDropped(.aborted)) == (request > 0))
        dialogue.abortsAtRequest = nil
        #expect(try dialogue.put([.name("next")], [1]) == .success([]))
    }

    @Test("What the server's user refuses is refused, with the code and at the right moment")
    func refused() throws {
        var dialogue = Dialogue(server: .init(maximumPacketLength: 255))
        try dialogue.run { client throws in try client.connect() }
        dialogue.refusals = (begin: .forbidden, end: nil)
        #expect(try dialogue.put([.name("a")], [1, 2]) == .refused(.forbidden, explanation: nil))
        #expect(dialogue.kept == [])
        dialogue.refusals = (begin: nil, end: .internalServerError)
        #expect(
            try dialogue.put([.name("a")], dialogue.generator.bytes(3000))
                == .refused(.internalServerError, explanation: nil))
        #expect(dialogue.kept.count == 3000)
    }

    @Test("Sizes and numbers of objects are limited, by what is claimed and by what comes")
    func limits() throws {
        var dialogue = Dialogue(
            server: .init(maximumPacketLength: 255, maximumObjectSize: 1000, maximumObjects: 2))
        try dialogue.run { client throws in try client.connect() }
        let big = dialogue.generator.bytes(1001)
        #expect(
            try dialogue.put([.name("a"), .length(1001)], big) == .refused(.requestedEntityTooLarge, explanation: nil))
        #expect(dialogue.serverEvents.last == .refused(.requestedEntityTooLarge, name: "a"))
        #expect(try dialogue.put([.name("a")], big) == .refused(.requestedEntityTooLarge, explanation: nil))
        #expect(dialogue.serverEvents.last == .objectDropped(.tooLarge(limit: 1000)))
        #expect(try dialogue.put([.name("b")], Array(big.prefix(1000))) == .success([]))
        #expect(try dialogue.put([.name("c")], [1]) == .refused(.databaseFull, explanation: nil))
    }
}
