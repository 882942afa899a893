import ArgumentParser
import IrDASimulation
import IrDAStation

/// The options of commands that can work on the simulated medium.
struct SimulationOptions: ParsableArguments {
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
            "How fast simulated time runs: 1 is real time, 10 is ten times as fast; 'max' jumps over every wait.",
            valueName: "factor"))
    var speed = SpeedArgument(speed: .maximum)

    @OptionGroup var plugins: PluginOptions

    /// Whether there is a medium to simulate.
    var isSimulating: Bool { simulate || scenario != nil }

    func validate() throws {
        if simulate && scenario != nil {
            throw ValidationError("--simulate is the built-in room and --scenario your own; give one of them.")
        }
        if !isSimulating && (seed != nil || capture != nil) {
            throw ValidationError("--seed and --capture are for the simulated medium: add --simulate or --scenario.")
        }
    }
}

/// A speed as people write it.
struct SpeedArgument: ExpressibleByArgument {
    let speed: Speed

    init(speed: Speed) {
        self.speed = speed
    }

    init?(argument: String) {
        if argument == "max" {
            speed = .maximum
        } else if let factor = Double(argument), factor.isFinite, factor > 0 {
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
