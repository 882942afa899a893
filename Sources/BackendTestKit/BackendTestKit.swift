import SocketBackends
import Winsock

/// Finds out whether the backend of an address family keeps the rules that hold for all families.
///
/// One call runs every rule, each in a Winsock runtime of its own, and reports by rule:
///
/// ```swift
/// let report = await BackendTestKit(subject).run()
/// #expect(report.failures.isEmpty, "\(report)")
/// ```
///
/// Most rules are documented ones and have the numbers of docs/connect-rules.md; those of the kit's own, which say what
/// `AddressFamilyBackend` and `BackendSocket` promise, begin with K.
public struct BackendTestKit: Sendable {
    private let subject: KitSubject
    private let isWanted: @Sendable (KitRule) -> Bool

    /// Makes a run.
    ///
    /// - Parameters:
    ///   - subject: the backend, and what the kit must know of its family.
    ///   - isWanted: which rules to run; all of them, if nothing is said.
    public init(_ subject: KitSubject, rules isWanted: @escaping @Sendable (KitRule) -> Bool = { _ in true }) {
        self.subject = subject
        self.isWanted = isWanted
    }

    /// Every rule that the kit knows, in the order in which they are run.
    public static var rules: [KitRule] { checks.map(\.rule) }

    static let checks: [KitCheck] =
        CatalogueRules.checks + AddressRules.checks + StateRules.checks + ConnectRules.checks + NotificationRules.checks
        + ReadinessRules.checks + TransferRules.checks + ClosingRules.checks + ConcurrencyRules.checks
        + DatagramRules.checks

    /// Runs the rules on a thread of its own, as many of them block.
    ///
    /// - Returns: the report.
    public func run() async -> KitReport {
        await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = { continuation.resume(returning: runBlocking()) }
            do throws(SocketError) {
                try DetachedThread.start(work)
            } catch {
                continuation.resume(
                    returning: KitReport(
                        backend: subject.backend.name,
                        results: [KitResult(rule: CatalogueRules.making, outcome: .failed(error.description))]))
            }
        }
    }

    /// Runs the rules on this thread.
    ///
    /// - Returns: the report.
    public func runBlocking() -> KitReport {
        let results = Self.checks.filter { isWanted($0.rule) }.map {
            KitResult(rule: $0.rule, outcome: outcome(of: $0))
        }
        return KitReport(backend: subject.backend.name, results: results)
    }

    private func outcome(of check: KitCheck) -> KitResult.Outcome {
        guard check.kinds.contains(subject.isConnectionOriented ? .streams : .datagrams) else {
            return .notApplicable("it is a rule of \(subject.isConnectionOriented ? "datagram" : "stream") sockets")
        }
        if check.needsSockets, case .unavailable(let reason) = subject.backend.availability {
            return .notApplicable("the backend has no sockets here: \(reason)")
        }
        do {
            let room = try KitRoom(subject)
            try check.body(room)
            return .passed
        } catch let reason as KitNotApplicable {
            return .notApplicable(reason.description)
        } catch {
            return .failed("\(error)")
        }
    }
}

/// A rule, and how to find out whether it is kept.
struct KitCheck: Sendable {
    struct Kinds: OptionSet {
        let rawValue: Int
        static let streams = Self(rawValue: 1)
        static let datagrams = Self(rawValue: 2)
        static let all: Self = [.streams, .datagrams]
    }

    let rule: KitRule
    let kinds: Kinds
    /// Whether it says nothing of a backend that has no sockets at the moment.
    let needsSockets: Bool
    let body: @Sendable (KitRoom) throws -> Void

    init(
        _ id: String, _ title: String, _ kinds: Kinds = .streams, needsSockets: Bool = true,
        _ body: @escaping @Sendable (KitRoom) throws -> Void
    ) {
        rule = KitRule(id: id, title: title)
        self.kinds = kinds
        self.needsSockets = needsSockets
        self.body = body
    }
}

/// What a rule found to be wrong.
struct KitFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Why a rule says nothing of this family.
struct KitNotApplicable: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
