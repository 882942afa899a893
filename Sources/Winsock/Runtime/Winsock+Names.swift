public import SocketBackends

extension Winsock {
    /// The local address (getsockname).
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL while the socket is not bound.
    public func localAddress(of handle: SocketHandle) throws(SocketError) -> SocketAddress {
        func operation() -> String { "read the local address of \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkUsable(for: operation())
            return try socket.backend.localAddress()
        }
    }

    /// The peer's address (getpeername): also while connecting (decision D7), and still after a reset (decision D16).
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAENOTCONN without a peer.
    public func peerAddress(of handle: SocketHandle) throws(SocketError) -> SocketAddress {
        func operation() -> String { "read the peer's address of \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            let lifecycle = socket.current()
            try lifecycle.checkUsable(for: operation())
            guard let peer = lifecycle.peer else {
                throw SocketError(.WSAENOTCONN, operation: operation(), reason: "the socket has no peer")
            }
            return peer
        }
    }

    /// The family that people call by this name.
    ///
    /// - Throws: WSAEAFNOSUPPORT with the names that there are.
    public func family(named name: String) throws(SocketError) -> AddressFamily {
        try recordingFailure { () throws(SocketError) in try registry.family(named: name) }
    }

    /// Turns what a person wrote into an address of the family; may look names up.
    ///
    /// - Throws: WSANOTINITIALISED; what the family's backend throws.
    public func resolve(_ text: String, family: AddressFamily) throws(SocketError) -> SocketAddress {
        try recordingFailure { () throws(SocketError) in
            try requireRunning(for: "read '\(text)' as an address")
            return try registry.resolve(text, family: family)
        }
    }

    /// Prints an address in the form that `resolve` reads.
    public func describe(_ address: SocketAddress) -> String {
        registry.describe(address)
    }
}
