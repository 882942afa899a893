/// How a peer broke the rules of TinyTP.
public enum TinyTPViolation: Error, Sendable, Hashable, CustomStringConvertible {
    /// It sent data without credit, and no buffer was free. The connection is to be closed.
    case dataWithoutCredit

    /// What happened.
    public var description: String {
        switch self {
        case .dataWithoutCredit: "the peer sent TinyTP data without credit and every receive buffer is in use"
        }
    }
}

/// The machine of one TinyTP connection: credit, and how user data is cut into segments and put together again (TinyTP 1.1).
///
/// It carries either a byte stream or messages. A *stream* announces no reassembly, delivers each received segment by itself,
/// and cuts what it sends into full segments without regard to the calls that queued it. *Messages* go in as many segments as
/// they need, M set on all but the last, toward a peer that has announced to put them together, and in one segment else
/// (2.4.3). The credit rules are those of 2.4.4; S, R and A are its variables.
public struct TinyTP: Sendable, Hashable {
    /// No more credit than this may be outstanding: the field has seven bits.
    private static let maximumCredit = 127
    /// The longest message that is put together, whatever is asked for; an unbounded one would need delivery in parts.
    public static let longestMessage: UInt32 = 1 << 20
    /// More than this is not queued, however much credit a peer gives: two turns of the longest frames. What a program has written
    /// is best kept where it counts as unsent.
    private static let longestQueue = 1 << 15

    /// S: how many data PDUs we may send.
    public private(set) var credits = 0
    /// R: how many data PDUs the peer may send.
    public private(set) var peerCredits = 0
    /// A: free receive buffers not promised to the peer yet.
    public private(set) var available: Int
    /// The longest message in bytes that we announce; nil if received segments are not put together.
    public private(set) var receivableSDU: UInt32?

    private let initialCredit: Int
    private let lowThreshold: Int
    /// What our connect PDU promises; nil before there is one.
    private var promisedCredit: Int?
    private var isConnected = false
    /// Delivered units that the user has not taken yet; each holds a buffer.
    private var held = 0
    private var outgoing: TinyTPSendQueue
    private var reassembly = TinyTPReassembly()

    /// A connection that is not established yet.
    ///
    /// - Parameters:
    ///   - receiveBuffers: how many received segments may wait for the user; best twice the receive window of IrLAP.
    ///   - initialCredit: how many of them are promised in the connect PDU. When no more than half of it is left, credit
    ///     goes out in a PDU of its own.
    ///   - keepsBoundaries: whether it carries messages rather than a stream.
    ///   - maximumSDUSize: the longest message in bytes that is announced to be put together, 1 to `longestMessage`; nil if
    ///     received segments are not put together.
    public init(
        receiveBuffers: Int = 28, initialCredit: Int = 14, keepsBoundaries: Bool = false, maximumSDUSize: UInt32? = nil
    ) {
        available = max(1, receiveBuffers)
        self.initialCredit = min(max(0, initialCredit), Self.maximumCredit, available)
        lowThreshold = self.initialCredit / 2
        receivableSDU = maximumSDUSize.map { min(max(1, $0), Self.longestMessage) }
        outgoing = TinyTPSendQueue(keepsBoundaries: keepsBoundaries)
    }

    /// The PDU for our connect request or confirm. It promises the initial credit; asking again gives the same PDU.
    ///
    /// A confirm mirrors the peer's choice: to a request without MaxSduSize it announces none either, since some peers drop one
    /// that does not match (facts on Linux: "SAR must match the socket type").
    ///
    /// - Parameter payload: user data for it; a peer is sure to take 52 bytes (2.2.1).
    public mutating func connectPDU(payload: [UInt8] = []) -> TinyTPConnectPDU {
        // A peer that has sent data before it may holds buffers that cannot be promised.
        let promised = promisedCredit ?? min(initialCredit, available)
        if promisedCredit == nil {
            promisedCredit = promised
            peerCredits = promised
            available -= promised
        }
        return TinyTPConnectPDU(credit: UInt8(promised), maximumSDUSize: receivableSDU, payload: payload)
    }

    /// Takes the peer's connect request or confirm. Nothing is sent before both have passed.
    ///
    /// - Parameters:
    ///   - pdu: what the peer sent.
    ///   - segmentSize: the most user bytes of one segment (data size less 3).
    public mutating func peerConnected(_ pdu: TinyTPConnectPDU, segmentSize: Int) {
        isConnected = true
        credits = Int(min(pdu.credit, 0x7F))
        outgoing.configure(segmentSize: segmentSize, peerLimit: pdu.maximumSDUSize)
        if !hasAnnounced && pdu.maximumSDUSize == nil { receivableSDU = nil }
    }

    private var hasAnnounced: Bool { promisedCredit != nil }

    // MARK: Sending

    /// How many bytes wait for credit or for a turn.
    public var queuedBytes: Int { outgoing.count }

    /// The most bytes of one message to the peer: its MaxSduSize, or one segment if it does not put segments together.
    public var sendableSDU: Int { outgoing.longestMessage }

