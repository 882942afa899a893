import Testing

/// One line that a script prints: what it tried, and what is to come of it.
struct Row: Sendable {
    let name: String
    let expected: String
    /// What a kernel's AF_IRDA answered, where this library answers something else on purpose (docs/testing-with-irsock.md).
    let kernel: String?

    init(_ name: String, _ expected: String, kernel: String? = nil) {
        self.name = name
        self.expected = expected
        self.kernel = kernel
    }
}

/// Runs a script of Tests/AFIrDAPreloadTests/Programs in a room, and compares what it prints with a table, row by row.
func check(
    _ script: String, _ arguments: [String] = [], against table: [Row], in room: Room, station: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let outcome = try await room.run(["python3", Room.program(script)] + arguments, station: station)
    check(outcome, against: table, sourceLocation: sourceLocation)
}

/// Compares what a script has printed with a table, row by row.
func check(_ outcome: Room.Outcome, against table: [Row], sourceLocation: SourceLocation = #_sourceLocation) {
    var answers: [String: String] = [:]
    for line in outcome.text.split(separator: "\n") {
        let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        answers[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    for row in table {
        let answer = answers.removeValue(forKey: row.name)
        #expect(answer == row.expected, "\(row.name)", sourceLocation: sourceLocation)
    }
    #expect(answers.isEmpty, "rows without an expectation", sourceLocation: sourceLocation)
    #expect(outcome.errors == "", sourceLocation: sourceLocation)
    #expect(outcome.exitCode == 0, sourceLocation: sourceLocation)
}
