import ArgumentParser
import SocketBackends
import Winsock

struct Families: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the address families, in the order in which their backends are asked.")

    @OptionGroup var simulation: SimulationOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try Session.run(simulation) { session in
            let rows = session.winsock.registry.catalogue
            if json {
                try printJSON(rows.map(Row.init))
            } else {
                print(Table(headings: Self.headings, rows: rows.map(Row.init).map(\.cells)))
            }
        }
    }

    private static let headings = ["FAMILY", "NUMBER", "TYPE", "PROTOCOL", "TRANSPORT", "BACKEND", "AVAILABLE"]

    private struct Row: Encodable {
        let family: String
        let number: UInt16
        let type: String
        let protocolNumber: Int32
        let transport: String
        let backend: String
        let available: Bool
        /// Why it is not available.
        let reason: String?

        init(_ row: CatalogueRow) {
            family = row.familyName
            number = row.family.rawValue
            type = row.entry.type.description
            protocolNumber = row.entry.protocolNumber.rawValue
            transport = row.entry.transport
            backend = row.backend
            switch row.availability {
            case .available: (available, reason) = (true, nil)
            case .unavailable(let why): (available, reason) = (false, why)
            }
        }

        var cells: [String] {
            [
                family, "\(number)", type, "\(protocolNumber)", transport, backend,
                available ? "yes" : "no: \(reason ?? "unknown")",
            ]
        }
    }
}
