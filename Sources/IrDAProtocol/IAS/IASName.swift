/// The name of an IAS class or attribute: up to 60 bytes, compared byte by byte (IrLMP 1.1, 4.2.4 and 4.3.1).
///
/// It is not a `String`, which would take different bytes for equal and cannot hold every sequence a peer may send.
public struct IASName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The most bytes of a name.
    public static let maximumLength = 60

    /// The bytes of the name.
    public let bytes: [UInt8]

    /// The name with these bytes; limits are checked where the name is used.
    public init(bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// The name with this text, in UTF-8.
    public init(_ text: String) {
        self.init(bytes: text.utf8)
    }

    /// A name written out in the source.
    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// The name as text; bytes that are no UTF-8 become U+FFFD.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Refuses an empty or too long name.
    func validate() throws(IASError) {
        if bytes.isEmpty { throw .emptyName }
        if bytes.count > Self.maximumLength { throw .nameTooLong(self) }
    }

    /// The name as transmitted: its length in one byte, then its bytes, at most 60.
    var wireBytes: [UInt8] {
        [UInt8(min(bytes.count, Self.maximumLength))] + bytes.prefix(Self.maximumLength)
    }

    /// Takes a name off the front of received bytes; nil if it is cut off or too long.
    init?(from reader: inout ByteReader) {
        guard let length = reader.byte(), length <= Self.maximumLength, let bytes = reader.bytes(Int(length)) else {
            return nil
        }
        self.init(bytes: bytes)
    }
}
