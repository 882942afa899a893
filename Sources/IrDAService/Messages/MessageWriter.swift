/// Puts values into the bytes of a message: numbers little endian, text and bytes behind their length.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    mutating func put(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    /// Bytes that are too many for a message are cut; senders check before, where that matters.
    mutating func put(_ octets: [UInt8]) {
        let kept = octets.prefix(MessageLimits.longestField)
        put(UInt16(kept.count))
        bytes += kept
    }

    mutating func put(_ text: String) {
        put(Array(text.utf8))
    }

    mutating func put<Value: MessageField>(_ value: Value) {
        value.write(to: &self)
    }

    mutating func put<Value: MessageField>(_ value: Value?) {
        put(value != nil)
        if let value { put(value) }
    }

    mutating func put<Value: MessageField>(_ values: [Value]) {
        let kept = values.prefix(MessageLimits.longestList)
        put(UInt16(kept.count))
        for value in kept { put(value) }
    }
}

/// Something with a form in messages.
protocol MessageField {
    func write(to message: inout MessageWriter)
    init(from message: inout MessageReader) throws(MalformedMessage)
}

/// What both sides agree on about sizes.
enum MessageLimits {
    /// A message is no longer than this, in bytes.
    static let longestMessage = 65_536
    /// An attribute has at most 1024 octets (IrLMP 1.1, 4.3); texts for people are longer at times.
    static let longestField = 2_048
    /// The items of a list, each of which is at most a line of a table.
    static let longestList = 256
}
