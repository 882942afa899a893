/// What is wrong with a scenario, and where.
///
/// One that was read from a file is described like a compiler's message: `room.yaml:12:5: there is no key 'adress' in a
/// device; …`. One that was built in code names the place instead: `devices[2].name: …`.
public struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A place in the text.
    public struct Position: Hashable, Sendable {
        /// The line, from 1.
        public var line: Int
        /// The column, from 1, counted in Unicode scalars.
        public var column: Int

        /// A place in the text.
        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// The file; nil for a scenario that was built in code.
    public internal(set) var file: String?
    /// Where in the file; nil where there is no such place, as for a file that cannot be read.
    public internal(set) var position: Position?
    /// Where in the scenario; empty for all of it.
    public let place: ScenarioPlace
    /// What is wrong, and what would be right.
    public let problem: String

    init(_ problem: String, file: String? = nil, at position: Position? = nil, place: ScenarioPlace = ScenarioPlace()) {
        self.problem = problem
        self.file = file
        self.position = position
        self.place = place
    }

    /// Where and what in one line.
    public var description: String {
        let whereabouts =
            switch (file, position) {
            case (let file?, let position?): "\(file):\(position.line):\(position.column): "
            case (nil, let position?): "\(position.line):\(position.column): "
            case (let file?, nil): "\(file): "
            case (nil, nil): place.steps.isEmpty ? "" : "\(place): "
            }
        return whereabouts + problem
    }
}

/// A place in a scenario, by the keys of the file format: `devices[2].services[0].class`.
public struct ScenarioPlace: Hashable, Sendable, CustomStringConvertible {
    /// One step on the way down.
    public enum Step: Hashable, Sendable {
        /// The value of a key.
        case key(String)
        /// An item of a list, from 0.
        case item(Int)
    }

    /// The way from the top.
    public let steps: [Step]

    init(_ steps: Step...) {
        self.steps = steps
    }

    private init(steps: [Step]) {
        self.steps = steps
    }

    /// The value of a key there.
    func at(_ key: String) -> ScenarioPlace { ScenarioPlace(steps: steps + [.key(key)]) }

    /// An item there.
    func at(_ item: Int) -> ScenarioPlace { ScenarioPlace(steps: steps + [.item(item)]) }

    /// The steps as they are written in a program.
    public var description: String {
        steps.enumerated().map { index, step in
            switch step {
            case .key(let key): index == 0 ? key : "." + key
            case .item(let item): "[\(item)]"
            }
        }.joined()
    }
}
