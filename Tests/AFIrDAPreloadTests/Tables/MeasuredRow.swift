import Testing

/// What a kernel's AF_IRDA answered, row by row of the sheet of its measurements, and what proves that IrSock answers the same, or
/// better.
struct MeasuredRow: Sendable, CustomTestStringConvertible {
    enum Proof: Hashable, Sendable {
        /// A row of a script's table: TABLE/ROW.
        case row(String)
        /// A test elsewhere: TARGET/FILE/FUNCTION.
        case test(String)
    }

    let section: String
    let answer: String
    let proofs: [Proof]
    /// Where IrSock does something else on purpose: how that line of docs/testing-with-irsock.md begins.
    let difference: String?

    var testDescription: String { "\(section): \(answer)" }

    private init(_ section: String, _ answer: String, _ proofs: [Proof], but difference: String? = nil) {
        self.section = section
        self.answer = answer
        self.proofs = proofs
        self.difference = difference
    }

    private static func connect(_ answer: String, _ rows: String..., but difference: String? = nil) -> Self {
        Self("connect", answer, rows.map { .row($0) }, but: difference)
    }

    private static func end(_ answer: String, _ rows: String..., but difference: String? = nil) -> Self {
        Self("closing and loss", answer, rows.map { .row($0) }, but: difference)
    }

    private static func data(_ answer: String, _ rows: String..., but difference: String? = nil) -> Self {
        Self("data", answer, rows.map { .row($0) }, but: difference)
    }

    private static func socket(_ answer: String, _ rows: String..., but difference: String? = nil) -> Self {
        Self("socket, bind, listen, accept", answer, rows.map { .row($0) }, but: difference)
    }

    private static func option(_ answer: String, _ rows: String..., but difference: String? = nil) -> Self {
        Self("options", answer, rows.map { .row($0) }, but: difference)
    }

    private static func wire(_ answer: String, _ tests: String...) -> Self {
        Self("on the wire", answer, tests.map { .test($0) })
    }

    private static func time(_ answer: String, _ tests: String...) -> Self {
        Self("times", answer, tests.map { .test($0) })
    }

    static let all = connecting + closing + transferring + making + options + light + times

    private static let connecting = [
        connect(
            "address not in the log: EHOSTUNREACH at once", "connect/absent device by name",
            "connect/absent device by selector", "connect/absent device by name, non-blocking",
            "connect/absent device by selector, non-blocking", "alone/a device",
            but: "`connect` to a device that is not known"),
        connect("in the log, beam blocked, by name: EHOSTUNREACH", "blocked/blocked, by name"),
        connect(
            "the same, non-blocking, by LSAP: EINPROGRESS, POLLHUP, ECONNREFUSED",
            "blocked/blocked, by selector, non-blocking"),
        connect(
            "any address, nobody there or hinted at: ENETUNREACH", "alone/any device, 0", "alone/any device, ffffffff",
            "connect/hint mask that excludes all"),
        connect(
            "any address, one peer: 0, unknown service EADDRNOTAVAIL", "connect/any device, 0",
            "connect/any device, ffffffff", "connect/any device, unknown service", "connect/any device, no name",
            "connect/hint mask taken back"),
        connect(
            "any address, two peers: EHOSTUNREACH", "several/both offer it", "several/one offers it",
            "several/neither offers it", but: "`connect` to any device, several in range"),
        connect("unknown service: EADDRNOTAVAIL", "connect/unknown service", "connect/unknown service, non-blocking"),
        connect(
            "unused LSAP: silence, then ECONNRESET", "connect/unused selector",
            but: "`connect` to an LSAP-SEL that nobody uses"),
        connect(
            "the same, non-blocking: EINPROGRESS, POLLHUP, ECONNREFUSED, then anew",
            "connect/unused selector, non-blocking", "connect/after a failure", "connect/blocking after a failure"),
        connect("LSAP 0 without a name: hangs", "connect/selector 0", but: "`connect` to LSAP-SEL 0 without a name"),
        connect("LSAP 70 and above: EADDRNOTAVAIL", "connect/selector 0x70", "connect/selector any"),
        connect("already connected: EISCONN", "connect/connected"),
        connect("listening: succeeds, accept is lost", "connect/listening", but: "`connect` on a listening socket"),
        connect(
            "bound to a name: succeeds, keeps its LSAP", "connect/bound to a name",
            "connect/bound to a name, the selector", "connect/bound to nothing",
            "kinds server/selector of who has connected"),
        connect(
            "length other than 36: EINVAL", "connect/length 0", "connect/length 2", "connect/length 35",
            "connect/length 37"),
        connect("wrong family: ignored", "connect/wrong family", "connect/garbage in the holes"),
        connect("NULL, bad descriptor: EFAULT, EBADF", "connect/no memory", "connect/no descriptor"),
        connect(
            "non-blocking by name: EINPROGRESS, POLLOUT, 0, EISCONN", "connect/non-blocking by name", "transfer/epoll"),
        connect(
            "second connect while the first is pending: EISCONN", "blocked/second connect while the first is pending",
            but: "a second `connect` by name while the first is under way"),
        connect(
            "unknown address while linked to another: EHOSTUNREACH", "connect/absent device while linked to another",
            "connect/absent device while linked to another, by selector"),
        connect(
            "second device while linked: EHOSTUNREACH, by LSAP EBUSY, query EHOSTUNREACH",
            "several/second device while linked to a first", "several/query to a second device while linked to a first",
            "several/second device when the first is left", but: "`connect` to another device just after the last close"
        ),
        connect(
            "stream to seqpacket or the reverse: ECONNRESET", "kinds client/stream to messages",
            "kinds client/messages to stream", "kinds client/messages to messages"),
        connect("Ultra: EOPNOTSUPP", "connect/ultra"),
        connect(
            "after the peer has closed: 0, then EPIPE", "connect/peer has closed",
            "connect/again after the peer has closed", but: "`connect` after the peer has closed"),
        connect(
            "SO_ERROR: 0 in every case", "connect/SO_ERROR of a failure", "connect/after SO_ERROR",
            "connect/SO_ERROR of a connection", but: "SO_ERROR after a failed non-blocking connect"),
    ]

