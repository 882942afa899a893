import SystemPackage
import Testing

/// Failures that are nobody's wrong usage: one sentence on standard error, and exit code 1.
@Suite(.serialized, .timeLimit(.minutes(1))) struct FailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let message: String

        init(_ arguments: String..., message: String) {
            self.arguments = arguments
            self.message = message
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static let notEnabled =
        "irda-kernel: not chosen; the provider is simulation; irda-service: not chosen; the provider is simulation; "
        + "irda-simulation: not enabled; add --simulate, or --scenario with a file (WSAEAFNOSUPPORT 10047)"
    private static let howToWrite = "Write host and port, as in 127.0.0.1:27015 or localhost:80."

    static let families = [
        Case("discover", "--provider", "simulation", message: "cannot make a stream socket of irda: \(notEnabled)"),
        Case(
            "connect", "irda", "Phone/Echo", "--provider", "simulation",
            message: "cannot make a stream socket of irda: \(notEnabled)"),
        Case(
            "query", "Phone", "Device", "DeviceName", "--provider", "simulation",
            message: "cannot read 'Phone/lsap:1' as an address of irda: \(notEnabled)"),
        Case(
            "connect", "ipx", "1",
            message: "cannot use the address family 'ipx': there is no such family (WSAEAFNOSUPPORT 10047). "
                + "Registered are: inet, inet6, irda, unix, vsock."),
        Case(
            "listen", "", "1",
            message: "cannot use the address family '': there is no such family (WSAEAFNOSUPPORT 10047). "
                + "Registered are: inet, inet6, irda, unix, vsock."),
    ]

    static let addresses = [
        Case(
            "connect", "inet", "localhost",
            message:
                "cannot read 'localhost' as an address of inet: the port is missing (WSAEINVAL 10022). \(howToWrite)"),
        Case(
            "connect", "inet", "127.0.0.1:65536",
            message:
                "cannot read '127.0.0.1:65536' as an address of inet: port 65536 is above 65535 (WSAEINVAL 10022). "
                + howToWrite),
        Case(
            "connect", "inet", "[::1]:80",
            message:
                "cannot read '[::1]:80' as an address of inet: brackets are for IPv6 (WSAEINVAL 10022). \(howToWrite)"),
        Case(
            "connect", "inet", "127.0.0.1:0",
            message:
                "cannot connect to 127.0.0.1:0: port 0 is no port (WSAEADDRNOTAVAIL 10049). Pass the server's port."),
        Case(
            "connect", "irda", "Phone/", "--simulate",
            message: "cannot read 'Phone/' as an address of irda: '' is not a service name of 1 to 24 bytes "
                + "(WSAEINVAL 10022). Write DEVICE/SERVICE, as in Phone/OBEX, 0x9ABCDEF1/OBEX or Phone/lsap:3."),
        Case(
            "connect", "irda", "Phone/lsap:128", "--simulate",
            message: "cannot read 'Phone/lsap:128' as an address of irda: 'lsap:128' is not a service name of 1 to 24 "
                + "bytes (WSAEINVAL 10022). Write DEVICE/SERVICE, as in Phone/OBEX, 0x9ABCDEF1/OBEX or Phone/lsap:3."),
    ]

    static let files = [
        Case("demo", "/no/such/file", message: "cannot read '/no/such/file': No such file or directory."),
        Case("demo", "/", message: "cannot read '/': Is a directory."),
        Case("demo", "/proc/self/mem", message: "cannot read '/proc/self/mem': Input/output error."),
        Case(
            "discover", "--simulate", "--capture", "/no/such/directory/file",
            message: "the capture '/no/such/directory/file' cannot be created: No such file or directory (errno 2); "
                + "make its directory first, or choose another"),
        Case(
            "discover", "--scenario", "/no/such/file",
            message: "/no/such/file: the scenario cannot be read: No such file or directory; check the path and its "
                + "permissions"),
    ]

    @Test("One sentence says what and why", arguments: families + addresses + files)
    func sentence(failure: Case) async throws {
        let outcome = try await Program.irsock.run(failure.arguments)
        #expect(outcome.output == Bytes())
        #expect(outcome.errors == "Error: \(failure.message)\n")
        #expect(outcome.exitCode == 1)
    }

    @Test("An unknown device is a failure that lists those in range")
    func unknownDevice() async throws {
        let scratch = try Scratch()
        let room = try scratch.room("{class: Echo, behaviour: echo}")
        for arguments in [["query", "Fone", "Device", "DeviceName"], ["connect", "irda", "Fone/Echo"]] {
            let outcome = try await Program.irsock.run(arguments + ["--scenario", room])
            #expect(outcome.output == Bytes())
            #expect(
                outcome.errors == """
                    Error: cannot find the infrared device 'Fone': no device in range has this name \
                    (WSAHOST_NOT_FOUND 11001). In range: Phone (0x9ABCDEF1).

                    """)
            #expect(outcome.exitCode == 1)
        }
    }

    @Test(
        "A device that is not there, and a service that it does not have",
        arguments: [
            (
                "0x00000001/Echo",
                "cannot connect to 0x00000001/Echo: the device does not answer (WSAETIMEDOUT 10060). "
                    + "Bring it into range, facing the port, and discover again: its address changes when it restarts."
            ),
            (
                "Phone/Eco",
                "cannot connect to 0x9ABCDEF1/Eco: the device offers no such service (WSAECONNREFUSED 10061). "
                    + "Ask it what it offers: irsock query DEVICE CLASS IrDA:TinyTP:LsapSel."
            ),
        ])
    func noSuchService(address: String, message: String) async throws {
        let scratch = try Scratch()
        let room = try scratch.room("{class: Echo, behaviour: echo}")
        let outcome = try await Program.irsock.run("connect", "irda", address, "--scenario", room)
        #expect(outcome.output == Bytes())
        #expect(outcome.errors == "Error: \(message)\n")
        #expect(outcome.exitCode == 1)
    }

    @Test("A scenario that is none is named by file, line and column")
    func malformedScenario() async throws {
        let scratch = try Scratch()
        let room = try scratch.write("devices:\n  - name: Phone\n    adress: 1\n", as: "room.yaml")
        for command in [["discover"], ["families"], ["connect", "irda", "Phone/Echo"], ["demo", room]] {
            let outcome = try await Program.irsock.run(command + ["--scenario", room], in: scratch.path)
            #expect(outcome.output == Bytes())
            #expect(
                outcome.errors == """
                    Error: \(room):3:5: there is no key 'adress' in a device; did you mean 'address'? Known are: \
                    name, address, hints, position, parameters, services, objects

                    """)
            #expect(outcome.exitCode == 1)
        }
    }

    @Test func aFullDiskEndsTheCapture() async throws {
        let outcome = try await Program.irsock.run("discover", "--simulate", "--capture", "/dev/full")
        #expect(
            outcome.errors == """
                Error: the capture '/dev/full' cannot be written: No space left on device (errno 28); free some space; \
                what was captured before is whole

                """)
        #expect(outcome.exitCode == 1)
    }

    @Test("What could not be written was not said", arguments: ["families", "rules --json", "discover --simulate"])
    func fullDevice(command: String) async throws {
        let outcome = try await Program.shell.run(
            "-c", "\"$0\" \(command) >/dev/full", Program.irsockPath.string)
        #expect(outcome.errors == "Error: cannot write standard output: No space left on device.\n")
        #expect(outcome.exitCode == 1)
    }
}
