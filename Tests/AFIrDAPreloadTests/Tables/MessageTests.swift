import Testing

/// SOCK_SEQPACKET: messages keep their bounds.
@Suite(.timeLimit(.minutes(3)))
struct MessageTests {
    @Test func messagesKeepTheirBounds() async throws {
        try await Room.open(.twoStations()) { room in
            let (server, _) = try await room.serve(
                ["python3", Room.program("message_server.py")], station: "Phone", endsByItself: true
            ) {
                try await check(
                    "message_client.py",
                    against: [
                        Row("connect", "0 65535"),
                        Row("a short one", "8 b'abc' EAGAIN"),
                        Row("a long one", "20000 20000"),
                        Row("truncated", "8 8"),
                    ], in: room, station: "Laptop")
            }
            #expect(
                server.text == """
                    accept with room for 8\tTrue 23 True 36
                    message 0\t8 8
                    message 1\t20000 20000
                    message 2\t8 8
                    end\tb''

                    """, "\(server.errors)")
        }
    }
}
