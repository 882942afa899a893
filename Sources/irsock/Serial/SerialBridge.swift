import Glibc
import IrDABackend
import IrDAProtocol
import SocketBackends
import SystemPackage

/// Joins a pseudo-terminal to a port behind the air.
struct SerialBridge: ~Copyable {
    private var terminal: PseudoTerminal
    private let breakSignal: BreakSignal
    private let connection: InfraredConnection
    private var port: IrCOMM
    private let isVerbose: Bool
    /// What waits for the peer, and for programs.
    private var messages: [[UInt8]] = []
    private var arrived: ArraySlice<UInt8> = []
    /// When the break that was asked for ends.
    private var breakEnd: ContinuousClock.Instant?
    private var isOpen = false
    private var lines: DCELines?

    /// How often settings are looked at while a program has the port open: there is no event for them.
    private static let settingsInterval = Duration.milliseconds(50)
    private static let breakLength = Duration.milliseconds(250)

    init(
        _ terminal: consuming PseudoTerminal, _ breakSignal: BreakSignal, _ connection: InfraredConnection,
        _ port: IrCOMM, isVerbose: Bool
    ) {
        self.terminal = terminal
        self.breakSignal = breakSignal
        self.connection = connection
        self.port = port
        self.isVerbose = isVerbose
    }

    /// Runs until the other end closes the connection.
    mutating func run() throws {
        // As long as no program has the port open, nobody is ready at this end.
        _ = port.set([] as DTELines)
        try carryOut(port.connected())
        while true {
            try send()
            let ready = try wait()
            // First who has come, then what they have set, then what they have written: in the order in which it was done.
            if ready.contains(.watch), terminal.countOpenings(), !isOpen {
                isOpen = true
                say("a program has opened \(terminal.path)")
            }
            try noticeSettings()
            if ready.contains(.breakSignal) { try beginBreak() }
            try endBreak()
            if ready.contains(.terminalInput) { try carryOut(port.send(terminal.read())) }
            try noticeClosing()
            if ready.contains(.peer), try !receive() { return }
            try deliver()
        }
    }

    // MARK: Waiting

    private struct Ready: OptionSet {
        let rawValue: Int
        static let terminalInput = Self(rawValue: 1)
        static let peer = Self(rawValue: 2)
        static let watch = Self(rawValue: 4)
        static let breakSignal = Self(rawValue: 8)
    }

    private func wait() throws(SocketError) -> Ready {
        // No more from one side than the other has taken.
        let terminalEvents = (messages.isEmpty ? POLLIN : 0) | (arrived.isEmpty ? 0 : POLLOUT)
        let peerEvents = (arrived.isEmpty ? POLLIN : 0) | (messages.isEmpty ? 0 : POLLOUT)
        var entries = [
            pollfd(fd: terminal.number, events: Int16(terminalEvents), revents: 0),
            pollfd(fd: try connection.number, events: Int16(peerEvents), revents: 0),
            pollfd(fd: terminal.watchNumber, events: Int16(POLLIN), revents: 0),
            pollfd(fd: breakSignal.number, events: Int16(POLLIN), revents: 0),
        ]
        let timeout: Int32 =
            terminal.openings > 0 || breakEnd != nil ? Int32(Self.settingsInterval.inSeconds * 1000) : -1
        try systemCall(for: "wait for data") { poll(&entries, nfds_t(entries.count), timeout) }
        var ready: Ready = []
        if entries[0].revents & Int16(POLLIN) != 0 { ready.insert(.terminalInput) }
        if entries[1].revents & ~Int16(POLLOUT) != 0 { ready.insert(.peer) }
        if entries[2].revents != 0 { ready.insert(.watch) }
        if entries[3].revents != 0 { ready.insert(.breakSignal) }
        return ready
    }

    // MARK: What programs do

    private mutating func noticeSettings() throws {
        let now = try terminal.settings
        let settings = SerialSettings(now, keeping: port.settings)
        if settings != port.settings {
            say("\(terminal.path) is set to \(settings)")
            try carryOut(port.set(settings))
        }
        if isOpen { try carryOut(port.set(now.isHungUp ? [] : DTELines.all)) }
    }

    private mutating func noticeClosing() throws {
        guard isOpen, terminal.openings == 0, messages.isEmpty else { return }
        // What it wrote last is read before it counts as gone.
        let rest = try terminal.read()
        guard rest.isEmpty else { return try carryOut(port.send(rest)) }
        isOpen = false
        arrived = []
        terminal.flush()
        say("no program has \(terminal.path) open")
        if try terminal.settings.hangsUpOnClose { try carryOut(port.set([] as DTELines)) }
    }

    private mutating func beginBreak() throws {
        breakSignal.take()
        breakEnd = .now + Self.breakLength
        try carryOut(port.setBreak(true))
    }

    private mutating func endBreak() throws {
        guard let end = breakEnd, end <= .now else { return }
        breakEnd = nil
        try carryOut(port.setBreak(false))
    }

    // MARK: What the peer does

    /// - Returns: false if it has closed the connection.
    private mutating func receive() throws -> Bool {
        guard let message = try connection.receive() else { return true }
        if message.isEmpty {
            guard connection.hasEndedInOrder else { throw connection.ended }
            return false
        }
        try carryOut(port.received(message))
        return true
    }

    private mutating func carryOut(_ actions: [IrCOMMAction]) throws {
        for action in actions {
            switch action {
            case .send(let message): messages.append(message)
            case .event(let event): try happened(event)
            }
        }
    }

    private mutating func happened(_ event: IrCOMMEvent) throws {
        switch event {
        case .ready(let type): say("connected, \(type.name)")
        case .data(let data): if isOpen { arrived += data }
        case .settings(let settings): say("the other end is set to \(settings)")
        case .dceLines(let lines):
            if lines != self.lines { say("lines of the other end: \(lines.description.isEmpty ? "none" : "\(lines)")") }
            self.lines = lines
        case .breakCondition(let isOn):
            guard isOn else { break }
            say("a break has come")
            if isOpen { arrived += try terminal.deliverBreak() }
        case .lineErrors(let errors): say("errors on the wire of the other end: \(errors.names)")
        case .dteLines, .centronics: break
        }
    }

    // MARK: Moving bytes

    private mutating func send() throws {
        while let message = messages.first, try connection.send(message[...]) != nil { messages.removeFirst() }
    }

    private mutating func deliver() throws {
        guard !arrived.isEmpty else { return }
        arrived = arrived.dropFirst(try terminal.write(arrived))
    }

    private func say(_ text: String) {
        if isVerbose { note(text) }
    }
}

extension IrCOMMServiceTypes {
    /// The name of one type.
    var name: String {
        switch self {
        case .threeWireRaw: "3-wire raw"
        case .threeWire: "3-wire"
        case .nineWire: "9-wire"
        case .centronics: "Centronics"
        default: "\(rawValue)"
        }
    }
}

extension SerialLineErrors {
    fileprivate var names: String {
        [(Self.overrun, "overrun"), (.parity, "parity"), (.framing, "framing")].filter { contains($0.0) }.map(\.1)
            .joined(separator: ", ")
    }
}
