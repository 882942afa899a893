import SystemPackage
import Testing

/// Debian's `ircp` and IrSock's own commands exchange files, both ways.
@Suite(.timeLimit(.minutes(3)))
struct ObexPartnerTests {
    private static let report = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) }

    @Test func irsockSendsToIrcp() async throws {
        try await Room.open(.twoStations(withPrinter: false)) { room in
            try Room.write(Self.report, to: room.file("report.dat"))
            _ = try room.makeDirectory("inbox")
            let (_, sender) = try await room.serve(["ircp", "-r", "inbox"], station: "Phone", endsByItself: true) {
                try await room.irsock([
                    "send", "report.dat", "--to", "Phone", "--provider", "service", "--station", "Laptop",
                ])
            }
            #expect(sender.exitCode == 0, "\(sender.text) \(sender.errors)")
            #expect(try Room.read(room.file("inbox/report.dat")) == Self.report)
        }
    }

    @Test func ircpSendsToIrsock() async throws {
        try await Room.open(.twoStations(withPrinter: false)) { room in
            try Room.write(Self.report, to: room.file("report.dat"))
            _ = try room.makeDirectory("inbox")
            let irsock = try Room.built("irsock").string
            let receive = [
                irsock, "receive", "--into", "inbox", "--count", "1", "--provider", "service", "--station", "Phone",
            ]
            let (receiver, sender) = try await room.serve(receive, station: "Phone", endsByItself: true) {
                try await room.run(["ircp", "report.dat"], station: "Laptop")
            }
            #expect(sender.text.contains("Sending report.dat...done"), "\(sender.text) \(receiver.errors)")
            #expect(receiver.exitCode == 0, "\(receiver.errors)")
            #expect(try Room.read(room.file("inbox/report.dat")) == Self.report)
        }
    }
}
