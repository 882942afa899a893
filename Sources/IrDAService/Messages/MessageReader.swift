/// Takes values out of the bytes of a message; total, for the bytes come from another process.
struct MessageReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(MalformedMessage) -> Number {
        let size = Number.bitWidth / 8
        guard rest.count >= size else { throw .ended }
        defer { rest = rest.dropFirst(size) }
        return rest.prefix(size).reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    mutating func flag() throws(MalformedMessage) -> Bool {
        switch try number(UInt8.self) {
        case 0: false
        case 1: true
        case let other: throw .unknown(other)
        }
    }

    mutating func octets() throws(MalformedMessage) -> [UInt8] {
        let count = Int(try number(UInt16.self))
        guard count <= MessageLimits.longestField else { throw .tooLong(count) }
        guard rest.count >= count else { throw .ended }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func text() throws(MalformedMessage) -> String {
        String(decoding: try octets(), as: UTF8.self)
    }

    mutating func field<Value: MessageField>(_: Value.Type = Value.self) throws(MalformedMessage) -> Value {
        try Value(from: &self)
    }

    mutating func optional<Value: MessageField>(_: Value.Type = Value.self) throws(MalformedMessage) -> Value? {
        try flag() ? try field(Value.self) : nil
    }

    mutating func list<Value: MessageField>(of _: Value.Type = Value.self) throws(MalformedMessage) -> [Value] {
        let count = Int(try number(UInt16.self))
        guard count <= MessageLimits.longestList else { throw .tooLong(count) }
        var values: [Value] = []
        for _ in 0..<count { values.append(try field()) }
        return values
    }
}

/// Why bytes are no message of this protocol.
package enum MalformedMessage: Error, Hashable, Sendable, CustomStringConvertible {
    /// It ends too early.
    case ended
    /// It goes on behind its end.
    case trailingBytes
    /// A length is beyond the limit.
    case tooLong(Int)
    /// A number that stands for a kind of thing stands for none that is known here.
    case unknown(UInt8)

    package var description: String {
        switch self {
        case .ended: "it ends too early"
        case .trailingBytes: "it goes on behind its end"
        case .tooLong(let length): "a length of \(length) is beyond the limit"
        case .unknown(let number): "\(number) stands for nothing that is known here"
        }
    }
}
