/// Where bytes differ from those that should have come, in words; nil if they are the same.
///
/// When `#expect(found == expected)` fails, the library looks for the shortest way from the one to the other: for megabytes that takes
/// hours, in which no other test gets on.
public func difference(_ found: some Collection<UInt8>, from expected: some Collection<UInt8>) -> String? {
    guard !found.elementsEqual(expected) else { return nil }
    let lengths = "\(found.count) bytes, where \(expected.count) should be"
    guard let position = zip(found, expected).enumerated().first(where: { $1.0 != $1.1 }) else { return lengths }
    return "\(lengths), and at \(position.offset) \(position.element.0) instead of \(position.element.1)"
}
