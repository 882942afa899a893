import SocketBackends

/// Which network events a program wants to be told of, which have happened, and which may be told again.
///
/// A condition is told once, and again only after the call that answers to it (rule E5): `called` says that it was made. An attempt to
/// connect is told once at its end (decision D18). The machine watches nothing itself: `observe` is told how the socket stands, and
/// answers what to report, in order, and what to watch for next.
struct NetworkEventRecord: Hashable, Sendable {
    /// How the program is told.
    enum Style: Hashable, Sendable {
        /// The record is kept until the program reads it, and an event object is set (WSAEventSelect).
        case eventObject
        /// Each event is a message (WSAAsyncSelect).
        case messages
        /// Each event is an element of an asynchronous sequence.
        case sequence
    }

    enum Action: Hashable, Sendable {
        case report(NetworkEvent, WSAErrorCode)
        /// Look again when the descriptor turns ready in one of these ways, and not before; last of the actions of `observe`.
        case watch(Readiness)
    }

    /// The calls that let a condition be told again.
    enum Call: Hashable, Sendable {
        case receive
        case accept
        /// It found no room, or not enough.
        case blockedSend
    }

    private enum Selection: Hashable, Sendable {
        case none
        case selected(NetworkEvents, Style)
    }

    private static let conditions: NetworkEvents = [.read, .write, .outOfBand, .accept, .close]

    private var selection = Selection.none
    /// The conditions that may be told when they hold.
    private var enabled = Self.conditions
    /// The end of the latest attempt to connect, as long as nobody was told of it.
    private var news: WSAErrorCode?
    /// What was told and not read yet, by the style that keeps it.
    private var unread = NetworkEventReport()

    init() {}

    /// The record of a socket that was accepted: it inherits the listener's selection (rule E13), but not what happened to the listener.
    init(inheriting listener: Self) {
        selection = listener.selection
    }

    /// Whether anything is selected.
    var isSelecting: Bool { selection != .none }

    /// Whether `observe` has to know what the descriptor is ready for; otherwise the phase will do.
    func dependsOnReadiness(in phase: SocketCondition.Phase) -> Bool {
        switch (selection, phase) {
        case (.none, _), (_, .idle), (_, .connecting), (_, .datagram(isBound: false)): false
        case (.selected(let events, _), .connected), (.selected(let events, _), .listening),
            (.selected(let events, _), .datagram(isBound: true)):
            !events.intersection(enabled).isEmpty
        }
    }

    // MARK: - What the program does

    /// The program selects events, in place of all that was selected before (rule E3). The record is empty after it; whatever holds is
    /// then told by `observe` (rule E4).
    mutating func select(_ events: NetworkEvents, _ style: Style) {
        restoreUnread()
        enabled.formUnion([.read, .outOfBand, .accept])
        switch (selection, style) {
        case (.selected(_, .eventObject), .eventObject):
            // Windows does not tell again of room or of an end that the program has read of.
            break
        case (.none, _), (.selected, .messages), (.selected, .sequence), (.selected(_, .messages), .eventObject),
            (.selected(_, .sequence), .eventObject):
            enabled.formUnion([.write, .close])
        }
        selection = events.isEmpty ? .none : .selected(events, style)
    }

    /// The program reads the record, which is empty after it.
    mutating func enumerate() -> NetworkEventReport {
        defer { unread = NetworkEventReport() }
        return unread
    }

    /// The program made a call, with success or without.
    mutating func called(_ call: Call) {
        switch call {
        case .receive: enabled.formUnion([.read, .outOfBand])
        case .accept: enabled.insert(.accept)
        case .blockedSend: enabled.insert(.write)
        }
    }

    // MARK: - What happens to the socket

    /// An attempt to connect has begun: what came of the one before is of no interest any more.
    mutating func connectStarted() {
        news = nil
    }

    /// An attempt to connect has ended, which is told once (rule R32); or a datagram socket got a peer, which is told alike (rule R38).
    ///
    /// - Parameter isKnown: whether a blocking call has told the program of its failure.
    mutating func connectEnded(_ code: WSAErrorCode, isKnown: Bool = false) -> [Action] {
        if code == .NO_ERROR { enabled = Self.conditions }
        news = isKnown && code != .NO_ERROR ? nil : code
        switch selection {
        case .selected(let events, _) where events.contains(.connect): return reportNews()
        case .selected, .none: return []
        }
    }

