import Testing

/// Programs that know nothing of infrared but its numbers: socat, perl, python.
@Suite(.timeLimit(.minutes(3)))
struct ScriptTests {
    /// A `sockaddr_irda` as socat wants it: without the family, in hexadecimal digits.
    private static func socatAddress(service: String) -> String {
        var bytes: [UInt8] = [0xFF, 0, 0, 0, 0, 0] + Array(service.utf8)
        bytes += [UInt8](repeating: 0, count: 34 - bytes.count)
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }
        return "x" + digits.joined()
    }

    @Test func socatTalksToSocat() async throws {
        try await Room.open(.twoStations()) { room in
            let address = Self.socatAddress(service: "Hello")
            async let server = room.run(
                ["socat", "SOCKET-LISTEN:23:0:\(address)", "SYSTEM:tr a-z A-Z"], station: "Phone")
            try await room.waitForListener(on: "Phone")
            let client = try await room.run(
                ["socat", "-t", "20", "-", "SOCKET-CONNECT:23:0:\(address)"], station: "Laptop",
                input: Array("through the light\n".utf8))
            #expect(client.text == "THROUGH THE LIGHT\n", "\(client.errors)")
            #expect(client.exitCode == 0)
            _ = try await server
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
            async let server = room.run(["python3", Room.program("server.py"), "Shout"], station: "Phone")
            try await room.waitForListener(on: "Phone")
            let client = try await room.run(
                ["perl", Room.program("client.pl"), "Phone", "Shout", "hello"], station: "Laptop")
            #expect(client.errors == "")
            #expect(
                client.text.split(separator: "\n").sorted() == [
                    "answer HELLO", "found Phone", "found Printer", "peer is Phone",
                ])
            let served = try await server
            #expect(served.text == "family 23 peer 34\n", "\(served.errors)")
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
