public import SocketBackends

/// One rule that the documentation of `connect` gives, in our words, and where it is kept.
public struct ConnectRule: Hashable, Sendable {
    /// What a rule applies to.
    public enum Scope: String, Hashable, Sendable, CaseIterable {
        /// Every socket of every family.
        case all
        /// Connection-oriented sockets.
        case stream
        /// Datagram sockets.
        case datagram
        /// AF_IRDA.
        case irda
        /// Programs that have asked for version 1.1.
        case version1 = "version 1.1"
        /// What programs should do; nothing that a library could enforce.
        case programs
    }

    /// Whether the rule is kept.
    public enum Enforcement: Hashable, Sendable {
        /// Kept by the code in these files (below `Sources`) and proved by the tests in those (below `Tests`).
        case kept(by: [String], provedBy: [String])
        /// Nothing to enforce, and why.
        case advice(String)
        /// Not yet, and what it waits for.
        case notYet(String)
    }

    /// Its name, `R1` to `R57`.
    public let id: String
    /// What it applies to.
    public let scope: Scope
    /// What it says.
    public let text: String
    /// Whether and where it is kept.
    public let enforcement: Enforcement

    /// The rules that a family has to do with.
    ///
    /// - Parameters:
    ///   - family: the family.
    ///   - kinds: the kinds of sockets that it has; what is about streams or datagrams only is left out where there are none.
    public static func rules(for family: AddressFamily, kinds: [CatalogueEntry]) -> [ConnectRule] {
        all.filter { rule in
            switch rule.scope {
            case .all, .version1, .programs: true
            case .stream: kinds.contains(where: \.isConnectionOriented)
            case .datagram: kinds.contains { !$0.isConnectionOriented }
            case .irda: family == .irda
            }
        }
    }

    /// The rule as a row of the table in the documentation: name, text, scope, code, tests.
    public var markdownRow: String {
        let (code, tests) =
            switch enforcement {
            case .kept(let code, let tests): (Self.files(code), Self.files(tests))
            case .advice(let why): ("nothing to enforce: \(why)", "")
            case .notYet(let what): ("not yet: waits for \(what)", "")
            }
        return "| \(id) | \(text) | \(scope.rawValue) | \(code) | \(tests) |"
    }

    private static func files(_ paths: [String]) -> String {
        paths.map { "`\($0)`" }.joined(separator: ", ")
    }
}
