import Testing

/// What concerns the process more than the socket: descriptors, signals, children, and a service that comes later.
@Suite(.timeLimit(.minutes(3)))
struct ProcessTests {
    static let alone = [
        Row("a service that comes later", "EAFNOSUPPORT made"),
        Row("socket, no descriptor left", "EMFILE"),
        Row("socket, one left again", "made"),
        Row("send after vfork", "-1 1 -1 1"),
    ]

    static let server = [
        Row("accept, a handler without SA_RESTART", "EINTR"),
        Row("accept, a handler with SA_RESTART", "made"),
        Row("accept, no descriptor left", "EMFILE IN"),
        Row("accept, one left again", "made none"),
        Row("its data", "b'second'"),
    ]

    static let client = [Row("connect, first", "0"), Row("connect, second", "0")]

    @Test func aProcessAlone() async throws {
        try await Room.open(.empty) { room in try await check("process.py", against: Self.alone, in: room) }
    }

    @Test func aServerThatIsInterruptedAndHasNoRoom() async throws {
        try await Room.open(.twoStations()) { room in
            let (server, _) = try await room.serve(
                ["python3", Room.program("accepting.py")], station: "Phone", endsByItself: true
            ) {
                try await check(
                    "knocking.py", ["first", "second"], against: Self.client, in: room, station: "Laptop")
            }
            check(server, against: Self.server)
        }
    }
}
