/// Takes fields off the front of a packet; every read is checked, so any bytes are safe to read.
struct OBEXReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() throws(OBEXPacketError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .cutShort }
        return byte
    }

    mutating func bytes(_ count: Int) throws(OBEXPacketError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .cutShort }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func bigEndian16() throws(OBEXPacketError) -> UInt16 {
        try bytes(2).reduce(0) { $0 << 8 | UInt16($1) }
    }

    mutating func bigEndian32() throws(OBEXPacketError) -> UInt32 {
        try bytes(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The value of a header whose length follows; that counts the header's first three bytes too.
    mutating func sizedBytes(of id: OBEXHeaderID) throws(OBEXPacketError) -> ArraySlice<UInt8> {
        let size = Int(try bigEndian16())
        guard size >= 3 else { throw .headerTooShort(id) }
        return try bytes(size - 3)
    }
}

extension [UInt8] {
    mutating func append(bigEndian number: UInt16) {
        append(UInt8(number >> 8))
        append(UInt8(truncatingIfNeeded: number))
    }

    mutating func append(bigEndian number: UInt32) {
        append(bigEndian: UInt16(number >> 16))
        append(bigEndian: UInt16(truncatingIfNeeded: number))
    }
}
