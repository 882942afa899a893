import ArgumentParser
import CLinux
import Glibc

@main
struct Irsock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "irsock",
        abstract: "Sockets with pluggable address families, and infrared (IrDA) that works on today's kernels.",
        discussion: """
            To try infrared without hardware, add --simulate to a command: it then works on a simulated medium, with real \
            protocol stacks, in a room with a phone, a printer and a dive computer.

            EXAMPLES:
              irsock demo README.md
              irsock discover --simulate
              irsock query Phone Device DeviceName --simulate
              echo hello | irsock connect irda Phone/Echo --simulate
              irsock connect inet 127.0.0.1:27015

            Exit codes: 0 success, 1 failure (one sentence on standard error says what and why), 64 wrong usage, \
            130 interrupted.
            """,
        version: "0.1.0",
        subcommands: [Demo.self, Families.self, Rules.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Devices and connections",
                subcommands: [Discover.self, Query.self, Connect.self, Listen.self]),
            CommandGroup(
                name: "Files, serial ports and printers behind the air",
                subcommands: [Send.self, Receive.self, Get.self, TTY.self, Print.self]),
            CommandGroup(
                name: "Infrared for other programs",
                subcommands: [Run.self, Serve.self, Simulate.self, Status.self, Fault.self]),
            CommandGroup(
                name: "Ports and captures", subcommands: [Adapters.self, Probe.self, Raw.self, TimelineCommand.self]),
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
            // What could not be written was not said.
            guard clinux_flush_output() == 0 else {
                throw Failure("cannot write standard output: \(String(cString: strerror(errno))).")
            }
        } catch {
            exit(withError: error)
        }
    }
}
