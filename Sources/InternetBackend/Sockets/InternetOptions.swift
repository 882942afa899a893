import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// The options that TCP and UDP sockets know: one row an option.
struct InternetOption: Sendable {
    /// How the value lies in Winsock's memory, and what it is in Linux.
    enum Layout: Sendable {
        /// BOOL, which may be given and read as a single byte.
        case boolean
        /// BOOL: whether the socket's way to share its local address is this one.
        case sharing(AddressSharing)
        /// int.
        case integer
        /// int, which Linux doubles when it is set.
        case bufferSize
        /// Two u_short, where Linux has two int.
        case linger
        /// int: an errno in Linux, a WSA code in Winsock.
        case error
    }

    let option: SocketOption
    let level: Int32
    let name: Int32
    let layout: Layout
    var isReadOnly = false
    /// The only type or the only version that has the option; nil for all.
    var type: SocketType?
    var version: InternetVersion?

    static let all: [InternetOption] = [
        Self(option: .reuseAddress, level: SOL_SOCKET, name: SO_REUSEADDR, layout: .sharing(.shared)),
        Self(option: .exclusiveAddressUse, level: SOL_SOCKET, name: SO_REUSEADDR, layout: .sharing(.exclusive)),
        Self(option: .broadcast, level: SOL_SOCKET, name: SO_BROADCAST, layout: .boolean),
        Self(option: .keepAlive, level: SOL_SOCKET, name: SO_KEEPALIVE, layout: .boolean),
        Self(option: .doNotRoute, level: SOL_SOCKET, name: SO_DONTROUTE, layout: .boolean),
        Self(option: .outOfBandInline, level: SOL_SOCKET, name: SO_OOBINLINE, layout: .boolean),
        Self(option: .linger, level: SOL_SOCKET, name: SO_LINGER, layout: .linger, type: .stream),
        Self(option: .sendBufferSize, level: SOL_SOCKET, name: SO_SNDBUF, layout: .bufferSize),
        Self(option: .receiveBufferSize, level: SOL_SOCKET, name: SO_RCVBUF, layout: .bufferSize),
        Self(option: .type, level: SOL_SOCKET, name: SO_TYPE, layout: .integer, isReadOnly: true),
        Self(option: .error, level: SOL_SOCKET, name: SO_ERROR, layout: .error, isReadOnly: true),
        Self(
            option: .acceptsConnections, level: SOL_SOCKET, name: SO_ACCEPTCONN, layout: .boolean, isReadOnly: true),
        Self(
            option: .noDelay, level: Int32(IPPROTO_TCP), name: Glibc.TCP_NODELAY, layout: .boolean,
            type: .stream),
        Self(option: .timeToLive, level: Int32(IPPROTO_IP), name: IP_TTL, layout: .integer, version: .v4),
        Self(option: .unicastHops, level: Int32(IPPROTO_IPV6), name: IPV6_UNICAST_HOPS, layout: .integer, version: .v6),
        Self(option: .v6Only, level: Int32(IPPROTO_IPV6), name: Glibc.IPV6_V6ONLY, layout: .boolean, version: .v6),
    ]
}

