import Glibc
import SocketBackends
import SystemPackage

/// The system calls of AF_IRDA, in Swift's types.
enum KernelCalls {
    /// A stream socket that never blocks.
    static func open() throws(Errno) -> OwnedDescriptor {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        return OwnedDescriptor(FileDescriptor(rawValue: try systemCall { socket(LinuxIrDA.family, type, 0) }))
    }

    /// Reads an option of SOL_IRLMP; `value` is what the memory holds before.
    static func option(
        _ option: LinuxIrLMPOption, of descriptor: FileDescriptor, _ value: [UInt8]
    ) throws(Errno) -> [UInt8] {
        var value = value
        var length = socklen_t(value.count)
        try systemCall {
            getsockopt(descriptor.rawValue, LinuxIrDA.level, option.rawValue, &value, &length)
        }
        return Array(value.prefix(Int(length)))
    }

    static func setOption(
        _ option: LinuxIrLMPOption, of descriptor: FileDescriptor, to value: [UInt8]
    ) throws(Errno) {
        try systemCall {
            setsockopt(descriptor.rawValue, LinuxIrDA.level, option.rawValue, value, socklen_t(value.count))
        }
    }

    /// The bytes of a socket that wait for the peer's acknowledgement. AF_IRDA's TIOCOUTQ tells the room that is left instead.
    static func unsentCount(of descriptor: FileDescriptor) throws(Errno) -> Int {
        var (room, size) = (Int32(0), Int32(0))
        var length = socklen_t(MemoryLayout<Int32>.size)
        try systemCall { ioctl(descriptor.rawValue, UInt(TIOCOUTQ), &room) }
        try systemCall { getsockopt(descriptor.rawValue, SOL_SOCKET, SO_SNDBUF, &size, &length) }
        return max(0, Int(size) - Int(room))
    }

    static func bind(_ descriptor: FileDescriptor, to address: LinuxIrDAAddress) throws(Errno) {
        try systemCall { withPointer(to: address) { Glibc.bind(descriptor.rawValue, $0, $1) } }
    }

    /// Not made again after a signal: it goes on by itself.
    static func connect(_ descriptor: FileDescriptor, to address: LinuxIrDAAddress) throws(Errno) {
        try systemCall(restarting: false) {
            withPointer(to: address) { Glibc.connect(descriptor.rawValue, $0, $1) }
        }
    }

    /// - Returns: a descriptor that never blocks, for the caller to close, and who connected.
    static func accept(_ descriptor: FileDescriptor) throws(Errno) -> (FileDescriptor, LinuxIrDAAddress) {
        let (number, address) = try readAddress { Glibc.accept(descriptor.rawValue, $0, $1) }
        // Swift does not see accept4. On a descriptor that was just made these cannot fail.
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        _ = fcntl(number, F_SETFL, O_NONBLOCK)
        return (FileDescriptor(rawValue: number), address)
    }

    static func localAddress(of descriptor: FileDescriptor) throws(Errno) -> LinuxIrDAAddress {
        try readAddress { getsockname(descriptor.rawValue, $0, $1) }.address
    }

    // MARK: Addresses in memory

    private static func withPointer(
        to address: LinuxIrDAAddress, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: address.bytes) }
        return withUnsafePointer(to: storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(LinuxIrDAAddress.length)) }
        }
    }

    private static func readAddress(
        _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(Errno) -> (answer: Int32, address: LinuxIrDAAddress) {
        var storage = sockaddr_storage()
        var length = socklen_t(LinuxIrDAAddress.length)
        let answer = try systemCall {
            withUnsafeMutablePointer(to: &storage) { storage in
                storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
            }
        }
        let bytes = withUnsafeBytes(of: storage) { Array($0.prefix(LinuxIrDAAddress.length)) }
        return (answer, LinuxIrDAAddress(bytes: bytes) ?? LinuxIrDAAddress())
    }
}
