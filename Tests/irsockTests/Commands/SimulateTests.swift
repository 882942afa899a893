import Subprocess
import SystemPackage
import Testing

@Suite("irsock simulate", .timeLimit(.minutes(2))) struct SimulateTests {
    private static let irsock = Program.irsockPath.string

    @Test("a command runs against the room, and its exit code is ours")
    func run() async throws {
        let outcome = try await Program.irsock.run(
            "simulate", "--seed", "1", "--run",
            "\(Self.irsock) query Phone Device DeviceName && echo $IRSOCK_RUNTIME_DIR && exit 7")
        #expect(outcome.exitCode == 7)
        #expect(outcome.errors == "")
        #expect(outcome.lines.first?.contains("Phone") == true)
        let directory = outcome.lines.last ?? ""
        #expect(directory.hasPrefix("/tmp/irsock-"))
        #expect(throws: (any Error).self, "the directory is still there") { try Scratch.contents(of: directory) }
    }

    @Test("a command that a signal ends, and one that is not there")
    func ends() async throws {
        let killed = try await Program.irsock.run("simulate", "--run", "kill -KILL $$")
        #expect(killed.exitCode == 137)
        let missing = try await Program.irsock.run("simulate", "--run", "/nonexistent/program")
        #expect(missing.exitCode == 127)
    }

    @Test("two programs on two stations talk to each other over simulated light")
    func twoPrograms() async throws {
        let scratch = try Scratch()
        let bytes = Bytes.random(50_000, seed: 5)
        let file = try scratch.write(bytes, as: "sent")
        let got = scratch.file("got")
        let outcome = try await Program.irsock.run(
            "simulate", "--add", "laptop", "--add", "pda", "--run",
            """
            "\(Self.irsock)" listen irda Notes --station pda >"\(got)" &
            until "\(Self.irsock)" query pda Notes IrDA:TinyTP:LsapSel --station laptop >/dev/null 2>&1; do :; done
            "\(Self.irsock)" connect irda pda/Notes --station laptop <"\(file)"
            wait
            cmp "\(file)" "\(got)"
            """)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.text == "")
    }

    @Test("faults come and go while it runs")
    func faults() async throws {
        let outcome = try await Program.irsock.run(
            "simulate", "--run",
            """
            "\(Self.irsock)" fault add lose 10 Phone
            "\(Self.irsock)" fault add block
            "\(Self.irsock)" fault list
            "\(Self.irsock)" discover
            "\(Self.irsock)" fault remove 2
            "\(Self.irsock)" fault list --json
            "\(Self.irsock)" fault add block Nobody
            """)
        #expect(
            outcome.lines == [
                "1", "2", "NUMBER  FAULT", "1       lose 10 Phone", "2       block", "[", "  {", "    \"number\" : 1,",
                "    \"rule\" : \"lose 10 Phone\"", "  }", "]",
            ])
        #expect(
            outcome.errorLines == [
                "No infrared device is in range.",
                "Error: cannot add the fault 'block Nobody': there is no station 'Nobody'; known are: "
                    + "IrSock, Phone, Printer, Dive Computer (WSAEINVAL 10022). "
                    + "See irsock fault add --help.",
            ])
    }

    @Test("programs that are killed leave no descriptor behind in it")
    func descriptors() async throws {
        let outcome = try await Program.irsock.run(
            "simulate", "--run",
            """
            mkfifo "$IRSOCK_RUNTIME_DIR/quiet"
            exec 3<>"$IRSOCK_RUNTIME_DIR/quiet"
            count() { ls /proc/$PPID/fd | wc -l; }
            "\(Self.irsock)" discover >/dev/null
            before=$(count)
            for pause in 0 0.02 0.05 0.1 0.2 0.3; do
                "\(Self.irsock)" listen irda Inbox 2>/dev/null & listener=$!
                "\(Self.irsock)" connect irda Printer/Paper <"$IRSOCK_RUNTIME_DIR/quiet" 2>/dev/null & caller=$!
                sleep $pause
                kill -KILL $listener $caller
                wait $listener $caller 2>/dev/null
            done
            until [ "$(count)" -le "$before" ]; do :; done
            rm "$IRSOCK_RUNTIME_DIR/quiet"
            echo nothing left
            """)
        #expect(outcome.lines.last == "nothing left", "\(outcome.errors)")
    }

    @Test("status shows the station and what it has counted, for people and for machines")
    func status() async throws {
        let outcome = try await Program.irsock.run(
            "simulate", "--run",
            "\"\(Self.irsock)\" discover; \"\(Self.irsock)\" status; \"\(Self.irsock)\" status --json")
        #expect(outcome.exitCode == 0)
        #expect(outcome.lines.contains { $0.hasPrefix("STATION  ADDRESS") })
        #expect(outcome.lines.contains { $0.hasPrefix("discoveries") })
        #expect(outcome.lines.contains("  \"medium\" : \"simulation\","))
    }

    @Test("SIGTERM and Ctrl-C end it in good order", arguments: [15, 2] as [Int32])
    func stops(number: Int32) async throws {
        let scratch = try Scratch()
        let (exitCode, errors, line) = try await Program.shell.untilSignalled(
            ["-c", "IRSOCK_RUNTIME_DIR=\"$1\" exec \"$0\" simulate", Self.irsock, scratch.path],
            by: number == 2 ? .interrupt : .terminate
        ) { lines in
            try await lines.next() ?? ""
        }
        #expect(line == "Ready: IrSock, Phone, Printer, Dive Computer (IRSOCK_RUNTIME_DIR=\(scratch.path))")
        #expect(exitCode == 0)
        #expect(errors == "")
    }

    @Test("the example of the documentation works as it stands there")
    func example() async throws {
        let scratch = try Scratch()
        let page = try Scratch.contents(of: Program.projectFile("docs/scenarios.md"))
        let block = try #require(page.firstMatch(of: /```yaml\n((?:.*\n)*?)```/)?.1)
        let room = try scratch.write(String(block), as: "room.yaml")
        let outcome = try await Program.irsock.run(
            "simulate", room, "--run",
            """
            echo hello | "\(Self.irsock)" connect irda Phone/Echo
            echo hello | "\(Self.irsock)" connect irda Phone/lsap:32
            """)
        #expect(outcome.text == "hello\ngot:hello\n", "\(outcome.errors)")
        #expect(outcome.exitCode == 0)
    }

    @Test(
        "a room that cannot be opened leaves nothing behind",
        arguments: [
            ["--capture", "/nonexistent/a"], ["--add", "a/b", "--add", "a_b"],
            ["--add", String(repeating: "long", count: 30)],
        ])
    func failsToStart(arguments: [String]) async throws {
        let scratch = try Scratch()
        let outcome = try await Program.shell.run(
            [
                "-c", #"export IRSOCK_RUNTIME_DIR="$1"; shift; "$@"; echo $?; ls -A "$IRSOCK_RUNTIME_DIR""#, "sh",
                scratch.path,
            ]
                + [Self.irsock, "simulate"] + arguments)
        #expect(outcome.lines == ["1"], "\(outcome.text) \(outcome.errors)")
    }

    @Test("a second room that cannot be opened leaves the first one as it was")
    func second() async throws {
        let outcome = try await Program.irsock.run(
            "simulate", "--run",
            """
            "\(Self.irsock)" simulate
            echo $?
            "\(Self.irsock)" query Phone Device DeviceName >/dev/null
            echo $?
            """)
        #expect(outcome.lines == ["1", "0"], "\(outcome.errors)")
    }

    @Test("without a service, commands say where they looked")
    func nobody() async throws {
        let outcome = try await Program.irsock.run("status")
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.hasPrefix("Error: cannot find an IrSock service: no service in "))
        let chosen = try await Program.irsock.run("discover", "--provider", "service")
        #expect(chosen.exitCode == 1)
        #expect(chosen.errors.contains("irda-service: no service in "))
        #expect(chosen.errors.contains("irda-kernel: not chosen; the provider is service"))
    }
}
