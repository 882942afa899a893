/// A packet from the server (OBEX 1.3, 3.2).
public struct OBEXResponse: Hashable, Sendable {
    /// What it says.
    public var code: OBEXResponseCode
    /// The fields of an answer to CONNECT; a refusal may come without.
    public var connectFields: OBEXConnectFields?
    /// The headers.
    public var headers: OBEXHeaders

    /// A response from its parts.
    public init(_ code: OBEXResponseCode, connectFields: OBEXConnectFields? = nil, _ headers: OBEXHeaders = []) {
        self.code = code
        self.connectFields = connectFields
        self.headers = headers
    }

    /// The bytes of the packet.
    public var bytes: [UInt8] {
        OBEXPacket.bytes(code.byte, headers) { connectFields?.append(to: &$0) }
    }

    /// Reads a whole packet.
    ///
    /// - Parameters:
    ///   - packet: the packet.
    ///   - answersConnect: whether it answers a CONNECT request, and so has fields of its own.
    /// - Throws: `OBEXPacketError` if it is no packet.
    public init(packet: [UInt8], answersConnect: Bool) throws(OBEXPacketError) {
        var reader = try OBEXPacket.content(of: packet)
        code = OBEXResponseCode(rawValue: packet[0])
        // Some servers refuse with nothing but the code (facts of OBEX, 5.1).
        connectFields = answersConnect && !reader.isAtEnd ? try OBEXConnectFields(from: &reader) : nil
        headers = try OBEXHeaders(from: &reader)
    }
}
