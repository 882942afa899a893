import Foundation
import Testing

@Suite("C and C++ programs that were written for Winsock", .timeLimit(.minutes(5)))
struct ProgramTests {
    @Test(
        "R46 a program finds everything as it expects it",
        arguments: ["layouts.c", "stream.c", "arguments.c", "events.c", "names.c"], ["clang", "gcc"])
    func selfChecking(name: String, compiler: String) async throws {
        let program = try await CProgram(name, compiler: compiler)
        defer { program.delete() }
        let outcome = try await program.run()
        #expect(outcome.errors == "")
        #expect(outcome.output == "all as expected\n")
        #expect(outcome.exitCode == 0)
    }

    @Test("The headers are good C++, too", arguments: ["clang++", "g++"])
    func headersInCPlusPlus(compiler: String) async throws {
        let program = try await CProgram("layouts.c", compiler: compiler, options: ["-x", "c++", "-std=c++17"])
        defer { program.delete() }
        #expect(try await program.run().output == "all as expected\n")
    }

    @Test("wmain and wprintf are Microsoft's, whatever else prints")
    func wide() async throws {
        let program = try await CProgram("wide.cpp", compiler: "clang++", options: ["-Wno-format"])
        defer { program.delete() }
        let outcome = try await program.run("one", "zwölf")
        #expect(
            outcome.output == """
                2 arguments, the last is zwölf
                narrow
                a b c d e f|-1 4294967295 -5 ff   1.2 7   |%
                grüß € 💡
                stream

                """)
        #expect(outcome.exitCode == 3)
    }

    @Test("The documented infrared client finds a phone, asks it, connects and talks")
    func infrared() async throws {
        let program = try await CProgram("infrared.c")
        defer { program.delete() }
        let outcome = try await CProgram.run(
            "\(CProgram.products)/irsock", ["simulate", "--run", program.executable])
        #expect(outcome.errors == "")
        #expect(outcome.output.hasSuffix("all as expected\n"))
        #expect(outcome.exitCode == 0)
    }

    @Test("The documented infrared server takes a connection from another station, which finds it by its name")
    func infraredServer() async throws {
        let program = try await CProgram("infrared-server.c")
        defer { program.delete() }
        let irsock = "\(CProgram.products)/irsock"
        let script = """
            IRSOCK_STATION=pda \(program.executable) >\(program.executable).out &
            until grep -q listening \(program.executable).out; do kill -0 $! || exit 1; sleep 0.05; done
            \(irsock) query pda Inbox Version --station desk
            printf 'hello, infrared' | \(irsock) connect irda pda/Inbox --station desk
            wait $! && cat \(program.executable).out
            """
        let outcome = try await CProgram.run(irsock, ["simulate", "--add", "desk", "--add", "pda", "--run", script])
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("7\n"))
        #expect(outcome.output.hasSuffix("hello, infraredlistening\nall as expected\n"))
        #expect(outcome.exitCode == 0)
    }

    @Test("What the headers declare is what the library has, and nothing has a name of the C library's")
    func symbols() async throws {
        let exported = try await Symbols.exported()
        let declared = try Symbols.declared
        #expect(declared.contains("ws_connect") && declared.contains("WSAStartup") && declared.contains("Sleep"))
        #expect(declared.subtracting(exported).subtracting(Symbols.ofTheCLibrary) == [])
        #expect(exported.intersection(Symbols.dangerous) == [])
    }
}
