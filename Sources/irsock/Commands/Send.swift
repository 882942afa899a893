import ArgumentParser
import IrDABackend
import OBEX
import SocketBackends

struct Send: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send files to a device by OBEX, as phones, organizers and Windows exchange them.",
        discussion: """
            The files go one after the other through one connection. What the other end does with them is its own affair; \
            many ask a person first. A transfer that breaks off cannot be resumed, which OBEX does not provide for: send the file \
            again, from its beginning.

              irsock send card.vcf --simulate
              irsock send *.jpg --to Phone

            Exit code 0 if every file was taken, 1 if one was not.
            """)

    @Argument(help: "The files.", completion: .file()) var files: [String]
    @Option(
        help: ArgumentHelp(
            """
            The device: its name, or its address as 'irsock discover' shows it. Without it: the only one in range that says \
            that it exchanges objects.
            """, valueName: "device"))
    var to: String?
    @OptionGroup var partner: ObjectPartner
    @OptionGroup var simulation: SimulationOptions
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if files.isEmpty { throw ValidationError("Name at least one file.") }
        if to != nil && partner.tcp != nil {
            throw ValidationError("--to names an infrared device, and --tcp is not infrared; give one of them.")
        }
    }

    func run() throws {
        // All of them before the first goes out: a slip in a name should not cost a transfer.
        for file in files { _ = try OutgoingFile(file) }
        let sent = try Session.run(simulation) { session in
            try send(session.connect(to: to, partner), in: session)
        }
        if json { try printJSON(sent) }
        if sent.contains(where: { !$0.taken }) { throw ExitCode.failure }
    }

    /// What became of one file.
    private struct Report: Encodable {
        let file: String
        let bytes: Int
        let taken: Bool
        let seconds: Double
        let reason: String?
    }

    private func send(_ server: ObjectServer, in session: Session) throws -> [Report] {
        var server = server
        let outcome = try server.client.perform { client throws(OBEXClientUnavailable) in
            try client.connect(headers: files.count > 1 ? [.count(UInt32(clamping: files.count))] : [])
        }
        guard outcome.isSuccess else { throw Failure("\(server.name) begins no session: \(outcome.text).") }
        var reports: [Report] = []
        for file in files {
            let (report, isConnected) = try send(try OutgoingFile(file), to: &server, in: session)
            if !json { tell(report, server, isConnected: isConnected) }
            reports.append(report)
            // After a failure of the connection there is no use in trying the others.
            if !isConnected { break }
        }
        for file in files.dropFirst(reports.count) {
            reports.append(Report(file: file, bytes: 0, taken: false, seconds: 0, reason: "the connection is over"))
            if !json { note("\(file) was not sent: the connection is over.") }
        }
        try server.client.close()
        return reports
    }

    /// - Returns: what became of the file, and whether the connection still stands.
    private func send(
        _ file: OutgoingFile, to server: inout ObjectServer, in session: Session
    ) throws -> (Report, isConnected: Bool) {
        let start = try session.time
        let reason: String?
        var isConnected = true
        do {
            var outcome = try put(file, isPlain: server.isFilesOnly, to: &server)
            if case .refused(.badRequest, _) = outcome, !server.isFilesOnly {
                // Some servers refuse an object for its time or its type.
                outcome = try put(file, isPlain: true, to: &server)
            }
            reason = outcome.isSuccess ? nil : outcome.text
            if case .failed = outcome { isConnected = server.client.session != nil }
        } catch let error as SocketError {
            reason = "\(error)"
            isConnected = false
        }
        let report = Report(
            file: file.name, bytes: file.size, taken: reason == nil, seconds: (try session.time - start).inSeconds,
            reason: reason)
        return (report, isConnected)
    }

    private func put(
        _ file: OutgoingFile, isPlain: Bool, to server: inout ObjectServer
    ) throws -> OBEXOutcome {
        var offset = 0
        var bar = ProgressBar()
        defer { bar.clear() }
        let listener = ObjectClient.Listener(
            content: { count in
                let piece = try file.read(at: offset, count: count)
                offset += piece.bytes.count
                return piece
            },
            progress: { bar.show($0, of: file.size) })
        return try server.client.perform(listener) { client throws(OBEXClientUnavailable) in
            try client.put(file.headers(isPlain: isPlain))
        }
    }

    private func tell(_ report: Report, _ server: ObjectServer, isConnected: Bool) {
        let file = report.file.printable
        if let reason = report.reason {
            // What was refused would be refused again.
            let advice = isConnected ? "" : " There is no resuming; send it again."
            note("\(file) was not taken by \(server.name): \(reason).\(advice)")
            return
        }
        let rate = report.seconds > 0.005 ? ", \(Int(Double(report.bytes) / report.seconds)) bytes/s" : ""
        let called = OBEXFileName.single(report.file)
        let sentAs = called == report.file ? "" : ", as '\(called.printable)'"
        print("\(file): \(report.bytes) bytes to \(server.name)\(sentAs)\(rate)")
    }
}
