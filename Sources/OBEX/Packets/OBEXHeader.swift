/// One header of a packet (OBEX 1.3, 2.1).
public struct OBEXHeader: Hashable, Sendable {
    /// The forms of values.
    public enum Value: Hashable, Sendable {
        /// Text.
        case text(OBEXText)
        /// Bytes.
        case bytes([UInt8])
        /// One byte.
        case byte(UInt8)
        /// A number of 32 bits.
        case word(UInt32)
    }

    /// What it means.
    public let id: OBEXHeaderID
    /// Its value, in the form that the id asks for.
    public let value: Value

    private init(id: OBEXHeaderID, value: Value) {
        self.id = id
        self.value = value
    }

    /// A text header; nil if the id is that of another form.
    public init?(_ id: OBEXHeaderID, text: String) {
        guard id.encoding == .text else { return nil }
        self.init(id: id, value: .text(OBEXText(text)))
    }

    /// A header of bytes; nil if the id is that of another form.
    public init?(_ id: OBEXHeaderID, bytes: [UInt8]) {
        guard id.encoding == .bytes else { return nil }
        self.init(id: id, value: .bytes(bytes))
    }

    /// A number; nil if the id is that of another form, or the number too large for it.
    public init?(_ id: OBEXHeaderID, number: UInt32) {
        switch id.encoding {
        case .text, .bytes: return nil
        case .byte:
            guard let byte = UInt8(exactly: number) else { return nil }
            self.init(id: id, value: .byte(byte))
        case .word: self.init(id: id, value: .word(number))
        }
    }

    /// How many bytes it takes in a packet.
    public var size: Int {
        switch value {
        case .text(let text): 3 + 2 * text.units.count
        case .bytes(let bytes): 3 + bytes.count
        case .byte: 2
        case .word: 5
        }
    }

    /// Writes it behind what is there. A value too long for the length field is never written: packets are checked before.
    func append(to packet: inout [UInt8]) {
        packet.append(id.rawValue)
        switch value {
        case .text(let text):
            packet.append(bigEndian: UInt16(truncatingIfNeeded: size))
            for unit in text.units { packet.append(bigEndian: unit) }
        case .bytes(let bytes):
            packet.append(bigEndian: UInt16(truncatingIfNeeded: size))
            packet += bytes
        case .byte(let byte): packet.append(byte)
        case .word(let word): packet.append(bigEndian: word)
        }
    }

    /// Takes a header off the front of a packet.
    ///
    /// - Throws: `OBEXPacketError` if it runs past the end of the packet or its length cannot be.
    init(from reader: inout OBEXReader) throws(OBEXPacketError) {
        let id = OBEXHeaderID(rawValue: try reader.byte())
        switch id.encoding {
        case .text:
            let bytes = try reader.sizedBytes(of: id)
            guard bytes.count.isMultiple(of: 2) else { throw .oddText(id) }
            let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            self.init(id: id, value: .text(OBEXText(units: units)))
        case .bytes: self.init(id: id, value: .bytes(Array(try reader.sizedBytes(of: id))))
        case .byte: self.init(id: id, value: .byte(try reader.byte()))
        case .word: self.init(id: id, value: .word(try reader.bigEndian32()))
        }
    }
}

// The headers that programs use. Each id has the form that its value is given in, so none of these is without a header.
extension OBEXHeader {
    /// The name of the object.
    public static func name(_ name: String) -> Self { Self(id: .name, value: .text(OBEXText(name))) }
    /// Words for people.
    public static func description(_ text: String) -> Self { Self(id: .description, value: .text(OBEXText(text))) }
    /// The media type, in ASCII.
    public static func type(_ type: String) -> Self { Self(id: .type, value: .bytes(Array(type.utf8) + [0])) }
    /// The size of the object in bytes.
    public static func length(_ length: UInt32) -> Self { Self(id: .length, value: .word(length)) }
    /// How many objects there are.
    public static func count(_ count: UInt32) -> Self { Self(id: .count, value: .word(count)) }
    /// When the object was changed, in the form `20000310T120000Z`.
    public static func time(_ time: String) -> Self { Self(id: .time, value: .bytes(Array(time.utf8))) }
    /// The service that a connection is for.
    public static func target(_ id: [UInt8]) -> Self { Self(id: .target, value: .bytes(id)) }
    /// The service that answers.
    public static func who(_ id: [UInt8]) -> Self { Self(id: .who, value: .bytes(id)) }
    /// The number of a directed connection.
    public static func connectionID(_ id: UInt32) -> Self { Self(id: .connectionID, value: .word(id)) }
    /// A part of the object.
    public static func body(_ bytes: [UInt8]) -> Self { Self(id: .body, value: .bytes(bytes)) }
    /// The last part of the object.
    public static func endOfBody(_ bytes: [UInt8]) -> Self { Self(id: .endOfBody, value: .bytes(bytes)) }
}
