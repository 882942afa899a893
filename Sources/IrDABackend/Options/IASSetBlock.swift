public import SocketBackends

/// An `IAS_SET` (af_irda.h), 1352 bytes: an attribute of this station's information base.
///
///     offset  size
///       0     64    class name, ended by a NUL
///      64    256    attribute name, ended by a NUL
///     320      4    type: 1 integer, 2 octets, 3 string
///     324           integer: 4 bytes; octets: length (2), bytes; string: length (1), character set (1), bytes
///
/// The block may be cut short behind the bytes that count.
public struct IASSetBlock: Hashable, Sendable {
    /// The class.
    public var className: String
    /// The attribute.
    public var attribute: String
    /// Its value.
    public var value: IASAnswer

    private static let attributeOffset = 64
    private static let typeOffset = 320
    private static let valueOffset = 324
    private static let operation = "set an attribute of the information base"

    /// Reads a block.
    ///
    /// - Throws: WSAEFAULT if it is too short for what it says, or a name has no end; WSAEINVAL for an empty name or a type that
    ///   cannot be set.
    public init(bytes: [UInt8]) throws(SocketError) {
        let block = OptionValue(bytes: bytes)
        let type = try block.integer(UInt32.self, at: Self.typeOffset, for: Self.operation)
        className = try IASNameField.read(bytes[..<Self.attributeOffset], "class", Self.operation)
        attribute = try IASNameField.read(
            bytes[Self.attributeOffset..<Self.typeOffset], "attribute", Self.operation)
        switch type {
        case 1:
            value = .integer(try block.integer(Int32.self, at: Self.valueOffset, for: Self.operation))
        case 2:
            let count = try block.integer(UInt16.self, at: Self.valueOffset, for: Self.operation)
            value = .octets(try Self.bytes(Int(count), at: Self.valueOffset + 2, of: bytes))
        case 3:
            let count = try block.integer(UInt8.self, at: Self.valueOffset, for: Self.operation)
            let characterSet = try block.integer(UInt8.self, at: Self.valueOffset + 1, for: Self.operation)
            value = .string(
                try Self.bytes(Int(count), at: Self.valueOffset + 2, of: bytes), characterSet: characterSet)
        default:
            throw SocketError(
                .WSAEINVAL, operation: Self.operation, reason: "there is no attribute type \(type) to set",
                advice: "Use 1 (integer), 2 (octets) or 3 (string).")
        }
    }

    /// Reads only the names of a block, for what removes an attribute.
    ///
    /// - Throws: as the other.
    init(namesIn bytes: [UInt8]) throws(SocketError) {
        guard bytes.count >= Self.typeOffset else {
            throw SocketError(
                .WSAEFAULT, operation: Self.operation, reason: "a block of \(bytes.count) bytes is too short",
                advice: "The names alone take \(Self.typeOffset).")
        }
        className = try IASNameField.read(bytes[..<Self.attributeOffset], "class", Self.operation)
        attribute = try IASNameField.read(
            bytes[Self.attributeOffset..<Self.typeOffset], "attribute", Self.operation)
        value = .noSuchAttribute
    }

    private static func bytes(_ count: Int, at offset: Int, of block: [UInt8]) throws(SocketError) -> [UInt8] {
        guard block.count >= offset + count else {
            throw SocketError(
                .WSAEFAULT, operation: operation,
                reason: "a block of \(block.count) bytes has no room for a value of \(count)")
        }
        return Array(block[offset..<offset + count])
    }
}

/// The name of a class or attribute in a fixed field with a NUL behind it.
enum IASNameField {
    /// - Throws: WSAEFAULT if there is no NUL, WSAEINVAL if there is nothing before it.
    static func read(_ field: ArraySlice<UInt8>, _ kind: String, _ operation: String) throws(SocketError) -> String {
        guard let end = field.firstIndex(of: 0) else {
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "the \(kind) name has no end within \(field.count) bytes")
        }
        guard end > field.startIndex else {
            throw SocketError(.WSAEINVAL, operation: operation, reason: "the \(kind) name is empty")
        }
        return String(decoding: field[..<end], as: UTF8.self)
    }
}
