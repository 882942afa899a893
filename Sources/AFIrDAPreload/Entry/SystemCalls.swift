import Glibc
import SocketBackends
import SystemPackage

/// System calls on the descriptor behind a socket.
enum SystemCalls {
    static func isNonBlocking(_ descriptor: Int32) -> Bool {
        let flags = fcntl(descriptor, F_GETFL)
        return flags >= 0 && flags & O_NONBLOCK != 0
    }

    /// Sets what SOCK_NONBLOCK and SOCK_CLOEXEC ask for.
    static func setFlags(of descriptor: FileDescriptor, nonBlocking: Bool, closedOnExec: Bool) throws(Errno) {
        let flags = try systemCall { fcntl(descriptor.rawValue, F_GETFL) }
        let wanted = nonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
        try systemCall { fcntl(descriptor.rawValue, F_SETFL, wanted) }
        try systemCall { fcntl(descriptor.rawValue, F_SETFD, closedOnExec ? FD_CLOEXEC : 0) }
    }

    /// What happens on a descriptor right now.
    static func events(on descriptor: Int32, of interest: Int32) -> Int32 {
        var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: interest), revents: 0)
        return poll(&entry, 1, 0) > 0 ? Int32(entry.revents) : 0
    }

    /// The number of the kernel's socket; no two that are open have the same, whatever their descriptors.
    static func inode(of descriptor: Int32) -> UInt64? {
        var information = stat()
        return fstat(descriptor, &information) == 0 ? UInt64(information.st_ino) : nil
    }

    /// What an ioctl for a length answers (FIONREAD, TIOCOUTQ).
    static func queueLength(_ request: UInt, of descriptor: Int32) throws(Errno) -> Int32 {
        var length: Int32 = 0
        try systemCall { ioctl(descriptor, request, &length) }
        return length
    }

    static func intOption(_ name: Int32, of descriptor: Int32) throws(Errno) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try systemCall { getsockopt(descriptor, SOL_SOCKET, name, &value, &length) }
        return value
    }

    static func setIntOption(_ name: Int32, of descriptor: Int32, to value: Int32) throws(Errno) {
        var value = value
        try systemCall { setsockopt(descriptor, SOL_SOCKET, name, &value, socklen_t(MemoryLayout<Int32>.size)) }
    }
}
