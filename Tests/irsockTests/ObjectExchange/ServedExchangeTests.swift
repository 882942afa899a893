import Testing

/// Commands, and a program that knows nothing of them, on stations of one simulated medium that another process serves.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ServedExchangeTests {
    private let scratch: Scratch
    private let inbox: Scratch
    private let content = Bytes.random(50_000, seed: 13)

    init() throws {
        scratch = try Scratch()
        inbox = try Scratch()
        _ = try scratch.write("hello", as: "hello.txt")
        _ = try scratch.write(content, as: "large.bin")
    }

    /// Runs a script in a room with the stations laptop and pda. In it `await WORDS` waits until what follows succeeds.
    private func inRoom(_ script: String, scenario: String = "devices: []") async throws -> Outcome {
        let prelude = """
            irsock='\(Program.irsockPath)'
            inbox='\(inbox.path)'
            cd '\(scratch.path)' || exit 9
            await() {
                tries=0
                until "$@"; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 8; sleep 0.1; done
            }
            seen() { "$irsock" discover --station laptop | grep -q "$1"; }

            """
        let room = try scratch.write(scenario, as: "room.yaml")
        let file = try scratch.write(prelude + script, as: "script.sh")
        return try await Program.irsock.run(
            "simulate", room, "--add", "laptop", "--add", "pda", "--run", "sh '\(file)'")
    }

    private func expectAllReceived() async throws {
        #expect(try Scratch.contents(of: inbox.file("hello.txt")) == "hello")
        #expect(try await Program.shell.run("-c", "cat '\(inbox.file("large.bin"))'").output == content)
    }

    @Test("One command sends to another, which is found by its hint and told who sends")
    func twoCommands() async throws {
        let outcome = try await inRoom(
            """
            "$irsock" receive --station pda --into "$inbox" --count 2 2> log & receiver=$!
            await grep -q Receiving log
            await seen 'pda.*OBEX'
            "$irsock" send hello.txt large.bin --station laptop || exit 7
            wait $receiver
            """)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("large.bin: 50000 bytes from laptop (0x"), "\(outcome.text)")
        #expect(outcome.text.contains("large.bin: 50000 bytes to pda, "), "\(outcome.text)")
        try await expectAllReceived()
    }

    @Test("Debian's ircp, unmodified, sends to us")
    func fromIrcp() async throws {
        let outcome = try await inRoom(
            """
            command -v ircp > /dev/null || { echo 'apt-get install openobex-apps' >&2; exit 6; }
            "$irsock" receive --station pda --into "$inbox" --count 2 2> log & receiver=$!
            await grep -q Receiving log
            "$irsock" run --station laptop -- ircp hello.txt large.bin || exit 7
            wait $receiver
            """)
        #expect(outcome.exitCode == 0, "\(outcome.errors) \(outcome.text)")
        try await expectAllReceived()
    }

    @Test("We send to Debian's ircp, unmodified")
    func toIrcp() async throws {
        let outcome = try await inRoom(
            """
            command -v ircp > /dev/null || { echo 'apt-get install openobex-apps' >&2; exit 6; }
            (cd "$inbox" && exec "$irsock" run --station pda -- ircp -r) > log 2>&1 & receiver=$!
            await "$irsock" send hello.txt large.bin --to pda --station laptop
            wait $receiver
            """)
        #expect(outcome.exitCode == 0, "\(outcome.errors) \(outcome.text)")
        try await expectAllReceived()
    }

    @Test("A serial port and a printer behind the service's light")
    func portAndPrinter() async throws {
        let outcome = try await inRoom(
            """
            await seen Thing
            "$irsock" tty Thing --station laptop > path 2> log & terminal=$!
            await test -s path
            exec 3<> "$(cat path)"
            printf 'AT+IPR?\\r' >&3
            await sh -c 'dd bs=100 count=1 <&3 2> /dev/null >> answer; grep -q OK answer'
            kill -INT $terminal; wait $terminal; echo "ended with $?"
            "$irsock" print Thing hello.txt --station laptop
            tr -d '\\r' < answer
            """,
            scenario: """
                devices:
                  - name: Thing
                    services:
                      - {class: 'IrDA:IrCOMM', behaviour: modem}
                      - {class: IrLPT, behaviour: printer}
                """)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.lines.prefix(2) == ["ended with 130", "hello.txt: 5 bytes to Thing"], "\(outcome.text)")
        #expect(outcome.text.contains("+IPR: 9600\n"), "\(outcome.text)")
    }
}
