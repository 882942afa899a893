/// One end of an IrCOMM connection: a serial or parallel port over the air (IrCOMM 1.0).
///
/// It begins when the connection below is open, in whichever way that came about, and knows nothing of it: it turns
/// messages of TinyTP, or PDUs of a raw connection, into what a port does, and back. What goes over the air is held back by
/// TinyTP alone; `SerialFlowControl` is only told.
public struct IrCOMM: Sendable {
    /// Which end of a serial cable this is.
    public enum Side: Hashable, Sendable {
        /// A computer.
        case dte
        /// A modem, or whatever else a computer talks to.
        case dce
    }

    private enum State: Sendable {
        /// A responder that has not heard the service type.
        case waiting
        case open(IrCOMMServiceTypes)
    }

    private let side: Side
    private let offered: IrCOMMServiceTypes
    private let messageLimit: Int
    private var state = State.waiting
    private var hasHeardSettings = false
    /// How this end is set.
    public private(set) var settings: SerialSettings
    /// How the peer is set, as far as it has said.
    public private(set) var peerSettings = SerialSettings()
    private var dteLines: DTELines
    private var dceLines: DCELines
    private var isBreaking = false
    /// What has been asked to be sent before the service type was known.
    private var early: [UInt8] = []

    /// An end of a connection.
    ///
    /// - Parameters:
    ///   - side: which end of a serial cable it is.
    ///   - offered: of a responder all types that it offers; of an initiator just the one that it wants.
    ///   - settings: how the port is set.
    ///   - messageLimit: the most bytes of a message to the peer, 64 or more.
    public init(
        side: Side, offering offered: IrCOMMServiceTypes, settings: SerialSettings = SerialSettings(), messageLimit: Int
    ) {
        self.side = side
        self.offered = offered
        self.settings = settings
        self.messageLimit = max(messageLimit, 64)
        dteLines = .all
        dceLines = .ready
    }

    /// The type of the connection; nil as long as the initiator has not told it.
    public var serviceType: IrCOMMServiceTypes? {
        switch state {
        case .waiting: nil
        case .open(let type): type
        }
    }

    // MARK: The connection

    /// The connection that this end has asked for is open: says the type and the settings before anything else.
    public mutating func connected() -> [IrCOMMAction] {
        guard case .waiting = state else { return [] }
        guard let type = offered.preferredCooked else { return open(.threeWireRaw) }
        // Always the type: a Linux peer lets its program run only after this.
        return open(type, saying: [.serviceType(type)])
    }

    /// A connection that the peer has asked for is open.
    ///
    /// - Parameter isRaw: whether it goes straight over the multiplexer.
    public mutating func accepted(isRaw: Bool = false) -> [IrCOMMAction] {
        guard case .waiting = state else { return [] }
        return isRaw ? open(.threeWireRaw) : []
    }

    /// Takes one message from the peer, or one PDU of a raw connection. One that is malformed is passed over.
    public mutating func received(_ message: [UInt8]) -> [IrCOMMAction] {
        if case .open(.threeWireRaw) = state { return message.isEmpty ? [] : [.event(.data(message))] }
        guard let pdu = IrCOMMPDU(bytes: message) else { return [] }
        let saysSettings = pdu.parameters.contains { (0x10...0x14).contains($0.id) }
        var actions: [IrCOMMAction] = []
        if case .waiting = state {
            guard let type = chosenType(pdu) else { return [] }
            // Its settings count for the answer, which repeats them.
            pdu.parameters.forEach { peerSettings.apply($0) }
            if side == .dce && saysSettings { settings = peerSettings }
            actions += open(type)
        }
        let before = peerSettings
        for parameter in pdu.parameters {
            peerSettings.apply(parameter)
            actions += happened(parameter)
        }
        if peerSettings != before || (saysSettings && !hasHeardSettings) {
            hasHeardSettings = true
            actions.append(.event(.settings(peerSettings)))
        }
        // A modem does as it is told (IrCOMM 1.0, 14.4).
        if side == .dce && saysSettings { settings = peerSettings }
        return actions + (pdu.data.isEmpty ? [] : [.event(.data(pdu.data))])
    }

    // MARK: The port

    /// Sends data.
    public mutating func send(_ data: [UInt8]) -> [IrCOMMAction] {
        switch state {
        case .waiting:
            early += data
            return []
        case .open(.threeWireRaw):
            return stride(from: 0, to: data.count, by: messageLimit).map {
                .send(Array(data[$0..<min($0 + messageLimit, data.count)]))
            }
        case .open: return messages([], data: data)
        }
    }

    /// The most bytes of data that go in one message.
    public var dataLimit: Int {
        if case .open(.threeWireRaw) = state { messageLimit } else { messageLimit - 1 }
    }

