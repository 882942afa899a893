import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// How far the latest connect of a stream socket has come.
enum ConnectAttempt: Hashable, Sendable {
    case none
    case pending(InternetAddress)
    /// It stood, whatever has become of it since (decision D16).
    case connected(to: InternetAddress)
    case failed(SocketError)
}

extension InternetSocket {
    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        isStream ? try openConnection(to: address) : try setPeer(to: address)
    }

    private func openConnection(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        let peer = try usable(address, for: "connect to")  // rules R8, R9
        func operation() -> String { "connect to \(peer)" }
        guard !peer.isZero else {  // rule R10; Linux would go to the loopback address
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation(), reason: "the zero address is nobody's",
                advice: "Pass the address of a host; 127.0.0.1 or ::1 is this one.")
        }
        guard peer.port != 0 else {  // rule R11
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation(), reason: "port 0 is no port",
                advice: "Pass the server's port.")
        }
        return try state.withLock { state throws(SocketError) in
            try forgetFailedAttempt(&state)
            let progress: ConnectProgress
            do throws(SocketError) {
                progress = try call(operation(), as: .connect) { descriptor throws(Errno) in
                    try startConnecting(descriptor, to: peer)
                }
            } catch  where error.errno == .addressNotAvailable {
                guard try isBound(for: operation()) else {
                    throw SocketError(
                        .WSAENOBUFS, errno: error.errno, operation: operation(), reason: "no local port is left",
                        advice: "Close connections to this peer, or widen net.ipv4.ip_local_port_range.")
                }
                throw error
            }
            state.attempt = .pending(peer)
            if progress == .connected { try concludeAttempt(to: peer, &state, operation()) }
            return progress
        }
    }

    private func startConnecting(
        _ descriptor: FileDescriptor, to peer: InternetAddress
    ) throws(Errno) -> ConnectProgress {
        do throws(Errno) {
            return try kernelConnect(descriptor, to: peer)
        } catch .connectionAbort {
            // Rule R33: what is left of an attempt whose error has been read. The second call starts the new one.
            return try kernelConnect(descriptor, to: peer)
        }
    }

    private func kernelConnect(_ descriptor: FileDescriptor, to peer: InternetAddress) throws(Errno) -> ConnectProgress
    {
        do throws(Errno) {
            try systemCall(restarting: false) {
                peer.withKernelAddress { system.calls.connect(descriptor.rawValue, $0, $1) }
            }
            return .connected
        } catch .nowInProgress, .interrupted {
            // Not made again after EINTR: the attempt goes on by itself, as after EINPROGRESS.
            return .pending
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
        try systemCall { system.calls.connect(descriptor.rawValue, &nobody, socklen_t(MemoryLayout<sockaddr>.size)) }
    }
}
