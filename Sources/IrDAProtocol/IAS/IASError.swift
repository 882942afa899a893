/// Why an information base or a query was refused before anything was sent.
public enum IASError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A class or attribute name is empty.
    case emptyName
    /// A name has more than 60 bytes.
    case nameTooLong(IASName)
    /// An octet sequence has more than 1024 bytes.
    case octetsTooLong(Int)
    /// A string has more than 255 bytes.
    case stringTooLong(Int)
    /// An object would have more than 255 attributes.
    case tooManyAttributes
    /// An object would have two attributes of this name.
    case duplicateAttribute(IASName)
    /// All 65536 object ids are in use.
    case tooManyObjects
    /// There is no object with this id.
    case noSuchObject(UInt16)
    /// A query is outstanding; one connection carries one at a time.
    case queryOutstanding

    /// What is wrong, and what would be right.
    public var description: String {
        switch self {
        case .emptyName: "IAS class and attribute names must not be empty"
        case .nameTooLong(let name):
            "the IAS name '\(name)' has \(name.bytes.count) bytes; shorten it to \(IASName.maximumLength)"
        case .octetsTooLong(let count):
            "an IAS octet sequence of \(count) bytes is too long; at most \(IASValue.maximumOctets) fit"
        case .stringTooLong(let count):
            "an IAS string of \(count) bytes is too long; at most \(IASString.maximumLength) fit"
        case .tooManyAttributes: "an IAS object holds at most \(IASObject.maximumAttributes) attributes"
        case .duplicateAttribute(let name): "the IAS object already has an attribute '\(name)'"
        case .tooManyObjects: "the information base is full; remove an object first"
        case .noSuchObject(let id): "the information base has no object \(id)"
        case .queryOutstanding: "an IAS query is outstanding on this connection; wait for its result"
        }
    }
}
