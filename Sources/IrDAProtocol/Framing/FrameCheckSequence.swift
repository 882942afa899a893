/// The 16-bit frame check sequence of IrLAP: CRC-16/X-25 (IrLAP 1.1, 10.1.2).
///
/// It covers A, C and the I-field before escaping. The polynomial is x^16+x^12+x^5+1, least significant bit first, preset
/// to all ones, complemented at the end; the low byte is transmitted first.
public struct FrameCheckSequence: Sendable, Hashable {
    /// What the register holds after a frame and its own good check sequence.
    private static let goodResidue: UInt16 = 0xF0B8

    /// How many bytes one step of a long run takes.
    private static let stride = 8

    /// The effect on the register of each possible low byte, and behind it the same effect after one to seven further zero
    /// bytes, so that a step can look eight bytes up at once.
    private static let tables: [UInt16] = {
        var tables: [UInt16] = []
        for index in 0..<256 as Range<UInt16> {
            var register = index
            for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : (register >> 1) ^ 0x8408 }
            tables.append(register)
        }
        while tables.count < 256 * stride {
            let before = tables[tables.count - 256]
            tables.append((before >> 8) ^ tables[Int(before & 0xFF)])
        }
        return tables
    }()

    private var register: UInt16 = 0xFFFF

    /// A check sequence over no bytes yet.
    public init() {}

    /// Takes in the next byte of the frame.
    public mutating func update(_ byte: UInt8) {
        register = (register >> 8) ^ Self.tables[Int(UInt8(truncatingIfNeeded: register) ^ byte)]
    }

    /// Takes in the next bytes of the frame.
    public mutating func update(contentsOf bytes: UnsafeBufferPointer<UInt8>) {
        register = Self.tables.withUnsafeBufferPointer { tables in
            var register = register
            var index = 0
            while bytes.count - index >= Self.stride {
                register ^= UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
                let ends = tables[0x700 + Int(register & 0xFF)] ^ tables[0x600 + Int(register >> 8)]
                let second = tables[0x500 + Int(bytes[index + 2])] ^ tables[0x400 + Int(bytes[index + 3])]
                let third = tables[0x300 + Int(bytes[index + 4])] ^ tables[0x200 + Int(bytes[index + 5])]
                let last = tables[0x100 + Int(bytes[index + 6])] ^ tables[Int(bytes[index + 7])]
                register = ends ^ second ^ third ^ last
                index += Self.stride
            }
            while index < bytes.count {
                register = (register >> 8) ^ tables[Int(UInt8(truncatingIfNeeded: register) ^ bytes[index])]
                index += 1
            }
            return register
        }
    }

    /// The check sequence of the bytes so far, as it is transmitted (complemented).
    public var value: UInt16 { ~register }

    /// Whether the bytes so far end with the right check sequence of the bytes before it.
    public var isGoodResidue: Bool { register == Self.goodResidue }

    /// The check sequence of a whole run of bytes.
    public static func of(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var sequence = FrameCheckSequence()
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { sequence.update(contentsOf: $0) }
        if isDone == nil {
            for byte in bytes { sequence.update(byte) }
        }
        return sequence.value
    }
}
