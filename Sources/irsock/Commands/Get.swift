import ArgumentParser
import Glibc
import IrDABackend
import OBEX
import SocketBackends
import SystemPackage

struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch an object from a device by OBEX: its business card, or a file where the device gives files.",
        discussion: """
            Without a name it is the default object of a type: the business card (text/x-vCard), as most phones give it. With \
            a name it is a file, from the folder service of the device if it has one; folders stand before the name, and the \
            type x-obex/folder-listing gives a list. \
            Many devices take objects and give none. A transfer that breaks off cannot be resumed.

              irsock get --simulate
              irsock get --type x-obex/capability --from Phone
              irsock get pictures/sunset.jpg --output sunset.jpg
            """)

    @Argument(help: "The name of a file there.") var name: String?
    @Option(
        help: ArgumentHelp(
            """
            The device: its name, or its address as 'irsock discover' shows it. Without it: the only one in range that says \
            that it exchanges objects.
            """, valueName: "device"))
    var from: String?
    @Option(help: ArgumentHelp("The media type of what is wanted (without a name: text/x-vCard).", valueName: "type"))
    var type: String?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where it goes, instead of standard output; must not exist yet.", valueName: "file"),
        completion: .file())
    var output: String?
    @Flag(help: "Write over the file that is there.") var force = false
    @Option(help: ArgumentHelp("The most bytes to take.", valueName: "size")) var limit = ByteCount(bytes: 100 << 20)
    @OptionGroup var partner: ObjectPartner
    @OptionGroup var simulation: SimulationOptions

    func validate() throws {
        if from != nil && partner.tcp != nil {
            throw ValidationError("--from names an infrared device, and --tcp is not infrared; give one of them.")
        }
        if force && output == nil { throw ValidationError("--force is for --output.") }
        if let name, name.isEmpty || name.hasSuffix("/") {
            throw ValidationError("'\(name)' is not the name of a file.")
        }
    }

    func run() throws {
        try Session.run(simulation) { session in
            if let output, !force, access(output, F_OK) == 0 {
                throw Failure("'\(output)' is there already; choose another name, or add --force.")
            }
            let (bytes, sentName) = try fetch(session.connect(to: from, partner))
            guard let output else {
                try write(bytes, to: .standardOutput, "standard output")
                return
            }
            let descriptor: FileDescriptor
            do {
                descriptor = try FileDescriptor.open(
                    FilePath(output), .writeOnly,
                    options: [.create, .closeOnExec, force ? .truncate : .exclusiveCreate],
                    permissions: .ownerReadWrite)
            } catch let error as Errno {
                throw Failure("cannot make '\(output)': \(error).")
            }
            try descriptor.closeAfter { try write(bytes, to: descriptor, output) }
            let called = sentName.map { ", which the other end calls '\($0.printable)'" } ?? ""
            note("\(output): \(bytes.count) bytes\(called)")
        }
    }

    /// The id of the service that gives files (OBEX 1.3, 9.1.2): F9EC7BC4-953C-11D2-984E-525400DC9E09.
    private static let folderBrowsing: [UInt8] = [
        0xF9, 0xEC, 0x7B, 0xC4, 0x95, 0x3C, 0x11, 0xD2, 0x98, 0x4E, 0x52, 0x54, 0x00, 0xDC, 0x9E, 0x09,
    ]

    private func fetch(_ server: ObjectServer) throws -> (bytes: [UInt8], name: String?) {
        var server = server
        let begun = try server.client.perform { client throws(OBEXClientUnavailable) in
            try client.connect(target: wantsFolders ? Self.folderBrowsing : nil)
        }
        guard begun.isSuccess else { throw Failure("\(server.name) begins no session: \(begun.text).") }
        let folders = name?.split(separator: "/").map(String.init) ?? []
        for folder in folders.dropLast() {
            let outcome = try server.client.perform { client throws(OBEXClientUnavailable) in
                try client.setPath(.doNotCreate, name: folder)
            }
            guard outcome.isSuccess else {
                throw Failure("cannot enter the folder '\(folder)' of \(server.name): \(outcome.text).")
            }
        }
        let (outcome, bytes, headers) = try get(&server, request(for: folders.last))
        try server.client.close()
        guard outcome.isSuccess else {
            throw Failure("cannot get \(wanted) from \(server.name): \(outcome.text). \(advice(outcome))")
        }
        return (bytes, headers.name?.readableString)
    }

    private func request(for file: String?) -> OBEXHeaders {
        if let file { return OBEXHeaders([.name(file)] + (type.map { [.type($0)] } ?? [])) }
        return [.type(type ?? "text/x-vCard")]
    }

    /// Files and lists of them come from another service than cards.
    private var wantsFolders: Bool { name != nil || type?.lowercased() == "x-obex/folder-listing" }

    private var wanted: String { name.map { "'\($0)'" } ?? "the object of type \(type ?? "text/x-vCard")" }

    private func advice(_ outcome: OBEXOutcome) -> String {
        if case .refused = outcome { return "Many devices take objects and give none." }
        return "There is no resuming; get it again."
    }

    private func get(
        _ server: inout ObjectServer, _ request: OBEXHeaders
    ) throws -> (OBEXOutcome, [UInt8], OBEXHeaders) {
        var bytes: [UInt8] = []
        var headers = OBEXHeaders()
        var bar = ProgressBar()
        defer { bar.clear() }
        let limit = limit.bytes
        let listener = ObjectClient.Listener(received: { more, part in
            guard bytes.count + part.count <= limit else {
                throw Failure("it has more than \(limit) bytes; permit more with --limit.")
            }
            headers.append(contentsOf: more)
            bytes += part
            bar.show(bytes.count, of: Int(headers.length ?? 0))
        })
        let outcome = try server.client.perform(listener) { client throws(OBEXClientUnavailable) in
            try client.get(request)
        }
        return (outcome, bytes, headers)
    }

    private func write(_ bytes: [UInt8], to descriptor: FileDescriptor, _ name: String) throws {
        do {
            _ = try descriptor.writeAll(bytes)
        } catch let error as Errno {
            throw Failure("cannot write \(name): \(error).")
        }
    }
}
