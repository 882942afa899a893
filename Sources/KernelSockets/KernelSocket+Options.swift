import Glibc
public import SocketBackends
import Synchronization
import SystemPackage

/// An option of the kernel, by its own numbers.
struct KernelOption: Hashable, Sendable {
    var level: Int32
    var name: Int32
}

extension KernelSocket {
    /// Reads an option of SOL_SOCKET: SO_TYPE, SO_ERROR, SO_ACCEPTCONN, SO_SNDBUF, SO_RCVBUF or SO_LINGER.
    ///
    /// - Throws: WSAENOPROTOOPT for another; WSAEFAULT if there is not enough room.
    public func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] {
        let operation = "read \(option)"
        let value: OptionValue
        switch option {
        case .type:
            value = OptionValue(kind.type.rawValue)
        case .error:
            value = OptionValue(try socketError(for: operation).rawValue)
        case .acceptsConnections:
            value = OptionValue(try read(SO_ACCEPTCONN, initial: Int32(0), operation))
        case .sendBufferSize, .receiveBufferSize:
            // Linux tells twice what was set, for its own needs.
            value = OptionValue(
                try read(option == .sendBufferSize ? SO_SNDBUF : SO_RCVBUF, initial: Int32(0), operation) / 2)
        case .linger:
            let setting = try read(SO_LINGER, initial: Glibc.linger(), operation)
            value = OptionValue(UInt16(setting.l_onoff == 0 ? 0 : 1)).followed(by: UInt16(clamping: setting.l_linger))
        default:
            throw unknown(operation)
        }
        return try value.bytes(fitting: buffer.count, for: operation)
    }

    /// Sets an option of SOL_SOCKET: SO_SNDBUF, SO_RCVBUF or SO_LINGER.
    ///
    /// - Throws: WSAENOPROTOOPT for another; WSAEFAULT if the value is too short.
    public func setOption(_ option: SocketOption, to bytes: [UInt8]) throws(SocketError) {
        let operation = "set \(option)"
        let value = OptionValue(bytes: bytes)
        switch option {
        case .sendBufferSize, .receiveBufferSize:
            let size = try value.integer(Int32.self, for: operation)
            try setKernelOption(
                level: SOL_SOCKET, name: option == .sendBufferSize ? SO_SNDBUF : SO_RCVBUF, to: size, for: operation)
        case .linger:
            let isOn = try value.integer(UInt16.self, for: operation)
            let seconds = try value.integer(UInt16.self, at: 2, for: operation)
            try setKernelOption(
                level: SOL_SOCKET, name: SO_LINGER, to: Glibc.linger(l_onoff: Int32(isOn), l_linger: Int32(seconds)),
                for: operation)
        default:
            throw unknown(operation)
        }
    }

    /// Sets an option by the kernel's numbers; a new socket in the place of this one gets it, too.
    ///
    /// - Parameters:
    ///   - level: Linux' number of the level.
    ///   - name: Linux' number of the option.
    ///   - value: the value in Linux' layout.
    ///   - operation: what is attempted, for the error.
    /// - Throws: the kernel's error, translated.
    public func setKernelOption(
        level: Int32, name: Int32, to value: some BitwiseCopyable, for operation: String
    ) throws(SocketError) {
        let option = KernelOption(level: level, name: name)
        let bytes = withUnsafeBytes(of: value) { Array($0) }
        try write(option, bytes, for: operation)
        state.withLock { $0.options[option] = bytes }
    }

    func write(_ option: KernelOption, _ value: [UInt8], for operation: String) throws(SocketError) {
        try call(operation) { descriptor throws(Errno) in
            try systemCall {
                system.setsockopt(descriptor.rawValue, option.level, option.name, value, socklen_t(value.count))
            }
        }
    }

    private func unknown(_ operation: String) -> SocketError {
        SocketError(
            .WSAENOPROTOOPT, operation: operation, reason: "\(kind.transport) sockets have no such option")
    }

    /// SO_ERROR. Of a connect it is the connect's own error, which reading does not take away from whoever asks how it ended.
    private func socketError(for operation: String) throws(SocketError) -> WSAErrorCode {
        do throws(SocketError) {
            try finishConnect()
        } catch  where error.code == .WSAEWOULDBLOCK {
            return .NO_ERROR
        } catch {
            if case .failed(let failure) = state.withLock({ $0.attempt }) { return failure.code }
        }
        guard let error = try pendingError(for: operation) else { return .NO_ERROR }
        return failure(error, of: .receive, operation).code
    }

    private func read<Value: BitwiseCopyable>(
        _ name: Int32, initial: Value, _ operation: String
    ) throws(SocketError) -> Value {
        try readKernelOption(level: SOL_SOCKET, name: name, initial: initial, for: operation)
    }

    /// Reads an option by the kernel's numbers.
    ///
    /// - Parameters:
    ///   - level: Linux' number of the level.
    ///   - name: Linux' number of the option.
    ///   - initial: what the memory holds before.
    ///   - operation: what is attempted, for the error.
    /// - Returns: the value in Linux' layout.
    /// - Throws: the kernel's error, translated.
    public func readKernelOption<Value: BitwiseCopyable>(
        level: Int32, name: Int32, initial: Value, for operation: String
    ) throws(SocketError) -> Value {
        var value = initial
        try call(operation) { descriptor throws(Errno) in
            try systemCall {
                withUnsafeMutableBytes(of: &value) { room in
                    var length = socklen_t(room.count)
                    return system.getsockopt(descriptor.rawValue, level, name, room.baseAddress, &length)
                }
            }
        }
        return value
    }
}
