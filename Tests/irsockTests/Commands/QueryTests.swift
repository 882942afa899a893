import FoundationEssentials
import Testing

/// Attributes of every kind, from a device of a scenario.
@Suite(.serialized, .timeLimit(.minutes(1))) struct QueryTests {
    private let scratch: Scratch
    private let room: String

    init() throws {
        scratch = try Scratch()
        room = try scratch.room(
            """
            {class: Files, behaviour: sink, selector: 0x12, \
            attributes: {Version: -7, Note: "café & more", Data: [1, 2, 0xFF], Nothing: null}}
            """)
    }

    private func query(_ arguments: String...) async throws -> Outcome {
        try await Program.irsock.run(["query"] + arguments + ["--scenario", room])
    }

    struct Answer: Decodable, Equatable, Sendable {
        var type: String
        var value: String
    }

    private static let answers = [
        ("Device", "DeviceName", Answer(type: "string", value: "Phone")),
        ("Device", "IrLMPSupport", Answer(type: "octets", value: "01 37 05")),
        ("Files", "IrDA:TinyTP:LsapSel", Answer(type: "integer", value: "18")),
        ("Files", "Version", Answer(type: "integer", value: "-7")),
        ("Files", "Note", Answer(type: "string", value: "café & more")),
        ("Files", "Data", Answer(type: "octets", value: "01 02 FF")),
    ]

    @Test(arguments: answers)
    func text(className: String, attribute: String, answer: Answer) async throws {
        let outcome = try await query("Phone", className, attribute)
        #expect(outcome.text == answer.value + "\n")
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test(arguments: answers)
    func json(className: String, attribute: String, answer: Answer) async throws {
        let outcome = try await query("0x9ABCDEF1", className, attribute, "--json")
        #expect(try JSONDecoder().decode(Answer.self, from: Data(outcome.output.bytes)) == answer)
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test("What is not there is a failure that says what to look at", arguments: [[], ["--json"]])
    func missing(options: [String]) async throws {
        for (className, attribute, message) in [
            ("files", "Note", "Phone has no class 'files'. Names are compared letter by letter."),
            (
                "Files", "note",
                "the class 'Files' of Phone has no attribute 'note'. Names are compared letter by letter."
            ),
            (
                "Files", "Nothing",
                "the class 'Files' of Phone has no attribute 'Nothing'. Names are compared letter by letter."
            ),
        ] {
            let outcome = try await Program.irsock.run(
                ["query", "Phone", className, attribute, "--scenario", room] + options)
            #expect(outcome.output == Bytes())
            #expect(outcome.errors == "Error: \(message)\n")
            #expect(outcome.exitCode == 1)
        }
    }

    @Test func theBuiltInRoomAnswers() async throws {
        let outcome = try await Program.irsock.run("query", "Phone", "Device", "DeviceName", "--simulate")
        #expect(outcome.text == "Phone\n")
        #expect(outcome.exitCode == 0)
    }
}
