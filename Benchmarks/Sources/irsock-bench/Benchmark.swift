/// Something that can be measured.
protocol Benchmark: Sendable {
    /// What `--filter` looks at.
    var name: String { get }
    /// Measures, and reports each figure as soon as it is known.
    func run(report: (Figure) -> Void) throws
}

/// Why something could not be measured.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
