/// Rows with aligned columns, under a line of headings.
struct Table: CustomStringConvertible {
    private let rows: [[String]]

    init(headings: [String], rows: [[String]]) {
        self.rows = [headings] + rows
    }

    var description: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            let line = cells.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
        }
        .joined(separator: "\n")
    }
}
