public import SocketBackends

/// What has happened to a socket since the last report (WSANETWORKEVENTS).
public struct NetworkEventReport: Hashable, Sendable {
    /// The events that have happened (lNetworkEvents).
    public private(set) var events: NetworkEvents = []
    /// The code of each, by its number; zero for those that have not happened. There are ten.
    private var codes = SIMD16<Int32>()

    /// Nothing has happened.
    public init() {}

    /// How the event went (iErrorCode): NO_ERROR if well; nil if it has not happened, in which case WSAEnumNetworkEvents leaves the
    /// program's entry alone.
    public func code(of event: NetworkEvent) -> WSAErrorCode? {
        events.contains(event) ? WSAErrorCode(rawValue: codes[event.rawValue]) : nil
    }

    /// Notes an event; an older one of the same kind is forgotten.
    mutating func add(_ event: NetworkEvent, _ code: WSAErrorCode) {
        events.insert(NetworkEvents(event))
        codes[event.rawValue] = code.rawValue
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
