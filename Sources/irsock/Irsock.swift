import ArgumentParser

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
        subcommands: [
            Families.self, Discover.self, Query.self, Connect.self, Listen.self, Send.self, Receive.self, Get.self,
            TTY.self, Print.self, Run.self, Demo.self, Rules.self, TimelineCommand.self,
        ])
}
