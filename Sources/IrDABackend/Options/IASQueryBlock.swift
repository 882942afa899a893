public import SocketBackends

/// An `IAS_QUERY` (af_irda.h), 1356 bytes: the question, and then the answer in the same memory.
///
///     offset  size
///       0      4    device identifier
///       4     64    class name, ended by a NUL
///      68    256    attribute name, ended by a NUL
///     324      4    type: 0 no attribute, 1 integer, 2 octets, 3 string, 16 no class
///     328           integer: 4 bytes; octets: length (4), bytes; string: length (4), character set (4), bytes
public struct IASQueryBlock: Hashable, Sendable {
    /// The device to ask.
    public var device: IrDADeviceID
    /// The class.
    public var className: String
    /// The attribute.
    public var attribute: String

    /// The bytes of the structure.
    public static let length = 1356
    private static let classOffset = 4
    private static let attributeOffset = 68
    private static let typeOffset = 324
    private static let valueOffset = 328

    /// Makes a question.
    public init(device: IrDADeviceID, className: String, attribute: String) {
        self.device = device
        self.className = className
        self.attribute = attribute
    }

    /// Reads a question.
    ///
    /// - Throws: WSAEFAULT if the block is too short or a name has no end, WSAEINVAL if a name is empty.
    public init(bytes: [UInt8]) throws(SocketError) {
        let operation = "ask an information base"
        guard bytes.count >= Self.length else {
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "a block of \(bytes.count) bytes is too short",
                advice: "An IAS_QUERY takes \(Self.length).")
        }
        device = IrDADeviceID(
            rawValue: UInt32(littleEndian: try OptionValue(bytes: bytes).integer(UInt32.self, for: operation)))
        className = try IASNameField.read(bytes[Self.classOffset..<Self.attributeOffset], "class", operation)
        attribute = try IASNameField.read(bytes[Self.attributeOffset..<Self.typeOffset], "attribute", operation)
    }

    /// The question as a block, for a caller to pass.
    public var bytes: [UInt8] { block(type: 0, value: []) }

    /// The block with the answer in it.
    public func bytes(with answer: IASAnswer) -> [UInt8] {
        switch answer {
        case .noSuchClass: block(type: 0x10, value: [])
        case .noSuchAttribute: block(type: 0, value: [])
        case .integer(let number): block(type: 1, value: OptionValue(number).bytes)
        case .octets(let octets): block(type: 2, value: OptionValue(UInt32(octets.count)).bytes + octets)
        case .string(let text, let characterSet):
            block(
                type: 3,
                value: OptionValue(UInt32(text.count)).followed(by: UInt32(characterSet)).bytes + text)
        }
    }

    /// Reads an answer out of a block.
    ///
    /// - Throws: WSAEFAULT if the block is cut short or has a type that does not exist.
    public static func answer(in bytes: [UInt8]) throws(SocketError) -> IASAnswer {
        let operation = "read the answer of an information base"
        let block = OptionValue(bytes: bytes)
        switch try block.integer(UInt32.self, at: typeOffset, for: operation) {
        case 0x10: return .noSuchClass
        case 0: return .noSuchAttribute
        case 1: return .integer(try block.integer(Int32.self, at: valueOffset, for: operation))
        case 2:
            let count = Int(try block.integer(UInt32.self, at: valueOffset, for: operation))
            return .octets(Array(bytes.dropFirst(valueOffset + 4).prefix(count)))
        case 3:
            let count = Int(try block.integer(UInt32.self, at: valueOffset, for: operation))
            let characterSet = try block.integer(UInt32.self, at: valueOffset + 4, for: operation)
            return .string(
                Array(bytes.dropFirst(valueOffset + 8).prefix(count)),
                characterSet: UInt8(truncatingIfNeeded: characterSet))
        case let type:
            throw SocketError(.WSAEFAULT, operation: operation, reason: "there is no attribute type \(type)")
        }
    }

    private func block(type: UInt32, value: [UInt8]) -> [UInt8] {
        var bytes = OptionValue(device.rawValue.littleEndian).bytes
        bytes += Self.field(className, Self.attributeOffset - Self.classOffset)
        bytes += Self.field(attribute, Self.typeOffset - Self.attributeOffset)
        bytes += OptionValue(type).bytes + value.prefix(Self.length - Self.valueOffset)
        return bytes + [UInt8](repeating: 0, count: Self.length - bytes.count)
    }

    /// A name with at least one NUL behind it.
    private static func field(_ text: String, _ length: Int) -> [UInt8] {
        let name = Array(text.utf8.prefix(length - 1))
        return name + [UInt8](repeating: 0, count: length - name.count)
    }
}
