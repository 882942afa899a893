import Testing

/// The kinds of sockets, toward each other and without connections, as they were measured on a kernel.
@Suite(.timeLimit(.minutes(3)))
struct KindTests {
    static let client = [
        Row("stream to stream, bound to a selector", "0 0", kernel: "bind says ENOMEM"),
        Row("messages to messages", "0"),
        Row("stream to messages", "ECONNRESET"),
        Row("messages to stream", "ECONNRESET"),
        Row("MAX_SDU_SIZE of unitdata", "0 0"),
        Row("unitdata, MSG_NOSIGNAL", "0 1", kernel: "EINVAL"),
        Row("unitdata, 5,000 bytes", "2045"),
        Row("MAX_SDU_SIZE of ultra", "381 0"),
        Row("ultra, 500 bytes", "0 381", kernel: "EINVAL with MSG_NOSIGNAL"),
        Row("ultra, 500 bytes in pieces", "381 381 EFAULT"),
    ]

    static let server = [
        Row("ultra, bind", "0"),
        Row("selector of who has connected", "0x30"),
        Row("ultra, 500 bytes arrive as", "381 True"),
        Row("ultra, address of the sender", "0 True"),
    ]

    @Test func answersAsTheKernelDid() async throws {
        try await Room.open(.twoStations(withPrinter: false)) { room in
            let (server, _) = try await room.serve(
                ["python3", Room.program("kinds_server.py")], station: "Phone", endsByItself: true
            ) {
                try await check("kinds_client.py", against: Self.client, in: room, station: "Laptop")
            }
            check(server, against: Self.server)
        }
    }
}
