/// IrCOMM's cooked PDUs with data alone in them (IrCOMM 1.0, 5.1): the length of the control parameters, those, the data.
struct CookedFraming: Sendable {
    /// The service type, 9-wire, and nothing else: some servers let their program run only when they have seen it.
    static let introduction: [UInt8] = [0x03, 0x00, 0x01, 0x04]

    /// The most bytes of one PDU.
    let pduSize: Int

    /// How many bytes of data fit where so many bytes of PDUs do.
    func room(in room: Int) -> Int { room - (pduSize > 0 ? (room + pduSize - 1) / pduSize : 0) }

    /// The PDUs that carry these bytes, each as full as possible.
    func pdus(of bytes: some Collection<UInt8>) -> [[UInt8]] {
        guard pduSize > 1 else { return [] }
        var pdus: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            pdus.append([0x00] + rest.prefix(pduSize - 1))
            rest = rest.dropFirst(pduSize - 1)
        }
        return pdus
    }

    /// The data of a PDU; control parameters are passed over, and nothing is left of a PDU that ends among them.
    static func data(of pdu: [UInt8]) -> [UInt8] {
        Array(pdu.dropFirst(1 + Int(pdu.first ?? 0)))
    }
}
