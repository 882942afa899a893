import IrDAStation
import SystemPackage
import Testing

/// connect(2), as it was measured on a kernel.
@Suite(.timeLimit(.minutes(3)))
struct ConnectTests {
    static let table = [
        Row("absent device by name", "EHOSTUNREACH"),
        Row("absent device by selector", "EHOSTUNREACH"),
        Row("absent device by name, non-blocking", "EHOSTUNREACH"),
        Row("absent device by selector, non-blocking", "EHOSTUNREACH"),
        Row("by name", "0"),
        Row("by selector", "0"),
        Row("by name with a selector beside it", "0"),
        Row("any device, 0", "0"),
        Row("any device, ffffffff", "0"),
        Row("any device, unknown service", "EADDRNOTAVAIL"),
        Row("any device, no name", "EADDRNOTAVAIL"),
        Row("hint mask that excludes all", "0 ENETUNREACH"),
        Row("hint mask taken back", "0 0"),
        Row("unknown service", "EADDRNOTAVAIL"),
        Row("unknown service, non-blocking", "EADDRNOTAVAIL"),
        Row("unused selector", "ECONNRESET"),
        Row("selector 0", "EADDRNOTAVAIL", kernel: "waits for ever"),
        Row("selector 0x70", "EADDRNOTAVAIL"),
        Row("selector any", "EADDRNOTAVAIL"),
        Row("wrong family", "0"),
        Row("garbage in the holes", "0"),
        Row("length 0", "EINVAL"),
        Row("length 2", "EINVAL"),
        Row("length 35", "EINVAL"),
        Row("length 37", "EINVAL"),
        Row("no memory", "EFAULT EFAULT"),
        Row("no descriptor", "EBADF"),
        Row("connected", "0 EISCONN EISCONN"),
        Row("absent device while linked to another", "EHOSTUNREACH"),
        Row("absent device while linked to another, by selector", "EHOSTUNREACH"),
        Row("bound to a name", "0 5 b'hello'"),
        Row("bound to a name, the selector", "True True"),
        Row("bound to nothing", "0 0 5 b'hello'"),
        Row("listening", "0 0 EINVAL", kernel: "0, and accept fails from then on"),
        Row("non-blocking by name", "EINPROGRESS OUT 0 EISCONN 0"),
        Row("unused selector, non-blocking", "EINPROGRESS True ECONNREFUSED"),
        Row("after a failure", "EINPROGRESS OUT 0"),
        Row("SO_ERROR of a failure", "EINPROGRESS True ECONNRESET 0", kernel: "SO_ERROR 0"),
        Row("after SO_ERROR", "EINPROGRESS"),
        Row("blocking after a failure", "EADDRNOTAVAIL ECONNRESET 0 1 b'x'"),
        Row("SO_ERROR of a connection", "0"),
        Row("peer has closed", "0 10 HUP"),
        Row("again after the peer has closed", "0 5 b'again'", kernel: "0, and send gives EPIPE"),
        Row("ultra", "EOPNOTSUPP EOPNOTSUPP"),
    ]

    @Test func answersAsTheKernelDid() async throws {
        try await Room.open(.phoneAndCamera) { room in try await check("connecting.py", against: Self.table, in: room) }
    }

    static let emptyRoom = [
        Row("enumerate", "EAGAIN"),
        Row("wait", "EAGAIN"),
        Row("any device, 0", "ENETUNREACH"),
        Row("any device, ffffffff", "ENETUNREACH"),
        Row("a device", "EHOSTUNREACH"),
    ]

    @Test func findsNobodyInAnEmptyRoom() async throws {
        try await Room.open(.empty) { room in try await check("alone.py", against: Self.emptyRoom, in: room) }
    }

    /// With two devices the kernel failed with EHOSTUNREACH; that there must be exactly one was intended.
    static let twoDevices = [
        Row("both offer it", "ENOTUNIQ", kernel: "EHOSTUNREACH"),
        Row("one offers it", "0", kernel: "EHOSTUNREACH"),
        Row("neither offers it", "EADDRNOTAVAIL", kernel: "EHOSTUNREACH"),
        Row("second device while linked to a first", "0 EHOSTUNREACH EBUSY"),
        Row("query to a second device while linked to a first", "EHOSTUNREACH"),
        Row("second device when the first is left", "0", kernel: "EHOSTUNREACH until the link is down, 2 s"),
    ]

    @Test func wantsOneDeviceThatOffersTheService() async throws {
        try await Room.open(.twoPhones) { room in try await check("several.py", against: Self.twoDevices, in: room) }
    }

    static let blockedBeam = [
        Row("blocked, by name", "EHOSTUNREACH"),
        Row("blocked, by selector, non-blocking", "EINPROGRESS True ECONNREFUSED"),
        Row(
            "second connect while the first is pending", "EINPROGRESS EISCONN EISCONN OUT 0 1 IN b'x'",
            kernel: "by name it ruins the socket"),
        Row("TIOCOUTQ of what is not acknowledged", "True 3000 3000 True"),
        Row("lost while receiving", "ENOTCONN True EPIPE ENOTCONN"),
        Row("lost while sending", "EPIPE True EPIPE ENOTCONN", kernel: "ENOTCONN at first"),
    ]

    /// In real time: what waits for something has to be seen waiting.
    @Test func endsWithTheBeam() async throws {
        let irsock = try Room.built("irsock").string
        try await Room.open(.impatient, speed: .times(1)) { room in
            try await check("blocked.py", [irsock], against: Self.blockedBeam, in: room)
        }
    }
}
