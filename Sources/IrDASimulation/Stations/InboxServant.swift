import OBEX

/// One connection of a simulated phone's inbox: takes every object that is put, and gives its business card.
struct InboxServant: Sendable {
    /// What it gives to who asks for a `text/x-vCard`, as phones do.
    static let card = OBEXDefaultObject(
        type: "text/x-vCard", name: "card.vcf",
        body: Array("BEGIN:VCARD\r\nVERSION:2.1\r\nN:Phone;Simulated\r\nTEL:+1-555-0100\r\nEND:VCARD\r\n".utf8))

    private var server = OBEXServer(configuration: .init(defaultObjects: [card]))
    private var answer: ArraySlice<UInt8> = []
    private var unconsumed = 0
    private var isEnding = false

    mutating func received(_ segment: [UInt8]) {
        unconsumed += 1
        carryOut(server.received(segment))
    }

    /// The next thing to do when the peer has room for so many bytes.
    mutating func next(room: Int) -> Servant.Step {
        if !answer.isEmpty {
            guard room > 0 else { return .wait }
            let piece = answer.prefix(room)
            answer = answer.dropFirst(piece.count)
            return .send(piece)
        }
        if isEnding { return .disconnect }
        defer { unconsumed = 0 }
        return unconsumed > 0 ? .consume(segments: unconsumed) : .wait
    }

    private mutating func carryOut(_ actions: [OBEXServerAction]) {
        for action in actions {
            switch action {
            case .send(let bytes): answer += bytes
            case .close: isEnding = true
            case .event(.objectBegins), .event(.objectEnds): carryOut(server.accept())
            case .event(.connected), .event(.body), .event(.objectDropped), .event(.refused), .event(.objectFetched),
                .event(.disconnected):
                break
            }
        }
    }
}
