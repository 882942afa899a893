public import SocketBackends

extension Winsock {
    /// Opens a connection, or sets the peer of a datagram socket (connect).
    ///
    /// The order of the checks is that of decision D1: started up, a socket, the socket's state; then `address` is evaluated, so that
    /// reading it from a program's memory may fail in its turn; its length; and then what the family checks.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL if the socket listens, WSAEALREADY if an attempt goes on (WSAEINVAL in version
    ///   1), WSAEISCONN if it is connected; WSAEFAULT for a short address. WSAEWOULDBLOCK if the socket does not block and the attempt
    ///   goes on. WSAEINTR if the socket is closed meanwhile. Otherwise the backend's error, after which the socket may try
    ///   again (rule R33).
    public func connect(
        _ handle: SocketHandle, to address: @autoclosure () throws(SocketError) -> SocketAddress
    ) throws(SocketError) {
        func operation() -> String { "connect \(handle)" }
        try call(operation(), on: handle) { socket throws(SocketError) in
            let style: ConnectAttempt.Style = socket.settings.isNonBlocking ? .nonBlocking : .blocking
            let (attempt, progress) = try socket.startConnecting(style, version: version, for: operation(), to: address)
            guard style == .blocking || progress != .pending else {
                // Rule R24; also if the end has come in the meantime, so that there is one place where a program learns of it.
                throw SocketError(
                    .WSAEWOULDBLOCK, operation: operation(), reason: "the attempt goes on",
                    advice: "Wait for the socket to become writable.")
            }
            while true {
                switch socket.current().outcome(of: attempt) {
                // Rules R1, R24a: the end is what the call tells, and there is none before it.
                case .connected: return
                case .failed(let error): throw error
                case .goesOn: try wait(for: attempt, on: socket, operation())
                }
            }
        }
    }

    /// Waits on this thread for the end of an attempt.
    private func wait(for attempt: ConnectAttempt, on socket: OpenSocket, _ operation: @autoclosure () -> String)
        throws(SocketError)
    {
        do throws(SocketError) {
            try socket.wait(to: .writable, until: nil, for: operation())
        } catch {
            // Rule R22: the socket can only be closed.
            if error.code == .WSAEINTR, try socket.lifecycle({ $0.abandon(attempt) }) { close(socket) }
            throw error
        }
    }

    /// Opens a connection without holding a thread, whether the socket blocks or not.
    ///
    /// If the task is cancelled or the deadline passes while the attempt goes on, it is called off: the backend's socket is closed at once,
    /// and the handle can only be given to `closeSocket`; other calls answer WSAECONNABORTED. Cancellation or a deadline that came
    /// before the call leave the socket as it was. A failed attempt shows in SO_ERROR as that of a non-blocking connect.
    ///
    /// The last error is not set: a task has no thread of its own.
    ///
    /// - Parameters:
    ///   - handle: the socket.
    ///   - address: the peer.
    ///   - deadline: when to give up; nil to leave that to the family.
    /// - Throws: as `connect(_:to:)`, and WSA_E_CANCELLED or WSAETIMEDOUT.
    public func connect(
        _ handle: SocketHandle, to address: SocketAddress, deadline: ContinuousClock.Instant?
    ) async throws(SocketError) {
        func operation() -> String { "connect \(handle)" }
        let socket = try find(handle, for: operation())
        if Task.isCancelled { throw CallOff.cancelled.error(operation()) }
        if let deadline, deadline <= .now { throw CallOff.timedOut.error(operation()) }
        let (attempt, _) = try socket.startConnecting(.nonBlocking, version: version, for: operation()) {
            () throws(SocketError) in address
        }
        while true {
            switch socket.current().outcome(of: attempt) {
            case .connected: return
            case .failed(let error): throw error
            case .goesOn: break
            }
            let callOff = try await waitUntilWritable(socket, deadline: deadline, operation())
            // The end of the attempt, if it came at the same time, counts for more.
            _ = socket.current()
            if let callOff, try socket.lifecycle({ $0.abandon(attempt) }) {
                close(socket)
                throw callOff.error(operation())
            }
        }
    }

    /// Waits for the end of an attempt; answers why to call it off, if that came first.
    ///
    /// - Throws: WSAEINTR if the socket is closed meanwhile.
    private func waitUntilWritable(
        _ socket: OpenSocket, deadline: ContinuousClock.Instant?, _ operation: @autoclosure () -> String
    ) async throws(SocketError) -> CallOff? {
        let end = FirstValue<WaitEnd>()
        let monitor = try monitor()
        let registration: WatchRegistration
        do throws(SocketError) {
            registration = try monitor.watch(socket.backend.descriptor, for: .writable) { news in
                switch news {
                case .ready: end.offer(.ready)
                case .closed: end.offer(.closed)
                }
            }
        } catch  where error.code == .WSAENOTSOCK {
            throw socket.interruption.interrupted(operation())
        }
        let timer = deadline.map { deadline in
            Task {
                do {
                    try await Task.sleep(until: deadline, clock: .continuous)
                    end.offer(.callOff(.timedOut))
                } catch {
                    // The wait is over, and nobody needs the timer any more.
                }
            }
        }
        let ended = await withTaskCancellationHandler {
            await end.value()
        } onCancel: {
            end.offer(.callOff(.cancelled))
        }
        timer?.cancel()
        monitor.cancel(registration)
        switch ended {
        case .ready: return nil
        case .callOff(let reason): return reason
        case .closed: throw socket.interruption.interrupted(operation())
        }
    }
}

/// Why a wait for the end of an attempt was over.
private enum WaitEnd: Sendable {
    case ready
    case closed
    case callOff(CallOff)
}

/// Why an attempt is called off.
private enum CallOff: Sendable {
    case cancelled
    case timedOut

    func error(_ operation: @autoclosure () -> String) -> SocketError {
        switch self {
        case .cancelled:
            SocketError(.WSA_E_CANCELLED, operation: operation(), reason: "the task was cancelled")
        case .timedOut:
            SocketError(
                .WSAETIMEDOUT, operation: operation(), reason: "the deadline has passed",
                advice: "Close the socket; a later try takes a new one.")
        }
    }
}

extension OpenSocket {
    /// Starts an attempt: asks the life cycle, reads and measures the address, asks the backend.
    func startConnecting(
        _ style: ConnectAttempt.Style, version: @autoclosure () -> WinsockVersion,
        for operation: @autoclosure () -> String, to address: () throws(SocketError) -> SocketAddress
    ) throws(SocketError) -> (attempt: ConnectAttempt, progress: ConnectProgress) {
        _ = current()
        let attempt = try lifecycle { life throws(SocketError) in
            try life.begin(style, version: version(), for: operation())
        }
        do throws(SocketError) {
            let address = try address()
            if !dissolves(address) { try checkLength(of: address, for: operation()) }
            let progress = try backend.connect(to: address)
            // A datagram family may have made more of the address than the program wrote.
            let peer = progress == .connected ? try? backend.peerAddress() : nil
            withState { $0.started(attempt, to: peer ?? address, progress, at: environment.now()) }
            changed()
            return (attempt, progress)
        } catch {
            try lifecycle { $0.notStarted(attempt) }
            throw error
        }
    }

    /// Whether this is the zero `sockaddr` of no family, which takes a datagram socket's peer away whatever the family's own
    /// addresses are like (decision D2).
    private func dissolves(_ address: SocketAddress) -> Bool {
        !kind.isConnectionOriented && address.bytes.count >= 16 && address.bytes.allSatisfy { $0 == 0 }
    }
}
