import Glibc
import SocketBackends
import Synchronization
import SystemPackage

extension InternetSocket {
    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        try transfer("send", as: .send) { descriptor throws(Errno) in
            try sending { () throws(Errno) in
                try systemCall {
                    bytes.withUnsafeBytes {
                        system.calls.send(descriptor.rawValue, $0.baseAddress, $0.count, flags.kernelFlags)
                    }
                }
            }
        }
    }

    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        let destination = try usable(address, for: "send to")
        func operation() -> String { "send to \(destination)" }
        guard !destination.isZero else {
            throw SocketError(
                .WSAEDESTADDRREQ, operation: operation(), reason: "the zero address is nobody's",
                advice: "Pass the address of a host.")
        }
        if !isStream { try bindIfNeeded(for: operation()) }  // rule R12a
        return try transfer(operation(), as: .send) { descriptor throws(Errno) in
            try sending { () throws(Errno) in
                try systemCall {
                    bytes.withUnsafeBytes { bytes in
                        destination.withKernelAddress {
                            system.calls.sendto(
                                descriptor.rawValue, bytes.baseAddress, bytes.count, flags.kernelFlags, $0, $1)
                        }
                    }
                }
            }
        }
    }

    /// Sends; what became of an earlier datagram, which Linux tells whoever comes first, is left to `receive`.
    ///
    /// The descriptor is readable when the news arrives, and no longer once it has been met here.
    private func sending(_ body: () throws(Errno) -> Int) throws(Errno) -> Int {
        do throws(Errno) {
            return try body()
        } catch .connectionRefused where !isStream {
            state.withLock { $0.owedError = .connectionRefused }
            return try body()
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
        isStream
            ? try receiveFromStream(into: &buffer, flags: flags) : try receiveDatagram(into: &buffer, flags: flags)
    }

    private func receiveFromStream(
        into buffer: inout MutableRawSpan, flags: MessageFlags
    ) throws(SocketError) -> ReceivedDatagram {
        let message = try transfer("receive", as: .receive) { descriptor throws(Errno) in
            try receiveMessage(descriptor, into: &buffer, flags: flags)
        }
        if message.count == 0, buffer.byteCount > 0, let breakage = state.withLock({ $0.breakage }) {
            throw SocketError(breakage, operation: "receive")
        }
        return ReceivedDatagram(count: message.count, isTruncated: false, source: message.source?.socketAddress)
    }

    private func receiveDatagram(
        into buffer: inout MutableRawSpan, flags: MessageFlags
    ) throws(SocketError) -> ReceivedDatagram {
        let operation = "receive"
        do throws(SocketError) {
            // Nobody may change the peer between a datagram and the question whether it is the peer's.
            return try state.withLock { state throws(SocketError) in
                let message = try call(operation, as: .receive) { descriptor throws(Errno) in
                    try receiveFromPeer(descriptor, into: &buffer, flags: flags, &state)
                }
                return ReceivedDatagram(
                    count: message.count, isTruncated: message.flags & Int32(MSG_TRUNC) != 0,
                    source: message.source?.socketAddress)
            }
        } catch  where error.errno == .resourceTemporarilyUnavailable {
            guard try isBound(for: operation) else {
                throw SocketError(
                    .WSAEINVAL, operation: operation, reason: "the socket has no local address",
                    advice: "Bind it, or send first.")
            }
            throw error
        }
    }

    /// Rule R39: what others sent before there was a peer, or while the peer was changed, is not received.
    private func receiveFromPeer(
        _ descriptor: FileDescriptor, into buffer: inout MutableRawSpan, flags: MessageFlags, _ state: inout State
    ) throws(Errno) -> ReceivedMessage {
        if let owed = state.owedError.take() { throw owed }
        while true {
            let message = try receiveMessage(descriptor, into: &buffer, flags: flags)
            guard case .set(let peer) = state.peer else { return message }
            guard message.source?.mayComeFrom(peer) != false else {
                if flags.contains(.peek) { _ = try discardDatagram(descriptor) }
                continue
            }
            if state.mayHoldStrangers, !flags.contains(.peek) { skipStrangers(of: peer, descriptor, &state) }
            return message
        }
    }

    private struct ReceivedMessage {
        var count: Int
        var flags: Int32
        var source: InternetAddress?
    }

    private func receiveMessage(
        _ descriptor: FileDescriptor, into buffer: inout MutableRawSpan, flags: MessageFlags
    ) throws(Errno) -> ReceivedMessage {
        var storage = sockaddr_storage()
        var reported: Int32 = 0
        let count = try systemCall {
            buffer.withUnsafeMutableBytes { room in
                storage.fill { source, length in
                    var vector = iovec(iov_base: room.baseAddress, iov_len: room.count)
                    return withUnsafeMutablePointer(to: &vector) { vector in
                        var message = msghdr()
                        message.msg_name = UnsafeMutableRawPointer(source)
                        message.msg_namelen = length.pointee
                        message.msg_iov = vector
                        message.msg_iovlen = 1
                        let count = system.calls.recvmsg(descriptor.rawValue, &message, flags.kernelFlags)
                        reported = message.msg_flags
                        return count
                    }
                }
            }
        }
        return ReceivedMessage(count: count, flags: reported, source: InternetAddress(storage, version: version))
    }

    /// Makes a call that moves data. Of a stream, it remembers that the connection broke, and how; of a datagram socket, it leaves to
    /// `receive` what became of earlier datagrams.
    private func transfer<Answer>(
        _ operation: @autoclosure () -> String, as kind: InternetCall, _ body: (FileDescriptor) throws(Errno) -> Answer
    ) throws(SocketError) -> Answer {
        do throws(SocketError) {
            return try call(operation(), as: kind, body)
        } catch {
            guard isStream, let errno = error.errno else { throw error }
            let breakage = state.withLock { state -> Errno? in
                guard Self.breakages.contains(errno) else { return nil }
                let breakage = state.breakage ?? (errno == .brokenPipe ? .connectionReset : errno)
                state.breakage = breakage
                return breakage
            }
            guard let breakage else { throw error }
            throw SocketError(breakage, operation: operation())
        }
    }

    /// After these there is no connection any more.
    private static let breakages: Set<Errno> = [
        .connectionReset, .brokenPipe, .connectionAbort, .timedOut, .networkReset, .networkUnreachable, .networkDown,
        .noRouteToHost, .hostIsDown,
    ]
}

extension MessageFlags {
    /// Winsock's bits that Linux has under the same numbers; and never a signal for a connection that is gone.
    fileprivate var kernelFlags: Int32 {
        intersection([.outOfBand, .peek, .doNotRoute]).rawValue | Int32(MSG_NOSIGNAL)
    }
}
