/// What TinyTP adds to an LM connect request or confirm (TinyTP 1.1, 2.3.2).
public struct TinyTPConnectPDU: Sendable, Hashable {
    /// The initial credit, 0 to 127: how many data PDUs the receiver of this PDU may send.
    public var credit: UInt8
    /// The largest SDU in bytes that the sender of this PDU takes in segments; nil if it does not reassemble.
    public var maximumSDUSize: UInt32?
    /// The user data: one unsegmented SDU, often empty.
    public var payload: [UInt8]

    private static let parametersBit: UInt8 = 0x80
    private static let maximumSDUSizeIdentifier: UInt8 = 0x01

    /// A connect PDU from its fields.
    public init(credit: UInt8, maximumSDUSize: UInt32? = nil, payload: [UInt8] = []) {
        self.credit = credit
        self.maximumSDUSize = maximumSDUSize
        self.payload = payload
    }

    /// Reads the user data of an LM connect; nil if it is empty or ends within the parameters.
    ///
    /// Unknown parameters are skipped. A size of 0, or of other than one to four bytes, counts as none.
    public init?(bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let first = reader.byte() else { return nil }
        self.init(credit: first & 0x7F)
        if first & Self.parametersBit != 0 {
            guard let length = reader.byte(), let parameters = reader.bytes(Int(length)) else { return nil }
            maximumSDUSize = Self.maximumSDUSize(in: parameters)
        }
        payload = reader.remainder()
    }

    private static func maximumSDUSize(in parameters: [UInt8]) -> UInt32? {
        var reader = ByteReader(parameters)
        while let identifier = reader.byte(), let length = reader.byte(), let value = reader.bytes(Int(length)) {
            guard identifier == maximumSDUSizeIdentifier, (1...4).contains(length) else { continue }
            let size = value.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return size == 0 ? nil : size
        }
        return nil
    }

    /// The user data of the LM connect. The credit is limited to 127; a size of 0 is left out; the size takes one, two or
    /// four bytes, since some peers do not read three.
    public var bytes: [UInt8] {
        let credit = min(credit, 0x7F)
        guard let size = maximumSDUSize, size != 0 else { return [credit] + payload }
        let width = size <= 0xFF ? 1 : size <= 0xFFFF ? 2 : 4
        let value = (0..<width).reversed().map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
        let parameters = [Self.maximumSDUSizeIdentifier, UInt8(width)] + value
        return [Self.parametersBit | credit, UInt8(parameters.count)] + parameters + payload
    }
}
