import SocketBackends

/// Which call is allowed in which state.
///
/// These checks come after the start-up and the handle, and before anything is read of the call's arguments (decision D1).
extension ConnectLifecycle {
    /// Rules R14, R15, R25, R26, R28.
    func checkConnect(
        _ style: ConnectAttempt.Style, version: @autoclosure () -> WinsockVersion,
        for operation: @autoclosure () -> String
    ) throws(SocketError) {
        switch state {
        case .unconnected, .failed, .datagram:
            return
        case .starting(let attempt), .connecting(let attempt, _):
            // Also when the socket has been made blocking since (rule R25b). Version 1 knew no better code (rule R26); and where ConnectEx
            // is one of the two, Windows has none either.
            let isOverlapped = attempt.style == .overlapped || style == .overlapped
            throw SocketError(
                version().major == 1 || isOverlapped ? .WSAEINVAL : .WSAEALREADY, operation: operation(),
                reason: "an attempt to connect is going on", advice: "Wait for the socket to become writable.")
        case .connected where lacksContext && style != .overlapped:
            throw SocketError(
                .WSAEINVAL, operation: operation(), reason: "the socket was connected by ConnectEx",
                advice: "Set SO_UPDATE_CONNECT_CONTEXT first.")
        case .connected:  // also after the connection broke (rule R36)
            throw SocketError(
                .WSAEISCONN, operation: operation(), reason: "the socket is connected, or was",
                advice: "Close it and make a new one.")
        case .openingListener, .listening:
            throw SocketError(
                .WSAEINVAL, operation: operation(), reason: "the socket is listening",
                advice: "Connect with another socket.")
        case .abandoned:
            throw abandoned(operation())
        }
    }

    func checkBind(for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .unconnected, .failed, .datagram:
            return
        case .starting, .connecting, .connected, .openingListener, .listening:
            throw SocketError(.WSAEINVAL, operation: operation(), reason: "the socket has a local address already")
        case .abandoned:
            throw abandoned(operation())
        }
    }

    func checkListen(for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .unconnected, .failed, .listening:
            return
        case .starting, .connecting, .openingListener:
            throw SocketError(.WSAEINVAL, operation: operation(), reason: "another call is changing the socket")
        case .connected:
            throw SocketError(
                .WSAEISCONN, operation: operation(), reason: "the socket is connected",
                advice: "Listen on another socket.")
        case .datagram:
            throw SocketError(.WSAEOPNOTSUPP, operation: operation(), reason: "datagram sockets have no connections")
        case .abandoned:
            throw abandoned(operation())
        }
    }

    func checkAccept(for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .listening:
            return
        case .unconnected, .starting, .connecting, .connected, .failed, .openingListener:
            throw SocketError(
                .WSAEINVAL, operation: operation(), reason: "the socket is not listening", advice: "Call listen first.")
        case .datagram:
            throw SocketError(.WSAEOPNOTSUPP, operation: operation(), reason: "datagram sockets have no connections")
        case .abandoned:
            throw abandoned(operation())
        }
    }

    /// Rules R37, R38, R42, decision D7. A destination in the call stands in for a peer that a datagram socket does not have.
    func checkSend(hasDestination: Bool, for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .connected, .datagram(.peer):
            break
        case .datagram(.none), .datagram(.dissolved):
            guard hasDestination else { throw notConnected(operation()) }
        case .unconnected, .starting, .connecting, .failed, .openingListener, .listening:
            throw notConnected(operation())
        case .abandoned:
            throw abandoned(operation())
        }
        guard !ended.contains(.send) else { throw shutDown(operation(), "sending") }
    }

    /// Rules R37, R42, decision D7. Asking for the source is what `recvfrom` does, and needs no peer.
    func checkReceive(asksForSource: Bool, for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .connected, .datagram(.none), .datagram(.peer):
            break
        case .datagram(.dissolved):
            guard asksForSource else { throw notConnected(operation()) }
        case .unconnected, .starting, .connecting, .failed, .openingListener, .listening:
            throw notConnected(operation())
        case .abandoned:
            throw abandoned(operation())
        }
        guard !ended.contains(.receive) else { throw shutDown(operation(), "receiving") }
    }

    /// Needs a connection, unless the socket never has one.
    func checkShutdown(for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .connected where lacksContext:
            throw notConnected(operation())
        case .connected, .datagram:
            return
        case .unconnected, .starting, .connecting, .failed, .openingListener, .listening:
            throw notConnected(operation())
        case .abandoned:
            throw abandoned(operation())
        }
    }

    /// Needs a connection, whoever made it.
    func checkUpdateContext(for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .connected:
            return
        case .unconnected, .starting, .connecting, .failed, .openingListener, .listening, .datagram:
            throw notConnected(operation())
        case .abandoned:
            throw abandoned(operation())
        }
    }

    /// Rule R35, decision D9.
    func checkSetOption(for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .starting, .connecting:
            throw SocketError(
                .WSAEINVAL, operation: operation(), reason: "an attempt to connect is going on",
                advice: "Set options before, or wait for its end.")
        case .unconnected, .connected, .failed, .openingListener, .listening, .datagram:
            return
        case .abandoned:
            throw abandoned(operation())
        }
    }

    /// For calls that any state permits in which there is a socket.
    func checkUsable(for operation: @autoclosure () -> String) throws(SocketError) {
        switch state {
        case .unconnected, .starting, .connecting, .connected, .failed, .openingListener, .listening, .datagram:
            return
        case .abandoned:
            throw abandoned(operation())
        }
    }

    private func notConnected(_ operation: String) -> SocketError {
        SocketError(.WSAENOTCONN, operation: operation, reason: "the socket is not connected")
    }

    private func shutDown(_ operation: String, _ direction: String) -> SocketError {
        SocketError(.WSAESHUTDOWN, operation: operation, reason: "\(direction) was shut down")
    }

    private func abandoned(_ operation: String) -> SocketError {
        SocketError(
            .WSAECONNABORTED, operation: operation, reason: "the socket's connect was called off",
            advice: "Close the socket and make a new one.")
    }
}
