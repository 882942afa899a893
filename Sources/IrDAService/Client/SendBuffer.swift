import Glibc
import SystemPackage

/// The send buffer of a socket that has been connecting.
enum SendBuffer {
    /// Gives it the size of a fresh socket.
    static func restore(_ descriptor: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        // Without a descriptor to spare it stays small, and the program gets shorter writes.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else { return }
        var size: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        if getsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, &length) == 0 {
            size /= 2  // The kernel reports twice what is set.
            setsockopt(descriptor.rawValue, SOL_SOCKET, SO_SNDBUF, &size, length)
        }
        for end in ends { close(end) }
    }
}
