/// The asking side of one LSAP connection to a peer's information base (IrLMP 1.1, 4.3 and 4.4).
public struct IASClient: Sendable, Hashable {
    private enum State: Sendable, Hashable {
        case idle
        case calling(IAPOutgoingMessage)
        case outstanding(operation: UInt8)
        case replying(operation: UInt8, [UInt8])

        var operation: UInt8? {
            switch self {
            case .idle: nil
            case .calling(let message): message.operation
            case .outstanding(let operation), .replying(let operation, _): operation
            }
        }
    }

    /// What a received frame leads to.
    public struct Step: Sendable, Hashable {
        /// The user data of the PDUs to send now.
        public var send: [[UInt8]] = []
        /// The reply, once it is complete.
        public var reply: IASReply?
        /// The same in the words of GetValueByClass.
        public var result: IASResult? { reply.map(IASResult.init) }
    }

    /// The longest result that is gathered; a longer one counts as unreadable.
    public static let maximumResult = 65_536

    private let maximumPayload: Int
    private var state = State.idle

    /// A client without a query.
    ///
    /// - Parameter maximumPayload: the most bytes of LM user data in one frame (data size less 2).
    public init(maximumPayload: Int) {
        self.maximumPayload = maximumPayload
    }

    /// Whether a query waits for its result.
    public var isOutstanding: Bool { state != .idle }

    /// Starts a query (GetValueByClass); returns the user data of the PDUs to send now.
    ///
    /// Throws if a name is empty or too long, or another query is outstanding.
    public mutating func query(className: IASName, attribute: IASName) throws(IASError) -> [[UInt8]] {
        try ask(.valueByClass(className: className, attribute: attribute))
    }

    /// Asks anything; returns the user data of the PDUs to send now.
    ///
    /// Throws if a name is empty or too long, or another query is outstanding.
    public mutating func ask(_ request: IASRequest) throws(IASError) -> [[UInt8]] {
        try request.validate()
        guard state == .idle else { throw .queryOutstanding }
        return send(
            IAPOutgoingMessage(
                operation: request.operation, message: request.arguments, maximumPayload: maximumPayload))
    }

    /// Takes the user data of one LM data PDU.
    public mutating func receive(_ payload: [UInt8]) -> Step {
        guard let frame = IAPFrame(bytes: payload), frame.operation == state.operation else { return Step() }
        return frame.isAcknowledgement ? Step(send: acknowledged(frame)) : answered(frame)
    }

    private mutating func acknowledged(_ frame: IAPFrame) -> [[UInt8]] {
        switch state {
        case .calling(let message) where !frame.isLast:
            return send(message)
        case .idle, .calling, .outstanding, .replying:
            // Some peers acknowledge every frame; that is to be ignored.
            return []
        }
    }

    private mutating func answered(_ frame: IAPFrame) -> Step {
        let gathered: [UInt8]
        switch state {
        case .idle: return Step()
        // An answer before the whole query was sent can only be a refusal; it ends the call all the same.
        case .calling, .outstanding: gathered = []
        case .replying(_, let parts): gathered = parts
        }
        guard gathered.count + frame.body.count <= Self.maximumResult else {
            state = .idle
            return Step(reply: .unreadable)
        }
        guard frame.isLast else {
            state = .replying(operation: frame.operation, gathered + frame.body)
            return Step(send: [IAPFrame.acknowledgement(operation: frame.operation).bytes])
        }
        state = .idle
        return Step(reply: IASReply(bytes: gathered + frame.body, to: frame.operation))
    }

    private mutating func send(_ message: IAPOutgoingMessage) -> [[UInt8]] {
        var message = message
        let frame = message.next()
        state = frame.isLast ? .outstanding(operation: message.operation) : .calling(message)
        return [frame.bytes]
    }
}
