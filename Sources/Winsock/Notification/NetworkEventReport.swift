public import SocketBackends

/// What has happened to a socket since the last report (WSANETWORKEVENTS).
public struct NetworkEventReport: Hashable, Sendable {
    /// The code of each event that has happened.
    private var codes: [NetworkEvent: WSAErrorCode] = [:]

    /// Nothing has happened.
    public init() {}

    /// The events that have happened (lNetworkEvents).
    public var events: NetworkEvents {
        codes.keys.reduce(into: []) { $0.insert(NetworkEvents($1)) }
    }

    /// How the event went (iErrorCode): NO_ERROR if well; nil if it has not happened, in which case WSAEnumNetworkEvents leaves the
    /// program's entry alone.
    public func code(of event: NetworkEvent) -> WSAErrorCode? { codes[event] }

    /// Notes an event; an older one of the same kind is forgotten.
    mutating func add(_ event: NetworkEvent, _ code: WSAErrorCode) {
        codes[event] = code
    }
}

/// One network event with its code, as a message or an `AsyncSequence` brings it.
public struct NetworkEventNotice: Hashable, Sendable {
    /// What happened.
    public var event: NetworkEvent
    /// How it went; NO_ERROR if well.
    public var code: WSAErrorCode

    /// Pairs the two.
    public init(event: NetworkEvent, code: WSAErrorCode) {
        self.event = event
        self.code = code
    }
}
