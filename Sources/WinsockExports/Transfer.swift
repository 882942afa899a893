public import CWinsock
import SocketBackends
import Winsock

/// send.
@c(ws_send)
public func send(_ socket: SOCKET, _ buffer: UnsafeRawPointer?, _ length: Int32, _ flags: Int32) -> Int32 {
    answering(orIfItFails: socketError) { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let bytes = try bytes(at: buffer, length, for: "send on \(handle)")
        return Int32(clamping: try winsock.send(handle, bytes, flags: MessageFlags(rawValue: flags)))
    }
}

/// sendto. Without an address it is send.
@c(ws_sendto)
public func sendTo(
    _ socket: SOCKET, _ buffer: UnsafeRawPointer?, _ length: Int32, _ flags: Int32, _ name: UnsafeRawPointer?,
    _ nameLength: Int32
) -> Int32 {
    guard name != nil else { return send(socket, buffer, length, flags) }
    return answering(orIfItFails: socketError) { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let address = try SocketAddress(readingFrom: name, length: Int(nameLength))
        let bytes = try bytes(at: buffer, length, for: "send on \(handle)")
        return Int32(clamping: try winsock.send(handle, bytes, to: address, flags: MessageFlags(rawValue: flags)))
    }
}

/// recv.
@c(ws_recv)
public func receive(_ socket: SOCKET, _ buffer: UnsafeMutableRawPointer?, _ length: Int32, _ flags: Int32) -> Int32 {
    answering(orIfItFails: socketError) { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        return try receive(handle, buffer, length, flags, from: nil, nil, by: winsock)
    }
}

/// recvfrom. With a datagram that is longer than the buffer it fails with WSAEMSGSIZE, and the buffer is full.
@c(ws_recvfrom)
public func receiveFrom(
    _ socket: SOCKET, _ buffer: UnsafeMutableRawPointer?, _ length: Int32, _ flags: Int32,
    _ name: UnsafeMutableRawPointer?,
    _ nameLength: UnsafeMutablePointer<Int32>?
) -> Int32 {
    answering(orIfItFails: socketError) { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        return try receive(handle, buffer, length, flags, from: name, nameLength, by: winsock)
    }
}

/// The bytes that a program sends. Copied, so that the kernel looks at the pointer: a wrong one is WSAEFAULT.
private func bytes(
    at buffer: UnsafeRawPointer?, _ length: Int32, for operation: String
) throws(SocketError) -> [UInt8] {
    guard length >= 0 else {
        throw SocketError(.WSAEFAULT, operation: operation, reason: "\(length) is no length")
    }
    return try UntrustedMemory.read(from: buffer, count: Int(length), for: operation)
}

private func receive(
    _ handle: SocketHandle, _ buffer: UnsafeMutableRawPointer?, _ length: Int32, _ flags: Int32,
    from name: UnsafeMutableRawPointer?, _ nameLength: UnsafeMutablePointer<Int32>?, by winsock: Winsock
) throws(SocketError) -> Int32 {
    let operation = "receive on \(handle)"
    guard length >= 0 else {
        throw SocketError(.WSAEFAULT, operation: operation, reason: "\(length) is no length")
    }
    let flags = MessageFlags(rawValue: flags)
    guard name != nil else {
        // A short datagram buffer is filled before the error is told.
        return try filling(buffer, length, for: operation) { room throws(SocketError) in
            try winsock.receive(handle, into: &room, flags: flags)
        }
    }
    var source: SocketAddress?
    let count = try filling(buffer, length, for: operation) { room throws(SocketError) in
        let datagram = try winsock.receiveFrom(handle, into: &room, flags: flags)
        source = datagram.source
        guard !datagram.isTruncated else {
            throw SocketError(
                .WSAEMSGSIZE, operation: operation, reason: "the datagram is longer than the buffer; the rest is lost")
        }
        return datagram.count
    }
    try source?.give(to: name, nameLength, for: operation)
    return count
}

