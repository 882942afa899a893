/// What has come of a PUT (OBEX 1.3, 3.3.3).
struct OBEXPutReception: Sendable {
    /// All headers so far but those of the body.
    private(set) var headers = OBEXHeaders()
    private(set) var packets = 0
    /// Whether the body has begun; later headers do not count.
    private(set) var hasBegun = false
    private var received = 0
    private var emptyParts = 0

    /// A client that sends so many packets without content in a row is not going to end.
    private static let mostEmptyParts = 64

    var headerBytes: Int { headers.size }

    mutating func take(_ more: OBEXHeaders) {
        guard !hasBegun else { return }
        packets += 1
        headers.append(contentsOf: more)
    }

    /// Why this is not taken; nil if nothing is known against it.
    ///
    /// - Parameter isComplete: whether all headers have come.
    func refusal(limit: Int, isFull: Bool, isComplete: Bool) -> OBEXResponseCode? {
        if let name = headers.name {
            guard let text = name.string else { return .badRequest }
            // The phone book of IrMC is not here, which is no fault of the client's.
            if text.hasPrefix(OBEXServer.phoneBookPrefix) { return .notFound }
            guard OBEXFileName.isSingleName(text) else { return .badRequest }
        } else if isComplete {
            return .badRequest
        }
        if isFull { return .databaseFull }
        if let length = headers.length, Int(length) > limit { return .requestedEntityTooLarge }
        return nil
    }

    /// The object, as its headers describe it; nil without a name.
    mutating func begin() -> OBEXIncomingObject? {
        guard let name = headers.name?.string else { return nil }
        hasBegun = true
        return OBEXIncomingObject(
            name: name, type: headers.type, claimedLength: headers.length, time: headers.time)
    }

    /// Counts a part.
    ///
    /// - Returns: false if the object is now larger than permitted.
    mutating func count(_ part: [UInt8], limit: Int) -> Bool {
        received += part.count
        return received <= limit
    }

    mutating func isMakingProgress(with part: [UInt8]) -> Bool {
        emptyParts = part.isEmpty ? emptyParts + 1 : 0
        return emptyParts <= Self.mostEmptyParts
    }
}
