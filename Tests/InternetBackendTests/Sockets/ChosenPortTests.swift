import SocketBackends
import Testing

@testable import InternetBackend

@Suite("The ports from which Linux chooses")
struct ChosenPortTests {
    @Test(
        "the text of the setting",
        arguments: [
            ("32768\t60999\n", 32768...60999), ("1 65535", 1...65535), ("  40000   40000  ", 40000...40000), ("", nil),
            ("32768", nil), ("60999 32768", nil), ("0 10", nil), ("a b", nil), ("1 2 3", nil), ("1 65536", nil),
            ("-1 5", nil),
        ] as [(String, ClosedRange<UInt16>?)])
    func text(text: String, range: ClosedRange<UInt16>?) {
        #expect(ChosenPorts.range(in: text) == range)
    }

    @Test("this machine's own setting")
    func real() throws {
        let ports = ChosenPorts()
        let port = try Loopback(version: .v4).chosenPort()
        #expect(ports.mayContain(port))
        #expect(ports.mayContain(port))
    }
}

extension Loopback {
    /// A port that Linux has chosen.
    fileprivate func chosenPort() throws -> UInt16 {
        let listener = try listener()
        let client = try socket(.stream)
        try client.connectToTheEnd(listener.localAddress())
        return try client.localAddress().port
    }
}
