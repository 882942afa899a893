import FoundationEssentials
import SystemPackage
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct PortCommandTests {
    /// A listening socket, and whoever connects to it gets back what it sends.
    private static let mirror = """
        import socket, sys
        server = socket.socket(socket.AF_UNIX)
        server.bind(sys.argv[1])
        server.listen()
        print("listening", flush=True)
        connection = server.accept()[0]
        while data := connection.recv(4096): connection.sendall(data)
        """

    @Test("What comes back of one's own light is told, for people, for machines, and for a report without names")
    func probe() async throws {
        let scratch = try Scratch()
        let light = scratch.file("light")
        let report = scratch.file("report.json")
        let (_, _, outcome) = try await Program.python.untilSignalled(["-c", Self.mirror, light]) { lines in
            _ = try await lines.next()
            return try await Program.irsock.run(["probe", "--port", "unix:\(light)", "--report", report])
        }
        #expect(outcome.exitCode == 0)
        #expect(outcome.lines.last == "raw   done    whole at 9600  whole at 115200     -")
        #expect(outcome.errorLines.last == "Its light came back whole at full speed as raw. Use that as --dongle.")
        let text = try Scratch.contents(of: report)
        #expect(text.contains("\"port\" : \"unix\"") && text.contains("\"state\" : \"whole\""))
        #expect(!text.contains(light))
    }

    @Test("A program speaks plain serial by light, until Ctrl-C takes its terminal away")
    func raw() async throws {
        let scratch = try Scratch()
        let script = """
            import os, signal, socket, subprocess, sys
            program, light, link = sys.argv[1:]
            server = socket.socket(socket.AF_UNIX)
            server.bind(light)
            server.listen()
            raw = subprocess.Popen([program, "raw", "--port", "unix:" + light, "--link", link],
                                   stdout=subprocess.PIPE, text=True)
            connection = server.accept()[0]
            path = raw.stdout.readline().strip()
            assert os.path.realpath(link) == path, path
            terminal = os.open(link, os.O_RDWR | os.O_NOCTTY)
            os.write(terminal, b"hello")
            assert connection.recv(5, socket.MSG_WAITALL) == b"hello"
            connection.sendall(b"light")
            assert os.read(terminal, 5) == b"light"
            raw.send_signal(signal.SIGINT)
            assert raw.wait() == 130, raw.returncode
            assert not os.path.lexists(link)
            assert connection.recv(1) == b""
            """
        let outcome = try await Program.python.run(
            "-c", script, Program.irsockPath.string, scratch.file("light"), scratch.file("terminal"))
        #expect(outcome.errors == "" || outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.exitCode == 0)
    }

    @Test(
        "What cannot be used is explained in a sentence",
        arguments: [
            (["probe", "--port", "ttyUSB0"], 64, "Write serial:/dev/ttyUSB0, usb, unix:PATH or tcp:HOST:PORT"),
            (
                ["raw", "--port", "serial:/dev/ttyS0", "--dongle", "none"], 64,
                "there is no dongle kind 'none'; there are: raw"
            ),
            (["raw", "--port", "unix:/nonexistent/light"], 1, "cannot open unix:/nonexistent/light: No such file"),
            (["raw", "--port", "serial:/dev/ttyS0", "--dongle", "belkin"], 1, "The dongle does not have 115200 bit/s"),
            (["raw", "--port", "tcp:localhost:1", "--dongle", "esi"], 1, "a stream has no control lines"),
            (["probe", "--port", "serial:/dev/null"], 1, "/dev/null is not a terminal"),
            (["serve", "--port", "usb,quirk=none"], 64, "no adapter has a quirk 'none'"),
            (["serve", "--port", "usb:9-9.9,quirk=modem-lines"], 1, "no infrared adapter is plugged in at 9-9.9"),
            (["probe", "--port", "usb:9-9"], 1, "No USB device is plugged in at 9-9"),
            (["probe", "--port", "usb", "--dongle", "esi"], 64, "A USB adapter has no dongle"),
            (["raw", "--port", "usb"], 1, "USB adapters send whole frames of IrDA, and no bare light"),
        ])
    func mistakes(arguments: [String], exitCode: Int32, sentence: String) async throws {
        let outcome = try await Program.irsock.run(arguments)
        #expect(outcome.exitCode == exitCode)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    @Test("Every quirk of an adapter is in the help", arguments: ["serve", "adapters"])
    func quirks(command: String) async throws {
        let outcome = try await Program.irsock.run(command, "--help")
        #expect(outcome.exitCode == 0)
        for quirk in ["modem-lines", "slow-receive", "long-turnaround", "speed-length", "drop-repeats", "sir-only"] {
            #expect(outcome.text.contains("quirk=\(quirk): "), "\(quirk)")
        }
        #expect(outcome.text.contains("firmware=FILE"))
    }

    @Test("Adapters are listed, also if there are none")
    func adapters() async throws {
        struct Adapter: Decodable {
            var description: String
            var advice: String
            var quirks: [String]
        }
        let outcome = try await Program.irsock.run("adapters", "--json")
        #expect(outcome.exitCode == 0)
        let adapters = try JSONDecoder().decode([Adapter].self, from: Data(outcome.output.bytes))
        #expect(adapters.allSatisfy { !$0.description.isEmpty && !$0.advice.isEmpty })
        #expect(try await Program.irsock.run("adapters").exitCode == 0)
    }
}
