import Testing

/// `irsock timeline`: who had the light when.
@Suite(.serialized, .timeLimit(.minutes(1))) struct TimelineTests {
    /// A capture of a discovery in a room with a phone.
    private static func capture(in scratch: Scratch) async throws -> String {
        let path = scratch.file("room.pcap")
        let room = try scratch.room("{class: Echo, behaviour: echo}")
        let outcome = try await Program.irsock.run(["discover", "--scenario", room, "--capture", path])
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        return path
    }

    @Test func aLineForEachFrameAndASum() async throws {
        let scratch = try Scratch()
        let outcome = try await Program.irsock.run("timeline", try await Self.capture(in: scratch))
        #expect(outcome.lines.first?.hasPrefix("SECONDS  DARK ms  LIGHT ms") == true)
        #expect(outcome.lines.contains { $0.contains("us >") && $0.contains("XID cmd P") })
        #expect(outcome.lines.contains { $0.contains("< peer") && $0.contains("XID rsp F") })
        #expect(outcome.text.contains("frames sent, 1 received"))
        #expect(outcome.errors == "" && outcome.exitCode == 0)
    }

    @Test func aPictureAndAPartOfIt() async throws {
        let scratch = try Scratch()
        let capture = try await Self.capture(in: scratch)
        let picture = try await Program.irsock.run("timeline", capture, "--svg", "-", "--row", "200")
        #expect(picture.text.hasPrefix("<svg ") && picture.text.contains("XID cmd P"))
        let part = try await Program.irsock.run("timeline", capture, "--from", "0.1", "--for", "0.02", "--json")
        #expect(part.text.contains("\"framesSent\""))
        let file = scratch.file("room.svg")
        let written = try await Program.irsock.run("timeline", capture, "--svg", file)
        #expect(written.output == Bytes() && written.exitCode == 0)
        #expect(try Scratch.contents(of: file).hasPrefix("<svg "))
    }

    @Test func whatIsNoCaptureIsNamed() async throws {
        let scratch = try Scratch()
        let file = try scratch.write("no capture at all, but long enough", as: "text")
        let outcome = try await Program.irsock.run("timeline", file)
        #expect(outcome.errors.contains("it is no capture") && outcome.exitCode == 1)
        let missing = try await Program.irsock.run("timeline", scratch.file("missing"))
        #expect(missing.errors.contains("missing") && missing.exitCode == 1)
        #expect(try await Program.irsock.run("timeline", file, "--row", "0").exitCode == 64)
        #expect(try await Program.irsock.run("timeline", file, "--from", "nan").exitCode == 64)
    }
}
