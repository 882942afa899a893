import Glibc
public import SocketBackends
import Synchronization
import SystemPackage

extension KernelSocket {
    /// Sends what there is room for.
    ///
    /// - Throws: WSAEWOULDBLOCK; WSAECONNRESET once the peer is gone; WSAEOPNOTSUPP for urgent data.
    public func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        try checkFlags(flags, allowed: [.doNotRoute], for: "send")
        return try transfer("send", as: .send) { descriptor throws(Errno) in
            try systemCall {
                bytes.withUnsafeBytes {
                    system.send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
            }
        }
    }

    /// A stream has one peer: the address is not looked at, as Winsock has it.
    ///
    /// - Throws: as `send(_:flags:)`.
    public func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        try send(bytes, flags: flags)
    }

    /// Receives what is there; 0 is the end of the stream.
    ///
    /// - Throws: WSAEWOULDBLOCK; WSAECONNRESET and its kin, again and again, once the connection is broken.
    public func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        try checkFlags(flags, allowed: [.peek], for: "receive")
        let room = buffer.byteCount
        let count = try transfer("receive", as: .receive) { descriptor throws(Errno) in
            try systemCall {
                buffer.withUnsafeMutableBytes { room in
                    var vector = iovec(iov_base: room.baseAddress, iov_len: room.count)
                    return withUnsafeMutablePointer(to: &vector) { vector in
                        var message = msghdr()
                        message.msg_iov = vector
                        message.msg_iovlen = 1
                        return system.recvmsg(
                            descriptor.rawValue, &message, flags.contains(.peek) ? Int32(MSG_PEEK) : 0)
                    }
                }
            }
        }
        if count == 0, room > 0, let breakage = state.withLock({ $0.breakage }) {
            throw SocketError(breakage, operation: "receive", reason: breakage.meaning)
        }
        return count
    }

    /// The same; a stream has no source to tell.
    ///
    /// - Throws: as `receive(into:flags:)`.
    public func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError)
        -> ReceivedDatagram
    {
        ReceivedDatagram(count: try receive(into: &buffer, flags: flags), isTruncated: false, source: nil)
    }

    private func checkFlags(
        _ flags: MessageFlags, allowed: MessageFlags, for operation: String
    ) throws(SocketError) {
        guard allowed.isSuperset(of: flags) else {
            throw SocketError(
                .WSAEOPNOTSUPP, operation: operation,
                reason: "\(backend.familyName) sockets have no flags 0x\(String(flags.rawValue, radix: 16)) for this")
        }
    }

    /// Makes a call that moves data, and remembers that the connection broke, and how.
    private func transfer(
        _ operation: String, as kind: KernelCall, _ body: (FileDescriptor) throws(Errno) -> Int
    ) throws(SocketError) -> Int {
        do throws(SocketError) {
            return try call(operation, as: kind, body)
        } catch {
            guard [.WSAECONNRESET, .WSAECONNABORTED, .WSAETIMEDOUT, .WSAENETRESET].contains(error.code) else {
                throw error
            }
            let first = state.withLock { state in
                let breakage = state.breakage ?? error.code
                state.breakage = breakage
                return breakage
            }
            if first == error.code { throw error }
            throw SocketError(first, operation: operation, reason: first.meaning)
        }
    }
}
