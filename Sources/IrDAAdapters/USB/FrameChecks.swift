/// The check sequences that hosts compute for adapters that do not: this module knows no protocol, so it has its own.
enum FrameCheck {
    private static func table(_ polynomial: UInt32) -> [UInt32] {
        (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { register, _ in
                register & 1 == 0 ? register >> 1 : register >> 1 ^ polynomial
            }
        }
    }

    private static let table16 = table(0x8408)
    private static let table32 = table(0xEDB8_8320)

    /// What the register of the 16-bit sequence holds before the first byte.
    static let begin16 = UInt32(0xFFFF)
    /// What it holds after a frame with its check sequence, if that is right.
    static let good16 = UInt32(0xF0B8)

    /// Takes a byte into the register of the 16-bit sequence.
    static func step16(_ register: UInt32, _ byte: UInt8) -> UInt32 {
        register >> 8 ^ table16[Int(UInt8(truncatingIfNeeded: register) ^ byte)]
    }

    /// CRC-16/X-25, of SIR and MIR, low byte first.
    static func sixteen(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let register = ~bytes.reduce(begin16) { step16($0, $1) }
        return [UInt8(truncatingIfNeeded: register), UInt8(truncatingIfNeeded: register >> 8)]
    }

    /// CRC-32 of IEEE 802.3, of FIR, low byte first.
    static func thirtyTwo(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let register = ~bytes.reduce(UInt32.max) { $0 >> 8 ^ table32[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
        return (0..<4).map { UInt8(truncatingIfNeeded: register >> UInt32(8 * $0)) }
    }

    /// The check sequence of a speed above SIR.
    static func fast(_ bytes: some Sequence<UInt8>, rate: Int) -> [UInt8] {
        rate < 4_000_000 ? sixteen(bytes) : thirtyTwo(bytes)
    }

    /// A frame without its check sequence; nil if that is wrong.
    static func strip(_ bytes: some RandomAccessCollection<UInt8>, rate: Int) -> [UInt8]? {
        let length = rate < 4_000_000 ? 2 : 4
        guard bytes.count >= length + 2 else { return nil }
        let frame = Array(bytes.dropLast(length))
        return fast(frame, rate: rate).elementsEqual(bytes.suffix(length)) ? frame : nil
    }
}
