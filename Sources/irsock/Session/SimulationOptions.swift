import ArgumentParser
import Glibc
import IrDASimulation
import IrDAStation

/// Which infrared a command works with: a station of the kernel's, of a service's, or of a simulated medium's of its own.
struct SimulationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Where infrared comes from: kernel, service or simulation. Without it, and without IRSOCK_PROVIDER in the \
            environment, they are asked in this order; --simulate and --scenario choose the simulation.
            """, valueName: "provider"))
    var provider: ProviderName?

    @Option(help: ArgumentHelp("The station to use, where services have several.", valueName: "name"))
    var station: String?

    @Flag(help: "Simulate infrared: a room with a phone, a printer and a dive computer.")
    var simulate = false

    @Option(
        help: ArgumentHelp("Simulate the room that this YAML file describes (docs/scenarios.md).", valueName: "file"))
    var scenario: String?

    @Option(help: ArgumentHelp("What all that is random on the simulated medium follows from.", valueName: "n"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Write what the local station sends and receives there, for Wireshark.", valueName: "file"))
    var capture: String?

    @Option(
        help: ArgumentHelp(
            "How fast simulated time runs: 1 is real time, 10 is ten times as fast, 10000 is the most; 'max' jumps over every wait.",
            valueName: "factor"))
    var speed = SpeedArgument(speed: .maximum)

    @OptionGroup var plugins: PluginOptions

    /// Whether there is a medium to simulate.
    var isSimulating: Bool { simulate || scenario != nil }

    /// The provider that is chosen by hand; nil leaves it to their order.
    func chosenProvider() throws -> ProviderName? {
        if isSimulating { return .simulation }
        if let provider { return provider }
        guard let text = getenv("IRSOCK_PROVIDER").map({ String(cString: $0) }), !text.isEmpty else { return nil }
        guard let provider = ProviderName(rawValue: text) else {
            throw Failure(
                "IRSOCK_PROVIDER is '\(text)', but must be one of \(ProviderName.allValueStrings.joined(separator: ", "))."
            )
        }
        return provider
    }

    func validate() throws {
        if simulate && scenario != nil {
            throw ValidationError("--simulate is the built-in room and --scenario your own; give one of them.")
        }
        if isSimulating, let provider, provider != .simulation {
            throw ValidationError("--simulate and --scenario are for the provider 'simulation', not '\(provider)'.")
        }
        if isSimulating && station != nil {
            throw ValidationError("--station is for services; a simulated medium of one's own has one station.")
        }
        if !isSimulating && (seed != nil || capture != nil) {
            throw ValidationError("--seed and --capture are for the simulated medium: add --simulate or --scenario.")
        }
    }
}

/// The providers of AF_IRDA, in the order in which they are asked.
enum ProviderName: String, CaseIterable, ExpressibleByArgument {
    case kernel, service, simulation
}

/// A speed as people write it.
struct SpeedArgument: ExpressibleByArgument {
    let speed: Speed

    /// Beyond it the clock would soon be at its end.
    private static let fastest = 10_000.0

    init(speed: Speed) {
        self.speed = speed
    }

    init?(argument: String) {
        if argument == "max" {
            speed = .maximum
        } else if let factor = Double(argument), factor > 0, factor <= Self.fastest {
            speed = .times(factor)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch speed {
        case .maximum: "max"
        case .times(let factor): "\(factor)"
        }
    }
}
