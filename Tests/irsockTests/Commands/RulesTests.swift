import Testing

/// `irsock rules`: the documented rules of connect, all of them or those of one family.
@Suite("irsock rules") struct RulesTests {
    @Test("prints the table, with a heading and a line for each rule") func table() async throws {
        let outcome = try await Program.irsock.run("rules")
        #expect(outcome.exitCode == 0)
        let lines = outcome.lines
        #expect(lines.first?.hasPrefix("RULE") == true)
        #expect(lines.contains { $0.hasPrefix("R33 ") })
    }

    @Test(
        "leaves out what a family has nothing to do with",
        arguments: [("inet", "R40 ", "R48 "), ("unix", "R33 ", "R40 ")])
    func family(name: String, has: String, hasNot: String) async throws {
        let outcome = try await Program.irsock.run("rules", name)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let lines = outcome.lines
        #expect(lines.contains { $0.hasPrefix(has) })
        #expect(!lines.contains { $0.hasPrefix(hasNot) })
    }

    @Test("a family that there is not") func noFamily() async throws {
        let outcome = try await Program.irsock.run("rules", "appletalk")
        #expect(outcome.exitCode != 0)
        #expect(outcome.errors.contains("appletalk"))
    }
}
