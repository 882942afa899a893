import Glibc
import InternetBackend
import IrDABackend
import IrDASimulation
import IrDAStation
import SocketBackends
import Winsock

/// What a command works with: a Winsock runtime with every family that there is, and the simulated medium if one is wanted.
struct Session {
    let winsock: Winsock
    /// The simulated medium; nil if none was asked for.
    let host: SimulationHost?

    /// Runs a command's work in a session and puts everything away afterwards, also when the work fails or Ctrl-C is pressed.
    static func run<Result>(_ options: SimulationOptions, _ work: (Session) throws -> Result) throws -> Result {
        let interruption = Interruption()
        let session = try Session(options)
        interruption.begin { [host = session.host] in try? host?.close(patience: .zero) }
        let result = Swift.Result { try work(session) }
        interruption.letFinish()
        try session.close()
        return try result.get()
    }

    private init(_ options: SimulationOptions) throws {
        let registry = try AddressFamilyRegistry([InternetBackend(version: .v4), InternetBackend(version: .v6)])
        if options.isSimulating {
            let scenario = try options.scenario.map { try ScenarioFile.load(path: $0) } ?? .livingRoom
            var (simulation, local, _) = try scenario.makeSimulation(seed: options.seed)
            simulation.observedStation = local
            let host = SimulationHost(
                simulation, speed: options.speed.speed,
                capture: try options.capture.map { try CaptureFile(path: $0, epoch: Self.timeOfDay) })
            try registry.register(IrDABackend(provider: try SimulationProvider(host, station: local)))
            self.host = host
        } else {
            let provider = UnavailableProvider(
                name: "simulation", reason: "not enabled; add --simulate, or --scenario with a file")
            try registry.register(IrDABackend(provider: provider))
            host = nil
        }
        for backend in BuiltInFamilies.all { try registry.register(backend) }
        try options.plugins.register(in: registry)
        winsock = try Winsock(registry: registry)
        _ = try winsock.startup()
    }

    /// The time since 1970.
    private static var timeOfDay: Duration {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    }

    private func close() throws {
        try? winsock.cleanup()
        guard let host else { return }
        try host.close()
        if let error = try host.captureError { throw error }
    }
}
