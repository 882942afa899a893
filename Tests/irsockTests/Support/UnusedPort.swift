import Glibc
import SystemPackage

/// A TCP port of 127.0.0.1 where nobody listens, and nobody will.
struct UnusedPort: ~Copyable {
    private let descriptor: FileDescriptor
    let number: UInt16

    init() throws {
        descriptor = FileDescriptor(rawValue: socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let succeeded = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor.rawValue, $0, length) == 0 && getsockname(descriptor.rawValue, $0, &length) == 0
            }
        }
        number = UInt16(bigEndian: address.sin_port)
        guard succeeded else { throw Errno(rawValue: errno) }
    }

    deinit {
        try? descriptor.close()
    }
}
