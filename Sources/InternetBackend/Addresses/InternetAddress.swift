import Glibc
import SocketBackends

/// An address and a port of one version of IP.
///
/// `sockaddr_in` and `sockaddr_in6` look alike in Winsock and in Linux but for the number of the second family (23 and 10), so
/// the bytes after the family number are kept as they are. Here, and only here, one number becomes the other.
struct InternetAddress: Hashable, Sendable {
    let version: InternetVersion
    /// The address as the rest of IrSock knows it: a whole `sockaddr` with Winsock's family number, and what is no part of an address zero.
    let socketAddress: SocketAddress
    private var bytes: [UInt8] { socketAddress.bytes }

    /// Reads a Winsock address; what follows the structure is ignored, and the padding in it (sin_zero).
    ///
    /// Nil if the family is another one, or if it is too short.
    init?(_ address: SocketAddress, version: InternetVersion) {
        guard address.family == version.family, address.bytes.count >= version.addressLength else { return nil }
        self.version = version
        let padding = version.paddingRange
        if address.bytes.count == version.addressLength, address.bytes[padding].allSatisfy({ $0 == 0 }) {
            socketAddress = address
        } else {
            let zeros = repeatElement(0 as UInt8, count: padding.count)
            socketAddress = SocketAddress(
                family: version.family, payload: Array(address.bytes[2..<padding.lowerBound]) + zeros)
        }
    }

    /// Reads an address from the kernel; nil if the family is another one.
    init?(_ storage: sockaddr_storage, version: InternetVersion) {
        guard storage.ss_family == version.kernelFamily else { return nil }
        self.version = version
        socketAddress = withUnsafeBytes(of: storage) {
            SocketAddress(family: version.family, payload: $0[2..<version.addressLength])
        }
    }

    /// The port, in host order.
    var port: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }

    /// The same host with another port.
    func with(port: UInt16) -> Self {
        let portBytes = [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
        return Self(version: version, payload: portBytes + bytes[4...])
    }

    private init(version: InternetVersion, payload: [UInt8]) {
        self.version = version
        socketAddress = SocketAddress(family: version.family, payload: payload)
    }

    /// 0.0.0.0, :: or ::ffff:0.0.0.0 (rule R10).
    var isZero: Bool {
        let host = bytes[version.hostRange]
        switch version {
        case .v4: return host.allSatisfy { $0 == 0 }
        case .v6:
            guard host.suffix(4).allSatisfy({ $0 == 0 }), host.prefix(10).allSatisfy({ $0 == 0 }) else { return false }
            return [[0, 0], [0xFF, 0xFF]].contains(Array(host.dropFirst(10).prefix(2)))
        }
    }

    /// Whether a program can have written more into it than the kernel tells of a peer: flow information, or the interface of an address
    /// that needs none.
    var saysMoreThanTheKernel: Bool {
        switch version {
        case .v4: false
        case .v6: bytes[4..<8].contains { $0 != 0 } || scope != 0
        }
    }

    /// Whether both name the same port of the same host. What else there is in a `sockaddr` (padding, flow information) names nobody.
    func isSameEndpoint(as other: Self) -> Bool {
        port == other.port && isSameHost(as: other)
    }

    /// Whether a datagram from this address is one of the peer's, as the kernel sees it: a peer at port 0 is all of its host.
    func mayComeFrom(_ peer: Self) -> Bool {
        (peer.port == 0 || port == peer.port) && isSameHost(as: peer)
    }

    private func isSameHost(as other: Self) -> Bool {
        version == other.version && bytes[version.hostRange] == other.bytes[version.hostRange]
            && (scope == other.scope || scope == 0 || other.scope == 0)
    }

    /// Any local address and port 0.
    static func wildcard(_ version: InternetVersion) -> Self {
        Self(version: version, payload: Array(repeating: 0, count: version.addressLength - 2))
    }

    /// Gives the address to a system call.
    func withKernelAddress<Answer>(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Answer) -> Answer {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: bytes) }
        storage.ss_family = version.kernelFamily
        return withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(version.addressLength)) }
        }
    }
}

extension sockaddr_storage {
    /// Lets a system call fill the structure.
    mutating func fill<Answer>(
        _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Answer
    ) -> Answer {
        var length = socklen_t(MemoryLayout<Self>.size)
        return withUnsafeMutablePointer(to: &self) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
        }
    }
}

extension InternetAddress: CustomStringConvertible {
    /// `127.0.0.1:27015` or `[fe80::1%2]:80`.
    var description: String {
        switch version {
        case .v4: "\(hostText):\(port)"
        case .v6: "[\(hostText)\(scope == 0 ? "" : "%\(scope)")]:\(port)"
        }
    }

    /// The number of the interface to which a link-local IPv6 address belongs; 0 if it is open, and in IPv4.
    private var scope: UInt32 {
        switch version {
        case .v4: 0
        case .v6: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 24, as: UInt32.self) }
        }
    }

    private var hostText: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let host = Array(bytes[version.hostRange])
        // Fails only for a family that inet_ntop does not know, or for too little room.
        _ = inet_ntop(Int32(version.kernelFamily), host, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
