public import SocketBackends

extension Winsock {
    /// Reads an option (getsockopt). `buffer` is what the caller's memory holds: its length is the room, and some options read it.
    ///
    /// SO_ERROR is the runtime's own: the code of a failed non-blocking connect, on every read until a connect succeeds; 0 after a
    /// blocking one (rule R31, decision D22). Reading it sets the thread's last error to 0. SO_CONNECT_TIME is the runtime's, too.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEFAULT if the buffer is too short; WSAENOPROTOOPT if there is no such option.
    public func option(
        _ option: SocketOption, of handle: SocketHandle, buffer: [UInt8]
    ) throws(SocketError) -> [UInt8] {
        func operation() -> String { "read \(option) of \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            let lifecycle = socket.current()
            try lifecycle.checkUsable(for: operation())
            let value: OptionValue
            switch option {
            case .error:
                value = OptionValue(lifecycle.socketError.rawValue)
            case .connectTime:
                value = OptionValue(socket.secondsConnected)
            case .receiveTimeout:
                value = OptionValue(milliseconds: socket.settings.receiveTimeout)
            case .sendTimeout:
                value = OptionValue(milliseconds: socket.settings.sendTimeout)
            default:
                return try socket.backend.option(option, buffer: buffer)
            }
            let bytes = try value.bytes(fitting: buffer.count, for: operation())
            if option == .error { setLastError(.NO_ERROR) }
            return bytes
        }
    }

    /// How many bytes were sent on a connection that the peer has not acknowledged yet; at least, whether there are any. Winsock has no such
    /// call: a program that wants to leave when all has arrived, and cannot end one direction alone, needs it.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; what the family throws if it cannot tell.
    public func unsentCount(of handle: SocketHandle) throws(SocketError) -> Int {
        try call("count what is on its way on \(handle)", on: handle) { socket throws(SocketError) in
            try socket.backend.unsentCount()
        }
    }

    /// Sets an option (setsockopt). SO_UPDATE_CONNECT_CONTEXT completes a ConnectEx; its value is left out of account.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL while an attempt to connect goes on (rule R35, decision D9); WSAEFAULT if the
    ///   value is too short; WSAENOPROTOOPT if there is no such option; WSAENOTCONN for SO_UPDATE_CONNECT_CONTEXT without a connection.
    public func setOption(
        _ option: SocketOption, of handle: SocketHandle, to bytes: [UInt8]
    ) throws(SocketError) {
        func operation() -> String { "set \(option) of \(handle)" }
        try call(operation(), on: handle) { socket throws(SocketError) in
            try socket.current().checkSetOption(for: operation())
            let value = OptionValue(bytes: bytes)
            switch option {
            case .error:
                let code = WSAErrorCode(rawValue: try value.integer(Int32.self, for: operation()))
                try socket.lifecycle { $0.setSocketError(code) }
            case .updateConnectContext:
                try socket.lifecycle { life throws(SocketError) in try life.updateContext(for: operation()) }
            case .receiveTimeout:
                let timeout = try value.timeout(for: operation())
                socket.changeSettings { $0.receiveTimeout = timeout }
            case .sendTimeout:
                let timeout = try value.timeout(for: operation())
                socket.changeSettings { $0.sendTimeout = timeout }
            default:
                try socket.backend.setOption(option, to: bytes)
                if option == .outOfBandInline {
                    let isInLine = try value.boolean(for: operation())
                    socket.changeSettings { $0.hasUrgentDataInLine = isInLine }
                    socket.changed()
                }
            }
        }
    }
}

extension OpenSocket {
    /// SO_CONNECT_TIME: whole seconds since the connection came about; the highest number without one.
    fileprivate var secondsConnected: UInt32 {
        guard let connectedSince, kind.isConnectionOriented else { return .max }
        let seconds = connectedSince.duration(to: environment.now()).components.seconds
        return UInt32(clamping: min(seconds, Int64(UInt32.max) - 1))
    }
}

/// SO_RCVTIMEO and SO_SNDTIMEO: a DWORD of milliseconds, 0 for ever.
extension OptionValue {
    fileprivate init(milliseconds timeout: Duration?) {
        self.init(
            UInt32(
                clamping: (timeout?.components.seconds ?? 0) * 1000
                    + (timeout?.components.attoseconds ?? 0) / 1_000_000_000_000_000))
    }

    fileprivate func timeout(for operation: @autoclosure () -> String) throws(SocketError) -> Duration? {
        let milliseconds = try integer(UInt32.self, for: operation())
        return milliseconds == 0 ? nil : .milliseconds(milliseconds)
    }
}
