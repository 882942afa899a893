/// The machine behind a connection: TinyTP, or the bare multiplexer.
struct TransportMachine: Sendable {
    /// Why a connection cannot go on.
    enum Violation: Error {
        /// The peer broke a rule of TinyTP.
        case protocolError
        /// There is nowhere to put what came without credit.
        case overrun
    }

    /// Credit and M, in front of the user data.
    private static let tinyTPHeader = 1

    let kind: IrDATransport
    private var tinyTP: TinyTP
    private var raw = RawTransport()

    init(_ kind: IrDATransport) {
        self.kind = kind
        tinyTP =
            switch kind {
            case .stream, .raw: TinyTP()
            case .messages(let size): TinyTP(keepsBoundaries: true, maximumSDUSize: size)
            }
    }

    // MARK: Connecting

    /// The user data of our LM connect or confirm.
    ///
    /// - Parameter data: what our user says in it.
    mutating func connectPayload(_ data: [UInt8]) -> [UInt8] {
        switch kind {
        case .stream, .messages: tinyTP.connectPDU(payload: data).bytes
        case .raw: data
        }
    }

    /// Takes the user data of the peer's LM connect or confirm.
    ///
    /// - Returns: what the peer's user says in it, often nothing; nil if it breaks the protocol.
    mutating func peerConnected(_ payload: [UInt8], maximumPayload: Int) -> [UInt8]? {
        switch kind {
        case .stream, .messages:
            guard let pdu = TinyTPConnectPDU(bytes: payload) else { return nil }
            tinyTP.peerConnected(pdu, segmentSize: maximumPayload - 1)
            return pdu.payload
        case .raw:
            raw.peerConnected(maximumPayload: maximumPayload)
            return payload
        }
    }

    /// The most bytes of one message to the peer; nil where there are no messages.
    var sendableMessage: Int? {
        switch kind {
        case .messages: tinyTP.sendableSDU
        case .stream, .raw: nil
        }
    }

    /// The most bytes of one message from the peer; nil where there are no messages.
    ///
    /// - Parameter segmentSize: what fits one segment.
    func receivableMessage(segmentSize: Int) -> Int? {
        switch kind {
        case .messages: tinyTP.receivableSDU.map { Int(clamping: $0) } ?? segmentSize
        case .stream, .raw: nil
        }
    }

    // MARK: Sending

    /// How many bytes may be queued now.
    var sendRoom: Int {
        switch kind {
        case .stream, .messages: tinyTP.sendRoom
        case .raw: raw.sendRoom
        }
    }

    var queuedBytes: Int {
        switch kind {
        case .stream, .messages: tinyTP.queuedBytes
        case .raw: raw.queuedBytes
        }
    }

    /// Whether `nextPDU` has one.
    var hasPDU: Bool {
        switch kind {
        case .stream, .messages: tinyTP.hasPDU
        case .raw: raw.queuedBytes > 0
        }
    }

    mutating func queue(_ bytes: some Collection<UInt8>) {
        switch kind {
        case .stream, .messages: tinyTP.queue(bytes)
        case .raw: raw.queue(bytes)
        }
    }

    /// The user data of the next LM data PDU.
    ///
    /// - Parameter room: what the link would like to carry; nil for a whole segment, as is what cannot be divided.
    mutating func nextPDU(for room: InformationRoom?) -> [UInt8]? {
        switch kind {
        case .stream, .messages:
            tinyTP.nextPDU(room?.behind(header: LMPDU.dataHeader + Self.tinyTPHeader))?.bytes
        case .raw: raw.nextPDU()
        }
    }

    // MARK: Receiving

    /// Takes the user data of an LM data PDU.
    mutating func receive(_ payload: [UInt8]) throws(Violation) -> TinyTPDelivery? {
        switch kind {
        case .stream, .messages:
            guard let pdu = TinyTPDataPDU(bytes: payload) else { throw .protocolError }
            do throws(TinyTPViolation) {
                return try tinyTP.receive(pdu)
            } catch {
                throw .protocolError
            }
        case .raw:
            guard !payload.isEmpty else { return nil }
            guard raw.receive() else { throw .overrun }
            return TinyTPDelivery(bytes: payload, isTruncated: false)
        }
    }

    /// Whether so much is held that the peer has to stop, and only the link can tell it.
    var isCongested: Bool {
        switch kind {
        case .stream, .messages: false
        case .raw: raw.isCongested
        }
    }

    /// The user has taken so many units that were delivered.
    mutating func consumed(_ units: Int) {
        switch kind {
        case .stream, .messages: tinyTP.consumed(units)
        case .raw: raw.consumed(units)
        }
    }
}