    /// Whether the peer has announced that it puts messages together (MaxSduSize).
    public var peerReassembles: Bool { outgoing.peerReassembles }

    /// How many more bytes could be sent with the credit at hand; of messages, if there is any a whole one is taken.
    public var sendRoom: Int { outgoing.room(for: credits, most: Self.longestQueue) }

    /// Whether `nextPDU` has one.
    public var hasPDU: Bool { hasAnnounced && isConnected && (credits > 0 && queuedBytes > 0 || mustGrant) }

    /// Queues bytes: at the end of the stream, or one message of at most `sendableSDU` bytes.
    public mutating func queue(_ bytes: some Collection<UInt8>) {
        outgoing.append(bytes)
    }

    /// The next PDU that may go now: queued data if there is credit, else credit for the peer that is due.
    ///
    /// - Parameter room: the most user data to put into it; a link with errors does better with shorter frames. Nil: a whole
    ///   segment.
    /// - Returns: nil if there is nothing, or nothing may go.
    public mutating func nextPDU(_ room: InformationRoom? = nil) -> TinyTPDataPDU? {
        var bytes: [UInt8] = []
        return appendPDU(room, to: &bytes) ? TinyTPDataPDU(bytes: bytes) : nil
    }

    /// The same, put behind what is in a buffer, as transmitted.
    ///
    /// - Returns: whether there was one.
    mutating func appendPDU(_ room: InformationRoom?, to buffer: inout [UInt8]) -> Bool {
        // Before both connect PDUs have passed nothing else may.
        guard hasAnnounced, isConnected else { return false }
        let start = buffer.endIndex
        buffer.append(0)
        if credits > 0, let more = outgoing.moveSegment(room, to: &buffer) {
            credits -= 1
            buffer[start] = TinyTPDataPDU.header(more: more, credit: grant())
            return true
        }
        guard mustGrant else {
            buffer.removeLast()
            return false
        }
        buffer[start] = TinyTPDataPDU.header(more: false, credit: grant())
        return true
    }

    /// Queues bytes and gives the PDUs that may go now.
    ///
    /// - Parameters:
    ///   - bytes: any number of bytes of a stream, or one message.
    ///   - maximumPDUs: the most PDUs to give now. What stays behind fills up the segments of later calls.
    /// - Returns: the PDUs that go now, in order.
    public mutating func send(_ bytes: [UInt8], maximumPDUs: Int = .max) -> [TinyTPDataPDU] {
        queue(bytes)
        return flush(maximumPDUs: maximumPDUs)
    }

    /// The PDUs that may go now: queued data as far as the credit reaches, or credit for the peer that is due.
    public mutating func flush(maximumPDUs: Int = .max) -> [TinyTPDataPDU] {
        var pdus: [TinyTPDataPDU] = []
        while pdus.count < maximumPDUs, let pdu = nextPDU() { pdus.append(pdu) }
        return pdus
    }

    // MARK: Receiving

    /// Takes a PDU from the peer.
    ///
    /// - Returns: what is complete with it, a segment of a stream or a whole message, which holds a receive buffer until
    ///   `consumed`; nil for a dataless PDU and for the first parts of a message.
    /// - Throws: `TinyTPViolation` if the peer sends without credit and there is no buffer.
    public mutating func receive(_ pdu: TinyTPDataPDU) throws(TinyTPViolation) -> TinyTPDelivery? {
        credits += Int(min(pdu.credit, 0x7F))
        guard !pdu.isDataless else { return nil }
        // Without credit, a free buffer is still good enough.
        if peerCredits > 0 {
            peerCredits -= 1
        } else if available > 0 {
            available -= 1
        } else {
            throw .dataWithoutCredit
        }
        guard let limit = receivableSDU else {
            held += 1
            return TinyTPDelivery(bytes: pdu.payload, isTruncated: false)
        }
        guard let message = reassembly.take(pdu, limit: Int(limit)) else {
            available += 1  // The segment has gone to the message that is being put together; its buffer is free.
            return nil
        }
        held += 1
        return message
    }

    /// Notes that the user has taken so many of the units that were delivered.
    public mutating func consumed(_ units: Int) {
        let taken = min(max(0, units), held)
        held -= taken
        available += taken
    }

    // MARK: Credit

    /// Credit is due even with data queued: else two ends without credit could wait for each other for ever.
    private var mustGrant: Bool { peerCredits <= lowThreshold && grantable > 0 }

    private var grantable: Int { max(0, min(available, Self.maximumCredit - peerCredits)) }

    /// Gives the peer all the credit there is; returns the delta.
    private mutating func grant() -> UInt8 {
        let delta = grantable
        available -= delta
        peerCredits += delta
        return UInt8(delta)
    }
}

/// What a TinyTP connection delivers at once.
public struct TinyTPDelivery: Sendable, Hashable {
    /// The bytes; never empty.
    public var bytes: [UInt8]
    /// Whether the end of a message is missing, since it was longer than we had announced to take.
    public var isTruncated: Bool
}