    /// Sets the port otherwise; the peer is told what has changed.
    public mutating func set(_ settings: SerialSettings) -> [IrCOMMAction] {
        let old = self.settings
        self.settings = settings
        guard case .open(let type) = state, type == .threeWire || type == .nineWire else { return [] }
        return messages(settings.parameters(changedFrom: old))
    }

    /// Drives the lines of a DTE; the peer is told if one has changed. Nothing happens on a DCE.
    public mutating func set(_ lines: DTELines) -> [IrCOMMAction] {
        guard side == .dte, lines.state != dteLines else { return [] }
        let marked = lines.marking(changesFrom: dteLines)
        dteLines = lines.state
        return carriesLines ? messages([.dteLines(marked)]) : []
    }

    /// Drives the lines of a DCE; the peer is told if one has changed. Nothing happens on a DTE.
    public mutating func set(_ lines: DCELines) -> [IrCOMMAction] {
        guard side == .dce, lines.state != dceLines else { return [] }
        let marked = lines.marking(changesFrom: dceLines)
        dceLines = lines.state
        return carriesLines ? messages([.dceLines(marked)]) : []
    }

    /// Begins or ends a break; on a port that carries none, nothing happens.
    public mutating func setBreak(_ isOn: Bool) -> [IrCOMMAction] {
        guard isOn != isBreaking else { return [] }
        isBreaking = isOn
        return carriesBreaks ? messages([.breakCondition(isOn)]) : []
    }

    /// Asks the peer for its lines.
    public func pollLines() -> [IrCOMMAction] {
        carriesLines ? messages([.pollLines]) : []
    }

    /// Tells the peer what went wrong on the wire behind this end.
    public func report(_ errors: SerialLineErrors) -> [IrCOMMAction] {
        carriesBreaks ? messages([.lineStatus(errors)]) : []
    }

    /// Says or answers something of a parallel port, with data if it has some.
    public func send(_ parameter: CentronicsParameter, data: [UInt8] = []) -> [IrCOMMAction] {
        guard case .open(.centronics) = state else { return [] }
        return messages([.centronics(parameter)], data: data)
    }

    // MARK: The works

    private var carriesLines: Bool {
        if case .open(.nineWire) = state { true } else { false }
    }

    private var carriesBreaks: Bool {
        switch state {
        case .open(let type): type == .threeWire || type == .nineWire
        case .waiting: false
        }
    }

    private func messages(_ parameters: [IrCOMMParameter], data: [UInt8] = []) -> [IrCOMMAction] {
        IrCOMMPDU.split(parameters, data: data, limit: messageLimit).map { .send($0.bytes) }
    }

    /// What the initiator wants, or what holds if it does not say; nil if it is not to be had.
    private func chosenType(_ pdu: IrCOMMPDU) -> IrCOMMServiceTypes? {
        for case .serviceType(let wanted) in pdu.parameters {
            // Windows sets several bits; the highest that is offered is meant.
            return wanted.intersection(offered).preferredCooked
        }
        return offered.preferredCooked
    }

    private mutating func open(_ type: IrCOMMServiceTypes, saying first: [IrCOMMParameter] = []) -> [IrCOMMAction] {
        state = .open(type)
        var parameters = first
        switch type {
        case .threeWire: parameters += settings.initialParameters
        case .nineWire: parameters += settings.initialParameters + [linesParameter]
        default: break  // A parallel port has no settings, and a raw one no way to say them.
        }
        var actions = messages(parameters) + [.event(.ready(type))]
        if type != .nineWire {
            // Programs that wait for lines which nobody drives would wait for ever (IrCOMM 1.0, 8.4 and 9.6).
            actions.append(.event(side == .dte ? .dceLines(.ready) : .dteLines(.all)))
        }
        let waiting = early
        early = []
        return actions + (waiting.isEmpty ? [] : send(waiting))
    }

    private var linesParameter: IrCOMMParameter { side == .dte ? .dteLines(dteLines) : .dceLines(dceLines) }

    private func happened(_ parameter: IrCOMMParameter) -> [IrCOMMAction] {
        switch parameter {
        case .serviceType, .dataRate, .dataFormat, .flowControl, .xonXoff, .enqAck, .unknown: []
        case .lineStatus(let errors): [.event(.lineErrors(errors))]
        case .breakCondition(let isOn): [.event(.breakCondition(isOn))]
        case .dteLines(let lines):
            // A DTE that hears another one is at the end of a null modem (IrCOMM 1.0, 10.6).
            [.event(side == .dce ? .dteLines(lines.state) : .dceLines(lines.acrossNullModem))]
        case .dceLines(let lines): side == .dte ? [.event(.dceLines(lines.state))] : []
        case .pollLines: carriesLines ? messages([linesParameter]) : []
        case .centronics(let parameter): [.event(.centronics(parameter))]
        }
    }
}
