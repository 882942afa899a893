import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct ConnectInternetTests {
    @Test("A web server answers", arguments: [("inet", "127.0.0.1"), ("inet6", "::1")])
    func http(family: String, host: String) async throws {
        let scratch = try Scratch()
        let page = Bytes.random(300_000, seed: 1)
        _ = try scratch.write(page, as: "page")
        let server = ["-u", "-m", "http.server", "0", "--bind", host, "--directory", scratch.path]
        let (_, _, outcome) = try await Program.python.untilSignalled(server) { lines in
            // Serving HTTP on 127.0.0.1 port 40213 (http://127.0.0.1:40213/) ...
            let greeting = try await lines.next() ?? ""
            let words = greeting.split(separator: " ")
            let port = try #require(
                words.firstIndex(of: "port").map { words[$0 + 1] }, "the server says: \(greeting)")
            let address = family == "inet6" ? "[\(host)]:\(port)" : "\(host):\(port)"
            return try await Program.irsock.run(
                "connect", family, address, "--verbose", input: "GET /page HTTP/1.0\r\n\r\n")
        }
        #expect(outcome.text.hasPrefix("HTTP/1.0 200 OK\r\n"))
        #expect(outcome.output.suffix(page.count) == page)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("Connected to "))
        #expect(outcome.exitCode == 0)
    }

    /// Answers only when the client has ended its direction.
    private static let backwards = """
        import socket
        server = socket.create_server(('127.0.0.1', 0))
        print(server.getsockname()[1], flush=True)
        client, _ = server.accept()
        heard = b''
        while piece := client.recv(65536):
            heard += piece
        client.sendall(heard[::-1])
        client.close()
        """

    @Test("The end of the input ends one direction, and the other goes on", arguments: [0, 1, 300_000])
    func halfClose(size: Int) async throws {
        let bytes = Bytes.random(size, seed: 2)
        let (_, _, outcome) = try await Program.python.untilSignalled(["-c", Self.backwards]) { lines in
            let port = try #require(try await lines.next())
            return try await Program.irsock.run(["connect", "inet", "127.0.0.1:\(port)"], input: bytes)
        }
        #expect(outcome.output == bytes.reversed())
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test func nobodyListens() async throws {
        let port = try UnusedPort()
        let outcome = try await Program.irsock.run("connect", "inet", "127.0.0.1:\(port.number)")
        #expect(outcome.output == Bytes())
        #expect(
            outcome.errors == """
                Error: cannot connect to 127.0.0.1:\(port.number): Connection refused (WSAECONNREFUSED 10061). \
                Is the server running, and is this its port?

                """)
        #expect(outcome.exitCode == 1)
    }
}
