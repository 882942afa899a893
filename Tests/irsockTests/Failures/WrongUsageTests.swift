import Testing

/// Wrong arguments: what is wrong, how it is used, and exit code 64.
@Suite(.serialized, .timeLimit(.minutes(1))) struct WrongUsageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let message: String
        /// Whose usage is shown.
        let command: String

        init(_ arguments: String..., message: String, command: String? = nil) {
            self.arguments = arguments
            self.message = message
            self.command = command ?? "irsock \(arguments[0])"
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let parsing = [
        Case("fly", message: "Unexpected argument 'fly'", command: "irsock <subcommand>"),
        Case("families", "inet", message: "Unexpected argument 'inet'"),
        Case("discover", "--sim", message: "Unknown option '--sim'"),
        Case("query", "Phone", message: "Missing expected argument '<class-name>'"),
        Case("connect", "inet", message: "Missing expected argument '<address>'"),
        Case("listen", message: "Missing expected argument '<family>'"),
        Case("demo", message: "Missing expected argument '<file>'"),
        Case("demo", "/dev/null", "--capture", message: "Missing value for '--capture <file>'"),
        Case(
            "discover", "--simulate", "--seed", "one", message: "The value 'one' is invalid for '--seed <n>'"),
        Case(
            "discover", "--simulate", "--speed", "0", message: "The value '0' is invalid for '--speed <factor>'"),
        Case(
            "discover", "--simulate", "--speed", "nan", message: "The value 'nan' is invalid for '--speed <factor>'"),
        Case(
            "connect", "inet", "127.0.0.1:1", "--quit-after", "soon",
            message: "The value 'soon' is invalid for '--quit-after <seconds>'"),
    ]

    static let contradictions = [
        Case(
            "discover", "--simulate", "--scenario", "room.yaml",
            message: "--simulate is the built-in room and --scenario your own; give one of them."),
        Case(
            "families", "--seed", "1",
            message: "--seed and --capture are for the simulated medium: add --simulate or --scenario."),
        Case(
            "connect", "inet", "127.0.0.1:1", "--capture", "file",
            message: "--seed and --capture are for the simulated medium: add --simulate or --scenario."),
        Case(
            "listen", "inet", "127.0.0.1:0", "--quit-after=-1",
            message: "--quit-after takes seconds, from 0 to 86400."),
        Case("demo", "/dev/null", "--to", "Phone", message: "--to takes DEVICE/SERVICE, as in Phone/Echo."),
        Case("demo", "/dev/null", "--to", "Phone/", message: "--to takes DEVICE/SERVICE, as in Phone/Echo."),
        Case("run", message: "Say which program to run: irsock run -- PROGRAM ARGUMENTS…"),
        Case(
            "run", "--staton", "desk", "--", "ls",
            message: "There is no option '--staton'. If a program is called so: irsock run -- --staton"),
        Case("demo", "/dev/null", "--to", "/Echo", message: "--to takes DEVICE/SERVICE, as in Phone/Echo."),
    ]

    @Test(arguments: parsing + contradictions)
    func usage(mistake: Case) async throws {
        let scratch = try Scratch()
        let outcome = try await Program.irsock.run(mistake.arguments, in: scratch.path)
        #expect(outcome.output == Bytes())
        #expect(outcome.errorLines.first.map { $0.hasPrefix("Error: \(mistake.message)") } == true, "\(outcome.errors)")
        #expect(outcome.errorLines.contains { $0.hasPrefix("Usage: \(mistake.command)") }, "\(outcome.errors)")
        #expect(!outcome.errors.contains("Fatal error"))
        #expect(outcome.exitCode == 64)
    }

    @Test("Help and version are no mistakes", arguments: [["--help"], ["--version"], [], ["run", "-h"]])
    func help(arguments: [String]) async throws {
        let outcome = try await Program.irsock.run(arguments)
        #expect(outcome.output.count > 0)
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test("Every command has help")
    func helpOfEach() async throws {
        let list = try await Program.irsock.run("--help").lines
        let commands = list.drop { $0 != "SUBCOMMANDS:" }.compactMap { $0.prefixMatch(of: /\ \ ([a-z]+)\ /)?.1 }
        #expect(Set(commands).isSuperset(of: ["connect", "run", "timeline"]))
        for command in commands {
            let outcome = try await Program.irsock.run(String(command), "--help")
            #expect(outcome.text.hasPrefix("OVERVIEW: ") && outcome.text.contains("USAGE: irsock \(command)"))
            #expect(outcome.errors == "" && outcome.exitCode == 0, "\(command)")
        }
    }
}
