public import CWinsock
import SocketBackends
import Winsock

/// socket; INVALID_SOCKET if it fails.
@c(ws_socket)
public func makeSocket(_ family: Int32, _ type: Int32, _ protocolNumber: Int32) -> SOCKET {
    answering(orIfItFails: invalidSocket) { winsock throws(SocketError) in
        try open(family: family, type: type, protocolNumber: protocolNumber, by: winsock)
    }
}

private let invalidSocket = SocketHandle.invalid.rawValue

private func open(
    family: Int32, type: Int32, protocolNumber: Int32, by winsock: Winsock
) throws(SocketError) -> SOCKET {
    guard let family = UInt16(exactly: family) else {
        throw SocketError(
            .WSAEAFNOSUPPORT, operation: "make a socket", reason: "there is no address family \(family)",
            advice: "AF_INET and its like are small numbers.")
    }
    return try winsock.socket(
        family: AddressFamily(rawValue: family), type: SocketType(rawValue: type),
        protocolNumber: SocketProtocolNumber(rawValue: protocolNumber)
    ).rawValue
}

/// WSASocketA.
@c(WSASocketA)
public func makeSocketA(
    _ family: Int32, _ type: Int32, _ protocolNumber: Int32, _ info: UnsafePointer<WSAPROTOCOL_INFOA>?, _ group: UInt32,
    _ flags: UInt32
) -> SOCKET {
    answering(orIfItFails: invalidSocket) { winsock throws(SocketError) in
        let entry = try info.map { info throws(SocketError) in
            try UntrustedMemory.value(WSAPROTOCOL_INFOA.self, at: info, for: "make a socket")
        }
        return try open(
            family, type, protocolNumber, entry.map { ($0.iAddressFamily, $0.iSocketType, $0.iProtocol) }, group, flags,
            by: winsock)
    }
}

/// WSASocketW.
@c(WSASocketW)
public func makeSocketW(
    _ family: Int32, _ type: Int32, _ protocolNumber: Int32, _ info: UnsafePointer<WSAPROTOCOL_INFOW>?, _ group: UInt32,
    _ flags: UInt32
) -> SOCKET {
    answering(orIfItFails: invalidSocket) { winsock throws(SocketError) in
        let entry = try info.map { info throws(SocketError) in
            try UntrustedMemory.value(WSAPROTOCOL_INFOW.self, at: info, for: "make a socket")
        }
        return try open(
            family, type, protocolNumber, entry.map { ($0.iAddressFamily, $0.iSocketType, $0.iProtocol) }, group, flags,
            by: winsock)
    }
}

private func open(
    _ family: Int32, _ type: Int32, _ protocolNumber: Int32, _ entry: (family: Int32, type: Int32, number: Int32)?,
    _ group: UInt32, _ flags: UInt32, by winsock: Winsock
) throws(SocketError) -> SOCKET {
    // Every socket can be used for overlapped calls, as far as there are any, and none is inherited.
    let harmless: UInt32 = 0x01 | 0x80  // WSA_FLAG_OVERLAPPED, WSA_FLAG_NO_HANDLE_INHERIT
    guard group == 0, flags & ~harmless == 0 else {
        throw SocketError(
            .WSAEINVAL, operation: "make a socket",
            reason: group == 0 ? "a flag of 0x\(String(flags, radix: 16)) is not known" : "there are no socket groups",
            advice: "Pass 0.")
    }
    // FROM_PROTOCOL_INFO, -1, takes a value from the entry.
    func choose(_ value: Int32, _ ofEntry: Int32?) -> Int32 { value == -1 ? ofEntry ?? value : value }
    return try open(
        family: choose(family, entry?.family), type: choose(type, entry?.type),
        protocolNumber: choose(protocolNumber, entry?.number), by: winsock)
}

/// closesocket.
@c(closesocket)
public func closeSocket(_ socket: SOCKET) -> Int32 {
    status { winsock throws(SocketError) in try winsock.closeSocket(SocketHandle(rawValue: socket)) }
}

