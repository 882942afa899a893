@testable import OBEX
import TestSupport
import Testing

@Suite("The server and clients of all kinds")
struct OBEXServerTests {
    private static let success = OBEXServerAction.send(hex("A0 00 03"))
    private static let goOn = OBEXServerAction.send(hex("90 00 03"))
    private static let bad = OBEXServerAction.send(hex("C0 00 03"))
    private static let name = "01 00 17 \(WireExample.helloName)"

    /// A server that has been asked whether to take hello.txt, of which two bytes are there, and has said yes.
    private static func receiving() -> OBEXServer {
        var server = OBEXServer()
        let object = OBEXIncomingObject(name: "hello.txt", type: nil, claimedLength: nil, time: nil)
        #expect(server.received(hex("02 00 1F \(name) 48 00 05 68 65")) == [.event(.objectBegins(object))])
        #expect(server.accept() == [.event(.body(Array("he".utf8))), goOn])
        return server
    }

    @Test("The recorded exchange of two irxfers: Body without End-of-Body, and the final bit decides")
    func irxfer() {
        var server = OBEXServer(configuration: .init(maximumPacketLength: 1024))
        #expect(
            server.received(hex("80 00 07 10 00 04 00")) == [
                .send(hex("A0 00 07 10 01 04 00")), .event(.connected),
            ])
        let content = [UInt8](repeating: 0x21, count: 16)
        let object = OBEXIncomingObject(name: "hello.txt", type: nil, claimedLength: 16, time: nil)
        #expect(
            server.received(hex("82 00 32 \(Self.name) C3 00 00 00 10 48 00 13") + content) == [
                .event(.objectBegins(object))
            ])
        #expect(server.accept() == [.event(.body(content)), .event(.objectEnds)])
        #expect(server.accept() == [Self.success])
        #expect(server.received(hex("81 00 03")) == [Self.success, .event(.disconnected)])
    }

    @Test("ircp: the headers and the first part together, the end alone; a length above the object is only a claim")
    func ircp() {
        var server = Self.receiving()
        #expect(server.received(hex("02 00 09 48 00 06 6C 6C 6F")) == [.event(.body(Array("llo".utf8))), Self.goOn])
        #expect(server.received(hex("82 00 06 49 00 03")) == [.event(.objectEnds)])
        #expect(server.accept() == [Self.success])
    }

    @Test("While the user thinks nothing is answered, and what came meanwhile follows")
    func waiting() {
        var server = OBEXServer()
        _ = server.received(hex("02 00 1F \(Self.name) 48 00 05 68 65"))
        #expect(server.received(hex("FF 00 03")) == [])
        #expect(
            server.accept() == [
                .event(.body(Array("he".utf8))), Self.goOn, .event(.objectDropped(.aborted)), Self.success,
            ])
        #expect(server.accept() == [])
    }

    @Test("A PUT without any body would delete, and does not")
    func deletion() {
        var server = OBEXServer()
        #expect(
            server.received(hex("82 00 1A \(Self.name)")) == [
                .send(hex("C3 00 03")), .event(.refused(.forbidden, name: "hello.txt")),
            ])
    }

    @Test(
        "Names that are missing, broken or paths are refused",
        arguments: [
            "82 00 06 49 00 03", "82 00 09 01 00 03 49 00 03", "82 00 0B 01 00 05 00 61 49 00 03",
            "82 00 0D 01 00 07 D8 00 00 00 49 00 03", "82 00 11 01 00 0B 00 2E 00 2F 00 61 00 00 49 00 03",
            "82 00 11 01 00 0B 00 43 00 3A 00 61 00 00 49 00 03",
        ])
    func names(_ packet: String) {
        var server = OBEXServer()
        #expect(server.received(hex(packet)).first == Self.bad)
    }

    @Test(
        "Another request in the middle of an object is bad and drops it; ABORT is not",
        arguments: [
            "80 00 07 10 00 04 00", "81 00 03", "83 00 03", "85 00 05 03 00", "87 00 03", "86 00 03",
            "82 00 06 49 00 02",
        ])
    func otherRequest(_ packet: String) {
        var server = Self.receiving()
        let actions = server.received(hex(packet))
        #expect(actions.first == .event(.objectDropped(.brokenRules)))
        guard case .send(let bytes) = actions.last else { return #expect(Bool(false), "\(actions)") }
        #expect(bytes.first == 0xC0)
        #expect(server.received(hex("FF 00 03")) == [Self.success])
    }

    @Test("The end of the connection drops the half of an object, and nothing else")
    func transportClosed() {
        var server = Self.receiving()
        #expect(server.transportClosed() == [.event(.objectDropped(.transportClosed))])
        #expect(server.transportClosed() == [])
        #expect(server.received(hex("80 00 07 10 00 04 00")) == [])
        var idle = OBEXServer()
        #expect(idle.transportClosed() == [])
    }

    @Test(
        "Going to the root is granted, folders are not",
        arguments: [
            ("85 00 08 02 00 01 00 03", "A0"), ("85 00 12 00 00 01 00 0D 00 70 00 69 00 63 00 73 00 00", "C3"),
            ("85 00 12 02 00 01 00 0D 00 70 00 69 00 63 00 73 00 00", "C4"), ("85 00 05 03 00", "C4"),
            ("85 00 05 00 00", "C0"),
        ])
    func setPath(_ packet: String, _ code: String) {
        var server = OBEXServer()
        #expect(server.received(hex(packet)) == [.send(hex("\(code) 00 03"))])
    }

    @Test("What is not here: sessions, actions, files, the phone book, directed connections")
    func absent() {
        var server = OBEXServer()
        #expect(server.received(hex("87 00 03")) == [.send(hex("D1 00 03"))])
        #expect(server.received(hex("86 00 03")) == [.send(hex("D1 00 03"))])
        #expect(server.received(hex("83 00 1A \(Self.name)")).first == .send(hex("C3 00 03")))
        let telecom = OBEXRequest.get(isFinal: true, [.name("telecom/pb.vcf")]).bytes
        #expect(server.received(telecom).first == .send(hex("C4 00 03")))
        let card = OBEXRequest.put(isFinal: true, [.name("telecom/pb.vcf"), .endOfBody([1])]).bytes
        #expect(server.received(card).first == .send(hex("C4 00 03")))
        #expect(server.received(hex("83 00 03")).first == .send(hex("C4 00 03")))
        #expect(server.received(hex("81 00 08 CB 00 00 00 01")) == [.send(hex("D3 00 03"))])
    }

    @Test("Who says who he is gets his answer addressed; an unknown target is the inbox")
    func connect() {
        var server = OBEXServer(configuration: .init(maximumPacketLength: 1024))
        #expect(
            server.received(hex("80 00 10 10 00 04 00 4A 00 09 4C 69 6E 75 78 00")).first
                == .send(hex("A0 00 10 10 01 04 00 46 00 09 4C 69 6E 75 78 00")))
        #expect(
            server.received(hex("80 00 1A 10 00 20 00 46 00 13") + WireExample.folderBrowsing).first
                == .send(hex("A0 00 07 10 01 04 00")))
    }

    @Test("A length that cannot be ends the connection; what it hid is not read")
    func wrongLength() {
        var server = Self.receiving()
        #expect(
            server.received(hex("82 00 01 81 00 03")) == [
                .event(.objectDropped(.brokenRules)), Self.bad, .close,
            ])
        #expect(server.received(hex("81 00 03")) == [])
    }

    @Test("Endless headers and endless empty parts come to an end")
    func endless() {
        var server = OBEXServer()
        var packets = 0
        while packets < 1000, server.received(hex("02 00 08 C3 00 00 00 01")) == [Self.goOn] { packets += 1 }
        #expect(packets == 64)
        var receiving = Self.receiving()
        packets = 0
        while packets < 1000, receiving.received(hex("02 00 06 48 00 03")) == [Self.goOn] { packets += 1 }
        #expect(packets == 64)
    }

    @Test(
        "Whatever a client sends, the server answers or closes, and keeps to its rules",
        arguments: 1...300 as ClosedRange<UInt64>)
    func hostile(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let card = OBEXDefaultObject(type: "text/x-vcard", name: "me.vcf", body: generator.bytes(600))
        var server = OBEXServer(
            configuration: .init(maximumPacketLength: 255, maximumObjectSize: 300, defaultObjects: [card]))
        var expectation = Expectation()
        let opcodes: [UInt8] = [0x80, 0x81, 0x02, 0x82, 0x02, 0x82, 0x03, 0x83, 0x85, 0x87, 0xFF, 0x10]
        for _ in 0..<80 {
            var headers = OBEXHeaders()
            if Bool.random(using: &generator) { headers.append(.name(Bool.random(using: &generator) ? "a" : "../b")) }
            if Bool.random(using: &generator) { headers.append(.body(generator.bytes(40))) }
            var packet: [UInt8] = [opcodes.randomElement(using: &generator) ?? 0x80, 0, 0]
            if packet[0] == 0x80 { packet += hex("10 00 00 FF") }
            if packet[0] == 0x85 { packet += [0, 0] }
            for header in headers.all { header.append(to: &packet) }
            packet[2] = UInt8(packet.count)
            if Int.random(in: 0..<8, using: &generator) == 0 {
                packet[Int.random(in: 0..<packet.count, using: &generator)] = generator.bytes(1)[0]
            }
            var actions = server.received(packet)
            while !actions.isEmpty {
                actions.forEach { expectation.check($0, seed: seed) }
                actions =
                    expectation.isAsked
                    ? (Bool.random(using: &generator) ? server.accept() : server.refuse(.forbidden)) : []
                expectation.isAsked = false
            }
        }
        server.transportClosed().forEach { expectation.check($0, seed: seed) }
        #expect(!expectation.isReceiving || expectation.wasRefused, "seed \(seed)")
    }

    /// What the user of a server may rely on: parts only between the beginning and the end of an object, and not too many.
    private struct Expectation {
        var isAsked = false
        var isReceiving = false
        var wasRefused = false
        private var received = 0

        mutating func check(_ action: OBEXServerAction, seed: UInt64) {
            switch action {
            case .send(let bytes):
                // It is a packet, and after a question an answer.
                #expect(bytes.count >= 3 && Int(bytes[1]) << 8 | Int(bytes[2]) == bytes.count, "seed \(seed)")
                if bytes[0] >= 0xC0 { wasRefused = true }
            case .close: break
            case .event(.objectBegins):
                isAsked = true
                isReceiving = true
                wasRefused = false
                received = 0
            case .event(.body(let part)):
                #expect(isReceiving, "seed \(seed)")
                received += part.count
                #expect(received <= 300, "seed \(seed)")
            case .event(.objectEnds):
                #expect(isReceiving, "seed \(seed)")
                isAsked = true
                isReceiving = false
            case .event(.objectDropped): isReceiving = false
            case .event(.connected), .event(.refused), .event(.objectFetched), .event(.disconnected): break
            }
        }
    }
}
