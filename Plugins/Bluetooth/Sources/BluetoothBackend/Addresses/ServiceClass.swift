import SocketBackends

/// The UUID of a Bluetooth service class, in network order.
///
/// In a SOCKADDR_BTH it lies as a GUID, whose first three numbers are in host order.
public struct ServiceClass: Hashable, Sendable {
    /// The 16 bytes, as SDP sends them.
    public let bytes: [UInt8]

    /// What every short UUID stands for: 0000xxxx-0000-1000-8000-00805F9B34FB.
    private static let base: [UInt8] = [0, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5F, 0x9B, 0x34, 0xFB]

    /// None: all zero.
    public static let none = Self(bytes: Array(repeating: 0, count: 16))
    /// The serial port profile, 0x1101.
    public static let serialPort = Self(0x1101)

    /// A class with a short number.
    public init(_ number: UInt16) {
        var bytes = Self.base
        bytes[2] = UInt8(number >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: number)
        self.bytes = bytes
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a GUID as it lies in memory; `guid` has 16 bytes.
    init(guid: some Collection<UInt8>) {
        bytes = Self.swapped(Array(guid))
    }

    /// The GUID as it lies in memory.
    var guid: [UInt8] { Self.swapped(bytes) }

    private static func swapped(_ bytes: [UInt8]) -> [UInt8] {
        Array(bytes[0..<4].reversed() + bytes[4..<6].reversed() + bytes[6..<8].reversed() + bytes[8...])
    }

    /// Reads `0x1101` or `{00001101-0000-1000-8000-00805F9B34FB}`, with braces or without.
    init?(text: String) {
        if text.hasPrefix("0x") {
            guard text.utf8.count <= 6, let number = UInt16(text.dropFirst(2), radix: 16) else { return nil }
            self.init(number)
            return
        }
        var digits = text[...]
        if digits.hasPrefix("{"), digits.hasSuffix("}") { digits = digits.dropFirst().dropLast() }
        let groups = digits.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return nil }
        let hex = Array(groups.joined().utf8)
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: hex.count, by: 2) {
            let pair = String(decoding: hex[index..<index + 2], as: UTF8.self)
            guard pair.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }), let byte = UInt8(pair, radix: 16)
            else { return nil }
            bytes.append(byte)
        }
        self.init(bytes: bytes)
    }
}

extension ServiceClass: CustomStringConvertible {
    /// What `init(text:)` reads: the short form where there is one.
    public var description: String {
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
        if Self.base[4...] == bytes[4...], bytes[0] == 0, bytes[1] == 0 { return "0x" + digits[2..<4].joined() }
        let groups = [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
        return "{" + groups.map { $0.joined() }.joined(separator: "-") + "}"
    }
}
