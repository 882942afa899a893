import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Winsock

/// What the rules of Winsock cost: blocking `connect` and `closeSocket` on loopback, through the registry and the runtime,
/// beside connect(2) and close(2).
struct LoopbackConnect: Benchmark {
    let name = "connect and close on loopback"

    private static let batches = 60
    static let connectionsABatch = 100

    func run(report: (Figure) -> Void) throws {
        let listener = try Listener(backlog: Self.connectionsABatch)
        let runtime = try Winsock(registry: AddressFamilyRegistry([InternetBackend(version: .v4)]))
        _ = try runtime.startup()
        let address = try runtime.resolve("127.0.0.1:\(listener.port)", family: .inet)
        var ratios: [Double] = []
        var plainTimes: [Double] = []
        for _ in 0..<Self.batches {
            let plain = try Self.plainTime(to: listener)
            let winsock = try Self.winsockTime(runtime, to: address, at: listener)
            plainTimes.append(plain / Double(Self.connectionsABatch))
            ratios.append(winsock / plain)
        }
        let plain = (plainTimes.median * 1e6).text(decimals: 1)
        report(
            Figure(
                name, ratio: ratios.median,
                to: "connect(2) and close(2), \(plain) µs of processor time in this run", target: 1.1))
    }

    private static func plainTime(to listener: borrowing Listener) throws -> Double {
        let sockets = try (0..<connectionsABatch).map { _ in
            try systemCall { socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }
        }
        var address = listener.address
        let connecting = try ProcessorTime.seconds {
            for socket in sockets {
                try systemCall {
                    withUnsafePointer(to: &address) { address in
                        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                            connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                        }
                    }
                }
            }
        }
        let accepted = try listener.accept(connectionsABatch)
        let closing = ProcessorTime.seconds {
            for socket in sockets { close(socket) }
        }
        for socket in accepted { close(socket) }
        return connecting + closing
    }

    /// Processor time of connecting and closing a batch of sockets.
    static func winsockTime(
        _ runtime: Winsock, to address: SocketAddress, at listener: borrowing Listener
    ) throws -> Double {
        let sockets = try (0..<connectionsABatch).map { _ in try runtime.socket(family: .inet, type: .stream) }
        let connecting = try ProcessorTime.seconds {
            for socket in sockets { try runtime.connect(socket, to: address) }
        }
        let accepted = try listener.accept(connectionsABatch)
        let closing = try ProcessorTime.seconds {
            for socket in sockets { try runtime.closeSocket(socket) }
        }
        for socket in accepted { close(socket) }
        return connecting + closing
    }
}

/// Somebody on 127.0.0.1 to connect to.
struct Listener: ~Copyable {
    private let descriptor: Int32
    let address: sockaddr_in
    var port: UInt16 { UInt16(bigEndian: address.sin_port) }

    init(backlog: Int) throws {
        let descriptor = try systemCall {
            socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try systemCall {
            withUnsafeMutablePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == -1 ? -1 : getsockname(descriptor, $0, &length)
                }
            }
        }
        try systemCall { listen(descriptor, Int32(backlog)) }
        self.descriptor = descriptor
        self.address = address
    }

    deinit {
        close(descriptor)
    }

    /// Takes connections that are there.
    borrowing func accept(_ count: Int) throws -> [Int32] {
        try (0..<count).map { _ in try systemCall { Glibc.accept(descriptor, nil, nil) } }
    }
}
