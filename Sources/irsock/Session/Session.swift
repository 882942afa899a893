import Glibc
import InternetBackend
import IrDABackend
import IrDASimulation
import IrDAStation
import SocketBackends
import Winsock

/// The time since 1970.
var timeOfDay: Duration {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
}

/// What a command works with: a Winsock runtime with every family that there is, and the simulated medium if one is wanted.
struct Session {
    let winsock: Winsock
    /// The simulated medium; nil if none was asked for.
    let host: StationHost?
    /// The ways to an infrared port, in the order in which they are asked.
    private let providers: [any IrDAProvider]
    /// What is put away however the command ends.
    let cleanUp = CleanUp()

    /// Runs a command's work in a session and puts everything away afterwards, also when the work fails or Ctrl-C is pressed.
    static func run<Result>(_ options: SimulationOptions, _ work: (Session) throws -> Result) throws -> Result {
        let interruption = Interruption()
        let session = try Session(options)
        interruption.begin { [host = session.host, cleanUp = session.cleanUp] in
            cleanUp.run()
            try? host?.close(patience: .zero)
        }
        let result = Swift.Result { try work(session) }
        interruption.letFinish()
        session.cleanUp.run()
        try session.close()
        return try result.get()
    }

    private init(_ options: SimulationOptions) throws {
        let registry = try AddressFamilyRegistry([InternetBackend(version: .v4), InternetBackend(version: .v6)])
        let simulated: any IrDAProvider
        if options.isSimulating {
            let scenario = try options.scenario.map { try ScenarioFile.load(path: $0) } ?? .livingRoom
            var (simulation, local, _) = try scenario.makeSimulation(seed: options.seed)
            simulation.observedStation = local
            let host = StationHost(
                simulation, speed: options.speed.speed,
                capture: try options.capture.map { try CaptureFile(path: $0, epoch: timeOfDay) })
            simulated = try StationProvider(host, station: local)
            self.host = host
        } else {
            simulated = UnavailableProvider(
                name: "simulation", reason: "not enabled; add --simulate, or --scenario with a file")
            host = nil
        }
        let chosen = try options.chosenProvider()
        providers = ProviderName.allCases.map { name -> any IrDAProvider in
            switch name {
            case _ where chosen != nil && chosen != name:
                UnavailableProvider(
                    name: name.rawValue, reason: "not chosen; the provider is \(chosen?.rawValue ?? "")")
            case .kernel: KernelProvider()
            case .service: ServiceProvider(station: options.station)
            case .simulation: simulated
            }
        }
        for provider in providers { try registry.register(IrDABackend(provider: provider)) }
        for backend in BuiltInFamilies.all { try registry.register(backend) }
        try options.plugins.register(in: registry)
        winsock = try Winsock(registry: registry)
        _ = try winsock.startup()
    }

    /// The way to the infrared port by which sockets go, for what they cannot say: messages with boundaries, data without
    /// TinyTP, hints.
    ///
    /// - Parameter operation: what it is for.
    /// - Throws: WSAEAFNOSUPPORT with all reasons if there is none.
    func infrared(for operation: String) throws(SocketError) -> any IrDAProvider {
        var reasons: [String] = []
        for provider in providers {
            switch provider.availability {
            case .available: return provider
            case .unavailable(let reason): reasons.append("\(provider.name): \(reason)")
            }
        }
        throw SocketError(.WSAEAFNOSUPPORT, operation: operation, reason: reasons.joined(separator: "; "))
    }

    /// How much time has passed, from some moment on, where the infrared light is: on the simulated medium, or here.
    var time: Duration {
        get throws { try host?.elapsed ?? timeOfDay }
    }

    private func close() throws {
        try? winsock.cleanup()
        guard let host else { return }
        try host.close()
        if let error = try host.captureError { throw error }
    }
}
