/// A text in a header: UTF-16, high byte first, ended by a NUL (OBEX 1.3, 2.1).
///
/// It keeps what was sent, so that a text which breaks the rules can be told from one that does not.
public struct OBEXText: Hashable, Sendable {
    /// The code units as transmitted, with the NUL; none for the empty text.
    public let units: [UInt16]

    /// The text of these code units, which are used as they are.
    public init(units: [UInt16]) {
        self.units = units
    }

    /// A text; the empty one has no NUL either.
    public init(_ text: String) {
        units = text.isEmpty ? [] : Array(text.utf16) + [0]
    }

    /// The text; nil if it has no NUL at its end, has one inside, or is no valid UTF-16.
    public var string: String? {
        guard let last = units.last else { return "" }
        let content = units.dropLast()
        guard last == 0, !content.contains(0) else { return nil }
        return String(validating: content, as: UTF16.self)
    }

    /// The text for people to read, whatever was sent.
    public var readableString: String {
        String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    }
}
