import Testing

/// Programs that know nothing of infrared but its numbers: socat, perl, python.
@Suite(.timeLimit(.minutes(3)))
struct ScriptTests {
    /// A `sockaddr_irda` as socat wants it: without the family, in hexadecimal digits.
    static func socatAddress(service: String) -> String {
        var bytes: [UInt8] = [0xFF, 0, 0, 0, 0, 0] + Array(service.utf8)
        bytes += [UInt8](repeating: 0, count: 34 - bytes.count)
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }
        return "x" + digits.joined()
    }

    /// One direction at a time: the end of standard input is `shutdown` to socat, and that ends both.
    @Test func socatSendsToSocat() async throws {
        try await Room.open(.twoStations()) { room in
            let address = Self.socatAddress(service: "Hello")
            let (server, client) = try await room.serve(
                ["socat", "-u", "SOCKET-LISTEN:23:0:\(address)", "-"], station: "Phone", endsByItself: true
            ) {
                try await room.run(
                    ["socat", "-u", "-", "SOCKET-CONNECT:23:0:\(address)"], station: "Laptop",
                    input: Array("through the light\n".utf8))
            }
            #expect(client.exitCode == 0, "\(client.errors)")
            #expect(server.text == "through the light\n", "\(server.errors)")
        }
    }

    @Test func socatReceivesFromSocat() async throws {
        try await Room.open(.twoStations()) { room in
            let address = Self.socatAddress(service: "Hello")
            try Room.write(Array("from the other side\n".utf8), to: room.file("text"))
            let (server, client) = try await room.serve(
                ["socat", "-U", "SOCKET-LISTEN:23:0:\(address)", "OPEN:text"], station: "Phone", endsByItself: true
            ) {
                try await room.run(["socat", "-u", "SOCKET-CONNECT:23:0:\(address)", "-"], station: "Laptop")
            }
            #expect(client.text == "from the other side\n", "\(client.errors)")
            #expect(server.exitCode == 0, "\(server.errors)")
        }
    }

    @Test func socatHearsThatNobodyOffersTheService() async throws {
        try await Room.open(.twoStations()) { room in
            let address = Self.socatAddress(service: "Nothing")
            let client = try await room.run(["socat", "-", "SOCKET-CONNECT:23:0:\(address)"], station: "Laptop")
            #expect(client.exitCode == 1)
            #expect(client.errors.contains("Cannot assign requested address"), "\(client.errors)")
        }
    }

    @Test func perlTalksToPython() async throws {
        try await Room.open(.twoStations()) { room in
            let (server, client) = try await room.serve(
                ["python3", Room.program("server.py"), "Shout"], station: "Phone", endsByItself: true
            ) {
                try await room.run(["perl", Room.program("client.pl"), "Phone", "Shout", "hello"], station: "Laptop")
            }
            #expect(client.errors == "")
            #expect(
                client.text.split(separator: "\n").sorted() == [
                    "answer HELLO", "found Phone", "found Printer", "peer is Phone",
                ])
            #expect(server.text == "family 23 type 1 address of 36 bytes\n", "\(server.errors)")
        }
    }

    @Test func perlHearsThatNobodyOffersTheService() async throws {
        try await Room.open(.twoStations()) { room in
            let client = try await room.run(
                ["perl", Room.program("client.pl"), "Phone", "Nothing", "hello"], station: "Laptop")
            #expect(client.errors == "connect: Cannot assign requested address\n")
            #expect(client.exitCode != 0)
        }
    }
}
