import Glibc
import SocketBackends
import Synchronization
import SystemPackage

extension InternetSocket {
    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        try transfer("send", as: .send) { descriptor throws(Errno) in
            let flags = flags.kernelFlags
            return try systemCall {
                bytes.withUnsafeBytes { Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, flags) }
            }
        }
    }

    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        let destination = try usable(address, for: "send to")
        let operation = "send to \(destination)"
        guard !destination.isZero else {
            throw SocketError(
                .WSAEDESTADDRREQ, operation: operation, reason: "the zero address is nobody's",
                advice: "Pass the address of a host.")
        }
        if !isStream { try bindIfNeeded(for: operation) }  // rule R12a
        return try transfer(operation, as: .send) { descriptor throws(Errno) in
            let flags = flags.kernelFlags
            return try systemCall {
                bytes.withUnsafeBytes { bytes in
                    destination.withKernelAddress {
                        Glibc.sendto(descriptor.rawValue, bytes.baseAddress, bytes.count, flags, $0, $1)
                    }
                }
            }
        }
    }

    func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        let datagram = try receiveFrom(into: &buffer, flags: flags)
        guard !datagram.isTruncated else {
            throw SocketError(
                .WSAEMSGSIZE, operation: "receive a datagram", reason: "it is longer than \(datagram.count) bytes",
                advice: "The rest of it is lost; pass a larger buffer.")
        }
        return datagram.count
    }

    func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> ReceivedDatagram {
        var storage = sockaddr_storage()
        var reported: Int32 = 0
        let count: Int
        do throws(SocketError) {
            count = try transfer("receive", as: .receive) { descriptor throws(Errno) in
                try Self.receiveMessage(
                    descriptor, into: &buffer, from: &storage, flags: flags.kernelFlags, reported: &reported)
            }
        } catch  where error.errno == .resourceTemporarilyUnavailable && !isStream {
            guard try isBound(for: "receive") else {
                throw SocketError(
                    .WSAEINVAL, operation: "receive", reason: "the socket has no local address",
                    advice: "Bind it, or send first.")
            }
            throw error
        }
        if count == 0, isStream, buffer.byteCount > 0, state.withLock({ $0.hasBeenReset }) {
            throw SocketError(.connectionReset, operation: "receive")
        }
        return ReceivedDatagram(
            count: count, isTruncated: !isStream && reported & Int32(MSG_TRUNC) != 0,
            source: InternetAddress(storage, version: version)?.socketAddress)
    }

    private static func receiveMessage(
        _ descriptor: FileDescriptor, into buffer: inout MutableRawSpan, from storage: inout sockaddr_storage,
        flags: Int32, reported: inout Int32
    ) throws(Errno) -> Int {
        try systemCall {
            buffer.withUnsafeMutableBytes { room in
                storage.fill { source, length in
                    var vector = iovec(iov_base: room.baseAddress, iov_len: room.count)
                    return withUnsafeMutablePointer(to: &vector) { vector in
                        var message = msghdr()
                        message.msg_name = UnsafeMutableRawPointer(source)
                        message.msg_namelen = length.pointee
                        message.msg_iov = vector
                        message.msg_iovlen = 1
                        let count = recvmsg(descriptor.rawValue, &message, flags)
                        reported = message.msg_flags
                        return count
                    }
                }
            }
        }
    }

    /// Makes a call that moves data, and remembers a reset.
    private func transfer(
        _ operation: @autoclosure () -> String, as kind: InternetCall, _ body: (FileDescriptor) throws(Errno) -> Int
    ) throws(SocketError) -> Int {
        do throws(SocketError) {
            return try call(operation(), as: kind, body)
        } catch {
            if isStream, error.code == .WSAECONNRESET { state.withLock { $0.hasBeenReset = true } }
            throw error
        }
    }
}

extension MessageFlags {
    /// Winsock's bits that Linux has under the same numbers; and never a signal for a connection that is gone.
    fileprivate var kernelFlags: Int32 {
        intersection([.outOfBand, .peek, .doNotRoute]).rawValue | Int32(MSG_NOSIGNAL)
    }
}
