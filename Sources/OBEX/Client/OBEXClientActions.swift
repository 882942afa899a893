/// What a client machine wants done, in order.
public enum OBEXClientAction: Hashable, Sendable {
    /// Send these bytes to the server.
    case send([UInt8])
    /// Call `timerFired` after this time; replaces an earlier setting.
    case startTimer(Duration)
    /// Forget the timer.
    case stopTimer
    /// Close the transport connection; nothing more can be done on it.
    case close
    /// Tell the user.
    case event(OBEXClientEvent)
}

/// What a client machine tells its user.
public enum OBEXClientEvent: Hashable, Sendable {
    /// Call `supply` with what comes next of the object. This many bytes fill a packet; fewer or more are fine.
    case bodyWanted(Int)
    /// The server has so many bytes of the object.
    case progress(sent: Int)
    /// A part of the object that was asked for, and the headers that came with it.
    case received(OBEXHeaders, body: [UInt8])
    /// The operation is over.
    case ended(OBEXOutcome)
}

/// How an operation has ended.
public enum OBEXOutcome: Hashable, Sendable {
    /// The server has done it; with the headers of its last response but the body.
    case success(OBEXHeaders)
    /// The server does not do it, and says why as well as it can.
    case refused(OBEXResponseCode, explanation: String?)
    /// It was aborted, as asked; the server has dropped what it had.
    case aborted
    /// There is no more talking to this server.
    case failed(OBEXClientFailure)
}

/// Why there is no more talking to a server.
public enum OBEXClientFailure: Hashable, Sendable {
    /// The transport connection ended before the response.
    case transportClosed
    /// The server has not answered in time.
    case noResponse(Duration)
    /// It has sent something that is no packet.
    case malformedResponse(OBEXPacketError)
    /// It has answered with a code that means nothing here.
    case unexpectedResponse(OBEXResponseCode)
    /// It has sent packet after packet with nothing in them.
    case endlessResponse
    /// A header of the request is larger than the server's packets.
    case headerTooLarge(OBEXHeaderID, size: Int, room: Int)
}

extension OBEXClientFailure: CustomStringConvertible {
    /// What happened, as the second half of a sentence.
    public var description: String {
        switch self {
        case .transportClosed: "the connection ended before the response"
        case .noResponse(let time): "no response came within \(time)"
        case .malformedResponse(let error): "what came is no OBEX: \(error)"
        case .unexpectedResponse(let code): "it answered \(code), which means nothing here"
        case .endlessResponse: "it sends one empty packet after the other"
        case .headerTooLarge(_, let size, let room):
            "a header takes \(size) bytes, and the packets that the other end takes have room for \(room)"
        }
    }
}

/// Why a request cannot be made now.
public enum OBEXClientUnavailable: Error, Hashable, Sendable {
    /// Another operation is under way: there is one at a time (OBEX 1.3, 3).
    case busy
    /// The connection is over.
    case closed
}

/// What a server has said when a session began.
public struct OBEXConnection: Hashable, Sendable {
    /// The largest packet that it takes, in bytes.
    public var maximumPacketLength: Int
    /// Whether it takes several transport connections at once.
    public var takesSeveralConnections: Bool
    /// The number of a directed connection; nil if this is one to the inbox.
    public var connectionID: UInt32?
}