    private static let closing = [
        end(
            "the peer closes: POLLHUP, with POLLIN while data is queued; then ENOTCONN, EAGAIN for ever",
            "transfer/the peer has closed, data is queued", "transfer/what the peer sent",
            "transfer/the peer has closed",
            "transfer/send after that", "transfer/SIGPIPE", "transfer/write after that", but: "the peer has closed"),
        end(
            "the link is lost: blocked send and recv ENOTCONN, POLLHUP, EPIPE", "blocked/lost while receiving",
            "blocked/lost while sending", but: "a `send` that waits while the link is lost"),
        end(
            "shutdown closes both directions", "transfer/shutdown 0", "transfer/shutdown 1", "transfer/shutdown 2",
            "transfer/shutdown 9", "transfer/shutdown wakes a receiver"),
    ]

    private static let transferring = [
        data(
            "a blocking send takes one segment", "transfer/5,000 bytes in one call",
            but: "a blocking `send` of more than one segment"),
        data("MSG_OOB, MSG_MORE: EINVAL; recv MSG_OOB: EOPNOTSUPP", "transfer/urgent"),
        data("MSG_WAITALL loses data at the end", "transfer/wait for all at the end", but: "MSG_WAITALL at the end"),
        data("SO_RCVTIMEO has no effect", "transfer/time-out", but: "SO_RCVTIMEO, SO_SNDTIMEO"),
        data(
            "FIONREAD counts the first segment", "transfer/FIONREAD", "transfer/FIONREAD, two segments", but: "FIONREAD"
        ),
        data(
            "unconnected: ENOTCONN, EAGAIN, POLLHUP", "transfer/unconnected", "transfer/unconnected, not waiting",
            "transfer/unconnected, non-blocking", "transfer/unconnected, poll",
            but: "`poll` on a socket that was never connected"),
        data(
            "messages of 20,000 bytes pass, 60,000 deadlock", "messages client/a long one",
            "messages client/60,000 bytes",
            but: "messages of 60,000 bytes"),
        data(
            "Ultra: 500 bytes are cut to 381; no address", "kinds client/ultra, 500 bytes in pieces",
            "kinds server/ultra, 500 bytes arrive as",
            "kinds server/ultra, address of the sender"),
        data(
            "datagram sockets refuse MSG_NOSIGNAL", "kinds client/unitdata, MSG_NOSIGNAL",
            "kinds client/ultra, 500 bytes",
            but: "MSG_NOSIGNAL on datagram sockets"),
    ]

    private static let making = [
        socket(
            "RAW, RDM, DGRAM 2: ESOCKTNOSUPPORT; protocol 256, -1: EINVAL", "sockets/raw", "sockets/rdm",
            "sockets/datagram, protocol 2", "sockets/protocol 256", "sockets/protocol -1"),
        socket(
            "bind: length EINVAL, any family, twice EBUSY, a name that is taken", "sockets/bind, length 0",
            "sockets/bind, length 35", "sockets/bind, length 37", "sockets/bind, wrong family", "sockets/bind twice",
            "sockets/name of another socket"),
        socket(
            "bind to LSAP 0, 20, 70: ENOMEM", "sockets/bind, selector 0", "sockets/bind, selector 0 with a name",
            "sockets/bind, selector 0x20", "sockets/bind, selector 0x70",
            "kinds client/stream to stream, bound to a selector", but: "`bind` to an LSAP-SEL"),
        socket(
            "listen: unbound works, twice EOPNOTSUPP; accept without it EINVAL", "sockets/listen unbound",
            "sockets/listen twice", "sockets/accept without listen"),
    ]

