import ArgumentParser
import Glibc
import IrDABackend
import IrDAProtocol
import OBEX
import SocketBackends
import Winsock

struct Receive: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Receive files that devices send by OBEX.",
        discussion: """
            Waits for senders, one after the other, until --count files are there or Ctrl-C is pressed. Every file is \
            written under a safe form of the name that the sender gave it, readable by its owner only, and never opened. A \
            file that is there already is not written over: the new one gets a number, unless --force is given. A transfer that \
            breaks off leaves nothing behind and cannot be resumed.

              irsock receive --into ~/Inbox
              irsock receive --count 1 --limit 1M
            """)

    @Option(help: ArgumentHelp("Where the files go.", valueName: "dir"), completion: .directory) var into = "."
    @Flag(help: "Write over files of the same name.") var force = false
    @Option(
        help: ArgumentHelp(
            "The most bytes of one file; K, M and G behind the number multiply it by 1024, 1024² and 1024³.",
            valueName: "size"))
    var limit = ByteCount(bytes: 100 << 20)
    @Option(help: ArgumentHelp("The most files of one connection.", valueName: "n")) var limitFiles = 1000
    @Option(help: ArgumentHelp("Leave when so many files are there and the sender is done.", valueName: "n"))
    var count: Int?
    @Option(
        help: ArgumentHelp("Listen on TCP instead of infrared; port 0 takes a free one.", valueName: "host:port"))
    var tcp: String?
    @OptionGroup var simulation: SimulationOptions
    @Flag(help: "Print JSON, one line an object.") var json = false

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count takes a number from 1 up.") }
        if limitFiles < 1 { throw ValidationError("--limit-files takes a number from 1 up.") }
    }

    func run() throws {
        try Session.run(simulation) { session in
            let directory = try InboxDirectory(into, overwrites: force, cleanUp: session.cleanUp)
            let configuration = OBEXServer.Configuration(
                takesSeveralConnections: false, maximumObjectSize: limit.bytes, maximumObjects: limitFiles)
            var inbox = Inbox(directory, configuration, report: tell)
            let listeners = try self.listeners(in: session)
            let hint = tcp == nil ? try showHint(in: session) : nil
            defer { hint?.close() }
            let winsock = session.winsock
            while count.map({ inbox.kept < $0 }) ?? true {
                let requests = listeners.map { PollRequest(socket: $0, events: .readNormal) }
                let ready = zip(listeners, try winsock.poll(requests, timeout: nil)).first { !$0.1.isEmpty }
                guard let listener = ready?.0 else { continue }
                let (socket, peer) = try winsock.accept(listener)
                try inbox.serve(ByteConnection(winsock, socket: socket), from: name(of: peer, in: session))
            }
            for listener in listeners { try winsock.closeSocket(listener) }
        }
    }

    /// Both classes that senders look for.
    private static let classes = ["OBEX", "OBEX:IrXfer"]

    private func listeners(in session: Session) throws -> [SocketHandle] {
        let winsock = session.winsock
        let places = tcp.map { [$0] } ?? Self.classes
        let family: AddressFamily = tcp.map { $0.hasPrefix("[") ? .inet6 : .inet } ?? .irda
        let listeners = try places.map { place in
            let listener = try winsock.socket(family: family, type: .stream)
            try winsock.bind(listener, to: winsock.resolve(place, family: family))
            try winsock.listen(listener, backlog: 4)
            return listener
        }
        let names = try tcp == nil ? Self.classes : listeners.map { winsock.describe(try winsock.localAddress(of: $0)) }
        note("Receiving at \(names.joined(separator: " and ")) into \(into).")
        return listeners
    }

    /// Says in discoveries that objects are taken here, which many senders look for.
    ///
    /// - Returns: the socket that says so as long as it is open.
    private func showHint(in session: Session) throws(SocketError) -> any IrDAEndpoint {
        let endpoint = try session.infrared(for: "receive objects").makeEndpoint()
        do throws(SocketError) {
            try endpoint.setHints(UInt16(truncatingIfNeeded: ServiceHints.obex.rawValue))
        } catch {
            note("Devices that look for the OBEX hint will not find this one: \(error).")
        }
        return endpoint
    }

    private func name(of peer: SocketAddress, in session: Session) -> String {
        guard peer.family == .irda, let address = try? IrDAAddress(peer, for: "name the sender") else {
            return session.winsock.describe(peer)
        }
        // The name that it told in a discovery, if there was one.
        let known = (try? session.infrared(for: "name the sender").rememberedDevices()) ?? []
        guard let name = known.first(where: { $0.id == address.device })?.name else { return "\(address.device)" }
        return "\(name.printable) (\(address.device))"
    }

    private func tell(_ object: ReceivedObject) throws {
        if json {
            try printJSONLine(object)
        } else if let file = object.file {
            let renamed = file == object.name ? "" : ", sent as '\(object.name.printable)'"
            print("\(file): \(object.bytes) bytes from \(object.from)\(renamed)")
        } else {
            note(
                "'\(object.name.printable)' from \(object.from) was not kept: \(object.reason ?? "it was refused").")
        }
        fflush(nil)
    }
}

/// A number of bytes as people write it: 1000, 64K, 10M.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init(bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
        let shift = argument.last.flatMap { shifts[Character($0.uppercased())] }
        guard let number = Int(shift == nil ? argument[...] : argument.dropLast()), number >= 0,
            case let (product, overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0)), !overflow
        else { return nil }
        bytes = product
    }

    var defaultValueDescription: String {
        for (letter, shift) in [("G", 30), ("M", 20), ("K", 10)] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(letter)"
        }
        return "\(bytes)"
    }
}
