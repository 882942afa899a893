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
        "The families stand in a table, in the order in which they are asked, with the reason where one cannot be had",
        arguments: [([], "no: not enabled; add --simulate, or --scenario with a file"), (["--simulate"], "yes")])
    func table(options: [String], infrared: String) async throws {
        let outcome = try await Program.irsock.run(["families"] + options)
        let row = "irda    26      stream    1         IrDA TinyTP  irda-simulation  \(infrared)"
        #expect(outcome.lines == [Self.headings] + Self.internet + [row] + Self.kernel)
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
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
        #expect(families.map(\.family) == ["inet", "inet", "inet6", "inet6", "irda", "unix", "vsock"])
        #expect(
            families[4]
                == Family(
                    family: "irda", number: 26, type: "stream", protocolNumber: 1, transport: "IrDA TinyTP",
                    backend: "irda-simulation", available: isSimulating,
                    reason: isSimulating ? nil : "not enabled; add --simulate, or --scenario with a file"))
        #expect(families.prefix(4).allSatisfy { $0.available && $0.reason == nil })
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }
}
