import IrDAProtocol

/// Something that goes wrong on the medium, or a way in which a station is awkward, as people write it: a word, then a number
/// where the word needs one, then the name or the address of a station.
///
/// `Fault.forms` has the words and what they mean. A scenario's `faults` and `irsock fault add` take them.
public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the text of a fault, or with the station that it names.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, and what would be right.
        public let description: String
    }

    private let form: FaultForm
    private let number: Double
    /// The station as it was written; nil where it is about all of them.
    private let station: String?

    /// Reads a fault; whether there is such a station is seen when it is added.
    ///
    /// - Throws: `Invalid` with what is wrong about the text.
    public init(_ text: String) throws(Invalid) {
        var words = text.split(separator: " ").map(String.init)[...]
        let kind = words.popFirst() ?? ""
        guard let form = FaultForm.all.first(where: { $0.word == kind }) else {
            let ending = Suggestion.ending(for: kind, among: FaultForm.all.map(\.word))
            throw Invalid(description: "there is no fault '\(kind)'\(ending)")
        }
        self.form = form
        if let parameter = form.parameter {
            guard let word = words.popFirst(), let number = Double(word), parameter.range.contains(number) else {
                let (low, high) = (parameter.range.lowerBound.plain, parameter.range.upperBound.plain)
                throw Invalid(description: "\(kind) needs \(parameter.meaning), \(low) to \(high)")
            }
            self.number = number
        } else {
            number = 0
        }
        // A name may have spaces.
        station = words.isEmpty ? nil : words.joined(separator: " ")
        guard station != nil || !form.needsStation else {
            throw Invalid(description: "\(kind) needs the name or the address of a station")
        }
    }

    /// The fault as it is written.
    public var description: String {
        [form.word, form.parameter.map { _ in number.plain }, station].compactMap { $0 }.joined(separator: " ")
    }

    /// The rules that make it, in a room.
    func rules(in simulation: Simulation) throws(Invalid) -> [MediumRule] {
        guard let station else { return form.rules(number, nil, simulation) }
        guard let id = simulation.stations.first(where: { simulation.stack(of: $0).isCalled(station) }) else {
            let names = simulation.stations.map { simulation.stack(of: $0).name }
            throw Invalid(
                description: "there is no station '\(station)'\(Suggestion.ending(for: station, among: names))")
        }
        return form.rules(number, id, simulation)
    }

    /// Two faults are the same if they are written the same.
    public static func == (left: Fault, right: Fault) -> Bool { left.description == right.description }

    /// Feeds what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// All forms of a fault and what they mean, in the order in which they are shown.
    public static var forms: [(usage: String, meaning: String)] {
        FaultForm.all.map { ($0.usage, $0.meaning) }
    }
}

extension Double {
    /// The number without a fraction that says nothing.
    fileprivate var plain: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}

extension IrDAStack {
    /// Whether people mean this station by a name or an address.
    fileprivate func isCalled(_ text: String) -> Bool {
        name.lowercased() == text.lowercased() || "\(address)".lowercased() == text.lowercased()
    }
}
