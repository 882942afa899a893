/// Why bytes are no packet.
public enum OBEXPacketError: Error, Hashable, Sendable {
    /// The length field says less than the three bytes that it ends, or not what there is.
    case wrongLength(Int)
    /// The packet is larger than the receiver takes.
    case tooLarge(Int, limit: Int)
    /// A field or a header runs past the end of the packet.
    case cutShort
    /// A header's length does not even count its own first three bytes.
    case headerTooShort(OBEXHeaderID)
    /// A text has half a character at its end.
    case oddText(OBEXHeaderID)
}

extension OBEXPacketError: CustomStringConvertible {
    /// What is wrong, as the second half of a sentence.
    public var description: String {
        switch self {
        case .wrongLength(let length): "a packet says that it has \(length) bytes"
        case .tooLarge(let length, let limit):
            "a packet of \(length) bytes is larger than the \(limit) that were announced"
        case .cutShort: "a field or header runs past the end of its packet"
        case .headerTooShort(let id): "the header \(Self.digits(id)) has a length below 3"
        case .oddText(let id): "the text of the header \(Self.digits(id)) ends in half a character"
        }
    }

    private static func digits(_ id: OBEXHeaderID) -> String {
        let digits = String(id.rawValue, radix: 16, uppercase: true)
        return (digits.count < 2 ? "0" : "") + digits
    }
}
