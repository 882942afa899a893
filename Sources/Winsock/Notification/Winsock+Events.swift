public import SocketBackends

extension Winsock {
    /// The most event objects that one call waits for (WSA_MAXIMUM_WAIT_EVENTS).
    public static let maximumWaitEvents = 64

    /// Makes an event object, not signalled (WSACreateEvent). It outlives `cleanup`.
    ///
    /// - Throws: WSANOTINITIALISED.
    public func createEvent() throws(SocketError) -> EventHandle {
        try recordingFailure { () throws(SocketError) in
            try requireRunning(for: "create an event object")
            return events.create()
        }
    }

    /// Signals an event object until it is reset (WSASetEvent).
    ///
    /// - Throws: WSANOTINITIALISED, WSA_INVALID_HANDLE.
    public func setEvent(_ event: EventHandle) throws(SocketError) {
        try recordingFailure { () throws(SocketError) in
            try requireRunning(for: "set \(event)")
            try events.set(event)
        }
    }

    /// Takes the signal back (WSAResetEvent).
    ///
    /// - Throws: WSANOTINITIALISED, WSA_INVALID_HANDLE.
    public func resetEvent(_ event: EventHandle) throws(SocketError) {
        try recordingFailure { () throws(SocketError) in
            try requireRunning(for: "reset \(event)")
            try events.reset(event)
        }
    }

    /// Closes an event object (WSACloseEvent). Sockets that have selected it tell nobody any more; calls that wait for it end with
    /// WSA_INVALID_HANDLE.
    ///
    /// - Throws: WSANOTINITIALISED, WSA_INVALID_HANDLE.
    public func closeEvent(_ event: EventHandle) throws(SocketError) {
        try recordingFailure { () throws(SocketError) in
            try requireRunning(for: "close \(event)")
            try events.close(event)
        }
    }

    /// Waits for one of several event objects, or for all of them at one moment (WSAWaitForMultipleEvents). None is reset.
    ///
    /// - Parameters:
    ///   - handles: the event objects, 1 to 64.
    ///   - waitingForAll: whether all are to be signalled.
    ///   - timeout: nil for ever, zero for a look.
    /// - Returns: the lowest index that is signalled; nil when the time is over (WSA_WAIT_TIMEOUT).
    /// - Throws: WSANOTINITIALISED; WSA_INVALID_PARAMETER for no events, more than 64, one of them twice in a wait for all, or a negative
    ///   time; WSA_INVALID_HANDLE, also if one is closed meanwhile; WSAENOBUFS or WSAEMFILE if the system has no room to wait.
    public func waitForMultipleEvents(
        _ handles: [EventHandle], waitingForAll: Bool = false, timeout: Duration?
    ) throws(SocketError) -> Int? {
        func operation() -> String { "wait for \(handles.count) event objects" }
        return try recordingFailure { () throws(SocketError) in
            try requireRunning(for: operation())
            guard (1...Self.maximumWaitEvents).contains(handles.count) else {
                throw SocketError(
                    .WSA_INVALID_PARAMETER, operation: operation(), reason: "there must be 1 to 64",
                    advice: "Let several sockets share one event object.")
            }
            guard !waitingForAll || Set(handles).count == handles.count else {
                throw SocketError(
                    .WSA_INVALID_PARAMETER, operation: operation(), reason: "a wait for all names one of them twice")
            }
            if let timeout, timeout < .zero {
                throw SocketError(.WSA_INVALID_PARAMETER, operation: operation(), reason: "the time is negative")
            }
            return try events.wait(for: handles, waitingForAll ? .all : .any, until: .end(of: timeout), operation())
        }
    }
}
