/// A packet from the client (OBEX 1.3, 3.1).
public enum OBEXRequest: Hashable, Sendable {
    /// Begins a session.
    case connect(OBEXConnectFields, OBEXHeaders)
    /// Ends a session.
    case disconnect(OBEXHeaders)
    /// A part of an object; `isFinal`: the last.
    case put(isFinal: Bool, OBEXHeaders)
    /// Asks for an object; `isFinal`: the request is complete.
    case get(isFinal: Bool, OBEXHeaders)
    /// Changes the current folder.
    case setPath(OBEXSetPathFlags, OBEXHeaders)
    /// A command of a reliable session.
    case session(OBEXHeaders)
    /// Ends the operation that is under way.
    case abort(OBEXHeaders)
    /// Anything else; its content is not looked at.
    case unknown(opcode: UInt8)

    /// The bytes of the packet. Headers that do not fit 65535 bytes are left out; clients split before.
    public var bytes: [UInt8] {
        switch self {
        case .connect(let fields, let headers):
            OBEXPacket.bytes(Self.byte(.connect, isFinal: true), headers) { fields.append(to: &$0) }
        case .disconnect(let headers): OBEXPacket.bytes(Self.byte(.disconnect, isFinal: true), headers)
        case .put(let isFinal, let headers): OBEXPacket.bytes(Self.byte(.put, isFinal: isFinal), headers)
        case .get(let isFinal, let headers): OBEXPacket.bytes(Self.byte(.get, isFinal: isFinal), headers)
        case .setPath(let flags, let headers):
            OBEXPacket.bytes(Self.byte(.setPath, isFinal: true), headers) { $0 += [flags.rawValue, 0] }
        case .session(let headers): OBEXPacket.bytes(Self.byte(.session, isFinal: true), headers)
        case .abort(let headers): OBEXPacket.bytes(Self.byte(.abort, isFinal: true), headers)
        case .unknown(let opcode): OBEXPacket.bytes(opcode, [])
        }
    }

    private static func byte(_ opcode: OBEXOpcode, isFinal: Bool) -> UInt8 {
        opcode.rawValue | (isFinal ? 0x80 : 0)
    }

    /// Reads a whole packet.
    ///
    /// - Throws: `OBEXPacketError` if it is none.
    public init(packet: [UInt8]) throws(OBEXPacketError) {
        var reader = try OBEXPacket.content(of: packet)
        switch OBEXOpcode(received: packet[0]) {
        case .connect: self = .connect(try OBEXConnectFields(from: &reader), try OBEXHeaders(from: &reader))
        case .disconnect: self = .disconnect(try OBEXHeaders(from: &reader))
        case .put: self = .put(isFinal: packet[0] & 0x80 != 0, try OBEXHeaders(from: &reader))
        case .get: self = .get(isFinal: packet[0] & 0x80 != 0, try OBEXHeaders(from: &reader))
        case .setPath:
            let flags = OBEXSetPathFlags(rawValue: try reader.byte())
            _ = try reader.byte()  // Constants, always 00.
            self = .setPath(flags, try OBEXHeaders(from: &reader))
        case .session: self = .session(try OBEXHeaders(from: &reader))
        case .abort: self = .abort(try OBEXHeaders(from: &reader))
        default: self = .unknown(opcode: packet[0])
        }
    }
}

/// What requests and responses have in common: a byte that says what, and the length of the whole.
enum OBEXPacket {
    /// Before the fields: the first byte and the length.
    static let headSize = 3
    /// The most that the length field can say.
    static let greatestSize = 65535

    static func bytes(
        _ first: UInt8, _ headers: OBEXHeaders, fields: (inout [UInt8]) -> Void = { _ in }
    ) -> [UInt8] {
        var packet = [first, 0, 0]
        fields(&packet)
        var room = greatestSize - packet.count
        for header in headers.all where header.size <= room {
            room -= header.size
            header.append(to: &packet)
        }
        packet[1] = UInt8(packet.count >> 8)
        packet[2] = UInt8(truncatingIfNeeded: packet.count)
        return packet
    }

    /// What stands behind the length, once that is found right.
    static func content(of packet: [UInt8]) throws(OBEXPacketError) -> OBEXReader {
        guard packet.count >= headSize else { throw .cutShort }
        let length = Int(packet[1]) << 8 | Int(packet[2])
        guard length == packet.count else { throw .wrongLength(length) }
        return OBEXReader(packet[headSize...])
    }
}
