/// The bytes with a meaning of their own in asynchronous (SIR) framing (IrLAP 1.1, 10.1.1).
enum SIRByte {
    /// The recommended extra begin-of-frame filler (XBOF).
    static let filler: UInt8 = 0xFF
    /// Begin of frame (BOF).
    static let begin: UInt8 = 0xC0
    /// End of frame (EOF).
    static let end: UInt8 = 0xC1
    /// Control escape (CE): the next byte is XORed with `escapeMask`.
    static let escape: UInt8 = 0x7D
    /// What an escaped byte is XORed with.
    static let escapeMask: UInt8 = 0x20

    /// Whether a byte must be escaped between BOF and EOF.
    static func needsEscape(_ byte: UInt8) -> Bool {
        byte & 0xFE == begin || byte == escape
    }

    /// How many of the bytes must be escaped.
    static func escapes(in bytes: some Sequence<UInt8>) -> Int {
        bytes.withContiguousStorageIfAvailable { buffer in
            var count = 0
            var index = 0
            while true {
                index = plainEnd(in: buffer, from: index)
                guard index < buffer.count else { return count }
                count += 1
                index += 1
            }
        } ?? bytes.reduce(0) { $0 + (needsEscape($1) ? 1 : 0) }
    }

    /// The place of the first byte, at or behind `start`, that must be escaped; the end if there is none.
    static func plainEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        // Eight bytes at a time while none of them is special, which most of the time is so.
        while bytes.count - index >= 8 {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let delimiters = (word & 0xFEFE_FEFE_FEFE_FEFE) ^ 0xC0C0_C0C0_C0C0_C0C0
            let escapes = word ^ 0x7D7D_7D7D_7D7D_7D7D
            if zeroBytes(delimiters) | zeroBytes(escapes) != 0 { break }
            index += 8
        }
        while index < bytes.count, !needsEscape(bytes[index]) { index += 1 }
        return index
    }

    /// Not zero if one of the bytes of a word is.
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
