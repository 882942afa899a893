/// The headers of a packet or of a whole request, in their order.
public struct OBEXHeaders: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// The headers.
    public private(set) var all: [OBEXHeader]

    /// These headers.
    public init(_ headers: [OBEXHeader] = []) {
        all = headers
    }

    /// These headers.
    public init(arrayLiteral elements: OBEXHeader...) {
        all = elements
    }

    /// How many bytes they take in a packet.
    public var size: Int { all.reduce(0) { $0 + $1.size } }

    /// Puts a header behind the others.
    public mutating func append(_ header: OBEXHeader) {
        all.append(header)
    }

    /// Puts headers behind the others.
    public mutating func append(contentsOf headers: OBEXHeaders) {
        all += headers.all
    }

    /// The last header of this id: where one is repeated before the body, the later counts.
    public subscript(id: OBEXHeaderID) -> OBEXHeader.Value? {
        all.last { $0.id == id }?.value
    }

    /// The headers but those of the object's content.
    public var withoutBody: OBEXHeaders {
        OBEXHeaders(all.filter { $0.id != .body && $0.id != .endOfBody })
    }

    /// The content in all Body and End-of-Body headers, put together; nil if there is none of either.
    public var body: [UInt8]? {
        let parts = all.filter { $0.id == .body || $0.id == .endOfBody }
        guard !parts.isEmpty else { return nil }
        return parts.reduce(into: []) { body, part in
            if case .bytes(let bytes) = part.value { body += bytes }
        }
    }

    /// Whether the last part of the object is among them.
    public var hasEndOfBody: Bool { all.contains { $0.id == .endOfBody } }

    // MARK: What the values say

    /// The name of the object.
    public var name: OBEXText? {
        if case .text(let text) = self[.name] { text } else { nil }
    }

    /// The words for people.
    public var description: OBEXText? {
        if case .text(let text) = self[.description] { text } else { nil }
    }

    /// The media type, in lower-case ASCII and without its NUL: types are the same in any letter case.
    public var type: String? {
        guard case .bytes(let bytes) = self[.type] else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).lowercased()
    }

    /// The size of the object, as the sender says.
    public var length: UInt32? {
        if case .word(let length) = self[.length] { length } else { nil }
    }

    /// The time of the object, in the new form and as sent.
    public var time: String? {
        guard case .bytes(let bytes) = self[.time] else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number of a directed connection; FFFFFFFF is none.
    public var connectionID: UInt32? {
        guard case .word(let id) = self[.connectionID], id != .max else { return nil }
        return id
    }

    /// The service that answers, or asks.
    public var who: [UInt8]? {
        if case .bytes(let id) = self[.who] { id } else { nil }
    }

    /// The service that a connection is for.
    public var target: [UInt8]? {
        if case .bytes(let id) = self[.target] { id } else { nil }
    }

    // MARK: On the line

    func append(to packet: inout [UInt8]) {
        for header in all { header.append(to: &packet) }
    }

    init(from reader: inout OBEXReader) throws(OBEXPacketError) {
        all = []
        while !reader.isAtEnd { all.append(try OBEXHeader(from: &reader)) }
    }
}
