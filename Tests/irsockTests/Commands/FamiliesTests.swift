import FoundationEssentials
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct FamiliesTests {
    private static let headings = "FAMILY  NUMBER  TYPE      PROTOCOL  TRANSPORT    BACKEND          AVAILABLE"
    /// Whether the machine has AF_VSOCK is its own affair.
    private static let kernel = [
        "unix    1       stream    0         AF_UNIX      unix             yes",
        "vsock   40      stream    0         VSOCK        vsock            \(VSOCK.availability)",
    ]
    private static let internet = [
        "inet    2       stream    6         TCP/IP       inet             yes",
        "inet    2       datagram  17        UDP/IP       inet             yes",
        "inet6   23      stream    6         TCP/IPv6     inet6            yes",
        "inet6   23      datagram  17        UDP/IPv6     inet6            yes",
    ]

    @Test(
        "The families stand in a table, in the order in which they are asked, with the reason where one cannot be had")
    func table() async throws {
        let outcome = try await Program.irsock.run(["families", "--simulate"])
        let infrared = [
            "irda    26      stream    1         IrDA TinyTP  irda-kernel      no: not chosen; the provider is simulation",
            "irda    26      stream    1         IrDA TinyTP  irda-service     no: not chosen; the provider is simulation",
            "irda    26      stream    1         IrDA TinyTP  irda-simulation  yes",
        ]
        #expect(outcome.lines == [Self.headings] + Self.internet + infrared + Self.kernel)
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test("Without a choice every provider of infrared says why it cannot be had")
    func reasons() async throws {
        let outcome = try await Program.irsock.run(["families"])
        let infrared = outcome.lines.dropLast(Self.kernel.count).suffix(3)
        #expect(infrared.first?.contains("irda-kernel") == true)
        #expect(
            infrared.dropFirst().first?.hasSuffix("irda-service     no: no service in \(Program.noServices)") == true)
        #expect(infrared.last?.hasSuffix("no: not enabled; add --simulate, or --scenario with a file") == true)
        #expect(outcome.exitCode == 0)
    }

    @Test("A provider that there is not, and one that contradicts another option, are wrong usage")
    func wrongProviders() async throws {
        #expect(try await Program.irsock.run("families", "--provider", "magic").exitCode == 64)
        #expect(try await Program.irsock.run("families", "--provider", "kernel", "--simulate").exitCode == 64)
    }

    private struct Family: Decodable, Equatable {
        var family: String
        var number: Int
        var type: String
        var protocolNumber: Int
        var transport: String
        var backend: String
        var available: Bool
        var reason: String?
    }

    @Test(arguments: [true, false])
    func json(isSimulating: Bool) async throws {
        let outcome = try await Program.irsock.run(["families", "--json"] + (isSimulating ? ["--simulate"] : []))
        let families = try JSONDecoder().decode([Family].self, from: Data(outcome.output.bytes))
        #expect(families.map(\.family) == ["inet", "inet", "inet6", "inet6", "irda", "irda", "irda", "unix", "vsock"])
        #expect(
            families[6]
                == Family(
                    family: "irda", number: 26, type: "stream", protocolNumber: 1, transport: "IrDA TinyTP",
                    backend: "irda-simulation", available: isSimulating,
                    reason: isSimulating ? nil : "not enabled; add --simulate, or --scenario with a file"))
        #expect(families.prefix(4).allSatisfy { $0.available && $0.reason == nil })
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }
}
