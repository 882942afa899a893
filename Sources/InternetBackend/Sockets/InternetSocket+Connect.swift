import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// How far the latest connect of a stream socket has come.
enum ConnectAttempt: Hashable, Sendable {
    case none
    case pending(InternetAddress)
    case connected
    case failed(SocketError)
}

extension InternetSocket {
    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        isStream ? try openConnection(to: address) : try setPeer(to: address)
    }

    private func openConnection(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        let peer = try usable(address, for: "connect to")  // rules R8, R9
        let operation = "connect to \(peer)"
        guard !peer.isZero else {  // rule R10; Linux would go to the loopback address
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "the zero address is nobody's",
                advice: "Pass the address of a host; 127.0.0.1 or ::1 is this one.")
        }
        guard peer.port != 0 else {  // rule R11
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "port 0 is no port", advice: "Pass the server's port.")
        }
        return try state.withLock { state throws(SocketError) in
            try forgetFailedAttempt(&state)
            do throws(SocketError) {
                try call(operation, as: .connect) { descriptor throws(Errno) in
                    try startConnecting(descriptor, to: peer)
                }
                state.attempt = .pending(peer)
                try concludeAttempt(to: peer, &state, operation)
                return .connected
            } catch  where error.errno == .nowInProgress {
                state.attempt = .pending(peer)
                return .pending
            } catch  where error.errno == .addressNotAvailable {
                guard try isBound(for: operation) else {
                    throw SocketError(
                        .WSAENOBUFS, errno: error.errno, operation: operation, reason: "no local port is left",
                        advice: "Close connections to this peer, or widen net.ipv4.ip_local_port_range.")
                }
                throw error
            }
        }
    }

    private func startConnecting(_ descriptor: FileDescriptor, to peer: InternetAddress) throws(Errno) {
        do throws(Errno) {
            try kernelConnect(descriptor, to: peer)
        } catch .connectionAbort {
            // Rule R33: what is left of an attempt whose error has been read. The second call starts the new one.
            try kernelConnect(descriptor, to: peer)
        }
    }

    private func kernelConnect(_ descriptor: FileDescriptor, to peer: InternetAddress) throws(Errno) {
        // Not made again after EINTR: the attempt goes on by itself, as after EINPROGRESS.
        do throws(Errno) {
            try systemCall(restarting: false) {
                peer.withKernelAddress { system.connect(descriptor.rawValue, $0, $1) }
            }
        } catch .interrupted {
            throw .nowInProgress
        }
    }

    /// Rule R33: a new attempt, or a listener, starts as if the failed attempt had not been. It keeps its local port (rule R12).
    func forgetFailedAttempt(_ state: inout State) throws(SocketError) {
        guard case .failed = state.attempt else { return }
        let operation = "start again after a failed connect"
        let local = try kernelLocalAddress(for: operation)
        try call(operation) { descriptor throws(Errno) in
            try disconnect(descriptor)
            takeReports(&state)
            guard let local, local.port != 0 else { return }
            // The kernel lets a port go that it has chosen itself. If somebody has been faster, it chooses another.
            try? bind(descriptor, to: .wildcard(version).with(port: local.port))
        }
        state.attempt = .none
        state.reported = nil
    }

    /// Takes the kernel's idea of a peer away: `connect` with AF_UNSPEC.
    func disconnect(_ descriptor: FileDescriptor) throws(Errno) {
        var nobody = sockaddr()
        nobody.sa_family = sa_family_t(AF_UNSPEC)
        try systemCall { system.connect(descriptor.rawValue, &nobody, socklen_t(MemoryLayout<sockaddr>.size)) }
    }

    // MARK: - The end of an attempt

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
                let operation = "connect to \(peer)"
                let events = try pollEvents(for: operation)
                let isOver = events & (POLLOUT | POLLHUP) != 0
                defer { if events & POLLERR != 0 { takeReports(&state) } }
                guard isOver else {
                    throw SocketError(.WSAEWOULDBLOCK, operation: operation, reason: "the attempt still goes on")
                }
                try concludeAttempt(to: peer, &state, operation)
            }
        }
    }

    /// Finds out how an attempt ended that is over.
    private func concludeAttempt(
        to peer: InternetAddress, _ state: inout State, _ operation: String
    ) throws(SocketError) {
        let pendingError = try pendingError(for: operation)
        switch pendingError {
        case nil:
            guard try hasKernelPeer(for: operation) else {
                if let reported = state.reported { throw fail(&state, reported, operation) }
                throw errorTakenByOthers(&state, operation)
            }
            if try isConnectedToItself(peer, state, operation) {
                try call(operation) { descriptor throws(Errno) in try disconnect(descriptor) }
                throw fail(&state, .connectionRefused, operation)  // rule R19: nobody listens there
            }
            state.attempt = .connected
        case .connectionReset, .brokenPipe:
            // The connection stood, and was reset before anybody looked; receiving will tell.
            state.attempt = .connected
            state.breakage = .connectionReset
        case .some(let errno):
            throw fail(&state, errno, operation)
        }
    }

    private func fail(_ state: inout State, _ errno: Errno, _ operation: String) -> SocketError {
        let error = SocketError(
            InternetCall.connect.code(for: errno, isStream: true), errno: errno, operation: operation,
            reason: errno.description, advice: Self.advice(for: errno))
        state.attempt = .failed(error)
        return error
    }

    private func hasKernelPeer(for operation: String) throws(SocketError) -> Bool {
        do throws(SocketError) {
            _ = try kernelPeerAddress(for: operation)
            return true
        } catch  where error.errno == .socketNotConnected {
            return false
        }
    }

    private func errorTakenByOthers(_ state: inout State, _ operation: String) -> SocketError {
        let error = SocketError(
            .WSAECONNABORTED, operation: operation,
            reason: "the attempt failed, and its error was read from the descriptor",
            advice: "Ask IrSock for SO_ERROR, not the kernel.")
        state.attempt = .failed(error)
        return error
    }

    /// Linux may choose for the local port the very port to which it connects; the attempt then meets itself, and succeeds.
    private func isConnectedToItself(
        _ peer: InternetAddress, _ state: State, _ operation: String
    ) throws(SocketError) -> Bool {
        guard !state.hasPortOfItsOwn else { return false }
        return try kernelLocalAddress(for: operation)?.isSameEndpoint(as: peer) == true
    }

    private static func advice(for errno: Errno) -> String {
        switch errno {
        case .connectionRefused: "Is the server running, and is this its port?"
        case .timedOut, .noRouteToHost, .hostIsDown: "Is the host up, and does a firewall stand between?"
        case .networkUnreachable: "Check the routes of this host."
        default: ""
        }
    }

    private func pollEvents(for operation: String) throws(SocketError) -> Int32 {
        try call(operation) { descriptor throws(Errno) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            try systemCall { system.poll(&watched, 1, 0) }
            return Int32(watched.revents)
        }
    }

    /// SO_ERROR of the kernel, which reading clears.
    func pendingError(for operation: String) throws(SocketError) -> Errno? {
        let value = try readKernelOption(level: SOL_SOCKET, name: SO_ERROR, initial: Int32(0), for: operation)
        return value == 0 ? nil : Errno(rawValue: value)
    }
}
