import SocketBackends
import SystemPackage
import Testing

@Suite("Errno to WSA code")
struct ErrnoTranslationTests {
    /// The numbers of Linux on x86-64 and arm64, written out so that neither side of the table can hide a slip.
    static let rows: [(Int32, Int32)] = [
        (1, 10013), (2, 10107), (4, 10004), (5, 10050), (6, 10050), (9, 10038), (11, 10035), (12, 10055), (13, 10013),
        (14, 10014), (16, 10048), (19, 10050), (22, 10022), (23, 10024), (24, 10024), (32, 10058), (33, 10022),
        (36, 10063), (38, 10045), (39, 10066), (40, 10062), (52, 10013), (56, 10022), (61, 10042), (64, 10050),
        (66, 10071), (71, 10050), (74, 10053), (75, 10022), (77, 10022), (87, 10068), (88, 10038), (89, 10039),
        (90, 10040), (91, 10041), (92, 10042), (93, 10043), (94, 10044), (95, 10045), (96, 10046), (97, 10047),
        (98, 10048), (99, 10049), (100, 10050), (101, 10051), (102, 10052), (103, 10053), (104, 10054), (105, 10055),
        (106, 10056), (107, 10057), (108, 10058), (109, 10059), (110, 10060), (111, 10061), (112, 10064), (113, 10065),
        (114, 10037), (115, 10035), (116, 10070), (122, 10069), (125, 995),
    ]

    @Test("each row", arguments: rows)
    func row(errno: Int32, wsa: Int32) {
        #expect(WSAErrorCode(Errno(rawValue: errno)).rawValue == wsa)
    }

    @Test("what the table does not know is a system call failure", arguments: [0, 3, 7, 8, 34, 35, 131, -1, Int32.max])
    func unknown(errno: Int32) {
        #expect(WSAErrorCode(Errno(rawValue: errno)) == .WSASYSCALLFAILURE)
    }

    @Test("an error keeps both numbers and prints as one line")
    func error() {
        let error = SocketError(
            .connectionRefused, operation: "connect to 127.0.0.1:1", advice: "Is the server running?")
        #expect(error.code == .WSAECONNREFUSED)
        #expect(error.errno == .connectionRefused)
        #expect(
            error.description
                == "cannot connect to 127.0.0.1:1: Connection refused (WSAECONNREFUSED 10061). Is the server running?")
    }
}
