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

/// The credit machine of one TinyTP connection that is used as a byte stream (TinyTP 1.1, 2.4).
///
/// It announces no reassembly, so each received segment is delivered by itself; what is sent is cut into full segments
/// without regard to the calls that queued it. The credit rules are those of 2.4.4; S, R and A are its variables.
public struct TinyTP: Sendable, Hashable {
    /// No more credit than this may be outstanding: the field has seven bits.
    private static let maximumCredit = 127

    /// S: how many data PDUs we may send.
    public private(set) var credits = 0
    /// R: how many data PDUs the peer may send.
    public private(set) var peerCredits = 0
    /// A: free receive buffers not promised to the peer yet.
    public private(set) var available: Int

    private let initialCredit: Int
    private let lowThreshold: Int
    private var hasAnnounced = false
    private var isConnected = false
    /// Delivered segments that the user has not taken yet.
    private var held = 0
    private var segmentSize = 1
    private var queue: [UInt8] = []
    /// Where the unsent bytes of `queue` begin.
    private var queueStart = 0

    /// A connection that is not established yet.
    ///
    /// - Parameters:
    ///   - receiveBuffers: how many received segments may wait for the user; best twice the receive window of IrLAP.
    ///   - initialCredit: how many of them are promised in the connect PDU. When no more than half of it is left, credit
    ///     goes out in a PDU of its own.
    public init(receiveBuffers: Int = 28, initialCredit: Int = 14) {
        available = max(1, receiveBuffers)
        self.initialCredit = min(max(0, initialCredit), Self.maximumCredit, available)
        lowThreshold = self.initialCredit / 2
    }

    /// The PDU for our connect request or confirm. It promises the initial credit; asking again gives the same PDU.
    public mutating func connectPDU() -> TinyTPConnectPDU {
        if !hasAnnounced {
            hasAnnounced = true
            peerCredits = initialCredit
            available -= initialCredit
        }
        return TinyTPConnectPDU(credit: UInt8(initialCredit))
    }

    /// Takes the peer's connect request or confirm. Call `flush()` once the connection may carry data.
    ///
    /// - Parameters:
    ///   - pdu: what the peer sent; a size limit below the segment size is kept to.
    ///   - segmentSize: the most user bytes of one segment (data size less 3).
    public mutating func peerConnected(_ pdu: TinyTPConnectPDU, segmentSize: Int) {
        isConnected = true
        credits = Int(min(pdu.credit, 0x7F))
        let limit = pdu.maximumSDUSize.map { Int(clamping: $0) } ?? .max
        self.segmentSize = max(1, min(segmentSize, limit))
    }

    /// How many bytes wait for credit.
    public var queuedBytes: Int { queue.count - queueStart }

    /// How many more bytes could be sent at once with the credit at hand.
    public var sendRoom: Int {
        let (total, overflow) = credits.multipliedReportingOverflow(by: segmentSize)
        return max(0, (overflow ? .max : total) - queuedBytes)
    }

    /// Queues bytes at the end of the stream.
    ///
    /// - Parameters:
    ///   - bytes: any number of bytes.
    ///   - maximumPDUs: the most PDUs to give now. What stays behind fills up the segments of later calls, so a caller
    ///     whose link is busy does best to ask for few.
    /// - Returns: the PDUs that go now, in order.
    public mutating func send(_ bytes: [UInt8], maximumPDUs: Int = .max) -> [TinyTPDataPDU] {
        queue.append(contentsOf: bytes)
        return flush(maximumPDUs: maximumPDUs)
    }

    /// The PDUs that may go now: queued data as far as the credit reaches, or credit for the peer that is due.
    public mutating func flush(maximumPDUs: Int = .max) -> [TinyTPDataPDU] {
        // Before both connect PDUs have passed nothing else may.
        guard hasAnnounced, isConnected else { return [] }
        var pdus: [TinyTPDataPDU] = []
        while pdus.count < maximumPDUs, credits > 0, queuedBytes > 0 {
            credits -= 1
            let payload = takeSegment()
            pdus.append(TinyTPDataPDU(credit: grant(), payload: payload))
        }
        // Due even with data queued: else two ends without credit could wait for each other for ever.
        if pdus.count < maximumPDUs, peerCredits <= lowThreshold, available > 0 {
            pdus.append(TinyTPDataPDU(credit: grant(), payload: []))
        }
        return pdus
    }

    /// Takes a PDU from the peer.
    ///
    /// - Returns: the bytes for the user (empty for a dataless PDU), which hold a receive buffer until `consumed`, and the
    ///   PDUs to send now.
    public mutating func receive(
        _ pdu: TinyTPDataPDU, maximumPDUs: Int = .max
    ) throws(TinyTPViolation) -> (delivered: [UInt8], send: [TinyTPDataPDU]) {
        credits += Int(min(pdu.credit, 0x7F))
        if !pdu.isDataless {
            // Without credit, a free buffer is still good enough.
            if peerCredits > 0 {
                peerCredits -= 1
            } else if available > 0 {
                available -= 1
            } else {
                throw .dataWithoutCredit
            }
            held += 1
        }
        return (pdu.payload, flush(maximumPDUs: maximumPDUs))
    }

    /// Notes that the user has taken `segments` delivered segments; returns the PDUs to send now.
    public mutating func consumed(segments: Int, maximumPDUs: Int = .max) -> [TinyTPDataPDU] {
        let taken = min(max(0, segments), held)
        held -= taken
        available += taken
        return flush(maximumPDUs: maximumPDUs)
    }

    /// Gives the peer all the credit there is; returns the delta.
    private mutating func grant() -> UInt8 {
        let delta = max(0, min(available, Self.maximumCredit - peerCredits))
        available -= delta
        peerCredits += delta
        return UInt8(delta)
    }

    private mutating func takeSegment() -> [UInt8] {
        let end = min(queue.count, queueStart + segmentSize)
        defer {
            queueStart = end
            // Moving the rest to the front only when half is gone keeps the cost of a byte constant.
            if queueStart * 2 >= queue.count {
                queue.removeFirst(queueStart)
                queueStart = 0
            }
        }
        return Array(queue[queueStart..<end])
    }
}
