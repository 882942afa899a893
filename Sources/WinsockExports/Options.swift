public import CWinsock
import Glibc
import SocketBackends
import SystemPackage
import Winsock

/// getsockopt. What is in the program's buffer is given to the family, because some options read it.
@c(ws_getsockopt)
public func readOption(
    _ socket: SOCKET, _ level: Int32, _ name: Int32, _ value: UnsafeMutableRawPointer?,
    _ length: UnsafeMutablePointer<Int32>?
) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let option = SocketOption(level: OptionLevel(rawValue: level), name: OptionName(rawValue: name))
        let operation = "read \(option) of \(handle)"
        let room = try UntrustedMemory.value(Int32.self, at: length, for: operation)
        guard (0...longestOption).contains(room) else {
            throw SocketError(.WSAEFAULT, operation: operation, reason: "\(room) is no length of a buffer")
        }
        let buffer = try UntrustedMemory.read(from: value, count: Int(room), for: operation)
        let bytes = try winsock.option(option, of: handle, buffer: buffer)
        try UntrustedMemory.write(bytes, to: value, for: operation)
        try UntrustedMemory.write(Int32(bytes.count), at: length, for: operation)
    }
}

/// A list of devices can be long; nothing is as long as this.
private let longestOption: Int32 = 1 << 20

/// setsockopt. Some options have no value, and then no memory either.
@c(ws_setsockopt)
public func setOption(
    _ socket: SOCKET, _ level: Int32, _ name: Int32, _ value: UnsafeRawPointer?, _ length: Int32
) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let option = SocketOption(level: OptionLevel(rawValue: level), name: OptionName(rawValue: name))
        let operation = "set \(option) of \(handle)"
        guard (0...longestOption).contains(length) else {
            throw SocketError(.WSAEFAULT, operation: operation, reason: "\(length) is no length of a value")
        }
        let bytes = try UntrustedMemory.read(from: value, count: Int(length), for: operation)
        try winsock.setOption(option, of: handle, to: bytes)
    }
}

/// ioctlsocket.
@c(ioctlsocket)
public func control(_ socket: SOCKET, _ command: Int32, _ argument: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "control \(handle)"
        switch UInt32(bitPattern: command) {
        case IOCommand.nonBlocking:
            let value = try UntrustedMemory.value(UInt32.self, at: argument, for: operation)
            try winsock.setNonBlocking(handle, value != 0)
        case IOCommand.countReadable:
            try UntrustedMemory.write(winsock.readableCount(of: handle), at: argument, for: operation)
        case IOCommand.isAtMark:
            try UntrustedMemory.write(winsock.isAtMark(handle), at: argument, for: operation)
        case let command:
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "there is no command 0x\(String(command, radix: 16))",
                advice: "FIONBIO, FIONREAD and SIOCATMARK are known.")
        }
    }
}

/// WSAIoctl: the commands of ioctlsocket, and SIO_GET_EXTENSION_FUNCTION_POINTER for ConnectEx.
@c(WSAIoctl)
public func control(
    _ socket: SOCKET, _ command: UInt32, _ input: UnsafeRawPointer?, _ inputLength: UInt32,
    _ output: UnsafeMutableRawPointer?, _ outputLength: UInt32, _ returned: UnsafeMutablePointer<UInt32>?,
    _ overlapped: UnsafeMutablePointer<OVERLAPPED>?, _ routine: UnsafeRawPointer?
) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "control \(handle)"
        let answer: [UInt8]
        switch command {
        case IOCommand.nonBlocking:
            let bytes = try UntrustedMemory.read(from: input, count: Int(inputLength), for: operation)
            try winsock.setNonBlocking(handle, OptionValue(bytes: bytes).integer(UInt32.self, for: operation) != 0)
            answer = []
        case IOCommand.countReadable:
            answer = OptionValue(try winsock.readableCount(of: handle)).bytes
        case IOCommand.isAtMark:
            answer = OptionValue(try winsock.isAtMark(handle)).bytes
        case IOCommand.extensionFunction:
            let identifier = try UntrustedMemory.read(from: input, count: Int(inputLength), for: operation)
            guard identifier == IOCommand.connectEx else {
                throw SocketError(
                    .WSAEINVAL, operation: operation, reason: "there is no such extension function",
                    advice: "WSAID_CONNECTEX is the only one.")
            }
            answer = OptionValue(UInt(bitPattern: unsafeBitCast(connectEx, to: UnsafeRawPointer.self))).bytes
        default:
            throw SocketError(
                .WSAEOPNOTSUPP, operation: operation, reason: "there is no command 0x\(String(command, radix: 16))")
        }
        let fitting = try OptionValue(bytes: answer).bytes(fitting: Int(outputLength), for: operation)
        try UntrustedMemory.write(fitting, to: output, for: operation)
        try UntrustedMemory.write(UInt32(fitting.count), at: returned, for: operation)
    }
}

/// As C sees it: the type that makes the address of a Swift function one that C can call.
private let connectEx:
    @convention(c) (
        SOCKET, UnsafeRawPointer?, Int32, UnsafeRawPointer?, UInt32, UnsafeMutablePointer<UInt32>?,
        UnsafeMutablePointer<OVERLAPPED>?
    ) -> Int32 = connectEx(_:_:_:_:_:_:_:)

private enum IOCommand {
    static let nonBlocking: UInt32 = 0x8004_667E  // FIONBIO
    static let countReadable: UInt32 = 0x4004_667F  // FIONREAD
    static let isAtMark: UInt32 = 0x4004_7307  // SIOCATMARK
    static let extensionFunction: UInt32 = 0xC800_0006  // SIO_GET_EXTENSION_FUNCTION_POINTER
    static let connectEx = ProviderID(0x25A2_07B9, 0xDDF3, 0x4660, 0x8EE9_76E5_8C74_063E).bytes  // WSAID_CONNECTEX
}

extension Winsock {
    /// FIONREAD.
    fileprivate func readableCount(of handle: SocketHandle) throws(SocketError) -> UInt32 {
        let operation = "count what can be received on \(handle)"
        return try descriptor(of: handle).withDescriptor(for: operation) { descriptor throws(SocketError) in
            var count: Int32 = 0
            try systemCall(for: operation) { ioctl(descriptor.rawValue, UInt(FIONREAD), &count) }
            return UInt32(max(0, count))
        }
    }

    /// SIOCATMARK: whether no urgent data waits to be received.
    fileprivate func isAtMark(_ handle: SocketHandle) throws(SocketError) -> UInt32 {
        try select(SocketSets(except: [handle]), timeout: .zero).except.isEmpty ? 1 : 0
    }
}