extension InternetSocket {
    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] {
        func operation() -> String { "read \(option)" }
        let row = try row(of: option, for: operation())
        let value: OptionValue
        switch row.layout {
        case .boolean:
            value = OptionValue(boolean: try read(row, initial: Int32(0), operation()) != 0, fitting: buffer.count)
        case .sharing(let sharing):
            value = OptionValue(boolean: state.withLock { $0.sharing } == sharing, fitting: buffer.count)
        case .integer:
            value = OptionValue(try read(row, initial: Int32(0), operation()))
        case .bufferSize:
            value = OptionValue(try read(row, initial: Int32(0), operation()) / 2)
        case .error:
            value = OptionValue(try socketError(for: operation()).rawValue)
        case .linger:
            let setting = try read(row, initial: linger(), operation())
            value = OptionValue(UInt16(setting.l_onoff == 0 ? 0 : 1)).followed(by: UInt16(clamping: setting.l_linger))
        }
        return try value.bytes(fitting: buffer.count, for: operation())
    }

    func setOption(_ option: SocketOption, to bytes: [UInt8]) throws(SocketError) {
        func operation() -> String { "set \(option)" }
        let row = try row(of: option, for: operation())
        guard !row.isReadOnly else {
            throw SocketError(.WSAENOPROTOOPT, operation: operation(), reason: "the option can only be read")
        }
        let value = OptionValue(bytes: bytes)
        switch row.layout {
        case .boolean:
            try write(row, Int32(try value.boolean(for: operation()) ? 1 : 0), operation())
        case .sharing(let sharing):
            try setSharing(sharing, try value.boolean(for: operation()), row, for: operation())
        case .integer, .bufferSize, .error:
            try write(row, try value.integer(Int32.self, for: operation()), operation())
        case .linger:
            let isOn = try value.integer(UInt16.self, for: operation())
            let seconds = try value.integer(UInt16.self, at: 2, for: operation())
            try write(row, linger(l_onoff: Int32(isOn), l_linger: Int32(seconds)), operation())
        }
    }

    /// SO_ERROR. Of a connect it is the connect's own error, which reading does not take away from whoever asks how it ended.
    private func socketError(for operation: @autoclosure () -> String) throws(SocketError) -> WSAErrorCode {
        do throws(SocketError) {
            try finishConnect()
        } catch  where error.code == .WSAEWOULDBLOCK {
            return .NO_ERROR
        } catch {
            if case .failed(let failure) = state.withLock({ $0.attempt }) { return failure.code }
        }
        guard let error = try pendingError(for: operation()) else { return .NO_ERROR }
        return InternetCall.receive.code(for: error, isStream: isStream)
    }

    private func row(of option: SocketOption, for operation: @autoclosure () -> String) throws(SocketError)
        -> InternetOption
    {
        let row = InternetOption.all.first { row in
            row.option == option && [nil, kind.type].contains(row.type) && [nil, version].contains(row.version)
        }
        guard let row else {
            throw SocketError(
                .WSAENOPROTOOPT, operation: operation(), reason: "\(kind.transport) sockets have no such option")
        }
        return row
    }

    private func read<Value: BitwiseCopyable>(
        _ row: InternetOption, initial: Value, _ operation: @autoclosure () -> String
    ) throws(SocketError) -> Value {
        try readKernelOption(level: row.level, name: row.name, initial: initial, for: operation())
    }

    /// Reads an option in Linux' numbers and layout.
    func readKernelOption<Value: BitwiseCopyable>(
        level: Int32, name: Int32, initial: Value, for operation: @autoclosure () -> String
    ) throws(SocketError) -> Value {
        var value = initial
        try call(operation()) { descriptor throws(Errno) in
            try systemCall {
                withUnsafeMutableBytes(of: &value) { room in
                    var length = socklen_t(room.count)
                    return system.calls.getsockopt(descriptor.rawValue, level, name, room.baseAddress, &length)
                }
            }
        }
        return value
    }

    func write<Value: BitwiseCopyable>(
        _ row: InternetOption, _ value: Value, _ operation: @autoclosure () -> String
    ) throws(SocketError) {
        try call(operation()) { descriptor throws(Errno) in
            try systemCall {
                withUnsafeBytes(of: value) {
                    system.calls.setsockopt(
                        descriptor.rawValue, row.level, row.name, $0.baseAddress, socklen_t($0.count))
                }
            }
        }
    }
}

extension OptionValue {
    /// A BOOL, or a single byte where there is no room for more.
    fileprivate init(boolean isOn: Bool, fitting room: Int) {
        self = room < MemoryLayout<Int32>.size ? Self(UInt8(isOn ? 1 : 0)) : Self(Int32(isOn ? 1 : 0))
    }
}
