import SystemPackage
import Testing

/// `irsock run`, as a shell or a CI job sees it.
@Suite(.timeLimit(.minutes(2)))
struct RunTests {
    @Test(arguments: [0, 1, 42]) func passesTheExitCode(_ code: Int) async throws {
        try await Room.open(.empty) { room in
            let outcome = try await room.run(["sh", "-c", "exit \(code)"])
            #expect(outcome.exitCode == Int32(code))
        }
    }

    @Test func isTheProgramThatASignalReaches() async throws {
        try await Room.open(.empty) { room in
            let outcome = try await room.run(["sh", "-c", "trap 'echo caught; exit 7' TERM; kill -TERM $$; sleep 60"])
            #expect(outcome.text == "caught\n")
            #expect(outcome.exitCode == 7)
            let killed = try await room.run(["sh", "-c", "kill -KILL $$"])
            #expect(killed.exitCode == nil)
        }
    }

    @Test func passesInputArgumentsAndDirectory() async throws {
        try await Room.open(.empty) { room in
            let outcome = try await room.run(
                ["sh", "-c", #"cat; echo "$0|$1"; pwd"#, "--station", "a b"], input: Array("in\n".utf8))
            #expect(outcome.text == "in\n--station|a b\n\(room.directory)\n")
        }
    }

    @Test func keepsOtherPreloadedLibraries() async throws {
        try await Room.open(.empty) { room in
            let outcome = try await room.run(["sh", "-c", "echo $LD_PRELOAD; echo $IRSOCK_STATION"])
            let lines = outcome.text.split(separator: "\n")
            #expect(lines.first?.hasSuffix("/libirsock-preload.so") == true)
            #expect(lines.last == "Laptop")
            let irsock = try Room.built("irsock").string
            let nested = try await room.run([irsock, "run", "--", "sh", "-c", "echo $LD_PRELOAD"])
            #expect(nested.text.split(separator: "\n").first == lines.first, "once is enough")
        }
    }

    @Test func saysWhatCannotBeRun() async throws {
        try await Room.open(.empty) { room in
            let missing = try await room.run(["no-such-program"])
            #expect(missing.exitCode == 127)
            #expect(missing.errors.contains("no-such-program"))
            try Room.write([], to: room.file("data"))
            let data = try await room.run(["./data"])
            #expect(data.exitCode == 126)
            #expect(data.errors.contains("./data"))
        }
    }

    @Test func saysThatThereIsNoService() async throws {
        try await Room.open(.empty) { room in
            let outcome = try await room.run(["true"], station: "Nobody")
            #expect(outcome.exitCode == 1)
            #expect(outcome.errors.contains("Nobody.sock"))
        }
    }

    @Test func wantsAProgram() async throws {
        try await Room.open(.empty) { room in
            let outcome = try await room.run([])
            #expect(outcome.exitCode == 64)
        }
    }

    /// What is loaded with every program: the C library, and none of Swift's.
    @Test func loadsNothingIntoProgramsThatDoNotUseIt() async throws {
        try await Room.open(.empty) { room in
            let outcome = try await room.run(["sh", "-c", "cat /proc/self/maps"])
            #expect(outcome.text.contains("libirsock-preload.so"))
            #expect(!outcome.text.contains("libirsock-af-irda.so"))
            #expect(!outcome.text.contains("libswift"))
            #expect(!outcome.text.contains("libstdc++"))
        }
    }
}
