import IrDAAdapters
import Testing

/// The steps of each kind, as the known drivers do them.
@Suite struct DongleStepTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let opening: String
        let reset: String
        let fastest: String
        let closing: String

        var testDescription: String { name }

        init(_ name: String, _ opening: String, _ reset: String, _ fastest: String, _ closing: String = "L 0 0") {
            self.name = name
            self.opening = opening
            self.reset = reset
            self.fastest = fastest
            self.closing = closing
        }
    }

    static let rows = [
        Row("raw", "L 1 1; T 50 ms", "", ""),
        Row(
            "tekram", "L 1 1; T 50 ms", "L 0 1; T 1 ms; L 1 1; T 75 us",
            "L 1 0; T 14 us; W 00; D; T 100 ms; L 1 1; T 50 us"),
        Row("esi", "L 0 1; T 50 ms", "L 0 0; L 0 1", "L 1 1"),
        Row(
            "actisys", "L 1 1; T 50 ms", "L 0 1; T 10 us; L 1 1; T 10 us",
            "L 1 0; T 10 us; L 1 1; T 10 us; L 1 0; T 10 us; L 1 1; T 10 us; L 1 0; T 10 us; L 1 1; T 10 us"),
        Row(
            "act200l", "L 1 1; T 50 ms",
            "L 1 0; T 50 ms; L 0 1; T 25 us; B 9600; W F0 D1 56 D0 74 63 51 47 03; D; T 15 ms; L 1 1",
            "L 0 1; W 81 90 15; D; T 5 ms; L 1 1"),
        Row(
            "girbil", "L 1 1; T 50 ms",
            "L 1 0; T 20 ms; L 0 1; T 20 ms; B 9600; W 03; D; T 20 ms; L 1 1",
            "L 0 1; T 25 us; W 36 51; D; T 100 ms; L 1 1; T 25 us"),
        Row("litelink", "L 1 1; T 50 ms", "L 1 1; T 25 us; L 1 0; T 25 us; L 1 1; T 25 us", ""),
        Row("belkin", "L 1 1; T 50 ms", "", ""),
        Row(
            "mcp2120", "", "L 1 1; T 50 ms; L 0 0; T 50 ms",
            "L 1 0; T 500 us; F; W 81 11; D; X 81 11 50 ms; T 100 ms; L 0 0", "L 1 1"),
        Row(
            "ma600", "L 1 1; T 50 ms", "L 0 1; T 10 ms; L 1 1; T 10 ms",
            "L 1 0; T 1 ms; F; W 04; D; X 04 15 ms; L 1 1; T 10 ms"),
        Row(
            "toim3232", "L 1 1; T 50 ms", "L 0 0; T 50 ms; L 1 1; T 10 ms",
            "L 1 0; T 14 us; W 00; D; T 150 ms; L 1 1; T 50 us"),
    ]

    @Test(arguments: rows)
    func stepsAreThoseOfTheKnownDrivers(_ row: Row) throws {
        let dongle = try SerialDongleKind.dongle(row.name)
        #expect(text(dongle.opening) == row.opening)
        #expect(text(dongle.reset) == row.reset)
        let fastest = try #require(dongle.rates.last)
        #expect(dongle.change(to: fastest).map(text) == row.fastest)
        #expect(text(dongle.closing) == row.closing)
    }

    private func text(_ steps: [SerialStep]) -> String { steps.map(\.description).joined(separator: "; ") }

    @Test(arguments: [
        ("tekram", [115_200: "00", 57600: "11", 38400: "12", 19200: "13", 9600: "14"]),
        ("irxon", [115_200: "00", 57600: "01", 38400: "02", 19200: "03", 9600: "04"]),
        ("act200l", [9600: "87 91 15", 19200: "8B 90 15", 38400: "85 90 15", 57600: "83 90 15", 115_200: "81 90 15"]),
        ("girbil", [9600: "32 51", 19200: "33 51", 38400: "34 51", 57600: "35 51", 115_200: "36 51"]),
        ("mcp2120", [9600: "87 11", 19200: "8B 11", 38400: "85 11", 57600: "83 11", 115_200: "81 11"]),
        ("ma600", [2400: "08", 9600: "00", 19200: "01", 38400: "02", 57600: "03", 115_200: "04"]),
        ("toim3232", [2400: "1A", 9600: "16", 19200: "13", 38400: "12", 57600: "11", 115_200: "00"]),
    ])
    func everySpeedHasItsBytes(name: String, bytes: [Int: String]) throws {
        let dongle = try SerialDongleKind.dongle(name)
        #expect(dongle.rates == bytes.keys.sorted())
        for (rate, expected) in bytes {
            let steps = try #require(dongle.change(to: rate)).map(\.description)
            #expect(steps.contains("W \(expected)"), "\(rate)")
        }
    }

    @Test(arguments: [
        ("raw", 5000), ("tekram", 10000), ("esi", 10000), ("actisys", 10), ("actisys+", 10), ("girbil", 5000),
        ("litelink", 10), ("belkin", 10000), ("mcp2120", 10000), ("act200l", 5000), ("ma600", 10000),
        ("toim3232", 10000),
    ])
    func everyKindHasItsTurnaround(name: String, micros: Int) throws {
        #expect(try SerialDongleKind.dongle(name).minimumTurnaround == .microseconds(micros))
    }
}