/// Receives into memory of our own, then gives it to the program, also what came with WSAEMSGSIZE.
private func filling(
    _ buffer: UnsafeMutableRawPointer?, _ length: Int32, for operation: String,
    _ body: (inout MutableRawSpan) throws(SocketError) -> Int
) throws(SocketError) -> Int32 {
    // Found out before anything is taken from the socket, of which a wrong pointer would otherwise lose it.
    let present = try UntrustedMemory.read(from: buffer, count: Int(length), for: operation)
    try UntrustedMemory.write(present, to: buffer, for: operation)
    var bytes = present
    var span = bytes.mutableSpan
    var room = span.mutableBytes
    do throws(SocketError) {
        let count = try body(&room)
        try UntrustedMemory.write(Array(bytes.prefix(count)), to: buffer, for: operation)
        return Int32(clamping: count)
    } catch  where error.code == .WSAEMSGSIZE {
        try UntrustedMemory.write(bytes, to: buffer, for: operation)
        throw error
    }
}

/// WSASend, without an OVERLAPPED.
@c(WSASend)
public func sendBuffers(
    _ socket: SOCKET, _ buffers: UnsafePointer<WSABUF>?, _ count: UInt32, _ sent: UnsafeMutablePointer<UInt32>?,
    _ flags: UInt32, _ overlapped: UnsafeMutablePointer<OVERLAPPED>?, _ routine: UnsafeRawPointer?
) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "send on \(handle)"
        try refuse(overlapped, routine, for: operation)
        var bytes: [UInt8] = []
        for buffer in try UntrustedMemory.values(WSABUF.self, count: Int(count), at: buffers, for: operation) {
            bytes += try UntrustedMemory.read(from: buffer.buf, count: Int(buffer.len), for: operation)
        }
        let taken = try winsock.send(handle, bytes, flags: MessageFlags(rawValue: Int32(bitPattern: flags)))
        try UntrustedMemory.write(UInt32(clamping: taken), at: sent, for: operation)
    }
}

/// WSARecv, without an OVERLAPPED.
@c(WSARecv)
public func receiveBuffers(
    _ socket: SOCKET, _ buffers: UnsafePointer<WSABUF>?, _ count: UInt32, _ received: UnsafeMutablePointer<UInt32>?,
    _ flags: UnsafeMutablePointer<UInt32>?, _ overlapped: UnsafeMutablePointer<OVERLAPPED>?,
    _ routine: UnsafeRawPointer?
) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "receive on \(handle)"
        try refuse(overlapped, routine, for: operation)
        let buffers = try UntrustedMemory.values(WSABUF.self, count: Int(count), at: buffers, for: operation)
        let wanted = try UntrustedMemory.value(UInt32.self, at: flags, for: operation)
        let room = buffers.reduce(0) { $0 + Int($1.len) }
        var bytes = try winsock.receive(
            handle, upTo: min(room, Int(Int32.max)), flags: MessageFlags(rawValue: Int32(bitPattern: wanted)))[...]
        let total = bytes.count
        for buffer in buffers where !bytes.isEmpty {
            try UntrustedMemory.write(Array(bytes.prefix(Int(buffer.len))), to: buffer.buf, for: operation)
            bytes = bytes.dropFirst(Int(buffer.len))
        }
        try UntrustedMemory.write(UInt32(total), at: received, for: operation)
        try UntrustedMemory.write(UInt32(0), at: flags, for: operation)
    }
}

private func refuse(
    _ overlapped: UnsafeMutablePointer<OVERLAPPED>?, _ routine: UnsafeRawPointer?, for operation: String
) throws(SocketError) {
    guard overlapped == nil, routine == nil else {
        throw SocketError(
            .WSAEOPNOTSUPP, operation: operation, reason: "only ConnectEx can be overlapped",
            advice: "Pass no OVERLAPPED and no routine; wait with WSAEventSelect or select.")
    }
}
