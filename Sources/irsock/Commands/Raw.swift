import ArgumentParser
import Glibc
import IrDAAdapters
import IrDAStation
import NIOCore
import NIOPosix
import SystemPackage

struct Raw: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a terminal onto the bare light, for programs that speak plain serial over infrared.",
        discussion: """
            Some devices, dive computers among them, send plain bytes over infrared, without IrDA's protocols. The path of the \
            terminal is printed on standard output; programs open it like any serial port, and the speed that they set is the \
            speed of the light. It lasts until Ctrl-C.

              irsock raw --port serial:/dev/ttyUSB0 --rate 115200 --link /tmp/light

            \(PortOptions.dongles)
            """)

    @OptionGroup var port: PortOptions
    @Option(help: ArgumentHelp("What is plugged in; see below.", valueName: "kind"))
    var dongle: DongleArgument?
    @Option(help: ArgumentHelp("The speed in bit/s until a program sets one.", valueName: "bits"))
    var rate = 115_200
    @Option(
        help: ArgumentHelp("Make a symbolic link to the terminal here, for as long as it lasts.", valueName: "path"))
    var link: String?
    @Option(
        help: "What is done with the echo of one's own light: match drops it, blind hears nothing while sending, pass.")
    var echo = EchoArgument(handling: .match)

    func validate() throws {
        try dongle?.validate()
        guard (300...4_000_000).contains(rate) else {
            throw ValidationError("--rate is a speed in bit/s from 300 to 4000000.")
        }
    }

    func run() throws {
        let interruption = Interruption()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let port = try port.port.makeDonglePort(dongle: dongle?.text, echo: echo.handling, on: loop)
        guard port.has(rate: rate) else {
            throw Failure("The dongle does not have \(rate) bit/s. Choose another --rate, or another --dongle.")
        }
        let bridge = try RawBridge(port, rate: rate) { note($0) }
        let link = link.map(TerminalLink.init)
        interruption.begin {
            link?.remove()
            try? bridge.stop().wait()
        }
        try bridge.start().wait()
        do {
            try link?.make(to: bridge.path)
        } catch {
            try? bridge.stop().wait()
            throw error
        }
        try FileDescriptor.standardOutput.writeAll((bridge.path + "\n").utf8)
        note("Programs that open \(link?.path ?? bridge.path) speak by light, at \(rate) bit/s. Ctrl-C ends it.")
        while true { pause() }
    }
}

/// A symbolic link that lasts as long as its terminal.
private struct TerminalLink: Sendable {
    let path: String

    func make(to terminal: String) throws {
        guard symlink(terminal, path) == 0 else {
            let reason = String(cString: strerror(errno))
            throw Failure("cannot make the link \(path): \(reason). Remove what is there, or choose another --link.")
        }
    }

    /// Removes the link, if it still is one.
    func remove() {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
        unlink(path)
    }
}