/// bind.
@c(ws_bind)
public func bind(_ socket: SOCKET, _ name: UnsafeRawPointer?, _ length: Int32) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        try winsock.bind(handle, to: SocketAddress(readingFrom: name, length: Int(length)))
    }
}

/// listen. SOMAXCONN_HINT is a negative number.
@c(ws_listen)
public func listen(_ socket: SOCKET, _ backlog: Int32) -> Int32 {
    status { winsock throws(SocketError) in
        try winsock.listen(SocketHandle(rawValue: socket), backlog: Int(backlog.magnitude))
    }
}

/// accept; INVALID_SOCKET if it fails.
@c(ws_accept)
public func accept(_ socket: SOCKET, _ name: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<Int32>?) -> SOCKET
{
    answering(orIfItFails: invalidSocket) { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "accept on \(handle)"
        // Before a connection is taken: one whose address did not fit would be lost. A socket without an address does not listen.
        if name != nil, let local = try? winsock.localAddress(of: handle) {
            let room = try UntrustedMemory.value(Int32.self, at: length, for: operation)
            guard Int(room) >= local.bytes.count else {
                throw SocketError(
                    .WSAEFAULT, operation: operation, reason: "a buffer of \(room) bytes is too short for an address",
                    advice: "It takes \(local.bytes.count).")
            }
        }
        let (accepted, peer) = try winsock.accept(handle)
        if name != nil {
            do throws(SocketError) {
                try peer.give(to: name, length, for: operation)
            } catch {
                try? winsock.closeSocket(accepted)
                throw error
            }
        }
        return accepted.rawValue
    }
}

/// connect, under the name that winsock2.h leads to (rule R46).
@c(ws_connect)
public func connect(_ socket: SOCKET, _ name: UnsafeRawPointer?, _ length: Int32) -> Int32 {
    status { winsock throws(SocketError) in
        try winsock.connect(
            SocketHandle(rawValue: socket), to: SocketAddress(readingFrom: name, length: Int(length)))
    }
}

/// WSAConnect. The qualities of service are structures that are not looked into: no transport has any.
@c(WSAConnect)
public func connect(
    _ socket: SOCKET, _ name: UnsafeRawPointer?, _ length: Int32, _ callerData: UnsafePointer<WSABUF>?,
    _ calleeData: UnsafeMutablePointer<WSABUF>?, _ socketQuality: UnsafeRawPointer?, _ groupQuality: UnsafeRawPointer?
) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "connect \(handle)"
        let extras = ConnectExtras(
            callerData: try callerData.map { pointer throws(SocketError) in
                let buffer = try UntrustedMemory.value(WSABUF.self, at: pointer, for: operation)
                return try UntrustedMemory.read(from: buffer.buf, count: Int(buffer.len), for: operation)
            } ?? [],
            asksForServiceQuality: socketQuality != nil, asksForGroupQuality: groupQuality != nil)
        let answer = try winsock.connect(
            handle, to: SocketAddress(readingFrom: name, length: Int(length)), with: extras)
        if let calleeData {
            var buffer = try UntrustedMemory.value(WSABUF.self, at: calleeData, for: operation)
            buffer.len = UInt32(answer.count)
            try UntrustedMemory.write(buffer, at: calleeData, for: operation)
        }
    }
}

/// shutdown.
@c(ws_shutdown)
public func shutDown(_ socket: SOCKET, _ how: Int32) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        guard let direction = ShutdownDirection(rawValue: how) else {
            throw SocketError(
                .WSAEINVAL, operation: "shut down \(handle)", reason: "\(how) is no direction",
                advice: "SD_RECEIVE, SD_SEND and SD_BOTH are 0, 1 and 2.")
        }
        try winsock.shutdown(handle, direction)
    }
}

extension Winsock {
    /// Makes sure that this is a socket, before the call's other arguments are looked at.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK.
    func checked(_ socket: SOCKET) throws(SocketError) -> SocketHandle {
        let handle = SocketHandle(rawValue: socket)
        _ = try descriptor(of: handle)
        return handle
    }
}
