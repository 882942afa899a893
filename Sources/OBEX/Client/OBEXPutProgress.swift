/// How far a PUT has come: what is still to be sent, packet by packet (OBEX 1.3, 3.3.3).
struct OBEXPutProgress: Sendable {
    enum Step {
        case packet(OBEXHeaders, isFinal: Bool)
        /// For more of the body, best so many bytes.
        case wait(Int)
    }

    /// The headers that have not gone yet.
    private var headers: ArraySlice<OBEXHeader>
    /// What of the body is there and has not gone yet.
    private var body: ArraySlice<UInt8> = []
    private var bodyIsWhole = false
    /// How many bytes of the body have gone.
    private(set) var sent = 0

    init(headers: OBEXHeaders) {
        self.headers = headers.all[...]
    }

    mutating func supply(_ more: [UInt8], isLast: Bool) {
        body += more
        bodyIsWhole = isLast
    }

    /// The next packet, in so many bytes behind its head. No header crosses packets, and none is larger than `room`.
    mutating func next(room: Int) -> Step {
        let (fitting, left) = headers.fitting(room)
        let bodyRoom = left - Self.bodyHead
        if fitting.count == headers.count, bodyRoom > 0 {
            guard !body.isEmpty || bodyIsWhole else { return .wait(bodyRoom) }
            let piece = Array(body.prefix(bodyRoom))
            body = body.dropFirst(piece.count)
            sent += piece.count
            headers = []
            // The end is always told by End-of-Body: some receivers wait for it, others for the final bit.
            let isFinal = bodyIsWhole && body.isEmpty
            return .packet(
                OBEXHeaders(Array(fitting) + [isFinal ? .endOfBody(piece) : .body(piece)]), isFinal: isFinal)
        }
        headers = headers.dropFirst(fitting.count)
        return .packet(OBEXHeaders(Array(fitting)), isFinal: false)
    }

    /// The id and the length of a body header.
    private static let bodyHead = 3
}

extension ArraySlice<OBEXHeader> {
    /// The headers at the front that fit into `room` bytes, and how many bytes are left.
    func fitting(_ room: Int) -> (headers: ArraySlice<OBEXHeader>, left: Int) {
        var left = room
        let fitting = prefix { header in
            guard header.size <= left else { return false }
            left -= header.size
            return true
        }
        return (fitting, left)
    }
}
