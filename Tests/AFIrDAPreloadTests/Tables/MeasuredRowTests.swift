import Foundation
import Testing

/// The list of what was measured on a kernel is only worth something if it is true.
@Suite("What was measured on a kernel") struct MeasuredRowTests {
    /// The tables of the scripts, by the names that the list uses.
    private static let tables = [
        "connect": ConnectTests.table, "alone": ConnectTests.emptyRoom, "several": ConnectTests.twoDevices,
        "blocked": ConnectTests.blockedBeam, "kinds client": KindTests.client, "kinds server": KindTests.server,
        "messages client": MessageTests.client, "messages server": MessageTests.server, "options": OptionTests.table,
        "sockets": SocketTests.table, "transfer": TransferTests.table,
    ]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private static func row(_ name: String) -> Row? {
        guard let slash = name.firstIndex(of: "/") else { return nil }
        return tables[String(name[..<slash])]?.first { $0.name == name[name.index(after: slash)...] }
    }

    @Test("every row has a proof, and every proof is there", arguments: MeasuredRow.all)
    func proofs(measured: MeasuredRow) throws {
        #expect(!measured.proofs.isEmpty)
        for proof in measured.proofs {
            switch proof {
            case .row(let name): #expect(Self.row(name) != nil, "there is no row \(name)")
            case .test(let place):
                let function = try #require(place.split(separator: "/").last)
                let text = try Self.text("Tests/" + place.dropLast(function.count + 1))
                #expect(text.contains("func \(function)("), "there is no test \(place)")
            }
        }
    }

    @Test("what is done better than a kernel did is a line in the documentation", arguments: MeasuredRow.all)
    func differences(measured: MeasuredRow) throws {
        let rows = measured.proofs.compactMap { if case .row(let name) = $0 { Self.row(name) } else { nil } }
        if rows.contains(where: { $0.kernel != nil }) {
            #expect(measured.difference != nil, "a table says that a kernel did something else")
        }
        guard let difference = measured.difference else { return }
        let lines = try Self.text("docs/testing-with-irsock.md").split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("| \(difference)") }.count == 1, "one line begins with it")
    }

    @Test("whatever differs from a kernel is measured, or bears on what is", arguments: tables.keys.sorted())
    func rows(table: String) throws {
        let proofs = Set(MeasuredRow.all.flatMap(\.proofs))
        for row in try #require(Self.tables[table]) where row.kernel != nil {
            #expect(proofs.contains(.row("\(table)/\(row.name)")), "\(row.name)")
        }
    }
}
