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

    // MARK: - Streams

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
                    try Self.startConnecting(descriptor, to: peer)
                }
                state.attempt = .connected
                return .connected
            } catch  where error.errno == .nowInProgress {
                state.attempt = .pending(peer)
                return .pending
            }
        }
    }

    private static func startConnecting(_ descriptor: FileDescriptor, to peer: InternetAddress) throws(Errno) {
        do throws(Errno) {
            try kernelConnect(descriptor, to: peer)
        } catch .connectionAbort {
            // Rule R33: what is left of an attempt whose error has been read. The second call starts the new one.
            try kernelConnect(descriptor, to: peer)
        }
    }

    private static func kernelConnect(_ descriptor: FileDescriptor, to peer: InternetAddress) throws(Errno) {
        // Not made again after EINTR: the attempt goes on by itself, as after EINPROGRESS.
        do throws(Errno) {
            try systemCall(restarting: false) {
                peer.withKernelAddress { Glibc.connect(descriptor.rawValue, $0, $1) }
            }
        } catch .interrupted {
            throw .nowInProgress
        }
    }

    /// Rule R33: a new attempt, or a listener, starts as if the failed attempt had not been.
    func forgetFailedAttempt(_ state: inout State) throws(SocketError) {
        guard case .failed = state.attempt else { return }
        try call("start again after a failed connect") { descriptor throws(Errno) in try Self.disconnect(descriptor) }
        state.attempt = .none
    }

    /// Takes the kernel's idea of a peer away: `connect` with AF_UNSPEC.
    private static func disconnect(_ descriptor: FileDescriptor) throws(Errno) {
        var nobody = sockaddr()
        nobody.sa_family = sa_family_t(AF_UNSPEC)
        try systemCall { Glibc.connect(descriptor.rawValue, &nobody, socklen_t(MemoryLayout<sockaddr>.size)) }
    }

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
                guard try isWritable(for: operation) else {
                    throw SocketError(.WSAEWOULDBLOCK, operation: operation, reason: "the attempt still goes on")
                }
                let pendingError = try pendingError(for: operation)
                switch pendingError {
                case nil:
                    state.attempt = .connected
                case .connectionReset, .brokenPipe:
                    // The connection stood, and was reset before anybody looked; receiving will tell.
                    state.attempt = .connected
                    state.hasBeenReset = true
                case .some(let errno):
                    let error = SocketError(
                        InternetCall.connect.code(for: errno, isStream: true), errno: errno, operation: operation,
                        reason: errno.description, advice: Self.advice(for: errno))
                    state.attempt = .failed(error)
                    throw error
                }
            }
        }
    }

    private static func advice(for errno: Errno) -> String {
        switch errno {
        case .connectionRefused: "Is the server running, and is this its port?"
        case .timedOut, .noRouteToHost, .hostIsDown: "Is the host up, and does a firewall stand between?"
        case .networkUnreachable: "Check the routes of this host."
        default: ""
        }
    }

    private func isWritable(for operation: String) throws(SocketError) -> Bool {
        try call(operation) { descriptor throws(Errno) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            return try systemCall { poll(&watched, 1, 0) } > 0
        }
    }

    /// SO_ERROR of the kernel, which reading clears.
    func pendingError(for operation: String) throws(SocketError) -> Errno? {
        let value = try readKernelOption(level: SOL_SOCKET, name: SO_ERROR, initial: Int32(0), for: operation)
        return value == 0 ? nil : Errno(rawValue: value)
    }

    // MARK: - Datagrams

    /// Rule R38: sets the default destination. Queued datagrams of a former peer are not discarded yet (rule R40).
    private func setPeer(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        if address.family == .unspecified, address.bytes.allSatisfy({ $0 == 0 }) {  // rule R42, decision D2
            return try dissolve()
        }
        let peer = try usable(address, for: "connect to")  // rules R8, R9
        if peer.isZero { return try dissolve() }
        let operation = "connect to \(peer)"
        try bindIfNeeded(for: operation)
        // Rule R21: without SO_BROADCAST the kernel answers EACCES to a broadcast address.
        try call(operation, as: .connect) { descriptor throws(Errno) in
            try systemCall { peer.withKernelAddress { Glibc.connect(descriptor.rawValue, $0, $1) } }
        }
        return .connected
    }

    /// Rule R42: no peer any more; the local port stays (decision D23).
    private func dissolve() throws(SocketError) -> ConnectProgress {
        let operation = "take the peer of a datagram socket away"
        try bindIfNeeded(for: operation)
        try call(operation, as: .connect) { descriptor throws(Errno) in try Self.disconnect(descriptor) }
        return .dissolved
    }
}
