public import SocketBackends

/// What only version 1 of Winsock has (decision D10).
extension Winsock {
    /// Ends the blocking call in progress with WSAEINTR (WSACancelBlockingCall): the one of this thread, if this is its blocking hook,
    /// otherwise all of the program's. A socket whose connect was ended so can only be closed (rule R22).
    ///
    /// - Throws: WSANOTINITIALISED; WSAEOPNOTSUPP in version 2; WSAEINVAL if no call blocks.
    public func cancelBlockingCall() throws(SocketError) {
        let operation = "cancel a blocking call"
        try recordingFailure { () throws(SocketError) in
            try requireVersion1(for: operation)
            guard blockingCalls.cancel() else {
                throw SocketError(.WSAEINVAL, operation: operation, reason: "no call blocks")
            }
        }
    }

    /// Whether a call blocks that `cancelBlockingCall` would end (WSAIsBlocking); never in version 2.
    public var isBlocking: Bool { blockingCalls.isAnyInProgress }

    /// Has a function called while a call blocks, on the thread that does (WSASetBlockingHook); nil for none (WSAUnhookBlockingHook).
    /// It is called until it answers false, and again some milliseconds later. It may call `isBlocking` and `cancelBlockingCall`; other
    /// calls are WSAEINPROGRESS (rule R23).
    ///
    /// - Returns: the hook before.
    /// - Throws: WSANOTINITIALISED; WSAEOPNOTSUPP in version 2.
    @discardableResult
    public func setBlockingHook(_ hook: (@Sendable () -> Bool)?) throws(SocketError) -> (@Sendable () -> Bool)? {
        try recordingFailure { () throws(SocketError) in
            try requireVersion1(for: "set a blocking hook")
            return blockingCalls.setHook(hook)
        }
    }
}
