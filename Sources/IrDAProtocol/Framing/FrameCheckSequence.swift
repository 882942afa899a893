/// The 16-bit frame check sequence of IrLAP: CRC-16/X-25 (IrLAP 1.1, 10.1.2).
///
/// It covers A, C and the I-field before escaping. The polynomial is x^16+x^12+x^5+1, least significant bit first, preset
/// to all ones, complemented at the end; the low byte is transmitted first.
public struct FrameCheckSequence: Sendable, Hashable {
    /// What the register holds after a frame and its own good check sequence.
    private static let goodResidue: UInt16 = 0xF0B8

    /// The effect on the register of each possible low byte.
    private static let table: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index)) { register, _ in
            register & 1 == 0 ? register >> 1 : (register >> 1) ^ 0x8408
        }
    }

    private var register: UInt16 = 0xFFFF

    /// A check sequence over no bytes yet.
    public init() {}

    /// Takes in the next byte of the frame.
    public mutating func update(_ byte: UInt8) {
        register = (register >> 8) ^ Self.table[Int(UInt8(truncatingIfNeeded: register) ^ byte)]
    }

    /// The check sequence of the bytes so far, as it is transmitted (complemented).
    public var value: UInt16 { ~register }

    /// Whether the bytes so far end with the right check sequence of the bytes before it.
    public var isGoodResidue: Bool { register == Self.goodResidue }

    /// The check sequence of a whole run of bytes.
    public static func of(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var sequence = FrameCheckSequence()
        for byte in bytes { sequence.update(byte) }
        return sequence.value
    }
}
