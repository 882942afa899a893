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
    private var cooking = CookedFraming(pduSize: 0)

    init(_ kind: IrDATransport) {
        self.kind = kind
        tinyTP =
            switch kind {
            case .stream, .raw: TinyTP()
            case .cooked: TinyTP(keepsBoundaries: true)
            case .messages(let size): TinyTP(keepsBoundaries: true, maximumSDUSize: size)
            }
    }

    // MARK: Connecting

    /// The user data of our LM connect or confirm.
    ///
    /// - Parameter data: what our user says in it.
    mutating func connectPayload(_ data: [UInt8]) -> [UInt8] {
        switch kind {
        case .stream, .messages, .cooked: tinyTP.connectPDU(payload: data).bytes
        case .raw: data
        }
    }

    /// Takes the user data of the peer's LM connect or confirm.
    ///
    /// - Returns: what the peer's user says in it, often nothing; nil if it breaks the protocol.
    mutating func peerConnected(_ payload: [UInt8], maximumPayload: Int) -> [UInt8]? {
        switch kind {
        case .stream, .messages, .cooked:
            guard let pdu = TinyTPConnectPDU(bytes: payload) else { return nil }
            tinyTP.peerConnected(pdu, segmentSize: maximumPayload - Self.tinyTPHeader)
            cooking = CookedFraming(pduSize: min(tinyTP.sendableSDU, maximumPayload - Self.tinyTPHeader))
            return pdu.payload
        case .raw:
            raw.peerConnected(maximumPayload: maximumPayload)
            return payload
        }
    }

    /// Says what has to be said before all data by who has opened the connection.
    mutating func introduce() {
        switch kind {
        case .cooked: tinyTP.queue(CookedFraming.introduction)
        case .stream, .messages, .raw: break
        }
    }

    /// Whether the peer has announced that it puts messages together.
    var peerReassembles: Bool {
        switch kind {
        case .stream, .messages, .cooked: tinyTP.peerReassembles
        case .raw: false
        }
    }

    /// The most bytes of one message to the peer; nil where there are no messages.
    var sendableMessage: Int? {
        switch kind {
        case .messages: tinyTP.sendableSDU
        case .stream, .cooked, .raw: nil
        }
    }

    /// The most bytes of one message from the peer; nil where there are no messages.
    ///
    /// - Parameter segmentSize: what fits one segment.
    func receivableMessage(segmentSize: Int) -> Int? {
        switch kind {
        case .messages: tinyTP.receivableSDU.map { Int(clamping: $0) } ?? segmentSize
        case .stream, .cooked, .raw: nil
        }
    }

    // MARK: Sending

    /// How many bytes may be queued now.
    var sendRoom: Int {
        switch kind {
        case .stream, .messages: tinyTP.sendRoom
        case .cooked: cooking.room(in: tinyTP.sendRoom)
        case .raw: raw.sendRoom
        }
    }

    var queuedBytes: Int {
        switch kind {
        case .stream, .messages, .cooked: tinyTP.queuedBytes
        case .raw: raw.queuedBytes
        }
    }

    /// Whether `appendPDU` has one.
    var hasPDU: Bool {
        switch kind {
        case .stream, .messages, .cooked: tinyTP.hasPDU
        case .raw: raw.queuedBytes > 0
        }
    }

    mutating func queue(_ bytes: some Collection<UInt8>) {
        switch kind {
        case .stream, .messages: tinyTP.queue(bytes)
        case .cooked: for pdu in cooking.pdus(of: bytes) { tinyTP.queue(pdu) }
        case .raw: raw.queue(bytes)
        }
    }

    /// Puts the user data of the next LM data PDU behind what is in a buffer.
    ///
    /// - Parameters:
    ///   - room: what the link would like to carry; nil for a whole segment, as is what cannot be divided.
    ///   - buffer: where it goes.
    /// - Returns: whether there was one.
    mutating func appendPDU(for room: InformationRoom?, to buffer: inout [UInt8]) -> Bool {
        switch kind {
        case .stream, .messages, .cooked:
            return tinyTP.appendPDU(room?.behind(header: LMPDU.dataHeader + Self.tinyTPHeader), to: &buffer)
        case .raw:
            guard let pdu = raw.nextPDU() else { return false }
            buffer += pdu
            return true
        }
    }

    // MARK: Receiving

    /// Takes the user data of an LM data PDU.
    ///
    /// - Parameters:
    ///   - payload: the user data.
    ///   - pool: where the buffer of what is delivered comes from.
    mutating func receive(
        _ payload: ArraySlice<UInt8>, _ pool: inout BufferPool
    ) throws(Violation) -> TinyTPDelivery? {
        switch kind {
        case .stream, .messages:
            return try receiveSegment(payload, &pool)
        case .cooked:
            guard var unit = try receiveSegment(payload, &pool) else { return nil }
            unit.bytes = CookedFraming.data(of: unit.bytes)
            if unit.bytes.isEmpty { tinyTP.consumed(1) }  // Nobody will report it as consumed.
            return unit.bytes.isEmpty ? nil : unit
        case .raw:
            guard !payload.isEmpty else { return nil }
            guard raw.receive() else { throw .overrun }
            return TinyTPDelivery(bytes: pool.buffer(with: payload), isTruncated: false)
        }
    }

    private mutating func receiveSegment(
        _ payload: ArraySlice<UInt8>, _ pool: inout BufferPool
    ) throws(Violation) -> TinyTPDelivery? {
        guard let pdu = TinyTPDataPDU(bytes: payload, &pool) else { throw .protocolError }
        do throws(TinyTPViolation) {
            return try tinyTP.receive(pdu)
        } catch {
            throw .protocolError
        }
    }

    /// Whether so much is held that the peer has to stop, and only the link can tell it.
    var isCongested: Bool {
        switch kind {
        case .stream, .messages, .cooked: false
        case .raw: raw.isCongested
        }
    }

    /// The user has taken so many units that were delivered.
    mutating func consumed(_ units: Int) {
        switch kind {
        case .stream, .messages, .cooked: tinyTP.consumed(units)
        case .raw: raw.consumed(units)
        }
    }
}
