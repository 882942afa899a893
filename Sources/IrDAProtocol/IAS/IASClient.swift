/// The asking side of one LSAP connection to a peer's information base (IrLMP 1.1, 4.3 and 4.4).
public struct IASClient: Sendable, Hashable {
    private enum State: Sendable, Hashable {
        case idle
        case calling(IAPOutgoingMessage)
        case outstanding
        case replying([UInt8])
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
        try className.validate()
        try attribute.validate()
        guard state == .idle else { throw .queryOutstanding }
        return send(
            IAPOutgoingMessage(
                operation: IAPFrame.getValueByClass,
                message: IASQuery(className: className, attribute: attribute).bytes,
                maximumPayload: maximumPayload))
    }

    /// Takes the user data of one LM data PDU; returns what to send now, and the result once it is complete.
    public mutating func receive(_ payload: [UInt8]) -> (send: [[UInt8]], result: IASResult?) {
        guard let frame = IAPFrame(bytes: payload), frame.operation == IAPFrame.getValueByClass else {
            return ([], nil)
        }
        return frame.isAcknowledgement ? (acknowledged(frame), nil) : answered(frame)
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

    private mutating func answered(_ frame: IAPFrame) -> (send: [[UInt8]], result: IASResult?) {
        let gathered: [UInt8]
        switch state {
        case .idle: return ([], nil)
        // An answer before the whole query was sent can only be a refusal; it ends the call all the same.
        case .calling, .outstanding: gathered = []
        case .replying(let parts): gathered = parts
        }
        guard gathered.count + frame.body.count <= Self.maximumResult else {
            state = .idle
            return ([], .unreadable)
        }
        guard frame.isLast else {
            state = .replying(gathered + frame.body)
            return ([IAPFrame.acknowledgement(operation: frame.operation).bytes], nil)
        }
        state = .idle
        return ([], IASResult(bytes: gathered + frame.body))
    }

    private mutating func send(_ message: IAPOutgoingMessage) -> [[UInt8]] {
        var message = message
        let frame = message.next()
        state = frame.isLast ? .outstanding : .calling(message)
        return [frame.bytes]
    }
}
