import Testing

/// The demonstration, which is also the shortest way through everything.
@Suite(.serialized, .timeLimit(.minutes(1))) struct DemoTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test(
        "A file of any size goes there and back over any air, and the capture shows the whole way",
        arguments: [
            (0, "0", []), (1, "0", ["Len=2", "Len=2"]), (1 << 20, "0", ["Len=2046", "Len=2046"]),
            (0, "1e-5", []), (1, "1e-5", ["Len=2", "Len=2"]), (1 << 18, "1e-5", ["Len=2046", "Len=2046"]),
        ])
    func roundTrip(size: Int, bitErrorRate: String, data: [String]) async throws {
        let file = try scratch.write(Bytes.random(size, seed: 10), as: "file")
        let room = try scratch.room(bitErrorRate: bitErrorRate, "{class: Echo, behaviour: echo}")
        let capture = scratch.file("demo.pcap")
        let outcome = try await Program.irsock.run(
            "demo", file, "--scenario", room, "--seed", "11", "--capture", capture)
        #expect(outcome.text.contains("One device answers:\n             Phone, 0x9ABCDEF1\n"))
        #expect(outcome.text.contains("(\(size) bytes) goes there and comes back."))
        #expect(outcome.text.contains("It is back, every byte the same"))
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
        try await Capture(capture).expect(Capture.session(service: "Echo", data: data))
    }

    @Test func theBuiltInRoomAndTheDefaultCapture() async throws {
        let file = try scratch.write("Hello, infrared.\n", as: "hello.txt")
        let outcome = try await Program.irsock.run("demo", file, in: scratch.path)
        #expect(outcome.text.contains("3 devices answer:"))
        #expect(outcome.text.contains("It is back, every byte the same"))
        #expect(outcome.text.contains("tshark -r irsock-demo.pcap"))
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
        try await Capture(scratch.file("irsock-demo.pcap"))
            .expect(Capture.session(service: "Echo", data: ["Len=18", "Len=18"]))
    }

    @Test func aServiceThatDoesNotEchoIsFoundOut() async throws {
        let file = try scratch.write("Hello, infrared.\n", as: "hello.txt")
        let room = try scratch.room("{class: Upper, behaviour: 'exec:head -n 1 | tr a-z A-Z'}")
        let outcome = try await Program.irsock.run(
            "demo", file, "--scenario", room, "--to", "Phone/Upper", in: scratch.path)
        #expect(outcome.errors == "Error: \(file) came back different: 17 bytes, the first difference at 1.\n")
        #expect(outcome.exitCode == 1)
    }
}
