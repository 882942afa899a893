public import SocketBackends

extension Winsock {
    /// Has an event object set whenever one of these network events happens to the socket (WSAEventSelect); `enumNetworkEvents` says which.
    ///
    /// In place of whatever was selected before (rule E3). The socket does not block from now on, whatever `events` are (rule E1); no
    /// events take the selection back, and leave `event` out of account.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL for events that there are not, or an event object that is not open.
    public func eventSelect(
        _ handle: SocketHandle, _ event: EventHandle, _ events: NetworkEvents
    ) throws(SocketError) {
        func operation() -> String { "select events of \(handle)" }
        try call(operation(), on: handle) { socket throws(SocketError) in
            try check(events, of: socket, for: operation())
            guard !events.isEmpty else { return socket.selectNothing() }
            guard self.events.isOpen(event) else {  // rule E16
                throw SocketError(
                    .WSAEINVAL, operation: operation(), reason: "\(event) is not an open event object",
                    advice: "Make one with createEvent.")
            }
            try socket.select(events, for: .eventObject(event, self.events), by: monitor())
        }
    }

    /// Tells what has happened to the socket since the last call, and forgets it (WSAEnumNetworkEvents).
    ///
    /// - Parameters:
    ///   - handle: the socket.
    ///   - event: the event object to reset in the same step; nil for none.
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL if the event object is not open. Then nothing is forgotten.
    public func enumNetworkEvents(
        _ handle: SocketHandle, resetting event: EventHandle? = nil
    ) throws(SocketError) -> NetworkEventReport {
        func operation() -> String { "read the events of \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkUsable(for: operation())
            return try socket.withState { state throws(SocketError) in
                if let event {
                    do throws(SocketError) {
                        try events.reset(event)
                    } catch {
                        throw SocketError(
                            .WSAEINVAL, operation: operation(), reason: error.reason, advice: error.advice)
                    }
                }
                return state.notification.enumerate()
            }
        }
    }

    /// Has a message posted whenever one of these network events happens to the socket (WSAAsyncSelect): one message an event, FD_CONNECT
    /// before FD_WRITE (rule E6).
    ///
    /// In place of whatever was selected before (rule E3). The socket does not block from now on, whatever `events` are (rule E1); no events
    /// take the selection back, but messages that were posted stay in the queue (rule E12).
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL for events that there are not, or a closed queue.
    public func asyncSelect(
        _ handle: SocketHandle, _ queue: MessageQueue, message: UInt32, _ events: NetworkEvents
    ) throws(SocketError) {
        func operation() -> String { "select messages of \(handle)" }
        try call(operation(), on: handle) { socket throws(SocketError) in
            try check(events, of: socket, for: operation())
            guard !events.isEmpty else { return socket.selectNothing() }
            guard !queue.isClosed else {  // rule E16
                throw SocketError(.WSAEINVAL, operation: operation(), reason: "the message queue is closed")
            }
            try socket.select(events, for: .messages(queue, message: message, handle), by: monitor())
        }
    }

    /// The network events of the socket as an asynchronous sequence, in place of whatever was selected before (rule E3). The socket does
    /// not block from now on (rule E1).
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL for events that there are not.
    public func networkEvents(
        of handle: SocketHandle, _ events: NetworkEvents = .all
    ) throws(SocketError) -> NetworkEventSequence {
        func operation() -> String { "select events of \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            try check(events, of: socket, for: operation())
            let (sequence, feed) = NetworkEventFeed.make()
            guard !events.isEmpty else {
                socket.selectNothing()
                feed.end()
                return sequence
            }
            try socket.select(events, for: .sequence(feed), by: monitor())
            feed.onEnd { [weak socket] in socket?.endSelection(of: feed) }
            return sequence
        }
    }

    /// Rule E16.
    private func check(
        _ events: NetworkEvents, of socket: OpenSocket, for operation: @autoclosure () -> String
    ) throws(SocketError) {
        try socket.current().checkUsable(for: operation())
        guard NetworkEvents.all.isSuperset(of: events) else {
            throw SocketError(
                .WSAEINVAL, operation: operation(),
                reason: "0x\(String(UInt32(bitPattern: events.rawValue), radix: 16)) has bits of no event",
                advice: "FD_ALL_EVENTS, 0x3ff, has all that there are.")
        }
    }
}
