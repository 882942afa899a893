/// One IrLAP frame: A, C and the I-field, without framing and check sequence (IrLAP 1.1, 5.1).
public struct IrLAPFrame: Sendable, Hashable, CustomStringConvertible {
    /// The A byte.
    public var address: IrLAPAddress
    /// The C byte.
    public var control: IrLAPControl
    /// The I-field: everything behind the control byte.
    public var information: [UInt8]

    /// A frame from its parts.
    public init(address: IrLAPAddress, control: IrLAPControl, information: [UInt8] = []) {
        self.address = address
        self.control = control
        self.information = information
    }

    /// Reads a received frame; nil if it has fewer than two bytes or an unknown control code.
    public init?(bytes: [UInt8]) {
        var pool = BufferPool()
        self.init(bytes: bytes, &pool)
    }

    /// The same; the information goes into a buffer of the pool.
    init?(bytes: [UInt8], _ pool: inout BufferPool) {
        guard bytes.count >= 2, let control = IrLAPControl(byte: bytes[1]) else { return nil }
        self.init(
            address: IrLAPAddress(byte: bytes[0]), control: control, information: pool.buffer(with: bytes[2...]))
    }

    /// The frame as the framer takes it.
    public var bytes: [UInt8] { [address.byte, control.byte] + information }

    /// The frame in the words of the field, for example `RR cmd P Nr=3 CA=2A`.
    public var description: String {
        var words = [control.name(isCommand: address.isCommand), address.isCommand ? "cmd" : "rsp"]
        if control.pollFinal { words.append(address.isCommand ? "P" : "F") }
        if case .information(let ns, _, _) = control { words.append("Ns=\(ns)") }
        if let nr = control.nr { words.append("Nr=\(nr)") }
        words.append("CA=\(address.connection)")
        if !information.isEmpty { words.append("\(information.count) bytes") }
        return words.joined(separator: " ")
    }
}

extension IrLAPFrame {
    /// An unnumbered frame outside a connection, with P/F set as all procedures there demand.
    static func broadcast(_ kind: UnnumberedKind, isCommand: Bool, information: [UInt8]) -> IrLAPFrame {
        IrLAPFrame(
            address: IrLAPAddress(connection: .broadcast, isCommand: isCommand),
            control: .unnumbered(kind, pollFinal: true), information: information)
    }

    /// The kind of an unnumbered frame; nil for I and S frames.
    var unnumberedKind: UnnumberedKind? {
        switch control {
        case .unnumbered(let kind, _): kind
        case .information, .supervisory: nil
        }
    }
}
