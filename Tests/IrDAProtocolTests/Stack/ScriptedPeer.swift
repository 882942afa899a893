import Testing

@testable import IrDAProtocol

/// The peer of a `StackDriver`: IrLAP in either role as far as a line without loss needs it, and a script above.
struct ScriptedPeer {
    /// PDUs that wait for the next turn.
    var queue: [[UInt8]] = []
    /// It takes no I frames, and says RNR where it would say RR.
    var isBusy = false
    private let script: StackDriver.Script
    private var isPrimary = false
    private var connectionAddress: UInt8 = 0
    private var vs: UInt8 = 0
    private var vr: UInt8 = 0

    private static let addresses = StackDriver.peer.wireBytes + StackDriver.address.wireBytes

    init(script: @escaping StackDriver.Script) {
        self.script = script
    }

    /// The SNRM with which the peer becomes primary.
    mutating func connect() -> [UInt8] {
        start(address: 0x54, isPrimary: true)
        return [0xFF, 0x93] + Self.addresses + [connectionAddress] + NegotiationParameters.standard.bytes
    }

    /// Takes what the stack has sent in one turn; gives what comes back, or nil for silence.
    mutating func receive(_ frames: [IrLAPFrame]) -> [[UInt8]]? {
        var turn: [[UInt8]]?
        for frame in frames {
            switch frame.control {
            case .information:
                guard !isBusy else { break }
                vr = (vr + 1) & 7
                queue += script(frame.information).map { hex($0) }
            case .supervisory:
                break
            case .unnumbered(let kind, _):
                turn = answer(to: kind, frame)
                continue
            }
            if frame.control.pollFinal { turn = nextTurn() }
        }
        return turn
    }

    private mutating func answer(to kind: UnnumberedKind, _ frame: IrLAPFrame) -> [[UInt8]]? {
        switch kind {
        case .xidCommand:
            guard let xid = XIDFrame(frame), xid.slot == .number(0) else { return nil }
            let response = XIDFrame(
                isResponse: true, source: StackDriver.peer, destination: StackDriver.address, slotCount: xid.slotCount,
                slot: .number(0), info: StackDriver.record.info.bytes)
            return [response.frame.bytes]
        case .setNormalResponseMode:
            guard let snrm = SNRMFrame(frame) else { return nil }
            start(address: IrLAPAddress(connection: snrm.connectionAddress, isCommand: false).byte, isPrimary: false)
            return [[connectionAddress, 0x73] + Self.addresses + NegotiationParameters.standard.bytes]
        case .unnumberedAcknowledgement:
            return nextTurn()
        case .disconnect:
            // DISC is answered by UA, RD by DISC.
            return isPrimary ? [[connectionAddress | 1, 0x53]] : [[connectionAddress, 0x73]]
        default:
            return nil
        }
    }

    private mutating func start(address: UInt8, isPrimary: Bool) {
        connectionAddress = address
        self.isPrimary = isPrimary
        (vs, vr, queue) = (0, 0, [])
    }

    private mutating func nextTurn() -> [[UInt8]] {
        let address = connectionAddress | (isPrimary ? 1 : 0)
        guard !queue.isEmpty else { return [[address, vr << 5 | (isBusy ? 0x15 : 0x11)]] }
        let turn = queue.prefix(7).enumerated().map { index, pdu in
            let control = IrLAPControl.information(
                ns: vs &+ UInt8(index), nr: vr, pollFinal: index == min(queue.count, 7) - 1)
            return [address, control.byte] + pdu
        }
        vs = (vs &+ UInt8(turn.count)) & 7
        queue.removeFirst(turn.count)
        return turn
    }
}
