import Glibc
public import SocketBackends
import Synchronization
import SystemPackage

extension KernelSocket {
    /// Starts a connection to an address that must be found out first, which takes time: a service that is looked up at the peer.
    ///
    /// The attempt is pending from now on. `find` runs on a thread of its own; then the connection is made there, and only when that
    /// has ended does the descriptor turn ready, so that nobody is woken for nothing.
    ///
    /// - Parameters:
    ///   - asked: what the program asked for.
    ///   - find: finds the address out; may block.
    /// - Returns: that it goes on.
    /// - Throws: WSAENOBUFS, WSAEMFILE if there is no room to wait.
    public func connect(
        to asked: SocketAddress, finding find: @escaping @Sendable () throws(SocketError) -> SocketAddress
    ) throws(SocketError) -> ConnectProgress {
        let operation = "connect to \(backend.describe(asked))"
        let placeholder = try Placeholder(for: operation)
        try state.withLock { state throws(SocketError) in
            try forgetFailedAttempt(&state)
            try descriptor.replace(with: placeholder.duplicate(for: operation), for: operation)
            state.attempt = .finding(asked, placeholder)
        }
        do throws(SocketError) {
            try DetachedThread.start { [self] in
                let outcome = Result { () throws(SocketError) in try connect(find, placeholder, operation) }
                end(placeholder, outcome, operation)
            }
        } catch {
            state.withLock { state in
                state.retired = placeholder
                state.attempt = .failed(error)
            }
            throw error
        }
        return .pending
    }

    /// Finds the address, and connects a socket to it.
    private func connect(
        _ find: () throws(SocketError) -> SocketAddress, _ placeholder: Placeholder, _ operation: String
    ) throws(SocketError) -> FileDescriptor {
        let address = try find()
        let bytes = try backend.usable(address, for: .connect)
        let (options, local) = state.withLock { ($0.options, $0.boundTo) }
        do throws(Errno) {
            let socket = try backend.makeDescriptor()
            let number = socket.withDescriptor { $0.rawValue }
            for (option, value) in options {
                try systemCall {
                    system.setsockopt(number, option.level, option.name, value, socklen_t(value.count))
                }
            }
            if let local { try systemCall { local.withKernelAddress { system.bind(number, $0, $1) } } }
            do throws(Errno) {
                try systemCall(restarting: false) { bytes.withKernelAddress { system.connect(number, $0, $1) } }
            } catch .nowInProgress, .interrupted {
                try placeholder.wait(for: socket, POLLOUT, system)
                var value: Int32 = 0
                var length = socklen_t(MemoryLayout<Int32>.size)
                try systemCall { system.getsockopt(number, SOL_SOCKET, SO_ERROR, &value, &length) }
                if value != 0 { throw Errno(rawValue: value) }
            }
            return socket.release()
        } catch {
            throw failure(error, of: .connect, operation)
        }
    }

    /// Puts the connected socket in its place, or tells the failure; unless nobody wants to know any more.
    private func end(
        _ placeholder: Placeholder, _ outcome: Result<FileDescriptor, SocketError>, _ operation: String
    ) {
        state.withLock { state in
            // Closed by now: what was made goes, too.
            guard !placeholder.isAwake else {
                if case .success(let socket) = outcome { _ = OwnedDescriptor(socket) }
                return
            }
            // First whoever waits is woken; who asks then how it ended waits for this lock.
            placeholder.wake()
            state.retired = placeholder
            do throws(SocketError) {
                try descriptor.replace(with: OwnedDescriptor(outcome.get()), for: operation)
                state.attempt = .connected
            } catch {
                state.attempt = .failed(error)
            }
        }
    }
}
