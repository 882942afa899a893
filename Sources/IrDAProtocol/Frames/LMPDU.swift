/// Whether LSAP connections share the link (IrLMP 1.1, 3.4.2.3).
public enum AccessMode: UInt8, Sendable, Hashable, CaseIterable {
    /// All connections share the link.
    case multiplexed = 0x00
    /// One connection has the link to itself.
    case exclusive = 0x01
}

/// How a request for another access mode went (IrLMP 1.1, 3.4.2.3).
public enum AccessModeStatus: UInt8, Sendable, Hashable, CaseIterable {
    /// The mode has changed.
    case success = 0x00
    /// It has not.
    case failure = 0x01
    /// The peer knows no other mode than multiplexed.
    case unsupported = 0xFF
}

/// A PDU of the link management multiplexer, the I-field of I and UI frames (IrLMP 1.1, 3.4.2).
public enum LMPDU: Sendable, Hashable {
    /// User data.
    case data(destination: LSAPSelector, source: LSAPSelector, payload: [UInt8])
    /// A connect request.
    case connectRequest(destination: LSAPSelector, source: LSAPSelector, payload: [UInt8])
    /// The answer that accepts it.
    case connectConfirm(destination: LSAPSelector, source: LSAPSelector, payload: [UInt8])
    /// A disconnect, also the answer that refuses a connect request.
    case disconnect(destination: LSAPSelector, source: LSAPSelector, reason: DisconnectReason, payload: [UInt8])
    /// A request for another access mode.
    case accessModeRequest(destination: LSAPSelector, source: LSAPSelector, mode: AccessMode)
    /// Its answer, with the resulting mode.
    case accessModeConfirm(
        destination: LSAPSelector, source: LSAPSelector, status: AccessModeStatus, mode: AccessMode)

    /// The most bytes of user data in connect, confirm and disconnect that always fit (IrLMP 1.1, 3.3.2.1.1).
    public static let maximumControlPayload = 60

    /// How many bytes of a data PDU come before the user data.
    static let dataHeader = 2

    private static let controlBit: UInt8 = 0x80

    private enum Opcode: UInt8 {
        case connectRequest = 0x01
        case connectConfirm = 0x81
        case disconnect = 0x02
        case accessModeRequest = 0x03
        case accessModeConfirm = 0x83
    }

    /// Reads a received I-field; nil if it is too short, has an unknown opcode or asks for an unknown access mode.
    ///
    /// The reserved bit is masked. A connect without the reserved byte is accepted, a disconnect without a reason has reason
    /// FF. In a confirm an unknown status counts as failure, a missing or unknown mode as multiplexed.
    public init?(bytes: [UInt8]) {
        guard bytes.count >= 2 else { return nil }
        let destination = LSAPSelector(rawValue: bytes[0])
        let source = LSAPSelector(rawValue: bytes[1])
        guard bytes[0] & Self.controlBit != 0 else {
            self = .data(destination: destination, source: source, payload: Array(bytes[2...]))
            return
        }
        guard bytes.count >= 3, let opcode = Opcode(rawValue: bytes[2]) else { return nil }
        let parameter = bytes.count > 3 ? bytes[3] : nil
        let rest = Array(bytes.dropFirst(4))
        switch opcode {
        case .connectRequest:
            self = .connectRequest(destination: destination, source: source, payload: rest)
        case .connectConfirm:
            self = .connectConfirm(destination: destination, source: source, payload: rest)
        case .disconnect:
            let reason = parameter.map(DisconnectReason.init(rawValue:)) ?? .unspecified
            self = .disconnect(destination: destination, source: source, reason: reason, payload: rest)
        case .accessModeRequest:
            guard let mode = rest.first.flatMap(AccessMode.init(rawValue:)) else { return nil }
            self = .accessModeRequest(destination: destination, source: source, mode: mode)
        case .accessModeConfirm:
            guard let parameter else { return nil }
            self = .accessModeConfirm(
                destination: destination, source: source, status: AccessModeStatus(rawValue: parameter) ?? .failure,
                mode: rest.first.flatMap(AccessMode.init(rawValue:)) ?? .multiplexed)
        }
    }

    /// The I-field as transmitted.
    public var bytes: [UInt8] {
        switch self {
        case .data(_, _, let payload):
            [destination.rawValue, source.rawValue] + payload
        case .connectRequest(_, _, let payload):
            header(.connectRequest) + [0x00] + payload
        case .connectConfirm(_, _, let payload):
            header(.connectConfirm) + [0x00] + payload
        case .disconnect(_, _, let reason, let payload):
            header(.disconnect) + [reason.rawValue] + payload
        case .accessModeRequest(_, _, let mode):
            header(.accessModeRequest) + [0x00, mode.rawValue]
        case .accessModeConfirm(_, _, let status, let mode):
            header(.accessModeConfirm) + [status.rawValue, mode.rawValue]
        }
    }

    /// The selector the PDU is for.
    public var destination: LSAPSelector {
        switch self {
        case .data(let destination, _, _), .connectRequest(let destination, _, _),
            .connectConfirm(let destination, _, _), .disconnect(let destination, _, _, _),
            .accessModeRequest(let destination, _, _), .accessModeConfirm(let destination, _, _, _):
            destination
        }
    }

    /// The selector the PDU is from.
    public var source: LSAPSelector {
        switch self {
        case .data(_, let source, _), .connectRequest(_, let source, _), .connectConfirm(_, let source, _),
            .disconnect(_, let source, _, _), .accessModeRequest(_, let source, _),
            .accessModeConfirm(_, let source, _, _):
            source
        }
    }

    private func header(_ opcode: Opcode) -> [UInt8] {
        [Self.controlBit | destination.rawValue, source.rawValue, opcode.rawValue]
    }
}
