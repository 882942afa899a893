/// A control parameter of IrCOMM: {PI, PL, PV} (IrCOMM 1.0, 5.2).
public enum IrCOMMParameter: Hashable, Sendable {
    /// The service type of the connection (00). Some peers set several bits.
    case serviceType(IrCOMMServiceTypes)
    /// Bits a second (10).
    case dataRate(UInt32)
    /// Data bits, parity, stop bits (11).
    case dataFormat(SerialFormat)
    /// Flow control (12).
    case flowControl(SerialFlowControl)
    /// The characters of XON/XOFF (13).
    case xonXoff(SerialSettings.CharacterPair)
    /// The characters of ENQ/ACK (14).
    case enqAck(SerialSettings.CharacterPair)
    /// Errors on the wire behind the device (15).
    case lineStatus(SerialLineErrors)
    /// A break begins or ends (16).
    case breakCondition(Bool)
    /// The lines of a DTE (20).
    case dteLines(DTELines)
    /// The lines of a DCE (21).
    case dceLines(DCELines)
    /// Asks for the lines of the peer (22).
    case pollLines
    /// One of a parallel port (30 to 3D).
    case centronics(CentronicsParameter)
    /// One that is not known, or too short for what it is; passed over.
    case unknown(id: UInt8, value: [UInt8])

    /// The most bytes of a value (IrCOMM 1.0, 5.2).
    public static let longestValue = 58

    private enum ID {
        static let serviceType: UInt8 = 0x00
        static let dataRate: UInt8 = 0x10
        static let dataFormat: UInt8 = 0x11
        static let flowControl: UInt8 = 0x12
        static let xonXoff: UInt8 = 0x13
        static let enqAck: UInt8 = 0x14
        static let lineStatus: UInt8 = 0x15
        static let breakCondition: UInt8 = 0x16
        static let dteLines: UInt8 = 0x20
        static let dceLines: UInt8 = 0x21
        static let pollLines: UInt8 = 0x22
    }

    /// PI.
    public var id: UInt8 {
        switch self {
        case .serviceType: ID.serviceType
        case .dataRate: ID.dataRate
        case .dataFormat: ID.dataFormat
        case .flowControl: ID.flowControl
        case .xonXoff: ID.xonXoff
        case .enqAck: ID.enqAck
        case .lineStatus: ID.lineStatus
        case .breakCondition: ID.breakCondition
        case .dteLines: ID.dteLines
        case .dceLines: ID.dceLines
        case .pollLines: ID.pollLines
        case .centronics(let parameter): parameter.id
        case .unknown(let id, _): id
        }
    }

    private var value: [UInt8] {
        switch self {
        case .serviceType(let types): [types.rawValue]
        case .dataRate(let rate): [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: rate >> $0) }
        case .dataFormat(let format): [format.rawValue]
        case .flowControl(let flowControl): [flowControl.rawValue]
        case .xonXoff(let pair), .enqAck(let pair): [pair.first, pair.second]
        case .lineStatus(let errors): [errors.rawValue]
        case .breakCondition(let isOn): [isOn ? 1 : 0]
        case .dteLines(let lines): [lines.rawValue]
        case .dceLines(let lines): [lines.rawValue]
        case .pollLines: []
        case .centronics(let parameter): parameter.value
        case .unknown(_, let value): value
        }
    }

    /// The parameter as transmitted. A value longer than a parameter may have is cut.
    public var bytes: [UInt8] {
        let value = value.prefix(Self.longestValue)
        return [id, UInt8(value.count)] + value
    }

    /// Reads a parameter. One that is longer than needed is taken for what is needed (as Linux does).
    init(id: UInt8, value: [UInt8]) {
        var reader = ByteReader(value)
        self =
            Self.known(id, &reader) ?? CentronicsParameter(id: id, value: value).map { .centronics($0) }
            ?? .unknown(id: id, value: value)
    }

    private static func known(_ id: UInt8, _ value: inout ByteReader) -> Self? {
        switch id {
        case ID.serviceType: value.byte().map { .serviceType(IrCOMMServiceTypes(rawValue: $0)) }
        case ID.dataRate: value.bigEndian32().map { .dataRate($0) }
        case ID.dataFormat: value.byte().map { .dataFormat(SerialFormat(rawValue: $0)) }
        case ID.flowControl: value.byte().map { .flowControl(SerialFlowControl(rawValue: $0)) }
        case ID.xonXoff: pair(&value).map { .xonXoff($0) }
        case ID.enqAck: pair(&value).map { .enqAck($0) }
        case ID.lineStatus: value.byte().map { .lineStatus(SerialLineErrors(rawValue: $0)) }
        case ID.breakCondition: value.byte().map { .breakCondition($0 & 0x01 != 0) }
        case ID.dteLines: value.byte().map { .dteLines(DTELines(rawValue: $0 & 0x0F)) }
        case ID.dceLines: value.byte().map { .dceLines(DCELines(rawValue: $0)) }
        case ID.pollLines: .pollLines
        default: nil
        }
    }

    private static func pair(_ value: inout ByteReader) -> SerialSettings.CharacterPair? {
        value.bytes(2).map { SerialSettings.CharacterPair($0[0], $0[1]) }
    }
}
