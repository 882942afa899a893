import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// The end of an attempt to connect.
extension InternetSocket {
    func finishConnect() throws(SocketError) {
        try state.withLock { state throws(SocketError) in
            switch state.attempt {
            case .none:
                throw SocketError(.WSAENOTCONN, operation: "finish a connect", reason: "none was started")
            case .connected:
                return
            case .failed(let error):
                throw error
            case .pending(let peer):
                func operation() -> String { "connect to \(peer)" }
                let events = try pollEvents(for: operation())
                if events & (POLLOUT | POLLERR | POLLHUP) == POLLOUT {
                    // There is room to send and nothing amiss: a connection for certain, which needs no other question.
                    return try becomeConnected(to: peer, &state, operation())
                }
                // In this order: taking a message takes the error away from which the end is known.
                defer { if events & POLLERR != 0 { takeReports(&state) } }
                if events & (POLLOUT | POLLHUP) != 0 { return try concludeAttempt(to: peer, &state, operation()) }
                if events & POLLERR != 0 { try giveUp(&state, operation()) }
                throw SocketError(.WSAEWOULDBLOCK, operation: operation(), reason: "the attempt still goes on")
            }
        }
    }

    /// Ends an attempt of which the network has said that there is no way (rules R17, R18).
    ///
    /// Linux does so itself, unless the message comes while a call is busy with the socket: then it tries again and again, with a descriptor
    /// that shows an error to whoever polls it.
    ///
    /// - Throws: what the network has said; nothing if it was not that.
    private func giveUp(_ state: inout State, _ operation: @autoclosure () -> String) throws(SocketError) {
        takeReports(&state)
        guard let reported = state.reported else { return }
        let error = fail(&state, reported, operation())
        try forgetFailedAttempt(&state)
        state.attempt = .failed(error)
        throw error
    }

    /// Finds out how an attempt ended that is over.
    func concludeAttempt(
        to peer: InternetAddress, _ state: inout State, _ operation: @autoclosure () -> String
    ) throws(SocketError) {
        let pendingError = try pendingError(for: operation())
        switch pendingError {
        case nil:
            guard try peerOfKernel(for: operation()) != nil else {
                if let reported = state.reported { throw fail(&state, reported, operation()) }
                throw errorTakenByOthers(&state, operation())
            }
            try becomeConnected(to: peer, &state, operation())
        case .connectionReset, .brokenPipe:
            // The connection stood, and was reset before anybody looked; receiving will tell.
            state.attempt = .connected(to: peer)
            state.breakage = .connectionReset
        case .some(let errno):
            throw fail(&state, errno, operation())
        }
    }

    private func becomeConnected(
        to peer: InternetAddress, _ state: inout State, _ operation: @autoclosure () -> String
    ) throws(SocketError) {
        if try isConnectedToItself(peer, state, operation()) {
            try call(operation()) { descriptor throws(Errno) in try disconnect(descriptor) }
            throw fail(&state, .connectionRefused, operation())  // rule R19: nobody listens there
        }
        let canonical = peer.saysMoreThanTheKernel ? try peerOfKernel(for: operation()) : peer
        state.attempt = .connected(to: canonical ?? peer)
    }

    private func fail(_ state: inout State, _ errno: Errno, _ operation: @autoclosure () -> String) -> SocketError {
        let error = SocketError(
            InternetCall.connect.code(for: errno, isStream: true), errno: errno, operation: operation(),
            reason: errno.description, advice: Self.advice(for: errno))
        state.attempt = .failed(error)
        return error
    }

    private func peerOfKernel(for operation: @autoclosure () -> String) throws(SocketError) -> InternetAddress? {
        do throws(SocketError) {
            return try kernelPeerAddress(for: operation())
        } catch  where error.errno == .socketNotConnected {
            return nil
        }
    }

    private func errorTakenByOthers(_ state: inout State, _ operation: @autoclosure () -> String) -> SocketError {
        let error = SocketError(
            .WSAECONNABORTED, operation: operation(),
            reason: "the attempt failed, and its error was read from the descriptor",
            advice: "Ask IrSock for SO_ERROR, not the kernel.")
        state.attempt = .failed(error)
        return error
    }

    /// Linux may choose for the local port the very port to which it connects; the attempt then meets itself, and succeeds.
    private func isConnectedToItself(
        _ peer: InternetAddress, _ state: State, _ operation: @autoclosure () -> String
    ) throws(SocketError) -> Bool {
        guard !state.hasPortOfItsOwn, system.chosenPorts.mayContain(peer.port),
            try kernelLocalPort(for: operation()) == peer.port
        else { return false }
        return try kernelLocalAddress(for: operation())?.isSameEndpoint(as: peer) == true
    }

    private static func advice(for errno: Errno) -> String {
        switch errno {
        case .connectionRefused: "Is the server running, and is this its port?"
        case .timedOut, .noRouteToHost, .hostIsDown: "Is the host up, and does a firewall stand between?"
        case .networkUnreachable: "Check the routes of this host."
        default: ""
        }
    }

    private func pollEvents(for operation: @autoclosure () -> String) throws(SocketError) -> Int32 {
        try call(operation()) { descriptor throws(Errno) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            try systemCall { system.calls.poll(&watched, 1, 0) }
            return Int32(watched.revents)
        }
    }

    /// SO_ERROR of the kernel, which reading clears.
    func pendingError(for operation: @autoclosure () -> String) throws(SocketError) -> Errno? {
        let value = try readKernelOption(level: SOL_SOCKET, name: SO_ERROR, initial: Int32(0), for: operation())
        return value == 0 ? nil : Errno(rawValue: value)
    }
}
