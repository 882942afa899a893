import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct TTYTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// What every script begins with: `start` runs irsock and gives its process and the open port; `talk` writes and reads.
    private static let prelude = """
        import os, select, signal, subprocess, sys, termios
        def start(*arguments):
            global process, path, port
            process = subprocess.Popen([sys.argv[1], "tty", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            path = process.stdout.readline().decode().strip()
            port = os.open(path, os.O_RDWR | os.O_NOCTTY)
        def read(enough):
            data = b""
            while not enough(data):
                if not select.select([port], [], [], 60)[0]: raise SystemExit(f"nothing more comes after {data}")
                data += os.read(port, 4096)
            return data
        def talk(text):
            os.write(port, text)
            return read(lambda data: data.endswith(b"OK\\r\\n"))
        def stop(number):
            process.send_signal(number)
            return process.wait()

        """

    private func run(_ script: String, _ arguments: String...) async throws -> Outcome {
        try await Program.python.run(["-c", Self.prelude + script, "\(Program.irsockPath)"] + arguments)
    }

    @Test("A program talks to a modem behind the air, at the speed that it sets, and Ctrl-C puts everything away")
    func modem() async throws {
        let link = scratch.file("modem")
        let capture = scratch.file("tty.pcap")
        let outcome = try await run(
            """
            start("--simulate", "--verbose", "--capture", sys.argv[3], "--link", sys.argv[2])
            print(os.readlink(sys.argv[2]) == path)
            print(talk(b"ATI\\r"))
            settings = termios.tcgetattr(port)
            settings[4] = settings[5] = termios.B115200
            settings[2] |= termios.CRTSCTS
            termios.tcsetattr(port, termios.TCSADRAIN, settings)
            print(talk(b"AT+IPR?\\r"))
            os.close(port)
            subprocess.run(["stty", "-F", path, "38400"], check=True)
            port = os.open(path, os.O_RDWR | os.O_NOCTTY)
            print(talk(b"AT+IPR?\\r"))
            print(stop(signal.SIGINT), os.path.lexists(sys.argv[2]))
            sys.stderr.write(process.stderr.read().decode())
            """, link, capture)
        #expect(
            outcome.lines == [
                "True", #"b'ATI\r\r\nSimulated modem\r\n\r\nOK\r\n'"#, #"b'AT+IPR?\r\r\n+IPR: 115200\r\n\r\nOK\r\n'"#,
                #"b'AT+IPR?\r\r\n+IPR: 38400\r\n\r\nOK\r\n'"#, "130 False",
            ], "\(outcome.errors)")
        #expect(outcome.errorLines.contains("lines of the other end: CTS DSR CD"), "\(outcome.errors)")
        let steps = Capture.session(service: "IrDA:IrCOMM", data: ["Clen=18", "Clen=15", "UserData: 4 bytes"])
        try await Capture(capture).expect(steps)
    }

    @Test("Through a loopback plug all bytes come back, and so do lines and breaks", arguments: ["9-wire", "3-wire"])
    func loopback(_ type: String) async throws {
        let room = try scratch.room("{class: 'IrDA:IrCOMM', behaviour: serial}")
        let outcome = try await run(
            """
            start("Phone", "--scenario", sys.argv[2], "--service-type", sys.argv[3], "--verbose")
            content = bytes(range(256)) * 80
            sent, back = 0, b""
            while len(back) < len(content):
                readable, writable, _ = select.select([port], [port] if sent < len(content) else [], [], 60)
                if writable: sent += os.write(port, content[sent:sent + 1000])
                if readable: back += os.read(port, 4096)
                if not readable and not writable: raise SystemExit(f"{len(back)} of {sent} came back")
            print(back == content)
            process.send_signal(signal.SIGUSR1)
            print(read(lambda data: data))
            print(stop(signal.SIGTERM))
            sys.stderr.write(process.stderr.read().decode())
            """, room, type)
        #expect(outcome.lines == ["True", #"b'\x00'"#, "143"], "\(outcome.errors)")
        #expect(outcome.errorLines.contains("connected, \(type)") && outcome.errorLines.contains("a break has come"))
        let lines = outcome.errorLines.filter { $0.hasPrefix("lines of the other end: ") }.map { $0.dropFirst(24) }
        // The plug shows our own lines: off while no program has the port open. A port without lines shows them on.
        #expect(lines.last == "CTS DSR CD" && lines.contains("none") == (type == "9-wire"), "\(outcome.errors)")
    }

    private static let rawPort =
        "{class: 'IrDA:IrCOMM', behaviour: printer, attributes: {Parameters: [0, 1, 1, 1, 1, 2]}}"

    /// What the frames with data show, and how much data each has. tshark knows IrLPT as such, and raw IrCOMM as plain IrLMP.
    private static func rawData(in capture: String) async throws -> (infos: [String], sizes: [Int]) {
        let infos = try await Capture(capture).tshark("-T", "fields", "-e", "_ws.col.Info")
        let sizes = infos.compactMap { info in
            let words = info.split(separator: " ")
            if info.hasPrefix("User Data: ") { return words.dropLast().last.flatMap { Int($0) } }
            return words.last.flatMap { $0.hasPrefix("Len=") ? Int($0.dropFirst(4)) : nil }
        }
        return (infos, sizes)
    }

    @Test("A raw port has data and nothing else")
    func raw() async throws {
        let capture = scratch.file("raw.pcap")
        let outcome = try await run(
            """
            start("--scenario", sys.argv[2], "--capture", sys.argv[3], "--verbose")
            os.write(port, b"hello")
            while b"hello" not in open(sys.argv[3], "rb").read(): select.select([], [], [], 0.05)
            print(stop(signal.SIGINT))
            sys.stderr.write(process.stderr.read().decode())
            """, try scratch.room(Self.rawPort), capture)
        #expect(outcome.lines == ["130"] && outcome.errorLines.contains("connected, 3-wire raw"), "\(outcome.errors)")
        #expect(try await Self.rawData(in: capture).sizes == [5])
    }

    @Test(
        "What cannot be done is said",
        arguments: [
            (
                ["tty", "Printer", "--simulate"],
                "Printer has no port behind infrared: no service IrDA:IrCOMM with Parameters."
            ),
            (["tty", "--simulate", "--service-type", "raw"], "Phone does not offer its port as raw."),
            (["tty", "--simulate", "--link", "/tmp"], "cannot make '/tmp' a link to /dev/pts/"),
            (
                ["print", "Dive Computer", "/etc/hostname", "--simulate"],
                "Dive Computer does not print: it has neither the service IrLPT nor IrDA:IrCOMM."
            ),
            (["print", "Printer", "/nonexistent", "--simulate"], "cannot read '/nonexistent'"),
            (["print", "Printer", "/etc/hostname"], "cannot "),
        ])
    func failures(_ arguments: [String], _ message: String) async throws {
        let outcome = try await Program.irsock.run(arguments)
        #expect(outcome.exitCode == 1 && outcome.text == "")
        #expect(outcome.errors.hasPrefix("Error: \(message)") && outcome.errorLines.count == 1, "\(outcome.errors)")
    }

    @Test(
        "Wrong usage is explained",
        arguments: [
            ["tty", "--format", "9N1", "--simulate"], ["tty", "--service-type", "5-wire", "--simulate"], ["print"],
        ])
    func usage(_ arguments: [String]) async throws {
        #expect(try await Program.irsock.run(arguments).exitCode == 64)
    }

    @Test(
        "A file goes to the printer whole, without TinyTP, by IrLPT and by raw IrCOMM", arguments: [0, 1, 30_000],
        ["{class: IrLPT, behaviour: printer}", Self.rawPort])
    func printing(_ size: Int, _ service: String) async throws {
        let file = try scratch.write(Bytes.random(size, seed: 7), as: "letter.ps")
        let capture = scratch.file("print.pcap")
        let outcome = try await Program.irsock.run(
            "print", "Phone", file, "--scenario", try scratch.room(service), "--capture", capture)
        #expect(outcome.text == "\(file): \(size) bytes to Phone\n" && outcome.exitCode == 0, "\(outcome.errors)")
        let (infos, sizes) = try await Self.rawData(in: capture)
        #expect(sizes.reduce(0, +) == size, "\(infos)")
        #expect(try await Capture(capture).tshark("-Y", "_ws.malformed") == [])
    }
}
