import Testing

/// Bytes written as in a trace: pairs of hexadecimal digits, text in quotes; spaces and bars only separate.
func hex(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
        guard index.isMultiple(of: 2) else {
            bytes += part.utf8
            continue
        }
        let digits = part.filter { $0 != " " && $0 != "|" && $0 != "\n" }.compactMap(\.hexDigitValue)
        #expect(digits.count.isMultiple(of: 2), "not whole bytes: \(part)", sourceLocation: sourceLocation)
        bytes += stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
    return bytes
}

/// Bytes as a trace shows them, for messages of failed tests.
func trace(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ")
}
