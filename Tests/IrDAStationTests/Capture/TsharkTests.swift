import IrDAProtocol
import IrDASimulation
import IrDAStation
import Testing

/// Captures as an independent decoder reads them.
@Suite struct TsharkTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let session: CapturedSession

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/session.pcap"
        session = try CapturedSession()
        var file = try CaptureFile(path: path, epoch: .seconds(1_700_000_000))
        for frame in session.frames { try file.write(frame) }
    }

    private func tshark(_ arguments: String) throws -> [Substring] {
        try Tshark.lines(about: path, arguments, in: directory)
    }

    @Test func theSessionIsWhole() {
        #expect(session.echoed == session.sent)
    }

    @Test func nothingIsMalformed() throws {
        #expect(try Tshark.complaints(about: path, in: directory) == [])
    }

    @Test func everyFrameIsThereInOrder() throws {
        #expect(try tshark("").count == session.frames.count)
        // What each part of a session shows as, in the order of its first sight.
        let steps = [
            "func=XID, s=0", "func=XID, \"Phone\"", "func=XID, s=final, \"IrSock\"", "func=SNRM", "func=UA",
            "> 0, Connect Command", "Connect Confirm", "GetValueByClass: \"Device\" \"DeviceName\"",
            "Result: Success, \"Phone\"", "> 0, Disconnect", "GetValueByClass: \"Echo\" \"IrDA:TinyTP:LsapSel\"",
            "Result: Success, Integer: ", "Connect Command", "Connect Confirm", "Len=2046", "Len=2046", "func=DISC",
            "func=UA",
        ]
        var lines = try tshark("-T fields -e _ws.col.Info")[...]
        for step in steps {
            let place = try #require(
                lines.firstIndex { $0.contains(step) }, "no '\(step)' in what is left of the session")
            lines = lines[(place + 1)...]
        }
        #expect(lines.isEmpty)
    }

    @Test func timesAreThoseOfTheFramesToTheNanosecond() throws {
        let expected = session.frames.map { frame in
            let (seconds, rest) = frame.moment.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            let digits = String(rest)
            return "\(1_700_000_000 + seconds).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
        }
        #expect(try tshark("-T fields -e frame.time_epoch").map(String.init) == expected)
    }
}