    private static let options = [
        option(
            "ENUMDEVICES: EAGAIN at once, EINVAL below 4", "alone/enumerate", "options/no room for a count",
            but: "`IRLMP_ENUMDEVICES`"),
        option(
            "WAITDEVICE: a cached device at once, EAGAIN, EINVAL unless 4", "options/wait", "alone/wait",
            "options/hint mask, wait", "options/wait, length 3", "options/wait, length 5"),
        option(
            "IAS_GET: EINVAL", "options/get, missing class", "options/get, missing attribute", "options/get, length 100"
        ),
        option(
            "IAS_QUERY: EADDRNOTAVAIL, EINVAL, EHOSTUNREACH; a connection asks its peer",
            "options/query, missing class",
            "options/query, missing attribute", "options/query, address 0", "options/query, address ffffffff",
            "options/query, unknown address", "options/query on a connection"),
        option(
            "IAS_SET: EINVAL; a new class without privilege EPERM", "options/set, again", "options/set, bad type",
            "options/set, 1025 octets", "options/set, own class, unbound", "options/set, new class without privilege",
            "options/set, new class with privilege"),
        option("IAS_DEL: EPERM, EINVAL", "options/delete, the station's own", "options/delete, missing"),
        option(
            "MAX_SDU_SIZE: 0 before; 2039 or 65535 after; Ultra 381; not set on seqpacket", "options/MAX_SDU_SIZE",
            "options/MAX_SDU_SIZE of a connection", "messages client/connect", "kinds client/MAX_SDU_SIZE of ultra",
            "kinds client/MAX_SDU_SIZE of unitdata", "options/MAX_SDU_SIZE of seqpacket",
            but: "IRLMP_MAX_SDU_SIZE of a stream"),
        option(
            "HINTS_SET, HINT_MASK_SET: EINVAL below 4; not read", "options/HINTS_SET, length 3",
            "options/HINT_MASK_SET, length 3", "options/HINTS_SET, read", "options/HINT_MASK_SET, read"),
    ]

    private static let light = [
        wire(
            "extra BOFs are FF; several C0 are accepted", "IrDAProtocolTests/Framing/SIRFramerTests.swift/fillers",
            "IrDAProtocolTests/Framing/SIRDeframerTests.swift/fillers",
            "IrDAProtocolTests/Frames/RecordingTests.swift/line"),
        wire(
            "FF directly behind C0 is an address", "IrDAProtocolTests/Framing/SIRDeframerTests.swift/broadcastAddress"),
        wire(
            "a stray C0 00 00 C1 is dropped", "IrDAProtocolTests/Framing/SIRDeframerTests.swift/strayAfterSpeedChange"),
        wire(
            "discovery always ends with a final frame, which introduces us",
            "IrDAProtocolTests/IrLAP/DiscoveryInitiatorTests.swift/wholeDiscovery",
            "IrDAProtocolTests/IrLAP/DiscoveryResponderTests.swift/finalCommand",
            "IrDASimulationTests/Transports/DeviceTests.swift/passive",
            "IrDASimulationTests/Transports/DeviceTests.swift/background"),
        wire(
            "SNRM and UA of a default station, and what comes of them",
            "IrDAProtocolTests/Frames/RecordingTests.swift/negotiated",
            "IrDAProtocolTests/IrLAP/InformationTransferTests.swift/window",
            "IrDAProtocolTests/IrLAP/PrimaryTurnTests.swift/lostAnswer"),
        wire(
            "after UA the speed changes, RR with P; DISC at the old speed",
            "IrDAProtocolTests/IrLAP/ConnectionSetupTests.swift/accepted",
            "IrDAProtocolTests/IrLAP/SecondaryTurnTests.swift/disconnected"),
        wire(
            "idle polling slows down; every poll is answered",
            "IrDAProtocolTests/IrLAP/PrimaryTurnTests.swift/idlePolling",
            "IrDAProtocolTests/IrLAP/SecondaryReceptionTests.swift/duplicate"),
        wire(
            "the link goes 2 s after the last connection, by DISC or RD",
            "IrDASimulationTests/Peers/LinkLossTests.swift/idleLink",
            "IrDAProtocolTests/IrLAP/SecondaryTurnTests.swift/disconnect"),
        wire(
            "IAS on a connection of its own, then TinyTP with credit",
            "IrDAProtocolTests/Stack/ConnectTests.swift/byName"),
        wire(
            "after DISC the next SNRM waits for the medium",
            "IrDAProtocolTests/IrLAP/MediaAccessTests.swift/partOfTheWait"),
    ]

    private static let times = [
        time(
            "connect, link down, on a quiet medium and with the wait: 0.20 to 0.86 s",
            "IrDASimulationTests/Transfer/KernelTimesTests.swift/connect"),
        time("connect, link up: 0.080 to 0.254 s", "IrDASimulationTests/Transfer/KernelTimesTests.swift/connect"),
        time("echo of 100 bytes: 0.055 to 0.305 s", "IrDASimulationTests/Transfer/KernelTimesTests.swift/echo"),
        time("bulk: 10,900 to 830 bytes/s", "IrDASimulationTests/Transfer/KernelTimesTests.swift/bulk"),
    ]
}
