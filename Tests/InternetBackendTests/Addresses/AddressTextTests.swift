import InternetBackend
import SocketBackends
import Testing

@Suite("Internet addresses as text")
struct AddressTextTests {
    private let v4 = InternetBackend(version: .v4)
    private let v6 = InternetBackend(version: .v6)

    @Test("an IPv4 address lies in memory as sockaddr_in")
    func layoutV4() throws {
        let address = try v4.resolve("127.0.0.1:27015")
        #expect(address.bytes == [2, 0, 0x69, 0x87, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("an IPv6 address lies in memory as Winsock's sockaddr_in6, family 23")
    func layoutV6() throws {
        let address = try v6.resolve("[2001:db8::1%7]:27015")
        #expect(
            address.bytes == [23, 0, 0x69, 0x87, 0, 0, 0, 0] + [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11)
                + [1, 7, 0, 0, 0])
    }

    @Test(
        "what is printed reads back as it was",
        arguments: [
            (InternetVersion.v4, "127.0.0.1:27015"), (.v4, "0.0.0.0:0"), (.v4, "255.255.255.255:65535"),
            (.v6, "[::1]:27015"), (.v6, "[::]:0"), (.v6, "[fe80::1%2]:80"), (.v6, "[::ffff:1.2.3.4]:1"),
        ])
    func roundTrip(version: InternetVersion, text: String) throws {
        let backend = InternetBackend(version: version)
        #expect(backend.describe(try backend.resolve(text)) == text)
    }

    @Test(
        "names are looked up",
        arguments: [
            (InternetVersion.v4, "localhost:80", "127.0.0.1:80"), (.v4, "127.0.0.1:http", "127.0.0.1:80"),
            (.v6, "[::1]:http", "[::1]:80"),
        ])
    func names(version: InternetVersion, text: String, result: String) throws {
        let backend = InternetBackend(version: version)
        #expect(backend.describe(try backend.resolve(text)) == result)
    }

    @Test(
        "nonsense is WSAEINVAL with an example",
        arguments: [
            (InternetVersion.v4, ""), (.v4, ":"), (.v4, "hello"), (.v4, ":80"), (.v4, "localhost:"), (.v4, "::1:80"),
            (.v4, "[::1]:80"), (.v4, "127.0.0.1:65536"), (.v4, "127.0.0.1:99999999999999999999"), (.v4, "a\0b:80"),
            (.v4, "[127.0.0.1:80"), (.v6, "::1:80"), (.v6, "[]:80"), (.v6, "[::1]"), (.v6, "[::1]:"),
            (.v6, "[::1]80"), (.v6, "[::1]:70000"), (.v6, "127.0.0.1:80"), (.v6, "[[::1]]:80"),
        ])
    func nonsense(version: InternetVersion, text: String) throws {
        let error = try #require(throws: SocketError.self) { try InternetBackend(version: version).resolve(text) }
        #expect(error.code == .WSAEINVAL)
        #expect(error.advice.contains(version == .v4 ? "127.0.0.1:27015" : "[::1]:27015"))
    }

    @Test("an unknown service is WSATYPE_NOT_FOUND")
    func unknownService() throws {
        let error = try #require(throws: SocketError.self) { try v4.resolve("127.0.0.1:no-such-service") }
        #expect(error.code == .WSATYPE_NOT_FOUND)
    }

    @Test("an unknown name is WSAHOST_NOT_FOUND, or WSATRY_AGAIN where no name server answers")
    func unknownName() throws {
        let error = try #require(throws: SocketError.self) { try v4.resolve("no-such-host.invalid:80") }
        #expect([.WSAHOST_NOT_FOUND, .WSATRY_AGAIN].contains(error.code))
    }

    @Test(
        "strange bytes are printed as such", arguments: [[2, 0], [2, 0, 1], [26, 0, 1, 2, 3, 4, 5, 6]] as [[UInt8]])
    func strange(bytes: [UInt8]) throws {
        let address = try SocketAddress(bytes: bytes)
        #expect(v4.describe(address) == "inet address of \(bytes.count) strange bytes \(bytes)")
        #expect(v6.describe(address).contains("strange"))
    }
}