    /// Something may have changed.
    mutating func observe(_ condition: SocketCondition) -> [Action] {
        switch selection {
        case .none:
            return [.watch([])]
        case .selected(let events, let style):
            var actions: [Action] = []
            if events.contains(.connect) {
                switch style {
                case .eventObject, .sequence: actions += reportNews()  // rule E4
                case .messages: break  // Windows posts no message of a connect that ended before
                }
            }
            for (event, code) in condition.events where events.contains(event) && enabled.contains(event) {
                actions.append(report(event, code))
            }
            return actions + [.watch(interest(in: events, condition))]
        }
    }

    private mutating func reportNews() -> [Action] {
        guard let code = news else { return [] }
        news = nil
        return [report(.connect, code)]
    }

    private mutating func report(_ event: NetworkEvent, _ code: WSAErrorCode) -> Action {
        enabled.remove(NetworkEvents(event))
        switch selection {
        case .selected(_, .eventObject): unread.add(event, code)
        case .selected(_, .messages), .selected(_, .sequence), .none: break
        }
        return .report(event, code)
    }

    /// What was told and not read may be told again, so that a new selection loses nothing.
    private mutating func restoreUnread() {
        if let code = unread.code(of: .connect) { news = code }
        enabled.formUnion(unread.events.intersection(Self.conditions))
        unread = NetworkEventReport()
    }

    /// What to look for next: only what is selected, may be told, and does not hold now. So one readiness of the descriptor is never
    /// reported twice by the kernel.
    private func interest(in events: NetworkEvents, _ condition: SocketCondition) -> Readiness {
        let awaited = events.intersection(enabled)
        var readiness: Readiness = []
        switch condition.phase {
        case .idle, .datagram(isBound: false):
            break  // it takes a call to change that
        case .connecting:
            readiness = .writable
        case .connected where condition.isBroken:
            break  // nothing will come any more but what is in the queue, which the program receives
        case .connected:
            if condition.arrival == .nothing, !awaited.isDisjoint(with: [.read, .close]) {
                readiness.insert(.readable)
            }
            if !condition.hasRoom, awaited.contains(.write) { readiness.insert(.writable) }
            if !condition.hasUrgentData, awaited.contains(.outOfBand) { readiness.insert(.urgent) }
        case .listening:
            if condition.arrival == .nothing, awaited.contains(.accept) { readiness = .readable }
        case .datagram(isBound: true):
            if condition.arrival == .nothing, awaited.contains(.read) { readiness.insert(.readable) }
            if !condition.hasRoom, awaited.contains(.write) { readiness.insert(.writable) }
        }
        return readiness
    }
}

extension SocketCondition {
    /// The events whose conditions hold, in the order in which they are told: FD_WRITE next to FD_CONNECT (rule E6), the end last.
    fileprivate var events: [(NetworkEvent, WSAErrorCode)] {
        var events: [(NetworkEvent, WSAErrorCode)] = []
        switch phase {
        case .idle, .connecting, .datagram(isBound: false):
            break  // rule E7: after a failure there is nothing but FD_CONNECT
        case .connected:
            if hasRoom, !isBroken { events.append((.write, .NO_ERROR)) }
            switch arrival {
            case .nothing: break
            case .something: events.append((.read, .NO_ERROR))
            case .end: break  // rule E10
            }
            if hasUrgentData { events.append((.outOfBand, .NO_ERROR)) }
            // Only when the queue is empty (rule E9, decision D13).
            if case .end(let code) = arrival { events.append((.close, Self.closeCode(code))) }
        case .listening:
            if arrival != .nothing { events.append((.accept, .NO_ERROR)) }
        case .datagram(isBound: true):
            if hasRoom { events.append((.write, .NO_ERROR)) }
            if arrival != .nothing { events.append((.read, .NO_ERROR)) }
        }
        return events
    }

    /// Rule E8, but that Windows calls a reset by the peer WSAECONNABORTED, too.
    private static func closeCode(_ code: WSAErrorCode) -> WSAErrorCode {
        switch code {
        case .NO_ERROR, .WSAENETDOWN: code
        default: .WSAECONNABORTED
        }
    }
}
