import ArgumentParser
import Glibc
import IrDAProtocol
import IrDAService
import IrDASimulation
import IrDAStation

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Host a simulated medium whose stations programs can use.",
        discussion: """
            Every station of the scenario can be used by programs, by its name: irsock run --station NAME. Two programs on two \
            stations talk to each other over simulated light; the devices of the scenario answer with their services.

              irsock simulate room.yaml
              irsock simulate --add phone --run 'irsock run -- obex_find irda'
              irsock simulate --add laptop --add pda --speed 1 --capture room.pcap

            Without a scenario the room has a phone, a printer and a dive computer. When it is ready one line on standard \
            output says so; it runs until SIGTERM or Ctrl-C. With --run it runs for the command, in a directory of its own so \
            that several can run at once, and ends with the command's exit code.
            """)

    @Argument(help: ArgumentHelp("A YAML file that describes the room (docs/scenarios.md).", valueName: "scenario"))
    var scenario: String?
    @Option(
        help: ArgumentHelp("Put a plain station with this name into the room; can be repeated.", valueName: "name"))
    var add: [String] = []
    @Option(
        help: ArgumentHelp(
            "How fast simulated time runs: 1 is real time; 'max' jumps over every wait in which no program has a part.",
            valueName: "factor"))
    var speed = SpeedArgument(speed: .maximum)
    @Option(help: ArgumentHelp("What all that is random follows from.", valueName: "n")) var seed: UInt64?
    @Option(
        help: ArgumentHelp(
            "Write what the scenario's own station sends and receives, for Wireshark.", valueName: "file"))
    var capture: String?
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "Run a shell command against the room, with the environment that leads its programs there.",
            valueName: "command"))
    var command: String?
    @OptionGroup var sharing: SharingOptions

    func run() throws {
        let signals = StopSignals()
        let access = try sharing.access()
        // Whatever happens from here on, nothing is left behind.
        let directory = try PrivateDirectory(isWanted: command != nil)
        defer { directory.remove() }
        var room = try scenario.map { try ScenarioFile.load(path: $0) } ?? .livingRoom
        room.devices += add.map { Scenario.Device(name: $0, hints: .computer) }
        var (simulation, local, _) = try room.makeSimulation(seed: seed)
        simulation.observedStation = local
        let stations = zip(simulation.stations, [room.station.name] + room.devices.map(\.station.name))
        let host = StationHost(
            simulation, speed: speed.speed, capture: try capture.map { try CaptureFile(path: $0, epoch: timeOfDay) })
        var servers: [ServiceServer] = []
        defer {
            for server in servers { try? server.stop() }
            try? host.close(patience: .zero)
        }
        let services = ServiceDirectory.standard
        for (id, name) in stations {
            servers.append(
                try ServiceServer.start(
                    host, station: id, path: services.socketPath(of: name), mediumName: "simulation", access: access))
        }
        // Another room's mark stays.
        let isMarked = services.standardStation.map { !services.stations.contains($0) } ?? true
        if isMarked { services.setStandardStation(room.station.name) }
        defer { if isMarked { services.setStandardStation(nil) } }

        let code: Int32
        if let command {
            code = try ShellCommand(command).wait(signals)
        } else {
            print("Ready: \(stations.map(\.1).joined(separator: ", ")) (IRSOCK_RUNTIME_DIR=\(services.path))")
            fflush(nil)
            signals.waitForStop()
            code = 0
        }
        for server in servers { try server.stop() }
        try host.close(patience: .seconds(5))
        if let error = try host.captureError { throw error }
        if code != 0 { throw ExitCode(code) }
    }
}

/// A directory for the sockets of one room alone, which the environment leads to.
private struct PrivateDirectory {
    private let path: String?

    init(isWanted: Bool) throws {
        guard isWanted else {
            path = nil
            return
        }
        // In /tmp whatever TMPDIR says: the path of a socket has 107 bytes at most.
        var template = Array("/tmp/irsock-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template).map({ String(cString: $0) }) else {
            throw Failure("cannot make a directory in /tmp: \(String(cString: strerror(errno))).")
        }
        path = made
        setenv("IRSOCK_RUNTIME_DIR", made, 1)
        unsetenv("IRSOCK_STATION")
    }

    func remove() {
        // It is empty by now, unless a program has put something there that is its own.
        if let path { rmdir(path) }
    }
}
