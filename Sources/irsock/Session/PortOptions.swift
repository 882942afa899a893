import ArgumentParser
import IrDAAdapters
import IrDAStation
import SocketBackends

/// Which port a command works on.
struct PortOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The port: serial:/dev/ttyUSB0, usb or usb:PLACE with options after commas, unix:PATH for a socket, or \
            tcp:HOST:PORT for a serial server.
            """,
            valueName: "port"),
        transform: { try PortSpecification($0) })
    var port: PortSpecification

    /// The text below `--help` of a command that takes a dongle.
    static let dongles = """
        DONGLES (options follow the name after commas: --dongle raw,rate=115200):
        \(SerialDongleKind.help)
        """

    /// The text below `--help` of a command that takes a USB adapter.
    static let adapters = """
        USB ADAPTERS (found by themselves; options of the port: --port usb:1-4,quirk=modem-lines):
        \(USBAdapterKind.help)
        """
}

/// A kind of dongle as people write it.
struct DongleArgument: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        text = argument
    }

    /// Whether there is such a dongle.
    func validate() throws {
        do throws(SerialDongleError) {
            _ = try SerialDongleKind.dongle(text)
        } catch {
            throw ValidationError("--dongle \(text): \(error).")
        }
    }
}

/// What is done with the echo of one's own light, as people write it.
struct EchoArgument: ExpressibleByArgument {
    let handling: EchoHandling

    init(handling: EchoHandling) {
        self.handling = handling
    }

    init?(argument: String) {
        guard let handling = EchoHandling(rawValue: argument) else { return nil }
        self.handling = handling
    }

    var defaultValueDescription: String { handling.rawValue }
    static var allValueStrings: [String] { EchoHandling.allCases.map(\.rawValue) }
}
