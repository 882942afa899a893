/// What GetObjects says of an object.
public struct IASObjectSummary: Hashable, Sendable {
    /// Its id.
    public var id: UInt16
    /// How many attributes it has.
    public var attributeCount: UInt8
    /// Its class; nil where the question named one.
    public var className: IASName?

    /// Describes an object.
    public init(id: UInt16, attributeCount: UInt8, className: IASName?) {
        self.id = id
        self.attributeCount = attributeCount
        self.className = className
    }
}

/// What GetAttributeNames says of an attribute.
public struct IASAttributeSummary: Hashable, Sendable {
    /// Its name.
    public var name: IASName
    /// The type of its value: 0 missing, 1 integer, 2 octets, 3 string.
    public var type: UInt8

    /// Describes an attribute.
    public init(name: IASName, type: UInt8) {
        self.name = name
        self.type = type
    }
}

/// What an information base answers (IrLMP 1.1, 4.3.6).
public enum IASReply: Hashable, Sendable {
    /// How many objects there are, and the largest id.
    case infoBaseDetails(objects: UInt16, largestID: UInt16)
    /// Some objects, and the id of the next one; our server says 0 when there is none.
    case objects([IASObjectSummary], next: UInt16)
    /// The values asked for, in their order; `missing` where there is none, and then `isComplete` is false.
    case values([IASValue], isComplete: Bool)
    /// The value of every object of the class that has the attribute.
    case valueByClass([IASEntry])
    /// The lowest and the highest attribute slot of an object, and how many are in use.
    case objectInfo(lowest: UInt16, highest: UInt16, used: UInt16)
    /// Some attributes, and the slot of the next one; our server, whose slots begin at 1, says 0 when there is none.
    case attributeNames([IASAttributeSummary], next: UInt16)
    /// Anything but success: 01 no such class or object, 02 no such attribute, 03 too many names, FF unsupported; FF also
    /// stands for an answer that cannot be read.
    case failed(code: UInt8)

    /// What stands for an answer that cannot be read, and for an operation that is not supported.
    static let unreadable = IASReply.failed(code: 0xFF)
    static let notThere = IASReply.failed(code: 0x01)
    static let noSuchAttribute = IASReply.failed(code: 0x02)

    /// The message as transmitted. Errors are the return code alone, but for GetValue.
    var bytes: [UInt8] {
        switch self {
        case .infoBaseDetails(let objects, let largest): [0] + objects.bigEndianBytes + largest.bigEndianBytes
        case .objects(let objects, let next):
            [0] + next.bigEndianBytes
                + list(objects) { $0.id.bigEndianBytes + [$0.attributeCount] + ($0.className?.wireBytes ?? [0]) }
        case .values(let values, let isComplete): [isComplete ? 0 : 2] + list(values, \.bytes)
        case .valueByClass(let entries): [0] + list(entries) { $0.objectID.bigEndianBytes + $0.value.bytes }
        case .objectInfo(let lowest, let highest, let used):
            [0] + lowest.bigEndianBytes + highest.bigEndianBytes + used.bigEndianBytes
        case .attributeNames(let names, let next):
            [0] + next.bigEndianBytes + list(names) { $0.name.wireBytes + [$0.type] }
        case .failed(code: 0x03): [0x03] + UInt16(IASRequest.mostNames).bigEndianBytes
        case .failed(let code): [code]
        }
    }

    private func list<Item>(_ items: [Item], _ item: (Item) -> [UInt8]) -> [UInt8] {
        let sent = items.prefix(Int(UInt16.max))
        return UInt16(sent.count).bigEndianBytes + sent.flatMap(item)
    }

    /// Reads a received message; every sequence is one. Some peers put a list behind an error too: it is ignored.
    init(bytes: [UInt8], to operation: UInt8) {
        var reader = ByteReader(bytes)
        switch (operation, reader.byte()) {
        case (_, nil): self = .unreadable
        case (0x03, 0x00), (0x03, 0x02): self = Self.values(bytes, from: &reader) ?? .unreadable
        case (_, 0x00): self = Self.success(operation, from: &reader) ?? .unreadable
        case (_, let code?): self = .failed(code: code)
        }
    }

    /// A remark of the text leaves the list of GetValue out where a value is missing.
    private static func values(_ bytes: [UInt8], from reader: inout ByteReader) -> IASReply? {
        let isComplete = bytes.first == 0
        if !isComplete && reader.count == 0 { return .noSuchAttribute }
        return list(from: &reader, IASValue.init(from:)).map { .values($0, isComplete: isComplete) }
    }

    private static func success(_ operation: UInt8, from reader: inout ByteReader) -> IASReply? {
        switch operation {
        case 0x01:
            guard let objects = reader.bigEndian16(), let largest = reader.bigEndian16() else { return nil }
            return .infoBaseDetails(objects: objects, largestID: largest)
        case 0x02:
            guard let next = reader.bigEndian16() else { return nil }
            return list(from: &reader, IASObjectSummary.init(from:)).map { .objects($0, next: next) }
        case 0x04:
            return list(from: &reader, IASEntry.init(from:)).map { .valueByClass($0) }
        case 0x05:
            guard let lowest = reader.bigEndian16(), let highest = reader.bigEndian16(),
                let used = reader.bigEndian16()
            else { return nil }
            return .objectInfo(lowest: lowest, highest: highest, used: used)
        case 0x06:
            guard let next = reader.bigEndian16() else { return nil }
            return list(from: &reader, IASAttributeSummary.init(from:)).map { .attributeNames($0, next: next) }
        default:
            return nil
        }
    }

    private static func list<Item>(
        from reader: inout ByteReader, _ item: (inout ByteReader) -> Item?
    ) -> [Item]? {
        guard let length = reader.bigEndian16() else { return nil }
        var items: [Item] = []
        for _ in 0..<length {
            guard let next = item(&reader) else { return nil }
            items.append(next)
        }
        return items
    }
}

extension IASObjectSummary {
    fileprivate init?(from reader: inout ByteReader) {
        guard let id = reader.bigEndian16(), let count = reader.byte(), let name = IASName(from: &reader) else {
            return nil
        }
        self.init(id: id, attributeCount: count, className: name.bytes.isEmpty ? nil : name)
    }
}

extension IASEntry {
    fileprivate init?(from reader: inout ByteReader) {
        guard let id = reader.bigEndian16(), let value = IASValue(from: &reader) else { return nil }
        self.init(objectID: id, value: value)
    }
}

extension IASAttributeSummary {
    fileprivate init?(from reader: inout ByteReader) {
        guard let name = IASName(from: &reader), let type = reader.byte() else { return nil }
        self.init(name: name, type: type)
    }
}

extension IASResult {
    /// What a reply to GetValueByClass says.
    init(_ reply: IASReply) {
        switch reply {
        case .valueByClass(let entries): self = .success(entries)
        case .failed(code: 0x01): self = .noSuchClass
        case .failed(code: 0x02): self = .noSuchAttribute
        case .failed(let code): self = .failed(code: code)
        case .infoBaseDetails, .objects, .values, .objectInfo, .attributeNames: self = .failed(code: 0xFF)
        }
    }
}
