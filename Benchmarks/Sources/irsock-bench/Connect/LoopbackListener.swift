import Glibc
import SocketBackends
import SystemPackage

/// Somebody on this host to connect to, at every loopback address there is.
struct LoopbackListener: ~Copyable {
    private let descriptor: OwnedDescriptor
    /// Below the ports from which Linux chooses, as servers are.
    let port: UInt16

    init(backlog: Int) throws {
        let longest = try Self.longestBacklog()
        guard longest >= backlog else {
            throw BenchmarkFailure(
                "\(backlog) connections must be able to wait for a server: sysctl net.core.somaxconn=\(backlog)")
        }
        for port in (20_000...30_000 as ClosedRange<UInt16>).shuffled().prefix(20) {
            let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            let descriptor = OwnedDescriptor(
                FileDescriptor(rawValue: try systemCall { socket(AF_INET, type, 0) }))
            let isBound = try descriptor.withDescriptor { descriptor in
                var everywhere = sockaddr_in(host: [0, 0, 0, 0], port: port)
                guard everywhere.with({ bind(descriptor.rawValue, $0, $1) }) == 0 else { return false }
                try systemCall { listen(descriptor.rawValue, Int32(backlog)) }
                return true
            }
            guard isBound else { continue }
            self.descriptor = descriptor
            self.port = port
            return
        }
        throw BenchmarkFailure("no port between 20000 and 30000 is free")
    }

    /// Takes connections, which are there or on their way, and answers their descriptors.
    borrowing func accept(_ count: Int) throws -> [Int32] {
        try descriptor.withDescriptor { descriptor in
            try (0..<count).map { _ in try systemCall { Glibc.accept(descriptor.rawValue, nil, nil) } }
        }
    }

    private static func longestBacklog() throws -> Int {
        let file = try FileDescriptor.open("/proc/sys/net/core/somaxconn", .readOnly)
        return try file.closeAfter {
            var text = [UInt8](repeating: 0, count: 16)
            let count = try text.withUnsafeMutableBytes { try file.read(into: $0) }
            return Int(String(decoding: text.prefix(count), as: UTF8.self).filter(\.isNumber)) ?? 0
        }
    }
}

extension sockaddr_in {
    init(host: [UInt8], port: UInt16) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_port = port.bigEndian
        sin_addr.s_addr = host.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    }

    /// Gives the address to a system call.
    mutating func with(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: &self) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<Self>.size)) }
        }
    }
}
