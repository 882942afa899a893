/// What is wrong with the name or the options of a dongle: a clause for people.
public struct SerialDongleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The clause, without a full stop.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The options after a kind's name, taken out one by one by the kind that knows them.
struct SerialDongleOptions {
    private let kind: SerialDongleKind
    private var values: [String: String] = [:]

    init(_ texts: some Sequence<String>, of kind: SerialDongleKind) throws(SerialDongleError) {
        self.kind = kind
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw SerialDongleError("'\(text)' is not an option of the form name=value")
            }
            guard values.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw SerialDongleError("the option '\(parts[0])' is given twice")
            }
        }
    }

    mutating func choice<Value>(_ name: String, _ choices: [String: Value]) throws(SerialDongleError) -> Value? {
        guard let text = values.removeValue(forKey: name) else { return nil }
        guard let value = choices[text] else {
            throw SerialDongleError(
                "'\(name)=\(text)' is none of \(choices.keys.sorted().map { "\(name)=\($0)" }.joined(separator: ", "))")
        }
        return value
    }

    mutating func isOn(_ name: String) throws(SerialDongleError) -> Bool {
        try choice(name, ["on": true, "off": false]) ?? false
    }

    mutating func milliseconds(_ name: String) throws(SerialDongleError) -> Duration? {
        try number(name, in: 1...5000, of: "milliseconds").map { .milliseconds($0) }
    }

    mutating func rate(_ name: String) throws(SerialDongleError) -> Int? {
        try number(name, in: 300...4_000_000, of: "bit/s")
    }

    private mutating func number(
        _ name: String, in range: ClosedRange<Int>, of unit: String
    ) throws(SerialDongleError) -> Int? {
        guard let text = values.removeValue(forKey: name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw SerialDongleError(
                "'\(name)=\(text)' is not a number of \(unit) from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func checkAllUsed() throws(SerialDongleError) {
        guard let unknown = values.keys.min() else { return }
        let known = kind.options.map(\.usage).joined(separator: ", ")
        throw SerialDongleError(
            "\(kind.name) has no option '\(unknown)'" + (known.isEmpty ? " and no others" : "; it has \(known)"))
    }
}
