import Testing

/// SOCK_SEQPACKET: messages keep their bounds.
@Suite(.timeLimit(.minutes(3)))
struct MessageTests {
    static let client = [
        Row("connect", "0 65535"),
        Row("a short one", "8 b'abc' EAGAIN"),
        Row("a long one", "20000 20000"),
        Row("60,000 bytes", "60000 60000", kernel: "both ends wait for credit for ever"),
        Row("truncated", "8 8"),
    ]

    static let server = [
        Row("accept with room for 8", "True 23 True 36"),
        Row("message 0", "8 8"),
        Row("message 1", "20000 20000"),
        Row("message 2", "60000 60000"),
        Row("message 3", "8 8"),
        Row("end", "b''"),
    ]

    @Test func messagesKeepTheirBounds() async throws {
        try await Room.open(.twoStations()) { room in
            let (server, _) = try await room.serve(
                ["python3", Room.program("message_server.py")], station: "Phone", endsByItself: true
            ) {
                try await check("message_client.py", against: Self.client, in: room, station: "Laptop")
            }
            check(server, against: Self.server)
        }
    }
}
