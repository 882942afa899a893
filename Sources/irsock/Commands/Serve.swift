import ArgumentParser
import Glibc
import IrDAProtocol
import IrDAService
import IrDAStation
import NIOPosix
import SocketBackends

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Own an infrared port, and share its station with other programs.",
        discussion: """
            One process has the port; any number of programs use it, through a socket in $XDG_RUNTIME_DIR/irsock: those that \
            use AF_IRDA as they always did (irsock run), and everything else of irsock.

              irsock serve --port serial:/dev/ttyUSB0 --dongle actisys+
              irsock serve --port usb,firmware=42101001.sb
              irsock serve --port tcp:serialserver:4001 --name desk --capture desk.pcap

            When the station is ready, one line on standard output says so. When the port goes away (a dongle that is \
            unplugged), programs get an error that says why, and the station is there again when the port is. SIGTERM or \
            Ctrl-C ends the links in good order.

            \(PortOptions.dongles)

            \(PortOptions.adapters)
            """)

    @OptionGroup var port: PortOptions
    @Option(help: ArgumentHelp("What is plugged into it; a plain transceiver if left out.", valueName: "kind"))
    var dongle: DongleArgument?
    @Option(help: ArgumentHelp("What the station is called; this computer's name if left out.", valueName: "name"))
    var name: String?
    @Option(help: ArgumentHelp("Write what the station sends and receives, for Wireshark.", valueName: "file"))
    var capture: String?
    @OptionGroup var sharing: SharingOptions

    func validate() throws {
        try dongle?.validate()
    }

    func run() throws {
        let signals = StopSignals()
        let name = name ?? Self.hostName
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let access = try sharing.access()
        let port = try port.port.makePort(dongle: dongle?.text, on: loop)
        var generator = SystemRandomNumberGenerator()
        let configuration = IrDAStack.Configuration(
            address: .random(using: &generator), name: name, hints: .computer, parameters: .unlimited)
        let host = try StationHost.open(
            port, configuration: configuration, seed: generator.next(),
            capture: try capture.map { try CaptureFile(path: $0, epoch: timeOfDay) }, on: loop
        ) { trouble in
            note(trouble.map { "The port is lost: \($0.reason)." } ?? "The port is back.")
        }
        defer { try? host.close(patience: .zero) }
        let server = try ServiceServer.start(
            host, station: host.localStation, path: ServiceDirectory.standard.socketPath(of: name),
            mediumName: port.name, access: access)
        print("Ready: \(name) on \(port.name) (\(ServiceDirectory.standard.socketPath(of: name)))")
        fflush(nil)
        signals.waitForStop()
        try server.stop()
        try host.close(patience: .seconds(5))
        if let error = try host.captureError { throw error }
    }

    /// The first part of this computer's name.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "IrSock" }
        let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.split(separator: ".").first.map(String.init) ?? "IrSock"
    }
}
