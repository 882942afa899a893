/// A message that is being put together from its segments (TinyTP 1.1, 2.4.3).
struct TinyTPReassembly: Sendable, Hashable {
    private var bytes: [UInt8] = []
    private var isTruncated = false

    /// Takes a segment; what exceeds the limit is thrown away, and the rest of the message taken all the same.
    ///
    /// - Returns: the whole message with its last segment.
    mutating func take(_ segment: TinyTPDataPDU, limit: Int) -> TinyTPDelivery? {
        let room = max(0, limit - bytes.count)
        if segment.payload.count > room { isTruncated = true }
        if bytes.isEmpty && !segment.more {  // The common case: one segment is the message.
            bytes = segment.payload.count > room ? Array(segment.payload.prefix(room)) : segment.payload
        } else {
            bytes.append(contentsOf: segment.payload.prefix(room))
        }
        guard !segment.more else { return nil }
        defer { self = TinyTPReassembly() }
        return TinyTPDelivery(bytes: bytes, isTruncated: isTruncated)
    }
}
