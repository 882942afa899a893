/// The identity of a backend in the list of WSAEnumProtocols: a GUID.
public struct ProviderID: Hashable, Sendable {
    /// The 16 bytes as a GUID lies in memory: its first three numbers in host order (little-endian), then eight bytes.
    public let bytes: [UInt8]

    /// Makes the identity from the parts of a GUID, as it is written: `E70F1AA0-AB8B-11CF-8CA3-00805F48A192`.
    public init(_ first: UInt32, _ second: UInt16, _ third: UInt16, _ rest: UInt64) {
        bytes =
            (0..<4).map { UInt8(truncatingIfNeeded: first >> ($0 * 8)) }
            + (0..<2).map { UInt8(truncatingIfNeeded: second >> ($0 * 8)) }
            + (0..<2).map { UInt8(truncatingIfNeeded: third >> ($0 * 8)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: rest >> (56 - $0 * 8)) }
    }

    /// Derives the identity from a backend's name: always the same for one name, and marked as a GUID of its maker's own kind (version 8).
    public init(backend name: String) {
        let high = Self.hash(name, seed: 0xCBF2_9CE4_8422_2325)
        let low = Self.hash(name, seed: high)
        let third = UInt16(truncatingIfNeeded: high) & 0x0FFF | 0x8000
        self.init(
            UInt32(truncatingIfNeeded: high >> 32), UInt16(truncatingIfNeeded: high >> 16), third,
            low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }

    /// FNV-1a, 64 bits.
    private static func hash(_ text: String, seed: UInt64) -> UInt64 {
        text.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension ProviderID: CustomStringConvertible {
    /// `E70F1AA0-AB8B-11CF-8CA3-00805F48A192`.
    public var description: String {
        let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
        let digits = order.map { position in
            let byte = String(bytes[position], radix: 16, uppercase: true)
            return (byte.count == 1 ? "0" : "") + byte
        }
        let groups = [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
        return groups.map { $0.joined() }.joined(separator: "-")
    }
}
