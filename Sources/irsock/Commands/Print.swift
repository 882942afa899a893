import ArgumentParser
import Glibc
import IrDABackend
import IrDAProtocol
import SocketBackends

struct Print: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a file on an infrared printer (IrLPT, or IrCOMM).",
        discussion: """
            The file goes to the printer as it is: it must be in a language that the printer understands, such as PCL, \
            PostScript or plain text.

              irsock print Printer letter.ps
              irsock print Printer letter.txt --simulate
            """)

    @Argument(help: "The printer: its name, or its address as 'irsock discover' shows it.") var device: String
    @Argument(help: "The file.", completion: .file()) var file: String
    @OptionGroup var simulation: SimulationOptions

    func run() throws {
        let bytes = try InputFile.read(file)
        try Session.run(simulation) { session in
            let (id, name) = try session.device(device, hint: .printer, doing: "prints")
            let (connection, way) = try connect(to: id, name, in: session)
            try send(bytes, way: way, on: connection)
            // What has been handed over still goes out before the session ends.
            connection.close()
            print("\(file): \(bytes.count) bytes to \(name)")
        }
    }

    private static let printerClass = "IrLPT"
    private static let rawAttributes = ["IrDA:IrLMP:LsapSel", "IrDA:IrLMP:LSAPSel"]

    /// Connects in the way that fits printing best.
    private func connect(
        to device: IrDADeviceID, _ name: String, in session: Session
    ) throws -> (InfraredConnection, IrCOMMServiceTypes) {
        for attribute in Self.rawAttributes {
            guard case .integer = try session.query(attribute, of: Self.printerClass, at: device) else { continue }
            return (
                try session.connect(toPortOf: device, .threeWireRaw, className: Self.printerClass), .threeWireRaw
            )
        }
        let offer: IrCOMMOffer
        do {
            offer = try session.portOffer(at: device, named: name)
        } catch is Failure {
            throw Failure("\(name) does not print: it has neither the service IrLPT nor IrDA:IrCOMM.")
        }
        let ways: [IrCOMMServiceTypes] = [.centronics, .threeWireRaw, .threeWire, .nineWire]
        guard let way = ways.first(where: offer.serviceTypes.contains) else {
            throw Failure("\(name) offers its port in no way that is known here.")
        }
        return (try session.connect(toPortOf: device, way), way)
    }

    private func send(_ bytes: [UInt8], way: IrCOMMServiceTypes, on connection: InfraredConnection) throws {
        let units = try connection.units
        var port = IrCOMM(
            side: .dte, offering: way, messageLimit: way == .threeWireRaw ? units.pduLength : units.sendMessage)
        var bar = ProgressBar()
        defer { bar.clear() }
        var messages = Self.messages(port.connected())
        var sent = 0
        while sent < bytes.count || !messages.isEmpty {
            if messages.isEmpty {
                let piece = Array(bytes[sent...].prefix(port.dataLimit))
                sent += piece.count
                messages = Self.messages(port.send(piece))
                bar.show(sent, of: bytes.count)
            }
            messages = try Self.sendMore(messages, on: connection)
            // What the printer says is taken, so that it does not wait; there is nothing to be done about it.
            while let said = try connection.receive() {
                if said.isEmpty { throw connection.ended }
                messages += Self.messages(port.received(said))
            }
        }
    }

    private static func messages(_ actions: [IrCOMMAction]) -> [ArraySlice<UInt8>] {
        actions.compactMap { if case .send(let message) = $0 { message[...] } else { nil } }
    }

    /// Sends what there is room for, and waits for room or words.
    private static func sendMore(
        _ messages: [ArraySlice<UInt8>], on connection: InfraredConnection
    ) throws -> [ArraySlice<UInt8>] {
        var rest = messages
        while let first = rest.first, let taken = try connection.send(first) {
            if taken == first.count { rest.removeFirst() } else { rest[0] = first.dropFirst(taken) }
        }
        if rest.isEmpty { return [] }
        var entry = pollfd(fd: try connection.number, events: Int16(POLLIN | POLLOUT), revents: 0)
        try systemCall(for: "wait for the printer") { poll(&entry, 1, -1) }
        return rest
    }
}
