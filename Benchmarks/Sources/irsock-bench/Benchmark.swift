/// Something that can be measured.
protocol Benchmark: Sendable {
    /// What `--filter` looks at.
    var name: String { get }
    /// Whether it takes so long that it runs only where `--filter` asks for it.
    var isOnRequest: Bool { get }
    /// Measures, and reports each figure as soon as it is known.
    func run(report: (Figure) -> Void) throws
}

extension Benchmark {
    var isOnRequest: Bool { false }
}

/// Why something could not be measured.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
