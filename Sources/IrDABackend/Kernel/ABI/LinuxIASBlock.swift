import SocketBackends

/// A Linux `irda_ias_set`, 1356 bytes in host order: an attribute to set, to get or to ask for, and the answer in the same memory.
///
///     offset  size
///       0      64   class name, ended by a NUL where it is shorter
///      64     256   attribute name, likewise
///     320       4   type: 0 missing, 1 integer, 2 octets, 3 string
///     324           integer: 4 bytes; octets: length (2), bytes; string: length (1), character set (1), bytes
///    1352       4   device address
package struct LinuxIASBlock: Hashable, Sendable {
    /// The bytes of the structure.
    package static let length = 1356
    /// The most octets of a sequence.
    package static let longestOctets = 1024
    private static let attributeOffset = 64
    private static let typeOffset = 320
    private static let valueOffset = 324
    private static let dataOffset = 326
    private static let longestString = 255
    private static let deviceOffset = 1352

    /// The whole structure. What the caller passed beside the question comes back as it was.
    package private(set) var bytes: [UInt8]

    /// Reads a block.
    ///
    /// - Returns: nil if the length is not exactly that of the structure.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// Makes a block without a value. Names that are too long are cut.
    package init(className: [UInt8], attribute: [UInt8], device: UInt32 = 0) {
        bytes = [UInt8](repeating: 0, count: Self.length)
        replace(at: 0, with: className.prefix(Self.attributeOffset - 1))
        replace(at: Self.attributeOffset, with: attribute.prefix(Self.typeOffset - Self.attributeOffset - 1))
        replace(at: Self.deviceOffset, with: OptionValue(device).bytes[...])
    }

    /// The class.
    package var className: [UInt8] { Array(bytes[..<Self.attributeOffset].prefix { $0 != 0 }) }
    /// The attribute.
    package var attribute: [UInt8] { Array(bytes[Self.attributeOffset..<Self.typeOffset].prefix { $0 != 0 }) }
    /// The device to ask.
    package var device: UInt32 { integer(at: Self.deviceOffset) }

    /// The value; nil for a type that does not exist, or more octets than a sequence may have.
    package var value: IASAnswer? {
        switch integer(at: Self.typeOffset) as UInt32 {
        case 0: return .noSuchAttribute
        case 1: return .integer(integer(at: Self.valueOffset))
        case 2:
            let count = Int(integer(at: Self.valueOffset) as UInt16)
            guard count <= Self.longestOctets else { return nil }
            return .octets(Array(bytes[Self.dataOffset..<Self.dataOffset + count]))
        case 3:
            let count = Int(bytes[Self.valueOffset])
            return .string(
                Array(bytes[Self.dataOffset..<Self.dataOffset + count]), characterSet: bytes[Self.valueOffset + 1])
        default: return nil
        }
    }

    /// Puts a value into the block; what is too long for it is cut.
    package mutating func setValue(_ value: IASAnswer) {
        switch value {
        case .noSuchClass, .noSuchAttribute: setType(0)
        case .integer(let number):
            setType(1)
            replace(at: Self.valueOffset, with: OptionValue(number).bytes[...])
        case .octets(let octets):
            let octets = octets.prefix(Self.longestOctets)
            setType(2)
            replace(at: Self.valueOffset, with: OptionValue(UInt16(octets.count)).bytes[...])
            replace(at: Self.dataOffset, with: octets)
        case .string(let text, let characterSet):
            let text = text.prefix(Self.longestString)
            setType(3)
            bytes[Self.valueOffset] = UInt8(text.count)
            bytes[Self.valueOffset + 1] = characterSet
            // The NUL is for programs that print the string.
            replace(at: Self.dataOffset, with: text + [0])
        }
    }

    private mutating func setType(_ type: UInt32) {
        replace(at: Self.typeOffset, with: OptionValue(type).bytes[...])
    }

    private mutating func replace(at offset: Int, with part: ArraySlice<UInt8>) {
        bytes.replaceSubrange(offset..<offset + part.count, with: part)
    }

    private func integer<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Integer {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Integer.self) }
    }
}
