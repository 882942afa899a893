/// Cuts a byte stream into packets: TinyTP does not keep their borders (OBEX 1.3, 1.4.1).
struct OBEXPacketAssembler: Sendable {
    /// The largest packet that is taken.
    let limit: Int
    private var buffer: [UInt8] = []
    /// Where the unread bytes of `buffer` begin.
    private var start = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += bytes
    }

    /// The next whole packet; nil if there is none yet.
    ///
    /// - Throws: `OBEXPacketError` if its length is none that it may have; where the next packet begins is then unknown.
    mutating func next() throws(OBEXPacketError) -> [UInt8]? {
        guard buffer.count - start >= OBEXPacket.headSize else { return nil }
        let length = Int(buffer[start + 1]) << 8 | Int(buffer[start + 2])
        guard length >= OBEXPacket.headSize else { throw .wrongLength(length) }
        guard length <= limit else { throw .tooLarge(length, limit: limit) }
        guard buffer.count - start >= length else { return nil }
        defer { start += length }
        return Array(buffer[start..<start + length])
    }
}
