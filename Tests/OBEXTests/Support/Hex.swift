import Testing

/// Bytes written as in a trace: pairs of hexadecimal digits; spaces only separate.
func hex(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    #expect(digits.count.isMultiple(of: 2), "not whole bytes: \(text)", sourceLocation: sourceLocation)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// Bytes as a trace shows them, for messages of failed tests.
func trace(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ")
}
