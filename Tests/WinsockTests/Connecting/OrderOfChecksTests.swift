import SocketBackends
import Testing

@testable import Winsock

/// Decision D1: which error wins, told from the first check to the last.
@Suite("The order of the checks of connect")
struct OrderOfChecksTests {
    private static let fault = SocketError(.WSAEFAULT, operation: "read memory", reason: "the pointer is bad")

    @Test("1: not started up wins over everything (R3, D20)")
    func notStarted() throws {
        let winsock = try Winsock(registry: AddressFamilyRegistry())
        expect(.WSANOTINITIALISED) {
            try winsock.connect(.invalid, to: { () throws(SocketError) in throw Self.fault }())
        }
        #expect(winsock.lastError == .WSANOTINITIALISED)
    }

    @Test("2: no socket wins over a bad pointer (R5)", arguments: [SocketHandle.invalid, SocketHandle(rawValue: 0)])
    func noSocket(handle: SocketHandle) throws {
        let fixture = try Fixture()
        expect(.WSAENOTSOCK) {
            try fixture.winsock.connect(handle, to: { () throws(SocketError) in throw Self.fault }())
        }
        #expect(fixture.winsock.lastError == .WSAENOTSOCK)
    }

    @Test("2: a closed socket is none")
    func closed() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        try fixture.winsock.closeSocket(handle)
        #expect(fake.calls == ["close"])
        expect(.WSAENOTSOCK) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }
        expect(.WSAENOTSOCK) { try fixture.winsock.closeSocket(handle) }
    }

    @Test("3: the state wins over a bad pointer and over a short address, and the backend is not asked (R14, R15, R25)")
    func state() throws {
        let fixture = try Fixture()
        let short = try SocketAddress(bytes: [99, 0])
        for (socket, code) in [
            (try fixture.listening(), WSAErrorCode.WSAEINVAL), (try fixture.connecting(), .WSAEALREADY),
            (try fixture.connected(), .WSAEISCONN),
        ] {
            let asked = socket.fake.count(of: "connect")
            expect(code) {
                try fixture.winsock.connect(socket.handle, to: { () throws(SocketError) in throw Self.fault }())
            }
            expect(code) { try fixture.winsock.connect(socket.handle, to: short) }
            #expect(fixture.winsock.lastError == code)
            #expect(socket.fake.count(of: "connect") == asked)
        }
    }

    @Test(
        "4: then the pointer and the length, and nothing has changed (R6, R7)",
        arguments: [SocketType.stream, .datagram])
    func length(type: SocketType) throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket(type)
        expect(.WSAEFAULT) {
            try fixture.winsock.connect(handle, to: { () throws(SocketError) in throw Self.fault }())
        }
        for count in 2..<8 {
            let short = try SocketAddress(bytes: [99] + Array(repeating: 0, count: count - 1))
            expect(.WSAEFAULT) { try fixture.winsock.connect(handle, to: short) }
        }
        #expect(fake.calls.isEmpty)
        try fixture.winsock.connect(handle, to: FakeFamily.address(7))
    }

    @Test("9: then the backend, whose refusal leaves the socket as it was (R8 to R11)")
    func backend() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.refuse(.WSAEADDRNOTAVAIL))
        expect(.WSAEADDRNOTAVAIL) { try fixture.winsock.connect(handle, to: FakeFamily.address(0)) }
        #expect(fixture.winsock.lastError == .WSAEADDRNOTAVAIL)
        #expect(try fixture.socketError(of: handle) == .NO_ERROR)
        fake.plan(.succeed)
        try fixture.winsock.connect(handle, to: FakeFamily.address(7))
    }

    @Test("the zero sockaddr of no family reaches a datagram backend whatever its addresses are like (D2)")
    func zero() throws {
        let fixture = try Fixture()
        let zero = SocketAddress(family: .unspecified, payload: Array(repeating: 0, count: 14))
        let (datagram, fake) = try fixture.socket(.datagram)
        try fixture.winsock.connect(datagram, to: zero)
        #expect(fake.calls == ["connect"])
        expect(.WSAEFAULT) {
            try fixture.winsock.connect(datagram, to: SocketAddress(bytes: Array(zero.bytes.prefix(7))))
        }
    }
}
