import Yams

/// A node of a scenario's text, and what can be read from it; whatever it is not is an error with its place.
struct ScenarioNode {
    private let node: Node

    init(_ node: Node) {
        self.node = node
    }

    /// Where the node begins.
    var position: ScenarioError.Position {
        node.mark.map(ScenarioError.Position.init) ?? ScenarioError.Position(line: 1, column: 1)
    }

    /// Where the nearest thing to a place begins that the text has.
    func position(of place: ScenarioPlace) -> ScenarioError.Position {
        var found = node
        for step in place.steps {
            let next: Node? =
                switch step {
                case .key(let key): found.mapping?.first { $0.key.scalar?.string == key }?.value
                case .item(let index): found.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                }
            guard let next else { break }
            found = next
        }
        return ScenarioNode(found).position
    }

    /// An error about this node: what is wanted, and what is there instead.
    func mismatch(_ wanted: String) -> ScenarioError {
        let there =
            switch node {
            case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string)'"
            case .mapping: "keys with values"
            case .sequence: "a list"
            case .alias: "an alias"
            }
        return ScenarioError("\(wanted), not \(there)", at: position)
    }

    /// The text of a scalar.
    func text(_ wanted: String) throws(ScenarioError) -> String {
        guard let scalar = node.scalar else { throw mismatch(wanted) }
        return scalar.string
    }

    /// The text of a scalar and whether it stood there without quotes; nil for other nodes.
    var scalar: (text: String, isPlain: Bool)? {
        node.scalar.map { ($0.string, $0.style == .plain) }
    }

    /// The items of a list; nil for other nodes.
    var items: [ScenarioNode]? { node.sequence.map { $0.map(ScenarioNode.init) } }

    /// The items of what must be a list.
    func items(_ wanted: String) throws(ScenarioError) -> [ScenarioNode] {
        guard let items else { throw mismatch(wanted) }
        return items
    }

    /// The pairs of what must be a mapping, with texts as keys.
    func pairs(_ wanted: String) throws(ScenarioError) -> [(key: String, keyNode: ScenarioNode, value: ScenarioNode)] {
        guard let mapping = node.mapping else { throw mismatch(wanted) }
        var pairs: [(String, ScenarioNode, ScenarioNode)] = []
        for (key, value) in mapping {
            let keyNode = ScenarioNode(key)
            pairs.append((try keyNode.text("a key must be a word"), keyNode, ScenarioNode(value)))
        }
        return pairs
    }

    /// The values of what must be a mapping, by keys that must all be among the known ones.
    ///
    /// - Parameter what: what the mapping describes, with its article.
    func fields<Key>(of what: String, _: Key.Type) throws(ScenarioError) -> [Key: ScenarioNode]
    where Key: RawRepresentable<String> & CaseIterable & Hashable {
        var fields: [Key: ScenarioNode] = [:]
        for (name, keyNode, value) in try pairs("\(what) must be keys with values") {
            guard let key = Key(rawValue: name) else {
                let ending = Suggestion.ending(for: name, among: Key.allCases.map(\.rawValue))
                throw ScenarioError("there is no key '\(name)' in \(what)\(ending)", at: keyNode.position)
            }
            fields[key] = value
        }
        return fields
    }

    // MARK: Numbers

    /// A whole number, decimal or hexadecimal with `0x`, that the type can hold.
    func integer<Number: FixedWidthInteger>(_ wanted: String) throws(ScenarioError) -> Number {
        guard let number = Number(scenarioText: try text(wanted)) else { throw mismatch(wanted) }
        return number
    }

    /// A finite decimal number.
    func number(_ wanted: String) throws(ScenarioError) -> Double {
        guard let number = Double(try text(wanted)), number.isFinite else { throw mismatch(wanted) }
        return number
    }

    /// A number that must be one of those in a table.
    func choice<Value>(_ what: String, unit: String, of table: [(number: Double, value: Value)]) throws(ScenarioError)
        -> Value
    {
        let labels = table.map { $0.number == $0.number.rounded() ? "\(Int($0.number))" : "\($0.number)" }
        let wanted = "\(what) must be one of \(labels.joined(separator: ", "))\(unit.isEmpty ? "" : " ")\(unit)"
        let wish = try number(wanted)
        guard let row = table.first(where: { $0.number == wish }) else { throw mismatch(wanted) }
        return row.value
    }
}

extension FixedWidthInteger {
    /// A number as it stands in a scenario: decimal, or hexadecimal with `0x`; nil for anything else.
    init?(scenarioText text: String) {
        if text.lowercased().hasPrefix("0x") {
            let digits = text.dropFirst(2)
            guard digits.allSatisfy(\.isHexDigit), let number = Self(digits, radix: 16) else { return nil }
            self = number
        } else {
            guard let number = Self(text) else { return nil }
            self = number
        }
    }
}
