/// What one TinyTP message of cooked IrCOMM holds: control parameters, then user data (IrCOMM 1.0, 5.1).
public struct IrCOMMPDU: Hashable, Sendable {
    /// The parameters, which take effect first and in their order.
    public var parameters: [IrCOMMParameter]
    /// The user data: one character a byte.
    public var data: [UInt8]

    /// The most bytes of all parameters together: their length stands in one byte.
    static let longestControl = 255

    /// A PDU from its parts.
    public init(_ parameters: [IrCOMMParameter] = [], data: [UInt8] = []) {
        self.parameters = parameters
        self.data = data
    }

    /// The message. Parameters that do not fit any more are left out; `split` makes several messages of them.
    public var bytes: [UInt8] {
        var control: [UInt8] = []
        for parameter in parameters.map(\.bytes) {
            guard control.count + parameter.count <= Self.longestControl else { break }
            control += parameter
        }
        return [UInt8(control.count)] + control + data
    }

    /// Reads a message; nil if it is empty or the parameters run past its end. A parameter that runs past the end of all
    /// parameters is passed over.
    public init?(bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let length = reader.byte(), let control = reader.bytes(Int(length)) else { return nil }
        var parameters: [IrCOMMParameter] = []
        var list = ByteReader(control)
        while let id = list.byte(), let length = list.byte(), let value = list.bytes(Int(length)) {
            parameters.append(IrCOMMParameter(id: id, value: value))
        }
        self.init(parameters, data: reader.remainder())
    }

    /// Parameters and data in as many messages as they take, none of them longer than `limit`.
    static func split(_ parameters: [IrCOMMParameter], data: [UInt8] = [], limit: Int) -> [IrCOMMPDU] {
        var pdus: [IrCOMMPDU] = []
        var current = IrCOMMPDU()
        var size = 1
        for parameter in parameters {
            let more = parameter.bytes.count
            if size + more > min(limit, 1 + longestControl), size > 1 {
                pdus.append(current)
                current = IrCOMMPDU()
                size = 1
            }
            current.parameters.append(parameter)
            size += more
        }
        var rest = data[...]
        repeat {
            let piece = rest.prefix(max(0, limit - size))
            current.data = Array(piece)
            rest = rest.dropFirst(piece.count)
            if !current.parameters.isEmpty || !current.data.isEmpty { pdus.append(current) }
            current = IrCOMMPDU()
            size = 1
        } while !rest.isEmpty && limit > 1
        return pdus
    }
}
