public import SocketBackends

extension Winsock {
    /// Sends to the peer (send); answers how many bytes were taken. A blocking stream socket takes all of them.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAENOTCONN without a peer, also while connecting (decision D7); WSAESHUTDOWN;
    ///   WSAEWOULDBLOCK; WSAETIMEDOUT after SO_SNDTIMEO; WSAEINTR; WSAECONNRESET and others from the backend.
    public func send(_ handle: SocketHandle, _ bytes: RawSpan, flags: MessageFlags = []) throws(SocketError) -> Int {
        func operation() -> String { "send on \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkSend(hasDestination: false, for: operation())
            return try socket.send(bytes, flags: flags, for: operation())
        }
    }

    /// Sends a datagram to an address (sendto). On a connected stream the address is not looked at.
    ///
    /// - Throws: as `send`; WSAEFAULT for a short address; the backend's errors for a wrong one.
    public func send(
        _ handle: SocketHandle, _ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags = []
    ) throws(SocketError) -> Int {
        func operation() -> String { "send on \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkSend(hasDestination: true, for: operation())
            guard !socket.kind.isConnectionOriented else {
                return try socket.send(bytes, flags: flags, for: operation())
            }
            try socket.checkLength(of: address, for: operation())
            return try socket.sending(bytes.byteCount) { () throws(SocketError) in
                try socket.retrying(until: .writable, timeout: socket.settings.sendTimeout, for: operation()) {
                    () throws(SocketError) in
                    try socket.backend.send(bytes, to: address, flags: flags)
                }
            }
        }
    }

    /// Receives what is there (recv); 0 is the end of the stream.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAENOTCONN on a stream that is not connected and on a datagram socket whose peer was
    ///   taken away (rule R42); WSAESHUTDOWN; WSAEWOULDBLOCK; WSAETIMEDOUT after SO_RCVTIMEO; WSAEINTR; WSAEMSGSIZE, with
    ///   the buffer filled, if a datagram is longer; WSAECONNRESET and others from the backend.
    public func receive(
        _ handle: SocketHandle, into buffer: inout MutableRawSpan, flags: MessageFlags = []
    ) throws(SocketError) -> Int {
        func operation() -> String { "receive on \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkReceive(asksForSource: false, for: operation())
            return try socket.receiving { () throws(SocketError) in
                try socket.retrying(until: .readable, timeout: socket.settings.receiveTimeout, for: operation()) {
                    () throws(SocketError) in
                    try socket.backend.receive(into: &buffer, flags: flags)
                }
            }
        }
    }

    /// Receives a datagram and its source (recvfrom). One that is longer than the buffer is reported as truncated, which `recvfrom`
    /// itself calls WSAEMSGSIZE.
    ///
    /// - Throws: as `receive`, but not WSAEMSGSIZE.
    public func receiveFrom(
        _ handle: SocketHandle, into buffer: inout MutableRawSpan, flags: MessageFlags = []
    ) throws(SocketError) -> ReceivedDatagram {
        func operation() -> String { "receive on \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkReceive(asksForSource: true, for: operation())
            return try socket.receiving { () throws(SocketError) in
                try socket.retrying(until: .readable, timeout: socket.settings.receiveTimeout, for: operation()) {
                    () throws(SocketError) in
                    try socket.backend.receiveFrom(into: &buffer, flags: flags)
                }
            }
        }
    }

    /// Sends an array; see `send`.
    public func send(_ handle: SocketHandle, _ bytes: [UInt8], flags: MessageFlags = []) throws(SocketError) -> Int {
        try send(handle, bytes.span.bytes, flags: flags)
    }

    /// Sends an array to an address; see `send`.
    public func send(
        _ handle: SocketHandle, _ bytes: [UInt8], to address: SocketAddress, flags: MessageFlags = []
    ) throws(SocketError) -> Int {
        try send(handle, bytes.span.bytes, to: address, flags: flags)
    }

    /// Receives at most `count` bytes as an array, which is empty at the end of the stream; see `receive`.
    public func receive(
        _ handle: SocketHandle, upTo count: Int, flags: MessageFlags = []
    ) throws(SocketError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        var span = bytes.mutableSpan
        var room = span.mutableBytes
        let received = try receive(handle, into: &room, flags: flags)
        return Array(bytes.prefix(received))
    }
}

extension OpenSocket {
    /// Sends to the peer; all of the bytes, if it is a stream and blocks.
    fileprivate func send(_ bytes: RawSpan, flags: MessageFlags, for operation: @autoclosure () -> String)
        throws(SocketError) -> Int
    {
        try sending(bytes.byteCount) { () throws(SocketError) in try sendAll(bytes, flags: flags, for: operation()) }
    }

    private func sendAll(_ bytes: RawSpan, flags: MessageFlags, for operation: @autoclosure () -> String)
        throws(SocketError) -> Int
    {
        let isStream = kind.isConnectionOriented && !kind.services.contains(.messageOriented)
        let settings = settings
        var sent = 0
        repeat {
            do throws(SocketError) {
                sent += try retrying(until: .writable, timeout: settings.sendTimeout, for: operation()) {
                    () throws(SocketError) in
                    try backend.send(bytes.extracting(droppingFirst: sent), flags: flags)
                }
            } catch {
                guard sent > 0 else { throw error }
                return sent  // the next call meets the error again
            }
        } while isStream && !settings.isNonBlocking && sent < bytes.byteCount
        return sent
    }
}
