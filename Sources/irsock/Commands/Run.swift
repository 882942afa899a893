import ArgumentParser
import Glibc
import IrDAService
import SocketBackends

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a program that uses Linux's AF_IRDA sockets, unchanged, on any kernel.",
        discussion: """
            The program's infrared sockets are those of a station: one on a real port (irsock serve), or one of a simulated \
            medium (irsock simulate). A library that is loaded with the program (LD_PRELOAD) sees to that; sockets of other \
            families are none of its business, and children of the program have AF_IRDA as well.

              irsock run -- obex_find irda
              irsock run --station laptop -- ircp report.txt
              irsock run --station phone -- python3 server.py

            The program takes the place of irsock: its exit code and its signals are its own. 126 and 127 say that it could \
            not be run and was not found. With IRSOCK_PRELOAD_DEBUG set in the environment, a program that gets no socket is \
            told why on standard error.
            """)

    @Option(help: ArgumentHelp("The station to use, where there are several.", valueName: "name"))
    var station: String?

    @Argument(
        parsing: .captureForPassthrough, help: ArgumentHelp("The program and its arguments.", valueName: "program"))
    var command: [String] = []

    func validate() throws {
        // Whatever does not belong to us is taken for the program, so these end up there, too.
        switch command.first {
        case "--help", "-h", "-help": throw CleanExit.helpRequest(Self.self)
        case let option? where option.hasPrefix("-") && option != "--":
            throw ValidationError("There is no option '\(option)'. If a program is called so: irsock run -- \(option)")
        default: break
        }
        if words.isEmpty { throw ValidationError("Say which program to run: irsock run -- PROGRAM ARGUMENTS…") }
    }

    /// What is to be run; the two hyphens before it are not part of it.
    private var words: ArraySlice<String> { command.first == "--" ? command.dropFirst() : command[...] }

    func run() throws {
        let directory = ServiceDirectory.standard
        let service = try ServiceClient(path: directory.chooseSocket(station: station))
        let identity = try service.identity()
        let library = try PreloadLibrary.find()
        guard let name = words.first, let program = ProgramFile(named: name) else {
            note("Cannot run '\(words.first ?? "")': there is no such program. Give its path, or look at PATH.")
            throw ExitCode(127)
        }
        if let reason = program.whyNotPreloadable {
            note("\(program.path) will not see AF_IRDA: \(reason).")
        }
        // The directory too: the program may change what the choice depends on.
        setenv("IRSOCK_RUNTIME_DIR", directory.path, 1)
        setenv("IRSOCK_STATION", identity.station, 1)
        setenv("LD_PRELOAD", library.list(before: getenv("LD_PRELOAD").map { String(cString: $0) }), 1)
        program.execute(words)
        let error = errno
        note("Cannot run '\(name)': \(String(cString: strerror(error))).")
        throw ExitCode(error == ENOENT ? 127 : 126)
    }
}
