import SystemPackage
import Testing

/// The kernel provider: under `irsock run` the kernel seems to have AF_IRDA, and irsock uses it as it would use a real one.
@Suite(.timeLimit(.minutes(3)))
struct KernelProviderTests {
    /// Runs irsock with its kernel provider under `irsock run`.
    private static func irsock(
        _ words: String..., in room: Room, station: String = "Laptop", input: String = ""
    ) async throws -> Room.Outcome {
        let irsock = try Room.built("irsock").string
        return try await room.run(
            [irsock] + words + ["--provider", "kernel"], station: station, input: Array(input.utf8))
    }

    @Test func isListedAsAvailable() async throws {
        try await Room.open(.phoneAndCamera) { room in
            let outcome = try await Self.irsock("families", in: room)
            let line = outcome.text.split(separator: "\n").first { $0.contains("irda-kernel") }
            #expect(line?.contains("yes") == true, "\(outcome.text) \(outcome.errors)")
        }
    }

    @Test func declinesWithAReasonOutside() async throws {
        try await Room.open(.empty) { room in
            let outcome = try await room.irsock(["discover", "--provider", "kernel"])
            #expect(outcome.exitCode == 1)
            #expect(outcome.errors.contains("has no AF_IRDA"), "\(outcome.errors)")
        }
    }

    @Test func discoversAndAsks() async throws {
        try await Room.open(.phoneAndCamera) { room in
            let found = try await Self.irsock("discover", in: room)
            #expect(found.text.contains("Phone") && found.text.contains("Camera"), "\(found.errors)")
            #expect(found.text.contains("0x9ABCDEF1"))
            let name = try await Self.irsock("query", "Phone", "Device", "DeviceName", in: room)
            #expect(name.text.contains("Phone"), "\(name.errors)")
            let number = try await Self.irsock("query", "Phone", "Echo", "IrDA:TinyTP:LsapSel", in: room)
            #expect(number.text.contains("18"), "\(number.errors)")
            let data = try await Self.irsock("query", "Phone", "Echo", "Data", in: room)
            #expect(data.exitCode == 0, "\(data.errors)")
            for (className, attribute) in [("Nothing", "Name"), ("Echo", "Nothing"), ("Device", "Nothing")] {
                let missing = try await Self.irsock("query", "Phone", className, attribute, in: room)
                #expect(missing.exitCode == 1, "\(className) \(attribute): \(missing.text)")
            }
        }
    }

    @Test func connectsAndReceivesToTheEnd() async throws {
        try await Room.open(.phoneAndCamera) { room in
            let outcome = try await Self.irsock("connect", "irda", "Phone/Source", in: room)
            #expect(outcome.output == Array(0..<10), "\(outcome.errors)")
            #expect(outcome.exitCode == 0)
        }
    }

    /// Who has no more to say goes when all has arrived, and the peer is silent; a kernel tells the room in its buffer, not what is in it.
    @Test func noticesThatAllHasArrived() async throws {
        try await Room.open(.phoneAndCamera) { room in
            let outcome = try await Self.irsock("connect", "irda", "Phone/Echo", in: room, input: "there and back")
            #expect(outcome.text == "there and back", "\(outcome.errors)")
            #expect(outcome.exitCode == 0)
        }
    }

    @Test func saysWhatAConnectFailedOf() async throws {
        try await Room.open(.phoneAndCamera) { room in
            let rows = [
                ("Phone/Nothing", "WSAECONNREFUSED"), ("0x01020304/Echo", "WSAETIMEDOUT"),
                ("Phone/lsap:99", "WSAECONNREFUSED"),
            ]
            for (address, code) in rows {
                let outcome = try await Self.irsock("connect", "irda", address, in: room)
                #expect(outcome.exitCode == 1)
                #expect(outcome.errors.contains(code), "\(address): \(outcome.errors)")
            }
        }
    }

    @Test func listensAndAccepts() async throws {
        try await Room.open(.twoStations()) { room in
            let irsock = try Room.built("irsock").string
            let address = ScriptTests.socatAddress(service: "Inbox")
            let (server, client) = try await room.serve(
                [irsock, "listen", "irda", "Inbox", "--provider", "kernel"], station: "Phone", endsByItself: true
            ) {
                try await room.run(
                    ["socat", "-u", "-", "SOCKET-CONNECT:23:0:\(address)"], station: "Laptop",
                    input: Array("by the kernel\n".utf8))
            }
            #expect(client.exitCode == 0, "\(client.errors)")
            #expect(server.text == "by the kernel\n", "\(server.errors)")
        }
    }
}
