import TestSupport
import Testing

@testable import IrDAService

@Suite("Messages between programs and the service")
struct MessageTests {
    @Test("every request comes out as it went in", arguments: MessageExamples.requests)
    func requests(request: ServiceRequest) throws {
        let read = try ServiceRequest.read(request.bytes(number: 0xFEDC_BA98))
        #expect(read.number == 0xFEDC_BA98)
        #expect(read.request == request)
    }

    @Test("every answer comes out as it went in", arguments: MessageExamples.replies)
    func replies(reply: ServiceReply) throws {
        let read = try ServiceReply.read(reply.bytes(number: 7))
        #expect(read.number == 7)
        #expect(read.reply == reply)
    }

    @Test("the bytes of a greeting stay what they are, for other versions must be able to read them")
    func greeting() {
        #expect(ServiceRequest.hello(version: 1).bytes(number: 1) == [1, 0, 0, 0, 1, 1, 0])
    }

    @Test("a message that is cut short, or goes on, is refused", arguments: MessageExamples.requests)
    func wrongLength(request: ServiceRequest) {
        let bytes = request.bytes(number: 1)
        for length in 0..<bytes.count {
            #expect(throws: MalformedMessage.ended) { try ServiceRequest.read(Array(bytes.prefix(length))) }
        }
        #expect(throws: MalformedMessage.trailingBytes) { try ServiceRequest.read(bytes + [0]) }
    }

    @Test("a message beyond the limit is refused before it is read")
    func tooLong() {
        let bytes = [UInt8](repeating: 0, count: MessageLimits.longestMessage + 1)
        #expect(throws: MalformedMessage.tooLong(bytes.count)) { try ServiceRequest.read(bytes) }
    }

    @Test("a list or text that claims to be longer than the limit is refused")
    func longClaims() {
        #expect(throws: MalformedMessage.tooLong(0xFFFF)) {
            try ServiceRequest.read([1, 0, 0, 0, 23, 0xFF, 0xFF, 0x41])
        }
        #expect(throws: MalformedMessage.tooLong(0xFFFF)) { try ServiceReply.read([1, 0, 0, 0, 10, 0xFF, 0xFF]) }
    }

    @Test("whatever is done to a message, it is read or refused, and what is read can be written", arguments: 0..<8)
    func mutations(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let messages =
            MessageExamples.requests.map { $0.bytes(number: 1) } + MessageExamples.replies.map { $0.bytes(number: 1) }
        for _ in 0..<Self.mutations {
            guard var bytes = messages.randomElement(using: &generator) else { return }
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
                }
            }
            if let read = try? ServiceRequest.read(bytes) {
                let again = try ServiceRequest.read(read.request.bytes(number: read.number))
                #expect(again.request == read.request, "seed \(seed)")
            }
            if let read = try? ServiceReply.read(bytes) {
                let again = try ServiceReply.read(read.reply.bytes(number: read.number))
                #expect(again.reply == read.reply, "seed \(seed)")
            }
        }
    }

    /// How many mutations each seed tries; more can be had by hand.
    private static let mutations = 1_000
}
