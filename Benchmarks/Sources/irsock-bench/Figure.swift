/// One thing measured: a line on the terminal, an object in JSON.
struct Figure: Encodable, Sendable {
    /// What was measured.
    let name: String
    let value: Double
    let unit: String
    /// What the value is compared with, and how it compares.
    let comparedWith: String
    /// Whether it is as good as it must be; nil for figures that are for information.
    let isGood: Bool?
    /// Whether the program fails if it is not.
    let isRequired: Bool

    /// A value beside one that is published or required.
    ///
    /// - Parameter bound: how large the share of `reference` may or must be, in percent; nil for information only.
    init(
        _ name: String, _ value: Double, _ unit: String, comparedWith reference: Double, called what: String,
        bound: Bound? = nil
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        let share = value / reference * 100
        let target = bound.map { ", must be \($0)" } ?? ""
        comparedWith = "\(share.text(decimals: 1)) % of \(what), \(reference.text(decimals: 1)) \(unit)\(target)"
        isGood = bound?.allows(share)
        isRequired = bound != nil
    }

    /// A ratio of two things that were measured in the same run, and what it ought to be at most. It depends on the machine, so
    /// nothing fails.
    init(_ name: String, ratio: Double, to what: String, target: Double) {
        self.name = name
        value = ratio
        unit = "times"
        comparedWith = "\(what); the target is at most \(target.text(decimals: 2))"
        isGood = ratio <= target
        isRequired = false
    }

    /// A value for information.
    init(_ name: String, _ value: Double, _ unit: String, comparedWith: String) {
        self.name = name
        self.value = value
        self.unit = unit
        self.comparedWith = comparedWith
        isGood = nil
        isRequired = false
    }

    /// What a share in percent must be.
    enum Bound: CustomStringConvertible {
        case atLeast(Double)
        case atMost(Double)
        case within(ClosedRange<Double>)

        func allows(_ share: Double) -> Bool {
            switch self {
            case .atLeast(let least): share >= least
            case .atMost(let most): share <= most
            case .within(let range): range.contains(share)
            }
        }

        var description: String {
            switch self {
            case .atLeast(let least): "at least \(least.text(decimals: least == least.rounded() ? 0 : 1)) %"
            case .atMost(let most): "at most \(most.text(decimals: 0)) %"
            case .within(let range):
                "\(range.lowerBound.text(decimals: 0)) to \(range.upperBound.text(decimals: 0)) %"
            }
        }
    }

    /// The line for people.
    var line: String {
        let columns = [
            name.padded(to: 44), value.text(decimals: value < 10 ? 3 : 1).padded(to: 10, atEnd: false),
            unit.padded(to: 7), comparedWith,
        ]
        return columns.joined(separator: "  ") + (isGood == false ? "  MISSED" : "")
    }
}

extension Double {
    /// A decimal number with so many places.
    func text(decimals: Int) -> String {
        guard isFinite, magnitude < 1e15 else { return "\(self)" }
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let whole = Int((magnitude * Double(scale)).rounded())
        let fraction = String(whole % scale)
        let places = decimals == 0 ? "" : "." + String(repeating: "0", count: decimals - fraction.count) + fraction
        return (self < 0 ? "-" : "") + "\(whole / scale)" + places
    }
}

extension String {
    fileprivate func padded(to width: Int, atEnd: Bool = true) -> String {
        let padding = String(repeating: " ", count: max(0, width - count))
        return atEnd ? self + padding : padding + self
    }
}
