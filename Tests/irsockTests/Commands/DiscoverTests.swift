import FoundationEssentials
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct DiscoverTests {
    @Test func theBuiltInRoomHasAPhoneAPrinterAndADiveComputer() async throws {
        let outcome = try await Program.irsock.run("discover", "--simulate", "--seed", "1")
        #expect(outcome.lines.first == "ADDRESS     NAME           HINTS")
        let devices = outcome.lines.dropFirst().map { $0.dropFirst("0x00000000  ".count) }
        #expect(
            devices.sorted() == ["Dive Computer", "Phone          Telephony, IrCOMM, OBEX", "Printer        Printer"])
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test func aScenarioSaysWhoIsThere() async throws {
        let scratch = try Scratch()
        let room = try scratch.write(
            """
            range: 2
            devices:
              - {name: Near, address: 0x00000007, hints: [PDA, IrCOMM], position: [1.9, 0]}
              - {name: Far, address: 0x00000008, position: [2.1, 0]}
            """, as: "room.yaml")
        let outcome = try await Program.irsock.run("discover", "--scenario", room)
        #expect(outcome.lines == ["ADDRESS     NAME  HINTS", "0x00000007  Near  PDA, IrCOMM"])
        #expect(outcome.exitCode == 0)
    }

    @Test func anEmptyRoomIsNoFailure() async throws {
        let scratch = try Scratch()
        let room = try scratch.write("range: 1\n", as: "room.yaml")
        let outcome = try await Program.irsock.run("discover", "--scenario", room)
        #expect(outcome.output == Bytes())
        #expect(outcome.errors == "No infrared device is in range.\n")
        #expect(outcome.exitCode == 0)
        #expect(try await Program.irsock.run("discover", "--scenario", room, "--json").text == "[\n\n]\n")
    }

    @Test("The same seed gives the same addresses, names and order", arguments: [1, 2, 3])
    func seed(seed: Int) async throws {
        let first = try await Program.irsock.run("discover", "--simulate", "--seed", "\(seed)", "--json")
        let second = try await Program.irsock.run("discover", "--simulate", "--seed", "\(seed)", "--json")
        let other = try await Program.irsock.run("discover", "--simulate", "--seed", "\(seed + 1000)", "--json")
        #expect(first.text == second.text, "seed \(seed)")
        #expect(first.text != other.text, "seed \(seed)")
        #expect(first.exitCode == 0)
    }

    private struct Device: Decodable, Equatable {
        var address: String
        var name: String
        var hints: [String]
    }

    @Test func json() async throws {
        let scratch = try Scratch()
        let room = try scratch.write(
            "devices: [{name: Phone, address: 0x9ABCDEF1, hints: [telephony, obex]}]", as: "room.yaml")
        let outcome = try await Program.irsock.run("discover", "--scenario", room, "--json")
        let devices = try JSONDecoder().decode([Device].self, from: Data(outcome.output.bytes))
        #expect(devices == [Device(address: "0x9ABCDEF1", name: "Phone", hints: ["Telephony", "OBEX"])])
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }
}
