import ArgumentParser
import IrDAAdapters
import IrDAStation
import NIOCore
import NIOPosix

struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find out which dongle is plugged in, or whether a USB adapter works, and say what was seen.",
        discussion: """
            Sets the port up as each kind of dongle in turn, sends a discovery by light, and listens: for answers of the dongle \
            to its commands, for the echo of its own light (at 9600 bit/s and at the fastest speed), and for devices in range. \
            Put a device in front of it, or a sheet of white paper. It moves the control lines: do not use it on a port that \
            something else than a dongle is plugged into.

            A USB adapter says itself what it is: it is set up, and sends a discovery at each of its speeds. The report of one \
            has its descriptors and every transfer with what came of it, also if IrSock cannot drive it.

              irsock probe --port serial:/dev/ttyUSB0
              irsock probe --port serial:/dev/ttyUSB0 --dongle tekram --report probe.json
              irsock probe --port usb --report adapter.json

            Exit codes: 0 a dongle was found, or the adapter works; 1 neither; 64 wrong usage.

            \(PortOptions.dongles)
            """)

    @OptionGroup var port: PortOptions
    @Option(help: ArgumentHelp("Try this kind only; may be given several times.", valueName: "kind"))
    var dongle: [DongleArgument] = []
    @Flag(help: "Print JSON.") var json = false
    @Option(
        help: ArgumentHelp(
            "Write what was seen to a file, for a report about something that does not work; no names or addresses are in it.",
            valueName: "file"))
    var report: String?

    func validate() throws {
        for kind in dongle { try kind.validate() }
        if case .usb = port.port.kind, !dongle.isEmpty {
            throw ValidationError("A USB adapter has no dongle; leave --dongle out.")
        }
    }

    func run() throws {
        let specification = port.port
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        if case .usb(let place) = specification.kind {
            return try AdapterProbe(place: place, report: report, isJSON: json).run(on: loop)
        }
        let hardware = specification.hardware
        if !json { note("\(specification): \(hardware?.sentence ?? "a stream of bytes")") }
        let prober = PortProbe(specification, on: loop)
        var findings: [PortProbe.Finding] = []
        for kind in kinds(specification) {
            if !json { note("Trying \(kind) …") }
            let finding = try loop.makeFutureWithTask { try await prober.finding(for: kind) }.wait()
            findings.append(finding)
            if finding.isFound, finding.isProof { break }
        }
        let result = ProbeReport(port: specification, hardware: hardware, findings: findings)
        if let report { try writeReport(result.withoutNames, to: report) }
        if json {
            try printJSON(result)
        } else {
            print(Table(headings: ProbeReport.headings, rows: result.rows))
            for reason in result.failures { note(reason) }
            note(result.conclusion)
        }
        if !findings.contains(where: \.isFound) { throw ExitCode(1) }
    }

    /// Those that answer come first: they are certain, and the rest need not be tried.
    private func kinds(_ specification: PortSpecification) -> [String] {
        if !dongle.isEmpty { return dongle.map(\.text) }
        guard specification.isSerial else { return ["raw"] }
        let names = SerialDongleKind.all.map(\.name)
        let certain = ["ma600", "mcp2120"]
        return certain + names.filter { !certain.contains($0) }
    }
}

/// What probing has seen, for people and for machines.
private struct ProbeReport: Encodable {
    struct Row: Encodable {
        let kind: String
        let failure: String?
        let echoes: [PortProbe.Echo]
        var devices: [String]
        let deviceCount: Int
        let frameErrors: UInt32?
        let isFound: Bool
        let isProof: Bool
    }

    var port: String
    let driver: String?
    let usb: USBIdentity?
    let kernel: String
    var kinds: [Row]

    init(port: PortSpecification, hardware: TerminalHardware?, findings: [PortProbe.Finding]) {
        self.port = port.description
        driver = hardware?.driver
        usb = hardware?.usb
        kernel = kernelRelease()
        kinds = findings.map { finding in
            Row(
                kind: finding.kind, failure: finding.failure, echoes: finding.echoes, devices: finding.devices,
                deviceCount: finding.devices.count, frameErrors: finding.frameErrors, isFound: finding.isFound,
                isProof: finding.isProof)
        }
    }

    /// The same for strangers.
    var withoutNames: ProbeReport {
        var copy = self
        // A path may contain a serial number, an address the name of a machine.
        copy.port = String(port.prefix { $0 != ":" })
        for index in copy.kinds.indices { copy.kinds[index].devices = [] }
        return copy
    }

    static let headings = ["KIND", "SET UP", "ECHO", "ECHO AT FULL SPEED", "DEVICES"]

    var rows: [[String]] {
        kinds.map { row in
            let commands = row.failure != nil ? "failed" : row.isProof ? "answered" : "done"
            let echoes = row.echoes.map { "\($0.state) at \($0.rate)" }
            return [
                row.kind, commands, echoes.first ?? "-", echoes.count > 1 ? echoes[1] : "-",
                row.devices.isEmpty ? "-" : row.devices.joined(separator: ", "),
            ]
        }
    }

    /// Why kinds could not be set up, each reason once.
    var failures: [String] {
        Dictionary(grouping: kinds.filter { $0.failure != nil }) { $0.failure ?? "" }.sorted { $0.key < $1.key }.map {
            "Failed (\($0.value.map(\.kind).joined(separator: ", "))): \($0.key)."
        }
    }

    var conclusion: String {
        let found = kinds.filter(\.isFound)
        if let certain = found.first(where: \.isProof) {
            return "It is of the kind \(certain.kind): it answers commands. Use --dongle \(certain.kind)."
        }
        let whole = found.filter { $0.echoes.count > 1 && $0.echoes.last?.state == .whole }
        if !whole.isEmpty {
            let names = whole.map(\.kind).joined(separator: " or ")
            return "Its light came back whole at full speed as \(names). Use that as --dongle."
        }
        if !found.isEmpty {
            let names = found.map(\.kind).joined(separator: ", ")
            return
                "A device answered with each of these: \(names). They are alike at 9600 bit/s; try them in turn as --dongle."
        }
        if kinds.contains(where: { $0.echoes.contains { $0.state != .none } }) {
            return "There is light, but nothing that could be read. Is there another source of infrared about?"
        }
        return
            "Nothing was heard. Is the dongle plugged in and in sight of a device? Cheap USB serial cables may not feed it."
    }
}

extension PortSpecification {
    fileprivate var hardware: TerminalHardware? {
        if case .serial(let path) = kind { TerminalHardware(path: path) } else { nil }
    }
}

extension TerminalHardware {
    /// What it is, in a sentence.
    fileprivate var sentence: String {
        guard let driver else { return "no hardware that the kernel knows of, perhaps a pseudo-terminal" }
        guard let usb else { return "a serial port of the machine, driver \(driver)" }
        return "\(usb.description.isEmpty ? "a USB serial port" : usb.description) (\(usb.numbers)), driver \(driver)"
    }
}
