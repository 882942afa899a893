import ArgumentParser
import FoundationEssentials
import SystemPackage

@main
struct IrsockBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "irsock-bench",
        abstract: "Measure how near IrSock comes to what is possible.",
        discussion: """
            Figures on the simulated medium are in its own time: they are the same on every machine and in every run. Figures \
            of processor time are ratios of two things measured in turns. Figures of programs are of the irsock that \
            `swift build -c release` has made, or that IRSOCK in the environment names.

            Exit codes: 0 when every figure is what it must be, 1 otherwise, 64 wrong usage.
            """)

    @Option(help: ArgumentHelp("Write the figures there too, as JSON.", valueName: "file")) var json: String?
    @Option(help: ArgumentHelp("Measure only what has this in its name.", valueName: "text")) var filter = ""

    /// What `RunLatency` runs with and without the library.
    @Flag(name: .customLong("measure-calls"), help: .hidden) var measuresCalls = false

    private static let all: [any Benchmark] =
        BulkTransfer.all + AdapterTransfer.all + DiscoveryTime.all + [
            ConnectTime(), SimulationSpeed(), LayerSpeed(), FrameAllocations(), FrameCheckSpeed(), DeframerSpeed(),
            LoopbackConnect(), PluginConnect(), TwoPrograms(), RunLatency(), TransferMatrix(),
        ]

    func validate() throws {
        guard Self.all.contains(where: isWanted) else {
            let names = Self.all.map(\.name).joined(separator: "\n  ")
            throw ValidationError("Nothing has '\(filter)' in its name. There is:\n  \(names)")
        }
    }

    func run() throws {
        if measuresCalls { return try CallCosts.print() }
        var figures: [Figure] = []
        for benchmark in Self.all where isWanted(benchmark) {
            try benchmark.run { figure in
                figures.append(figure)
                // At once, also where standard output is a file or a pipe; if it is gone, JSON may still be wanted.
                _ = try? FileDescriptor.standardOutput.writeAll("\(figure.line)\n".utf8)
            }
        }
        if let json { try write(figures, to: json) }
        if figures.contains(where: { $0.isRequired && $0.isGood == false }) { throw ExitCode.failure }
    }

    private func isWanted(_ benchmark: any Benchmark) -> Bool {
        filter.isEmpty ? !benchmark.isOnRequest : benchmark.name.lowercased().contains(filter.lowercased())
    }

    private func write(_ figures: [Figure], to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let descriptor = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try descriptor.closeAfter {
            _ = try descriptor.writeAll(try encoder.encode(figures) + Data("\n".utf8))
        }
    }
}
