public import SocketBackends

extension Winsock {
    /// Makes a socket (socket).
    ///
    /// - Throws: WSANOTINITIALISED; WSAEINVAL if nothing is specified at all; WSAEAFNOSUPPORT if no backend serves the family, with the
    ///   reasons; WSAEPROTOTYPE, WSAEPROTONOSUPPORT, WSAESOCKTNOSUPPORT, WSAEMFILE, WSAENOBUFS.
    public func socket(
        family: AddressFamily, type: SocketType, protocolNumber: SocketProtocolNumber = .any
    ) throws(SocketError) -> SocketHandle {
        func operation() -> String { "make a \(type) socket of \(family)" }
        return try recordingFailure { () throws(SocketError) in
            try requireRunning(for: operation())
            guard family != .unspecified || type.rawValue != 0 || protocolNumber != .any else {
                throw SocketError(
                    .WSAEINVAL, operation: operation(), reason: "family, type and protocol are all unspecified",
                    advice: "Name a family and a type.")
            }
            let backend = try registry.makeSocket(family: family, type: type, protocolNumber: protocolNumber)
            return try open(OpenSocket(backend, in: environment), for: operation())
        }
    }

    /// Gives the socket a local address (bind).
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL if it has one; WSAEFAULT for a short address; WSAEADDRINUSE,
    ///   WSAEADDRNOTAVAIL, WSAEACCES, WSAEAFNOSUPPORT from the backend.
    public func bind(_ handle: SocketHandle, to address: SocketAddress) throws(SocketError) {
        func operation() -> String { "bind \(handle)" }
        try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkBind(for: operation())
            try socket.checkLength(of: address, for: operation())
            try socket.backend.bind(to: address)
            socket.changed()
        }
    }

    /// Starts to take connections (listen); `backlog` is how many may wait.
    ///
    /// Also after a failed connect, if the socket is bound.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEISCONN; WSAEOPNOTSUPP for datagrams; WSAEINVAL if it is not bound or is
    ///   connecting.
    public func listen(_ handle: SocketHandle, backlog: Int) throws(SocketError) {
        func operation() -> String { "listen on \(handle)" }
        try call(operation(), on: handle) { socket throws(SocketError) in
            _ = socket.current()
            try socket.lifecycle { life throws(SocketError) in try life.beginListening(for: operation()) }
            do throws(SocketError) {
                try socket.backend.listen(backlog: backlog)
                try socket.lifecycle { $0.endListening(succeeded: true) }
                socket.changed()
            } catch {
                try socket.lifecycle { $0.endListening(succeeded: false) }
                throw error
            }
        }
    }

    /// Takes a connection (accept); the new socket blocks or not as the listener does.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL if the socket does not listen; WSAEOPNOTSUPP for datagrams; WSAEWOULDBLOCK
    ///   if none waits and the socket does not block; WSAEINTR if it is closed meanwhile; WSAEMFILE.
    public func accept(_ handle: SocketHandle) throws(SocketError) -> (socket: SocketHandle, peer: SocketAddress) {
        func operation() -> String { "accept on \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkAccept(for: operation())
            let connection = try socket.accepting { () throws(SocketError) in
                try socket.retrying(until: .readable, timeout: nil, for: operation()) {
                    () throws(SocketError) in
                    try socket.backend.accept()
                }
            }
            let accepted = OpenSocket(connection, from: socket)
            let acceptedHandle = try open(accepted, for: operation())
            accepted.inheritSelection(from: socket, as: acceptedHandle)
            return (acceptedHandle, connection.peer)
        }
    }

    /// Ends one direction of a connection, or both (shutdown).
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAENOTCONN for a stream socket that is not connected (decision D7).
    public func shutdown(_ handle: SocketHandle, _ direction: ShutdownDirection) throws(SocketError) {
        func operation() -> String { "shut down \(handle)" }
        try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkShutdown(for: operation())
            try socket.backend.shutdown(direction)
            try socket.lifecycle { $0.shutDown(direction) }
        }
    }

    /// Makes calls on the socket wait or not (ioctlsocket FIONBIO).
    ///
    /// An attempt to connect that goes on is not changed by it (rule R25b).
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL for a blocking socket while network events are selected (rule E2).
    public func setNonBlocking(_ handle: SocketHandle, _ isNonBlocking: Bool) throws(SocketError) {
        func operation() -> String { "change whether \(handle) blocks" }
        try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkUsable(for: operation())
            try socket.withState { state throws(SocketError) in
                guard isNonBlocking || !state.notification.record.isSelecting else {  // rule E2
                    throw SocketError(
                        .WSAEINVAL, operation: operation(), reason: "network events are selected",
                        advice: "Select none of them first.")
                }
                state.settings.isNonBlocking = isNonBlocking
            }
        }
    }
}

extension OpenSocket {
    /// Rule R7.
    func checkLength(of address: SocketAddress, for operation: @autoclosure () -> String) throws(SocketError) {
        let minimum = kind.minimumAddressLength
        guard address.bytes.count >= minimum else {
            throw SocketError(
                .WSAEFAULT, operation: operation(),
                reason: "an address of \(address.bytes.count) bytes is too short for \(kind.transport)",
                advice: "It takes at least \(minimum).")
        }
    }
}
