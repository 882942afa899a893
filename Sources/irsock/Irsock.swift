import ArgumentParser

@main
struct Irsock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "irsock",
        abstract: "Sockets with pluggable address families, and infrared (IrDA) that works on today's kernels.")
}
