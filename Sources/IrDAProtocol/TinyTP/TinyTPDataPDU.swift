/// A TinyTP PDU on an established connection (TinyTP 1.1, 2.3.1).
public struct TinyTPDataPDU: Sendable, Hashable {
    /// M: more segments of the SDU follow.
    public var more: Bool
    /// The credit given, 0 to 127, on top of what was given before.
    public var credit: UInt8
    /// The user data; a PDU without any costs no credit.
    public var payload: [UInt8]

    private static let moreBit: UInt8 = 0x80

    /// A PDU from its fields.
    public init(more: Bool = false, credit: UInt8, payload: [UInt8]) {
        self.more = more
        self.credit = credit
        self.payload = payload
    }

    /// Reads the user data of an LM data PDU; nil if it is empty. M means nothing without user data and is dropped.
    public init?(bytes: [UInt8]) {
        var pool = BufferPool()
        self.init(bytes: bytes[...], &pool)
    }

    /// The same; the user data goes into a buffer of the pool.
    init?(bytes: ArraySlice<UInt8>, _ pool: inout BufferPool) {
        guard let first = bytes.first else { return nil }
        self.init(
            more: first & Self.moreBit != 0 && bytes.count > 1, credit: first & 0x7F,
            payload: pool.buffer(with: bytes.dropFirst()))
    }

    /// Whether the PDU carries no user data.
    public var isDataless: Bool { payload.isEmpty }

    /// The user data of the LM data PDU. The credit is limited to 127.
    public var bytes: [UInt8] {
        [Self.header(more: more && !isDataless, credit: credit)] + payload
    }

    /// The byte in front of the user data.
    static func header(more: Bool, credit: UInt8) -> UInt8 { min(credit, 0x7F) | (more ? moreBit : 0) }
}
