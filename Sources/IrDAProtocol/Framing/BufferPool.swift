/// Buffers whose content is out of the way, for the content that is to come: so frames of a steady transfer take no memory.
struct BufferPool: Sendable {
    /// More than two full windows, and what is on its way between the layers, are never needed.
    private static let most = 32

    private var spares: [[UInt8]] = []

    /// An empty buffer, with memory behind it if there is a spare one.
    mutating func take() -> [UInt8] {
        guard var buffer = spares.popLast() else { return [] }
        // If somebody still looks at the content, it stays his, and this one gets new memory.
        buffer.removeAll(keepingCapacity: true)
        return buffer
    }

    /// A buffer with these bytes; without any it has no memory either.
    mutating func buffer(with bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        var buffer = take()
        buffer.append(contentsOf: bytes)
        return buffer
    }

    /// Takes a buffer that is not needed any more.
    mutating func give(_ buffer: consuming [UInt8]) {
        if spares.count < Self.most && buffer.capacity > 0 { spares.append(buffer) }
    }
}
