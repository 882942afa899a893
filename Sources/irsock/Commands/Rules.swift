import ArgumentParser
import SocketBackends
import Winsock

struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the documented rules of connect, and what enforces each.")

    @Argument(help: "Only the rules that this family has to do with, by its name in `irsock families`.") var family:
        String?
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Print the table of docs/connect-rules.md.") var markdown = false

    func validate() throws {
        if json && markdown { throw ValidationError("--json and --markdown are two forms; choose one.") }
    }

    func run() throws {
        let rules = try chosenRules()
        if json {
            try printJSON(rules.map(Row.init))
        } else if markdown {
            print("| rule | what it says | for | enforced by | proved by |\n| --- | --- | --- | --- | --- |")
            for rule in rules { print(rule.markdownRow) }
        } else {
            print(
                Table(headings: ["RULE", "FOR", "KEPT", "WHAT IT SAYS"], rows: rules.map { Row($0).cells }))
        }
    }

    private func chosenRules() throws -> [ConnectRule] {
        guard let family else { return ConnectRule.all }
        return try Session.run(SimulationOptions.parse([])) { session in
            let number = try session.winsock.family(named: family)
            let kinds = session.winsock.registry.backends(of: number).flatMap(\.catalogue)
            return ConnectRule.rules(for: number, kinds: kinds)
        }
    }

    private struct Row: Encodable {
        let rule: String
        let scope: String
        let text: String
        let kept: String
        let enforcedBy: [String]
        let provedBy: [String]

        init(_ rule: ConnectRule) {
            self.rule = rule.id
            scope = rule.scope.rawValue
            text = rule.text
            switch rule.enforcement {
            case .kept(let code, let tests): (kept, enforcedBy, provedBy) = ("yes", code, tests)
            case .advice: (kept, enforcedBy, provedBy) = ("advice", [], [])
            case .notYet: (kept, enforcedBy, provedBy) = ("not yet", [], [])
            }
        }

        var cells: [String] { [rule, scope, kept, text] }
    }
}
