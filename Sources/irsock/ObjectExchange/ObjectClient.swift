import OBEX
import SocketBackends

/// An OBEX client on a connection: makes one request after the other, and waits for each to end.
struct ObjectClient {
    private let connection: ByteConnection
    private var client: OBEXClient
    private var deadline: ContinuousClock.Instant?
    private var outcome: OBEXOutcome?
    /// Why the request was aborted.
    private var reasonToAbort: (any Error)?

    /// What the maker of a request has to say to what happens meanwhile.
    struct Listener {
        /// The next bytes of the object, best so many, and whether they are the last; an error aborts.
        var content: (Int) throws -> (bytes: [UInt8], isLast: Bool) = { _ in ([], isLast: true) }
        /// The server has so many bytes.
        var progress: (Int) -> Void = { _ in }
        /// A part has come; an error aborts.
        var received: (OBEXHeaders, [UInt8]) throws -> Void = { _, _ in }
    }

    init(_ connection: ByteConnection, responseTime: Duration) {
        self.connection = connection
        client = OBEXClient(configuration: OBEXClient.Configuration(responseTime: responseTime))
    }

    /// What the server has said when the session began.
    var session: OBEXConnection? { client.connection }

    /// Makes a request and waits for its end.
    ///
    /// - Throws: `SocketError` if the connection fails, `Failure` if it cannot be used any more, or what the listener has
    ///   thrown, once the request is aborted.
    mutating func perform(
        _ listener: Listener = Listener(),
        _ request: (inout OBEXClient) throws(OBEXClientUnavailable) -> [OBEXClientAction]
    ) throws -> OBEXOutcome {
        outcome = nil
        reasonToAbort = nil
        let actions: [OBEXClientAction]
        do throws(OBEXClientUnavailable) {
            actions = try request(&client)
        } catch {
            throw Failure("the connection to the other end is over; connect again.")
        }
        try carryOut(actions, listener)
        while true {
            if let outcome {
                if let reasonToAbort { throw reasonToAbort }
                return outcome
            }
            switch try connection.receive(before: deadline) {
            case nil: try carryOut(client.timerFired(), listener)
            case []: try carryOut(client.transportClosed(), listener)
            case let bytes?: try carryOut(client.received(bytes), listener)
            }
        }
    }

    /// Ends the session and the connection. A server that does not answer is not waited for.
    mutating func close() throws {
        if client.isIdle, client.connection != nil {
            _ = try? perform { client throws(OBEXClientUnavailable) in try client.disconnect() }
        }
        try connection.close()
    }

    private mutating func abort(for reason: any Error, _ listener: Listener) throws {
        if reasonToAbort == nil { reasonToAbort = reason }
        try carryOut(client.abort(), listener)
    }

    private mutating func carryOut(_ actions: [OBEXClientAction], _ listener: Listener) throws {
        for action in actions {
            switch action {
            case .send(let bytes): try connection.send(bytes)
            case .startTimer(let time): deadline = .now + time
            case .stopTimer: deadline = nil
            case .close: break  // By its owner, who hears how the request has ended.
            case .event(.bodyWanted(let room)):
                do {
                    let (bytes, isLast) = try listener.content(room)
                    try carryOut(client.supply(bytes, isLast: isLast), listener)
                } catch {
                    try abort(for: error, listener)
                }
            case .event(.progress(let sent)): listener.progress(sent)
            case .event(.received(let headers, let body)):
                do {
                    if reasonToAbort == nil { try listener.received(headers, body) }
                } catch {
                    try abort(for: error, listener)
                }
            case .event(.ended(let outcome)): self.outcome = outcome
            }
        }
    }
}

extension OBEXOutcome {
    /// Whether the request was done.
    var isSuccess: Bool {
        if case .success = self { true } else { false }
    }

    /// What happened, as the second half of a sentence.
    var text: String {
        switch self {
        case .success: "it was done"
        case .refused(let code, let explanation):
            "the other end refuses (\(code))" + (explanation.map { ": \($0)" } ?? "")
        case .aborted: "it was aborted"
        case .failed(let failure): "\(failure)"
        }
    }
}
