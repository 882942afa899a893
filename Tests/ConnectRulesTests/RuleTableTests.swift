import Foundation
import InternetBackend
import SocketBackends
import Testing
import Winsock

/// The table of rules is only worth something if it is true.
@Suite("The table of rules") struct RuleTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test("has every rule from R1 to R57, once and in order")
    func complete() {
        let ids = ConnectRule.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        let numbers = ids.compactMap { Int($0.dropFirst().prefix(while: \.isNumber)) }
        #expect(numbers == numbers.sorted())
        #expect(Set(numbers) == Set(1...57))
    }

    @Test("names code and tests that name the rule", arguments: ConnectRule.all)
    func places(rule: ConnectRule) throws {
        guard case .kept(let code, let tests) = rule.enforcement else { return }
        #expect(!code.isEmpty, "\(rule.id) is kept by no code")
        #expect(!tests.isEmpty, "\(rule.id) is proved by no test")
        let name = try Regex("\\b\(rule.id)\\b")
        for path in code.map({ "Sources/\($0)" }) + tests.map({ "Tests/\($0)" }) {
            #expect(try Self.text(path).contains(name), "\(path) does not name \(rule.id)")
        }
    }

    @Test("waits for nothing but what is planned")
    func open() {
        let waiting = ConnectRule.all.filter { if case .notYet = $0.enforcement { true } else { false } }
        #expect(waiting.map(\.id) == [])
    }

    @Test("gives a family the rules of the kinds of sockets that it has")
    func families() {
        let (tcp, udp) = (InternetBackend(version: .v4).catalogue[0], InternetBackend(version: .v4).catalogue[1])
        func scopes(_ family: AddressFamily, _ kinds: [CatalogueEntry]) -> Set<ConnectRule.Scope> {
            Set(ConnectRule.rules(for: family, kinds: kinds).map(\.scope))
        }
        let common: Set<ConnectRule.Scope> = [.all, .version1, .programs]
        #expect(scopes(.inet, [tcp, udp]) == common.union([.stream, .datagram]))
        #expect(scopes(.irda, [tcp]) == common.union([.stream, .irda]))
        #expect(scopes(.bluetooth, []) == common)
    }

    @Test("is the one in the documentation", arguments: ConnectRule.all)
    func documentation(rule: ConnectRule) throws {
        let isThere = try Self.text("docs/connect-rules.md").contains(rule.markdownRow)
        #expect(
            isThere,
            "docs/connect-rules.md is out of date; print the table with: irsock rules --markdown")
    }
}
