/// One frame of the information access protocol: the control byte and a piece of a message (IrLMP 1.1, 4.3.5).
struct IAPFrame: Sendable, Hashable {
    private static let lastBit: UInt8 = 0x80
    private static let acknowledgementBit: UInt8 = 0x40

    /// The operation, six bits.
    var operation: UInt8
    /// LST: the message ends with this frame.
    var isLast: Bool
    /// ACK: the frame only acknowledges one with the same operation and LST.
    var isAcknowledgement: Bool
    /// The piece of the message.
    var body: [UInt8]

    init(operation: UInt8, isLast: Bool, isAcknowledgement: Bool = false, body: [UInt8] = []) {
        self.operation = operation
        self.isLast = isLast
        self.isAcknowledgement = isAcknowledgement
        self.body = body
    }

    /// Reads a frame; nil without a control byte.
    init?(bytes: [UInt8]) {
        guard let control = bytes.first else { return nil }
        self.init(
            operation: control & 0x3F, isLast: control & Self.lastBit != 0,
            isAcknowledgement: control & Self.acknowledgementBit != 0, body: Array(bytes.dropFirst()))
    }

    var bytes: [UInt8] {
        let flags = (isLast ? Self.lastBit : 0) | (isAcknowledgement ? Self.acknowledgementBit : 0)
        return [operation & 0x3F | flags] + body
    }

    /// The acknowledgement that asks for the next frame of a longer message.
    static func acknowledgement(operation: UInt8) -> IAPFrame {
        IAPFrame(operation: operation, isLast: false, isAcknowledgement: true)
    }
}

/// A message on its way out, one frame at a time: each frame but the last waits for the acknowledgement of the one before
/// (IrLMP 1.1, 4.4).
struct IAPOutgoingMessage: Sendable, Hashable {
    let operation: UInt8
    private var rest: ArraySlice<UInt8>
    private let room: Int

    /// - Parameter maximumPayload: the room for one frame with its control byte; at least 2 is assumed.
    init(operation: UInt8, message: [UInt8], maximumPayload: Int) {
        self.operation = operation
        rest = message[...]
        room = max(1, maximumPayload - 1)
    }

    /// The next frame, and whether it was the last.
    mutating func next() -> IAPFrame {
        let body = rest.prefix(room)
        rest = rest.dropFirst(room)
        return IAPFrame(operation: operation, isLast: rest.isEmpty, body: Array(body))
    }
}
