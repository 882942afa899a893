import Glibc
package import SocketBackends
package import SystemPackage

/// Messages with descriptors in them, over an AF_UNIX socket that keeps their bounds (SOCK_SEQPACKET).
package enum MessageSocket {
    /// Room for the header of the ancillary data and one descriptor behind it; the kernel aligns both to a word.
    private static let controlSize = align(MemoryLayout<cmsghdr>.size) + align(MemoryLayout<Int32>.size)

    private static func align(_ size: Int) -> Int {
        let word = MemoryLayout<Int>.size
        return (size + word - 1) / word * word
    }

    /// Sends one message, whole.
    ///
    /// - Parameters:
    ///   - bytes: the message.
    ///   - passed: a descriptor that goes with it; the receiver gets a copy.
    ///   - socket: where.
    ///   - flags: `MSG_…` flags besides MSG_NOSIGNAL.
    /// - Throws: what sendmsg(2) says.
    package static func send(
        _ bytes: [UInt8], passing passed: FileDescriptor? = nil, on socket: FileDescriptor, flags: Int32 = 0
    ) throws(Errno) {
        var control = [Int](repeating: 0, count: passed == nil ? 0 : controlSize / MemoryLayout<Int>.size)
        if let passed { control.withUnsafeMutableBytes { fill($0, with: passed) } }
        let outcome = bytes.withUnsafeBytes { bytes in
            control.withUnsafeMutableBytes { control in
                // sendmsg does not write to the buffer; its structure only does not say so.
                var piece = iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &piece) { piece in
                    var header = header(piece, control)
                    return Result { () throws(Errno) in
                        try systemCall { sendmsg(socket.rawValue, &header, flags | Int32(MSG_NOSIGNAL)) }
                    }
                }
            }
        }
        _ = try outcome.get()
    }

    private static func header(
        _ piece: UnsafeMutablePointer<iovec>, _ control: UnsafeMutableRawBufferPointer
    ) -> msghdr {
        var header = msghdr()
        header.msg_iov = piece
        header.msg_iovlen = 1
        header.msg_control = control.isEmpty ? nil : control.baseAddress
        header.msg_controllen = control.count
        return header
    }

    private static func fill(_ control: UnsafeMutableRawBufferPointer, with passed: FileDescriptor) {
        var header = cmsghdr()
        header.cmsg_level = SOL_SOCKET
        header.cmsg_type = Int32(SCM_RIGHTS)
        header.cmsg_len = align(MemoryLayout<cmsghdr>.size) + MemoryLayout<Int32>.size
        control.storeBytes(of: header, as: cmsghdr.self)
        control.storeBytes(of: passed.rawValue, toByteOffset: align(MemoryLayout<cmsghdr>.size), as: Int32.self)
    }

    /// A message that has arrived.
    package struct Received: ~Copyable {
        /// What it says; nothing at the end of the connection.
        package let bytes: [UInt8]
        /// The descriptor that came with it.
        package var descriptor: OwnedDescriptor?
    }

    /// Receives one message.
    ///
    /// - Parameters:
    ///   - socket: from where.
    ///   - takesDescriptor: whether a descriptor is welcome; one that is not is closed by the kernel.
    ///   - flags: `MSG_…` flags besides MSG_CMSG_CLOEXEC.
    /// - Returns: the message; one that is too long is cut by a byte less than too long, and so no message of ours.
    /// - Throws: what recvmsg(2) says.
    package static func receive(
        from socket: FileDescriptor, takesDescriptor: Bool, flags: Int32 = 0
    ) throws(Errno) -> Received {
        var buffer = [UInt8](repeating: 0, count: MessageLimits.longestMessage + 1)
        var control = [Int](repeating: 0, count: takesDescriptor ? controlSize / MemoryLayout<Int>.size : 0)
        var passed: FileDescriptor?
        let outcome = buffer.withUnsafeMutableBytes { buffer in
            control.withUnsafeMutableBytes { control in
                var piece = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
                return withUnsafeMutablePointer(to: &piece) { piece in
                    var header = header(piece, control)
                    return Result { () throws(Errno) in
                        let count = try systemCall {
                            recvmsg(socket.rawValue, &header, flags | Int32(MSG_CMSG_CLOEXEC))
                        }
                        passed = descriptor(in: UnsafeRawBufferPointer(control), length: header.msg_controllen)
                        return count
                    }
                }
            }
        }
        let count = try outcome.get()
        return Received(bytes: Array(buffer.prefix(count)), descriptor: passed.map { OwnedDescriptor($0) })
    }

    private static func descriptor(in control: UnsafeRawBufferPointer, length: Int) -> FileDescriptor? {
        let offset = align(MemoryLayout<cmsghdr>.size)
        guard length >= offset + MemoryLayout<Int32>.size, control.count >= offset + MemoryLayout<Int32>.size else {
            return nil
        }
        let header = control.load(as: cmsghdr.self)
        guard header.cmsg_level == SOL_SOCKET, header.cmsg_type == Int32(SCM_RIGHTS) else { return nil }
        return FileDescriptor(rawValue: control.load(fromByteOffset: offset, as: Int32.self))
    }
}
