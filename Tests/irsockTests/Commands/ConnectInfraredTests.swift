import IrDASimulation
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct ConnectInfraredTests {
    @Test("What goes to a phone that echoes comes back the same", arguments: [0, 1, 100_000])
    func echo(size: Int) async throws {
        let bytes = Bytes.random(size, seed: 3)
        let outcome = try await Program.irsock.run(["connect", "irda", "Phone/Echo", "--simulate"], input: bytes)
        #expect(outcome.output == bytes)
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test(
        "A service may be any program",
        arguments: [
            // It never ends the connection; the command leaves when nothing comes any more.
            ("cat", "some text\n", "some text\n"),
            ("head -c 9", "some text\nand more", "some text"),
            ("head -n 1 | tr a-z A-Z | sed s/T/t/g", "some text\n", "SOME tEXt\n"),
            ("echo first; echo second >&2", "", "first\n"),
        ])
    func program(command: String, input: String, output: String) async throws {
        let scratch = try Scratch()
        let room = try scratch.room("{class: Program, behaviour: 'exec:\(command)'}")
        let outcome = try await Program.irsock.run(
            ["connect", "irda", "Phone/Program", "--scenario", room, "--quit-after", command == "cat" ? "3" : "30"],
            input: Bytes(Array(input.utf8)))
        #expect(outcome.text == output)
        #expect(outcome.errors == (command.contains("&2") ? "second\n" : ""))
        #expect(outcome.exitCode == 0)
    }

    @Test("A long stream goes through a program as through a pipe")
    func longStreamThroughProgram() async throws {
        let scratch = try Scratch()
        let bytes = Bytes.random(50_000, seed: 4)
        let room = try scratch.room("{class: Program, behaviour: 'exec:head -c \(bytes.count) | cat'}")
        let outcome = try await Program.irsock.run(
            ["connect", "irda", "0x9ABCDEF1/Program", "--scenario", room, "--quit-after", "30"], input: bytes)
        #expect(outcome.output == bytes)
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test("While data is still on its way, the peer's silence does not count")
    func silentTransfer() async throws {
        let scratch = try Scratch()
        let bytes = Bytes.random(100_000, seed: 12)
        let room = try scratch.room("{class: Program, behaviour: 'exec:head -c \(bytes.count) | wc -c'}")
        // Two seconds on the wall, twice as long as the command waits for a peer that says nothing.
        let outcome = try await Program.irsock.run(
            ["connect", "irda", "0x9ABCDEF1/Program", "--scenario", room, "--speed", "5"], input: bytes)
        #expect(outcome.text == "100000\n")
        #expect(outcome.exitCode == 0)
    }

    @Test("A source ends the connection, and the command ends with it", arguments: [0, 1, 10_000])
    func source(size: Int) async throws {
        let scratch = try Scratch()
        let room = try scratch.room("{class: Log, behaviour: 'source:\(size)', selector: 0x2A}")
        for service in ["Log", "lsap:42"] {
            let outcome = try await Program.irsock.run("connect", "irda", "Phone/\(service)", "--scenario", room)
            #expect(outcome.output == Bytes((0..<size).map { ServiceBehaviour.patternByte(at: $0) }))
            #expect(outcome.errors == "")
            #expect(outcome.exitCode == 0)
        }
    }

    @Test("What a peer has said before it left is not lost, whatever it has not read")
    func peerLeavesEarly() async throws {
        let scratch = try Scratch()
        let room = try scratch.room("{class: Program, behaviour: 'exec:head -c 5'}")
        // More than all buffers on the way hold.
        let bytes = Bytes.random(2_000_000, seed: 5)
        let outcome = try await Program.irsock.run(
            ["connect", "irda", "Phone/Program", "--scenario", room, "--quit-after", "30"], input: bytes)
        #expect(outcome.output == bytes.prefix(5))
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("WSAECONNRESET"))
        #expect(outcome.exitCode == 1)
    }

    @Test(
        "A command that has handed over all it had fails when the peer leaves before it has it",
        // All of it in the station, and part of it in the socket.
        arguments: [30_000, 100_000])
    func peerLeavesInBetween(size: Int) async throws {
        let scratch = try Scratch()
        let room = try scratch.room("{class: Program, behaviour: 'exec:head -c 5'}")
        // The light needs three seconds for it, or ten.
        let outcome = try await Program.irsock.run(
            ["connect", "irda", "Phone/Program", "--scenario", room, "--speed", "1"],
            input: Bytes.random(size, seed: 5))
        #expect(outcome.output.count == 5)
        #expect(outcome.errors.contains("ended the connection before it had the last "), "\(outcome.errors)")
        #expect(outcome.errors.contains(" bytes (WSAECONNRESET 10054). Send them again over a new connection"))
        #expect(outcome.exitCode == 1)
    }

    @Test("A command without input hears a program out that is slow between its words")
    func slowSpeaker() async throws {
        let scratch = try Scratch()
        let room = try scratch.room("{class: Program, behaviour: 'exec:echo one; sleep 1.5; echo two'}")
        let outcome = try await Program.irsock.run("connect", "irda", "Phone/Program", "--scenario", room)
        #expect(outcome.text == "one\ntwo\n")
        #expect(outcome.exitCode == 0)
    }

    @Test func aSinkSwallowsAll() async throws {
        let outcome = try await Program.irsock.run(
            ["connect", "irda", "Printer/Paper", "--simulate", "--verbose"], input: Bytes.random(20_000, seed: 6))
        #expect(outcome.output == Bytes())
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasSuffix("/Paper.\n"))
        #expect(outcome.errors.hasPrefix("Connected to 0x"))
        #expect(outcome.exitCode == 0)
    }

    @Test func theCaptureHasTheWholeSession() async throws {
        let scratch = try Scratch()
        let path = scratch.file("session.pcap")
        let outcome = try await Program.irsock.run(
            ["connect", "irda", "Phone/Echo", "--simulate", "--capture", path], input: Bytes.random(3000, seed: 7))
        #expect(outcome.exitCode == 0)
        try await Capture(path).expect(Capture.session(service: "Echo", data: ["Len=510", "Len=456"]))
    }
}
