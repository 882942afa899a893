import Glibc
public import SocketBackends
import Synchronization
import SystemPackage

extension KernelSocket {
    /// Starts a connection. After a failure it starts afresh (rule R33).
    ///
    /// - Throws: WSAEFAULT, WSAEAFNOSUPPORT, WSAEADDRNOTAVAIL for the address (rules R7 to R11); what the family's errors mean.
    public func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        let bytes = try backend.usable(address, for: .connect)
        let operation = "connect to \(backend.describe(address))"
        return try state.withLock { state throws(SocketError) in
            try forgetFailedAttempt(&state)
            do throws(SocketError) {
                try call(operation, as: .connect) { descriptor throws(Errno) in
                    // Not made again after EINTR: the attempt goes on by itself, as after EINPROGRESS.
                    do throws(Errno) {
                        try systemCall(restarting: false) {
                            bytes.withKernelAddress { system.connect(descriptor.rawValue, $0, $1) }
                        }
                    } catch .interrupted {
                        throw .nowInProgress
                    }
                }
                state.attempt = .connected
                return .connected
            } catch  where error.errno == .nowInProgress {
                state.attempt = .pending(address)
                return .pending
            } catch {
                state.attempt = .failed(error)
                throw error
            }
        }
    }

    /// Says how a pending connect ended.
    ///
    /// - Throws: the reason for the failure; WSAEWOULDBLOCK if it is not over; WSAENOTCONN if none was started.
    public func finishConnect() throws(SocketError) {
        try state.withLock { state throws(SocketError) in
            switch state.attempt {
            case .none:
                throw SocketError(.WSAENOTCONN, operation: "finish a connect", reason: "none was started")
            case .connected:
                return
            case .failed(let error):
                throw error
            case .finding(let address, _):
                throw SocketError(
                    .WSAEWOULDBLOCK, operation: "connect to \(backend.describe(address))",
                    reason: "the attempt still goes on")
            case .pending(let address):
                let operation = "connect to \(backend.describe(address))"
                guard try isOver(operation) else {
                    throw SocketError(.WSAEWOULDBLOCK, operation: operation, reason: "the attempt still goes on")
                }
                if let error = try pendingError(for: operation) {
                    let failure = failure(error, of: .connect, operation)
                    state.attempt = .failed(failure)
                    throw failure
                }
                state.attempt = .connected
            }
        }
    }

    private func isOver(_ operation: String) throws(SocketError) -> Bool {
        try call(operation) { descriptor throws(Errno) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            try systemCall { system.poll(&watched, 1, 0) }
            return watched.revents != 0
        }
    }

    /// SO_ERROR of the kernel, which reading clears.
    func pendingError(for operation: String) throws(SocketError) -> Errno? {
        let value = try readKernelOption(level: SOL_SOCKET, name: SO_ERROR, initial: Int32(0), for: operation)
        return value == 0 ? nil : Errno(rawValue: value)
    }

    /// Rule R33: a new attempt, or a listener, starts as if the failed attempt had not been.
    func forgetFailedAttempt(_ state: inout KernelSocketState) throws(SocketError) {
        guard case .failed = state.attempt else { return }
        let operation = "start again after a failed connect"
        if backend.needsNewSocketAfterFailure || state.retired != nil {
            let replacement: OwnedDescriptor
            do throws(Errno) {
                replacement = try backend.makeDescriptor()
            } catch {
                throw SocketError(error, operation: operation)
            }
            try descriptor.replace(with: replacement, for: operation)
            state.retired = nil
            for (option, value) in state.options { try write(option, value, for: operation) }
            if let local = state.boundTo { try bind(local, for: operation) }
        } else {
            _ = try pendingError(for: operation)
        }
        state.attempt = .none
    }
}
