/// The supervisory (S) frames (IrLAP 1.1, 5.6). The raw value is the frame's two type bits.
public enum SupervisoryKind: UInt8, Sendable, Hashable, CaseIterable {
    /// RR: ready for I frames.
    case receiveReady = 0
    /// RNR: not ready for I frames.
    case receiveNotReady = 1
    /// REJ: repeat everything from Nr.
    case reject = 2
    /// SREJ: repeat the one frame Nr.
    case selectiveReject = 3
}

/// The unnumbered (U) frames (IrLAP 1.1, 5.7.1). The raw value is the control byte without P/F.
///
/// Some codes mean one thing as a command and another as a response.
public enum UnnumberedKind: UInt8, Sendable, Hashable, CaseIterable {
    /// SNRM as a command, RNRM as a response.
    case setNormalResponseMode = 0x83
    /// DISC as a command, RD as a response.
    case disconnect = 0x43
    /// UI.
    case unnumberedInformation = 0x03
    /// XID command.
    case xidCommand = 0x2F
    /// XID response.
    case xidResponse = 0xAF
    /// TEST, command and response.
    case test = 0xE3
    /// UA.
    case unnumberedAcknowledgement = 0x63
    /// FRMR.
    case frameReject = 0x87
    /// DM.
    case disconnectedMode = 0x0F
    /// XCHG: the primary offers its role (optional, IrLAP 1.1, appendix C).
    case exchangePrimary = 0x4F
    /// DXCHG as a command, RXCHG as a response (optional, IrLAP 1.1, appendix C).
    case exchangeDenied = 0xCF
}

/// The second byte of every frame (IrLAP 1.1, 5.2 to 5.7).
public enum IrLAPControl: Sendable, Hashable {
    /// An I frame: its own number Ns, the number expected next Nr, each modulo 8, and P/F.
    case information(ns: UInt8, nr: UInt8, pollFinal: Bool)
    /// An S frame: its kind, the number expected next Nr, modulo 8, and P/F.
    case supervisory(SupervisoryKind, nr: UInt8, pollFinal: Bool)
    /// A U frame: its kind and P/F.
    case unnumbered(UnnumberedKind, pollFinal: Bool)

    private static let pollFinalBit: UInt8 = 0x10

    /// The meaning of a control byte; nil if no frame has this code.
    public init?(byte: UInt8) {
        let pollFinal = byte & Self.pollFinalBit != 0
        if byte & 0x01 == 0 {
            self = .information(ns: byte >> 1 & 0x07, nr: byte >> 5, pollFinal: pollFinal)
        } else if byte & 0x02 == 0 {
            guard let kind = SupervisoryKind(rawValue: byte >> 2 & 0x03) else { return nil }
            self = .supervisory(kind, nr: byte >> 5, pollFinal: pollFinal)
        } else {
            guard let kind = UnnumberedKind(rawValue: byte & ~Self.pollFinalBit) else { return nil }
            self = .unnumbered(kind, pollFinal: pollFinal)
        }
    }

    /// The control byte. Numbers are taken modulo 8.
    public var byte: UInt8 {
        let code =
            switch self {
            case .information(let ns, let nr, _): (nr & 0x07) << 5 | (ns & 0x07) << 1
            case .supervisory(let kind, let nr, _): (nr & 0x07) << 5 | kind.rawValue << 2 | 0x01
            case .unnumbered(let kind, _): kind.rawValue
            }
        return code | (pollFinal ? Self.pollFinalBit : 0)
    }

    /// The P/F bit: poll in a command, final in a response. It hands over the right to transmit.
    public var pollFinal: Bool {
        switch self {
        case .information(_, _, let bit), .supervisory(_, _, let bit), .unnumbered(_, let bit): bit
        }
    }

    /// The acknowledging number of an I or S frame; nil for U frames.
    public var nr: UInt8? {
        switch self {
        case .information(_, let nr, _), .supervisory(_, let nr, _): nr
        case .unnumbered: nil
        }
    }

    /// The frame's name as a command or a response, for example RR, SNRM or RNRM.
    public func name(isCommand: Bool) -> String {
        switch self {
        case .information: "I"
        case .supervisory(.receiveReady, _, _): "RR"
        case .supervisory(.receiveNotReady, _, _): "RNR"
        case .supervisory(.reject, _, _): "REJ"
        case .supervisory(.selectiveReject, _, _): "SREJ"
        case .unnumbered(.setNormalResponseMode, _): isCommand ? "SNRM" : "RNRM"
        case .unnumbered(.disconnect, _): isCommand ? "DISC" : "RD"
        case .unnumbered(.unnumberedInformation, _): "UI"
        case .unnumbered(.xidCommand, _), .unnumbered(.xidResponse, _): "XID"
        case .unnumbered(.test, _): "TEST"
        case .unnumbered(.unnumberedAcknowledgement, _): "UA"
        case .unnumbered(.frameReject, _): "FRMR"
        case .unnumbered(.disconnectedMode, _): "DM"
        case .unnumbered(.exchangePrimary, _): "XCHG"
        case .unnumbered(.exchangeDenied, _): isCommand ? "DXCHG" : "RXCHG"
        }
    }
}
