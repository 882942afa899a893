/// Takes fields off the front of received bytes; every read is checked, so any bytes are safe to read.
struct ByteReader: Sendable {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// How many bytes are left.
    var count: Int { rest.count }

    /// The next byte, or nil at the end.
    mutating func byte() -> UInt8? {
        rest.popFirst()
    }

    /// The next `count` bytes, or nil (taking nothing) if there are fewer.
    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// The next 16-bit number, high byte first.
    mutating func bigEndian16() -> UInt16? {
        guard let pair = bytes(2) else { return nil }
        return UInt16(pair[0]) << 8 | UInt16(pair[1])
    }

    /// The next 32-bit number, high byte first.
    mutating func bigEndian32() -> UInt32? {
        guard let four = bytes(4) else { return nil }
        return four.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The next device address, low byte first.
    mutating func deviceAddress() -> DeviceAddress? {
        guard let four = bytes(4) else { return nil }
        return DeviceAddress(wireBytes: four)
    }

    /// Everything that is left.
    mutating func remainder() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}
