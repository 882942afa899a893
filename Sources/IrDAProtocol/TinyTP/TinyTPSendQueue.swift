import DequeModule

/// What waits to be sent on a TinyTP connection: a stream of bytes, or messages that are kept apart.
struct TinyTPSendQueue: Sendable, Hashable {
    private let keepsBoundaries: Bool
    private var bytes: [UInt8] = []
    /// Where the unsent bytes begin.
    private var start = 0
    /// How many bytes of each message are still to be sent; empty for a stream.
    private var messages: Deque<Int> = []
    /// How many full segments all of that takes, at most one of each message short.
    private(set) var segments = 0
    /// The most user bytes of one segment.
    private(set) var segmentSize = 1
    /// The most bytes of one message.
    private(set) var longestMessage = 1
    private(set) var peerReassembles = false

    init(keepsBoundaries: Bool) {
        self.keepsBoundaries = keepsBoundaries
    }

    /// Notes what the link and the peer can take; a limit of a peer is kept to even if a segment would hold more.
    mutating func configure(segmentSize: Int, peerLimit: UInt32?) {
        peerReassembles = peerLimit != nil
        let limit = peerLimit.map { Int(clamping: $0) } ?? .max
        self.segmentSize = max(1, min(segmentSize, limit))
        longestMessage = peerReassembles ? limit : self.segmentSize
        segments = messages.reduce(0) { $0 + segmentCount($1) }
    }

    var count: Int { bytes.count - start }

    /// How many bytes may be added when so many segments may go, but not more than `most` in all.
    func room(for credits: Int, most: Int) -> Int {
        let free = keepsBoundaries ? max(0, credits - segments) : credits
        let (total, overflow) = free.multipliedReportingOverflow(by: segmentSize)
        let allowed = overflow ? most : min(total, most)
        // What a stream has queued fills the segments of what comes.
        return keepsBoundaries ? max(0, min(allowed, most - count)) : max(0, allowed - count)
    }

    mutating func append(_ more: some Collection<UInt8>) {
        guard !more.isEmpty else { return }
        bytes.append(contentsOf: more)
        guard keepsBoundaries else { return }
        messages.append(more.count)
        segments += segmentCount(more.count)
    }

    /// Moves the next segment behind what is in a buffer.
    ///
    /// - Parameters:
    ///   - room: the most of it; nil: a whole segment. A message that may not be divided is moved whole.
    ///   - buffer: where it goes.
    /// - Returns: whether more of its message follows; nil if nothing waits.
    mutating func moveSegment(_ room: InformationRoom?, to buffer: inout [UInt8]) -> Bool? {
        guard count > 0 else { return nil }
        guard keepsBoundaries, let left = messages.first else {
            move(segmentLength(of: count, room), to: &buffer)
            return false
        }
        let size = peerReassembles ? segmentLength(of: left, room) : left
        segments += segmentCount(left - size) - segmentCount(left)
        if size == left { messages.removeFirst() } else { messages[messages.startIndex] -= size }
        move(size, to: &buffer)
        return size < left
    }

    /// How many of the next bytes go into one segment; always one at least.
    private func segmentLength(of left: Int, _ room: InformationRoom?) -> Int {
        let most = min(left, segmentSize)
        guard let room else { return most }
        return max(1, room.prefixLength(of: bytes[start..<start + most]))
    }

    private func segmentCount(_ bytes: Int) -> Int { (bytes + segmentSize - 1) / segmentSize }

    private mutating func move(_ size: Int, to buffer: inout [UInt8]) {
        buffer.append(contentsOf: bytes[start..<start + size])
        start += size
        // Moving the rest to the front only when half is gone keeps the cost of a byte constant.
        if start * 2 >= bytes.count {
            bytes.removeFirst(start)
            start = 0
        }
    }
}
