/// A rule that every family keeps.
public struct KitRule: Hashable, Sendable {
    /// The number: `R15` of docs/connect-rules.md, or `K3` of the kit's own.
    public let id: String
    /// The rule, as a sentence without its end.
    public let title: String
}

extension KitRule: CustomStringConvertible {
    /// Number and sentence.
    public var description: String { "\(id) \(title)" }
}

/// What came out for one rule.
public struct KitResult: Hashable, Sendable {
    /// How it came out.
    public enum Outcome: Hashable, Sendable {
        /// The rule is kept.
        case passed
        /// It is broken, and how.
        case failed(String)
        /// It could not be broken here, and why.
        case notApplicable(String)
    }

    /// The rule.
    public let rule: KitRule
    /// How it came out.
    public let outcome: Outcome
}

/// What came out for all rules.
public struct KitReport: Sendable {
    /// The name of the backend.
    public let backend: String
    /// One for each rule that was run, in order.
    public let results: [KitResult]

    /// The rules that are broken.
    public var failures: [KitResult] {
        results.filter { if case .failed = $0.outcome { true } else { false } }
    }
    /// The rules that are kept.
    public var passed: [KitRule] { results.filter { $0.outcome == .passed }.map(\.rule) }
    /// The rules that say nothing of this subject.
    public var notApplicable: [KitResult] {
        results.filter { if case .notApplicable = $0.outcome { true } else { false } }
    }
}

extension KitReport: CustomStringConvertible {
    /// A line a rule, and a last line with the sums.
    public var description: String {
        let lines = results.map { result in
            switch result.outcome {
            case .passed: "passed  \(result.rule)"
            case .failed(let how): "FAILED  \(result.rule): \(how)"
            case .notApplicable(let why): "-       \(result.rule): \(why)"
            }
        }
        let sums = "\(backend): \(passed.count) passed, \(failures.count) failed, \(notApplicable.count) not applicable"
        return (lines + [sums]).joined(separator: "\n")
    }
}
