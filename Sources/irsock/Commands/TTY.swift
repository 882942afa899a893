import ArgumentParser
import Glibc
import IrDABackend
import IrDAProtocol
import SocketBackends

struct TTY: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tty",
        abstract: "Make a serial port of a device's: a pseudo-terminal whose other end is behind the air (IrCOMM).",
        discussion: """
            Prints the path of the pseudo-terminal, which programs open instead of a serial port, and works until Ctrl-C is \
            pressed or the device closes the connection.

              irsock tty Phone --link /tmp/phone &
              screen /tmp/phone

            While a program has the port open its speed and flow control are told to the device, and DTR and RTS are \
            on. A pseudo-terminal cannot do everything: Linux gives all of them eight data bits without parity (say \
            another format with --format), a program cannot see the device's lines (--verbose shows them) and cannot send a \
            break (kill -USR1 sends one of 250 ms). A break from the device arrives as termios says.
            """)

    @Argument(help: "The device: its name, or its address. Without it: the only one in range that says it has a port.")
    var device: String?
    @Option(
        help: ArgumentHelp("Make this name a link to the pseudo-terminal, for as long as it works.", valueName: "path"),
        completion: .file())
    var link: String?
    @Option(help: "How to connect: auto takes the first of 9-wire, 3-wire and raw that the device has.")
    var serviceType = ServiceTypeArgument.auto
    @Option(help: ArgumentHelp("Data bits, parity and stop bits of the device's port.", valueName: "format"))
    var format = FormatArgument(format: .eightNone1)
    @Flag(name: .shortAndLong, help: "Say on standard error what happens: settings, lines, breaks.") var verbose = false
    @OptionGroup var simulation: SimulationOptions

    func run() throws {
        let breakSignal = try BreakSignal()
        // Told when all is put away: at Ctrl-C it would not be true.
        let name = try Session.run(simulation) { session in
            breakSignal.begin()
            let (id, name) = try session.device(device, hint: .irCOMM, doing: "has a port")
            let offer = try session.portOffer(at: id, named: name)
            guard let type = serviceType.choice(among: offer.serviceTypes) else {
                throw Failure("\(name) does not offer its port as \(serviceType.rawValue).")
            }
            let connection = try session.connect(toPortOf: id, type)
            let terminal = try PseudoTerminal()
            let units = try connection.units
            let port = IrCOMM(
                side: .dte, offering: type, settings: SerialSettings(format: format.format),
                messageLimit: type == .threeWireRaw ? units.pduLength : units.sendMessage)
            if let link { try Self.makeLink(link, to: terminal.path, session.cleanUp) }
            print(terminal.path)
            fflush(nil)
            var bridge = SerialBridge(terminal, breakSignal, connection, port, isVerbose: verbose)
            try bridge.run()
            connection.close()
            return name
        }
        note("\(name) has closed the connection.")
    }

    /// Makes a link that goes away with the command. One that leads nowhere is replaced: it was left by a command that was killed.
    private static func makeLink(_ path: String, to target: String, _ cleanUp: CleanUp) throws {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, access(path, F_OK) != 0 { unlink(path) }
        guard symlink(target, path) == 0 else {
            throw Failure("cannot make '\(path)' a link to \(target): \(String(cString: strerror(errno))).")
        }
        _ = cleanUp.add { unlink(path) }
    }
}

/// A format of characters as people write it: 8N1, 7E2.
struct FormatArgument: ExpressibleByArgument {
    let format: SerialFormat

    init(format: SerialFormat) {
        self.format = format
    }

    init?(argument: String) {
        let letters: [Character: SerialFormat.Parity] = ["N": .none, "O": .odd, "E": .even, "M": .mark, "S": .space]
        let parts = Array(argument.uppercased())
        guard parts.count == 3, let bits = parts[0].wholeNumberValue, (5...8).contains(bits),
            let parity = letters[parts[1]], let stops = parts[2].wholeNumberValue, (1...2).contains(stops)
        else { return nil }
        format = SerialFormat(dataBits: bits, parity: parity, hasTwoStopBits: stops == 2)
    }

    var defaultValueDescription: String { "\(format)" }
}
