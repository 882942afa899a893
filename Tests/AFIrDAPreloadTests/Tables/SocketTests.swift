import Testing

/// socket, bind, listen, accept and the names of sockets, as they were measured on a kernel.
@Suite(.timeLimit(.minutes(3)))
struct SocketTests {
    static let table = [
        Row("stream", "made"),
        Row("stream, protocol 1", "made"),
        Row("seqpacket", "made"),
        Row("unitdata", "made"),
        Row("ultra", "made"),
        Row("datagram, protocol 2", "ESOCKTNOSUPPORT"),
        Row("raw", "ESOCKTNOSUPPORT"),
        Row("rdm", "ESOCKTNOSUPPORT"),
        Row("type 9", "ESOCKTNOSUPPORT"),
        Row("type 11", "EINVAL"),
        Row("protocol 256", "EINVAL"),
        Row("protocol -1", "EINVAL"),
        Row("unknown flag", "EINVAL"),
        Row("flags of a socket", "0 0"),
        Row("flags asked for", "True 1"),
        Row("general options", "1 23 0 0"),
        Row("bind", "0"),
        Row("bind, wrong family", "0"),
        Row("bind, length 0", "EINVAL"),
        Row("bind, length 35", "EINVAL"),
        Row("bind, length 37", "EINVAL"),
        Row("bind, selector any", "0"),
        Row("bind, selector 0x20", "0", kernel: "ENOMEM"),
        Row("bind, selector 0", "0", kernel: "ENOMEM"),
        Row("bind, selector 0 with a name", "0", kernel: "ENOMEM"),
        Row("bind, selector 0x70", "EADDRNOTAVAIL", kernel: "ENOMEM"),
        Row("bind, no memory", "EFAULT"),
        Row("bind twice", "0 EBUSY"),
        Row("name of another socket", "0"),
        Row("accept without listen", "EINVAL"),
        Row("listen", "0 1"),
        Row("listen twice", "EOPNOTSUPP"),
        Row("accept, none waits", "EAGAIN none"),
        Row("flags of accept4", "EINVAL"),
        Row("recv while listening", "EINVAL"),
        Row("FIONREAD while listening", "0"),
        Row("listen unbound", "0"),
        Row("getpeername unconnected", "ENOTCONN"),
        Row("getsockname unconnected", "(0, 23)"),
        Row("getsockname bound", "0 23 33 True"),
        Row("getpeername", "0 23 18 True '' 36"),
        Row("getpeername, room for 8", "0 23 18 True 36 True"),
        Row("getpeername, room for 0", "0 36 True"),
        Row("getpeername, negative room", "EINVAL"),
        Row("getpeername, no memory", "EFAULT EFAULT"),
        Row("closed descriptor", "EBADF EBADF"),
    ]

    @Test func answersAsTheKernelDid() async throws {
        try await Room.open(.phoneAndCamera) { room in try await check("sockets.py", against: Self.table, in: room) }
    }
}
