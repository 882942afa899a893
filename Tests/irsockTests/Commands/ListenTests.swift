import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct ListenTests {
    /// The address in `Listening at 127.0.0.1:40213.`
    static func address(in greeting: String) throws -> String {
        let beginning = "Listening at "
        try #require(greeting.hasPrefix(beginning) && greeting.hasSuffix("."), "the listener says: \(greeting)")
        return String(greeting.dropFirst(beginning.count).dropLast())
    }

    @Test(
        "Two commands carry bytes to each other, and each end of input ends only its own direction",
        arguments: [("inet", "127.0.0.1:0"), ("inet6", "[::1]:0")],
        [(0, 0), (0, 200_000), (200_000, 0), (200_000, 200_000), (1, 1)])
    func bothDirections(place: (family: String, address: String), sizes: (listener: Int, connector: Int)) async throws {
        let fromListener = Bytes.random(sizes.listener, seed: 8)
        let fromConnector = Bytes.random(sizes.connector, seed: 9)
        let family = place.family
        let (listener, connector) = try await Program.irsock.serve(
            ["listen", family, place.address], input: fromListener
        ) { greeting in
            try await Program.irsock.run(["connect", family, Self.address(in: greeting)], input: fromConnector)
        }
        #expect(listener.output == fromConnector)
        #expect(connector.output == fromListener)
        #expect(listener.errorLines.count == 1)
        #expect(listener.errors.hasPrefix("Connected by "))
        #expect(connector.errors == "")
        #expect(listener.exitCode == 0)
        #expect(connector.exitCode == 0)
    }

    @Test func anAddressInUseIsNamed() async throws {
        let (_, second) = try await Program.irsock.serve(["listen", "inet", "127.0.0.1:0"]) { greeting in
            let address = try Self.address(in: greeting)
            let second = try await Program.irsock.run("listen", "inet", address)
            // So that the first ends, too.
            _ = try await Program.irsock.run("connect", "inet", address)
            return (outcome: second, address: address)
        }
        #expect(second.outcome.errorLines.count == 1)
        #expect(second.outcome.errors.hasPrefix("Error: cannot bind to \(second.address): "))
        #expect(second.outcome.errors.contains("(WSAEADDRINUSE 10048)"))
        #expect(second.outcome.exitCode == 1)
    }
}
