import TestSupport
import Testing

/// Debian's OpenOBEX programs, unmodified (package openobex-apps), on the simulated medium.
@Suite(.timeLimit(.minutes(3)))
struct ObexTests {
    @Test func obexFindListsTwoStations() async throws {
        try await Room.open(.twoStations()) { room in
            let outcome = try await room.run(["obex_find", "irda"], station: "Laptop")
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            #expect(outcome.text.contains("Found 2 irda devices."))
            #expect(outcome.text.contains("Description: Phone"))
            #expect(outcome.text.contains("Description: Printer"))
        }
    }

    /// In these rooms the first answers collide: a program that asks once would find nobody.
    @Test(arguments: [5, 6, 18, 29]) func obexFindFindsThoseWhoseAnswersCollide(seed: Int) async throws {
        try await Room.open(.twoStations(seed: seed)) { room in
            let outcome = try await room.run(["obex_find", "irda"], station: "Laptop")
            #expect(outcome.text.contains("Found 2 irda devices."), "\(outcome.text)")
        }
    }

    @Test func theHintFilterOfTheLibraryLeavesOne() async throws {
        try await Room.open(.twoStations()) { room in
            try await check(
                "openobex.py", against: [Row("without the filter", "2"), Row("with the filter", "1")], in: room,
                station: "Laptop")
        }
    }

    struct Transfer: Sendable, CustomTestStringConvertible {
        let bytes: Int
        var dataSize = 2048
        var bitErrorRate = 0.0

        var testDescription: String { "\(bytes) bytes, data size \(dataSize), bit error rate \(bitErrorRate)" }
    }

    static let transfers = [
        Transfer(bytes: 16), Transfer(bytes: 1_000_000), Transfer(bytes: 16, dataSize: 64),
        Transfer(bytes: 1_000_000, dataSize: 64), Transfer(bytes: 16, bitErrorRate: 1e-5),
        Transfer(bytes: 1_000_000, bitErrorRate: 1e-5),
    ]

    @Test(arguments: transfers) func ircpSendsToIrcp(_ transfer: Transfer) async throws {
        // It sends to the first device that it finds.
        let scenario = Room.Scenario.twoStations(
            dataSize: transfer.dataSize, bitErrorRate: transfer.bitErrorRate, withPrinter: false)
        try await Room.open(scenario) { room in
            let bytes = (0..<transfer.bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
            try Room.write(bytes, to: room.file("report.dat"))
            _ = try room.makeDirectory("inbox")
            let (receiver, sender) = try await room.serve(
                ["ircp", "-r", "inbox"], station: "Phone", endsByItself: true
            ) {
                try await room.run(["ircp", "report.dat"], station: "Laptop")
            }
            // It always exits with 0.
            #expect(sender.text.contains("Sending report.dat...done"), "\(sender.text) \(receiver.text)")
            #expect(try difference(Room.read(room.file("inbox/report.dat")), from: bytes) == nil)
        }
    }

    /// Its non-blocking mode connects without waiting, and polls.
    @Test(arguments: [[], ["-f", "n"]]) func obexTestConnects(_ flags: [String]) async throws {
        try await Room.open(.twoStations(withPrinter: false)) { room in
            let (server, client) = try await room.serve(
                ["obex_test"] + flags, station: "Phone", input: Array("s\n".utf8)
            ) {
                try await room.run(["obex_test"] + flags, station: "Laptop", input: Array("c\nd\nq\n".utf8))
            }
            #expect(client.text.contains("Connect OK!"), "\(client.text) \(client.errors)")
            #expect(client.text.contains("Disconnect done!"), "\(server.text) \(server.errors)")
        }
    }
}
