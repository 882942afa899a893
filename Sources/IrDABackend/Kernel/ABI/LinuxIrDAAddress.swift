import SocketBackends

/// A Linux `sockaddr_irda`, 36 bytes in host order.
///
///     offset  size
///      0       2    family, 23
///      2       1    LSAP-SEL, 0xFF for any
///      3       1    nothing
///      4       4    device address, 0 or 0xFFFFFFFF for any
///      8      25    service name, ended by a NUL where it is shorter
///     33       3    nothing
package struct LinuxIrDAAddress: Hashable, Sendable {
    /// The LSAP-SEL.
    package var selector: UInt8
    /// The device.
    package var device: UInt32
    /// The name, without its NUL; at most 25 bytes.
    package var name: [UInt8]

    /// The bytes of the structure.
    package static let length = 36
    private static let selectorOffset = 2
    private static let deviceOffset = 4
    private static let nameOffset = 8
    private static let nameLength = 25

    /// Makes an address.
    package init(selector: UInt8 = LinuxIrDA.anySelector, device: UInt32 = 0, name: [UInt8] = []) {
        self.selector = selector
        self.device = device
        self.name = name
    }

    /// Reads an address. The family and the bytes that mean nothing may be anything, as for the kernel.
    ///
    /// - Returns: nil if the length is not exactly that of the structure.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        selector = bytes[Self.selectorOffset]
        device = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: Self.deviceOffset, as: UInt32.self) }
        name = Array(bytes[Self.nameOffset..<Self.nameOffset + Self.nameLength].prefix { $0 != 0 })
    }

    /// The structure; what means nothing is zero.
    package var bytes: [UInt8] {
        var bytes = OptionValue(UInt16(LinuxIrDA.family)).bytes
        bytes += [selector, 0]
        bytes += OptionValue(device).bytes
        bytes += name.prefix(Self.nameLength)
        return bytes + [UInt8](repeating: 0, count: Self.length - bytes.count)
    }
}
