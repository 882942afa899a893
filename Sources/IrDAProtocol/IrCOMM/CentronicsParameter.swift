/// The control parameters of a parallel port (IrCOMM 1.0, 11.3).
public enum CentronicsParameter: Hashable, Sendable {
    /// Asks for the status (30).
    case statusQuery
    /// How long the printer may be busy before that is told, in seconds; 0: never (31).
    case setBusyTimeout(UInt8)
    /// Asks which modes of IEEE 1284 there are (32).
    case modeSupportQuery
    /// Asks for the device id of IEEE 1284 (33).
    case deviceIDQuery
    /// Selects a mode; the further bytes are reserved (34).
    case selectMode(IEEE1284Modes, [UInt8])
    /// An ECP or EPP transfer; its data stands in the user data (35).
    case transfer(kind: UInt8, channel: UInt8)
    /// The status, also on every change (38).
    case status(CentronicsStatus)
    /// Whether the busy time-out is kept: 0 yes, 1 no (39).
    case busyTimeoutAnswer(UInt8)
    /// The modes that there are (3A).
    case modeSupport(IEEE1284Modes)
    /// A part of the device id (3B).
    case deviceID(isLast: Bool, [UInt8])
    /// Whether the mode was selected: 0 yes, 1 no (3C).
    case selectModeAnswer(UInt8)
    /// The answer to an ECP or EPP transfer; what was read stands in the user data (3D).
    case transferAnswer(kind: UInt8, channel: UInt8)

    var id: UInt8 {
        switch self {
        case .statusQuery: 0x30
        case .setBusyTimeout: 0x31
        case .modeSupportQuery: 0x32
        case .deviceIDQuery: 0x33
        case .selectMode: 0x34
        case .transfer: 0x35
        case .status: 0x38
        case .busyTimeoutAnswer: 0x39
        case .modeSupport: 0x3A
        case .deviceID: 0x3B
        case .selectModeAnswer: 0x3C
        case .transferAnswer: 0x3D
        }
    }

    var value: [UInt8] {
        switch self {
        case .statusQuery, .modeSupportQuery, .deviceIDQuery: []
        case .setBusyTimeout(let byte), .busyTimeoutAnswer(let byte), .selectModeAnswer(let byte): [byte]
        case .selectMode(let modes, let further): [modes.rawValue] + further
        case .transfer(let kind, let channel), .transferAnswer(let kind, let channel): [kind, channel]
        case .status(let status): [status.rawValue]
        case .modeSupport(let modes): [modes.rawValue]
        case .deviceID(let isLast, let text): [isLast ? 0x01 : 0x00] + text
        }
    }

    /// Reads a parameter; nil if it is another one, or too short.
    init?(id: UInt8, value: [UInt8]) {
        switch (id, value.first) {
        case (0x30, _): self = .statusQuery
        case (0x31, let byte?): self = .setBusyTimeout(byte)
        case (0x32, _): self = .modeSupportQuery
        case (0x33, _): self = .deviceIDQuery
        case (0x34, let byte?): self = .selectMode(IEEE1284Modes(rawValue: byte), Array(value.dropFirst()))
        case (0x35, let byte?) where value.count >= 2: self = .transfer(kind: byte, channel: value[1])
        case (0x38, let byte?): self = .status(CentronicsStatus(rawValue: byte))
        case (0x39, let byte?): self = .busyTimeoutAnswer(byte)
        case (0x3A, let byte?): self = .modeSupport(IEEE1284Modes(rawValue: byte))
        case (0x3B, let byte?): self = .deviceID(isLast: byte & 0x01 != 0, Array(value.dropFirst()))
        case (0x3C, let byte?): self = .selectModeAnswer(byte)
        case (0x3D, let byte?) where value.count >= 2: self = .transferAnswer(kind: byte, channel: value[1])
        default: return nil
        }
    }
}

/// What a printer says of itself (IrCOMM 1.0, 11.3.7).
public struct CentronicsStatus: OptionSet, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The status of this byte; bits that mean nothing are dropped.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x0F
    }

    /// It was busy for longer than the busy time-out.
    public static let busyTimeout = Self(rawValue: 0x01)
    /// It cannot print (nFault).
    public static let fault = Self(rawValue: 0x02)
    /// It is on line.
    public static let selected = Self(rawValue: 0x04)
    /// It is out of paper.
    public static let paperEnd = Self(rawValue: 0x08)
}

/// Modes of IEEE 1284 (IrCOMM 1.0, 11.3.5); selected is just one.
public struct IEEE1284Modes: OptionSet, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The modes of this byte.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// One way, as ever.
    public static let compatible = Self(rawValue: 0x01)
    /// Back by half bytes.
    public static let nibble = Self(rawValue: 0x02)
    /// Back by bytes.
    public static let byte = Self(rawValue: 0x04)
    /// Extended capabilities port.
    public static let ecp = Self(rawValue: 0x08)
    /// The same with run-length encoding.
    public static let ecpCompressed = Self(rawValue: 0x10)
    /// Enhanced parallel port.
    public static let epp = Self(rawValue: 0x20)
}
