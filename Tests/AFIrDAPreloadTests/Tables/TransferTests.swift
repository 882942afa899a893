import Testing

/// Data and its end, copies of descriptors and children, as they were measured on a kernel.
@Suite(.timeLimit(.minutes(3)))
struct TransferTests {
    static let table = [
        Row("unconnected", "ENOTCONN ENOTCONN ENOTCONN ENOTCONN"),
        Row("unconnected, not waiting", "EAGAIN"),
        Row("unconnected, non-blocking", "EAGAIN ENOTCONN"),
        Row("unconnected, poll", "none", kernel: "HUP"),
        Row("unconnected, lengths", "0 True"),
        Row("unconnected, shutdown", "0 0"),
        Row("usual send buffer", "True"),
        Row("5,000 bytes in one call", "5000 True", kernel: "2039, one segment a call"),
        Row("a part of a message", "8 b'abc' IN b'defgh'"),
        Row("no memory", "EFAULT EAGAIN EFAULT EFAULT"),
        Row("peek", "4 b'peek' b'peek'"),
        Row("nothing there, not waiting", "EAGAIN"),
        Row("urgent", "EINVAL EINVAL EOPNOTSUPP"),
        Row("sendto", "2 b'to'"),
        Row("write, read", "5 IN"),
        Row("FIONREAD", "5"),
        Row("FIONREAD, two segments", "2 True", kernel: "the first segment only"),
        Row("recvfrom", "7 b'1234567'"),
        Row("TIOCOUTQ", "True"),
        Row("time-out", "0 EAGAIN", kernel: "waits for ever"),
        Row("send buffer", "0 100000"),
        Row("send buffer before connect", "0 none 120000 0 120000"),
        Row("epoll", "[] EINPROGRESS True 0"),
        Row("epoll, data", "1 True b'x'"),
        Row("select", "1 True b'y'"),
        Row("the peer has closed, data is queued", "True"),
        Row("what the peer sent", "10"),
        Row("the peer has closed", "b'' b'' 0 HUP", kernel: "ENOTCONN; EAGAIN for ever with MSG_DONTWAIT"),
        Row("send after that", "EPIPE"),
        Row("SIGPIPE", "delivered"),
        Row("write after that", "EPIPE"),
        Row(
            "wait for all at the end", "b'\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t'",
            kernel: "ENOTCONN, the data lost"),
        Row("shutdown 0", "0 EPIPE b''"),
        Row("shutdown 1", "0 EPIPE b''"),
        Row("shutdown 2", "0 EPIPE b''"),
        Row("shutdown 9", "0 EPIPE b''"),
        Row("shutdown wakes a receiver", "[b'']"),
        Row("dup", "0 23 23 True 23"),
        Row("after closing two", "4 b'copy'"),
        Row("dup2 over a copy", "True ENOTSOCK"),
        Row("closed behind our back", "True ENOTSOCK 0"),
        Row("fork", "0 6 b'parent'"),
        Row("fork, a socket of the child's own", "0"),
        Row("exec", "(0, 23, 18, PHONE) 4 b'exec' "),
        Row("after both", "5 b'still'"),
        Row("the parent closes first", "0"),
        Row("other families", "b'tcp' True 1 b'x'"),
    ]

    @Test func answersAsTheKernelDid() async throws {
        try await Room.open(.phoneAndCamera) { room in try await check("transfer.py", against: Self.table, in: room) }
    }
}
