/// The answering side of one LSAP connection to the information base (IrLMP 1.1, 4.3 and 4.4).
///
/// Operations that the information base does not support are answered "unsupported". One instance serves one connection.
public struct IASServer: Sendable, Hashable {
    private enum State: Sendable, Hashable {
        case waiting
        /// A command in several frames is arriving; `arguments` is nil once it is longer than any that we take.
        case receiving(operation: UInt8, arguments: [UInt8]?)
        case returning(IAPOutgoingMessage)
    }

    private let maximumPayload: Int
    private var state = State.waiting

    /// A server that waits for a command.
    ///
    /// - Parameter maximumPayload: the most bytes of LM user data in one frame (data size less 2).
    public init(maximumPayload: Int) {
        self.maximumPayload = maximumPayload
    }

    /// Takes the user data of one LM data PDU; returns the user data of the PDUs to send now.
    public mutating func receive(_ payload: [UInt8], database: IASDatabase) -> [[UInt8]] {
        guard let frame = IAPFrame(bytes: payload) else { return [] }
        if frame.isAcknowledgement { return acknowledged(frame) }
        // A client has one call at a time: a command while a result is being returned replaces it.
        let arguments = gathered(frame)
        guard frame.isLast else {
            state = .receiving(operation: frame.operation, arguments: arguments)
            return [IAPFrame.acknowledgement(operation: frame.operation).bytes]
        }
        let result = execute(frame.operation, arguments, database)
        return send(
            IAPOutgoingMessage(
                operation: frame.operation, message: result.bytes, maximumPayload: maximumPayload))
    }

    /// The arguments so far with this frame's; nil if they are too long to be a query.
    private func gathered(_ frame: IAPFrame) -> [UInt8]? {
        switch state {
        case .receiving(frame.operation, let arguments):
            guard let arguments, arguments.count + frame.body.count <= IASRequest.longestArguments else { return nil }
            return arguments + frame.body
        case .waiting, .receiving, .returning:
            return frame.isLast || frame.body.count <= IASRequest.longestArguments ? frame.body : nil
        }
    }

    private func execute(_ operation: UInt8, _ arguments: [UInt8]?, _ database: IASDatabase) -> IASReply {
        guard let arguments, let request = IASRequest(operation: operation, arguments: arguments) else {
            return .unreadable
        }
        return database.reply(to: request)
    }

    private mutating func acknowledged(_ frame: IAPFrame) -> [[UInt8]] {
        switch state {
        case .returning(let message) where message.operation == frame.operation && !frame.isLast:
            return send(message)
        case .waiting, .receiving, .returning:
            // Some peers acknowledge every frame; that is to be ignored.
            return []
        }
    }

    private mutating func send(_ message: IAPOutgoingMessage) -> [[UInt8]] {
        var message = message
        let frame = message.next()
        state = frame.isLast ? .waiting : .returning(message)
        return [frame.bytes]
    }
}
