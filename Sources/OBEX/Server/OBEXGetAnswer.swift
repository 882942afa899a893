/// How far an object has been given to who asked for it (OBEX 1.3, 3.3.4).
struct OBEXGetAnswer: Sendable {
    let type: String
    private var headers: ArraySlice<OBEXHeader>
    private var body: ArraySlice<UInt8>

    init(_ object: OBEXDefaultObject) {
        type = object.type
        headers = [.name(object.name), .length(UInt32(clamping: object.body.count))]
        body = object.body[...]
    }

    /// The next packet, in so many bytes behind its head.
    mutating func next(room: Int) -> OBEXResponse {
        let (fitting, left) = headers.fitting(room)
        headers = headers.dropFirst(fitting.count)
        // A name too long for the packet is left out: what was asked for is the content.
        if fitting.isEmpty { headers = headers.dropFirst() }
        let piece = headers.isEmpty ? Array(body.prefix(max(0, left - 3))) : []
        body = body.dropFirst(piece.count)
        if headers.isEmpty && body.isEmpty && left >= 3 {
            return OBEXResponse(.success, OBEXHeaders(Array(fitting) + [.endOfBody(piece)]))
        }
        return OBEXResponse(.continue, OBEXHeaders(Array(fitting) + (piece.isEmpty ? [] : [.body(piece)])))
    }
}
