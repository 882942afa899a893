import SocketBackends
import Testing

@testable import Winsock

@Suite("WSAConnect")
struct WSAConnectTests {
    let fixture: Fixture
    let winsock: Winsock

    init() throws {
        fixture = try Fixture()
        winsock = fixture.winsock
    }

    @Test("without extras it is connect")
    func plain() throws {
        let (handle, _) = try fixture.socket()
        #expect(try winsock.connect(handle, to: FakeFamily.address(7), with: ConnectExtras()) == [])
        expect(.WSAEISCONN) { try winsock.connect(handle, to: FakeFamily.address(7), with: ConnectExtras()) }
        expect(.WSAENOTSOCK) { try winsock.connect(.invalid, to: FakeFamily.address(7), with: ConnectExtras()) }
    }

    @Test(
        "what is not supported, on a stream and on datagrams",
        arguments: [
            (ConnectExtras(callerData: [1]), WSAErrorCode.WSAEPROTONOSUPPORT, nil),
            (ConnectExtras(asksForServiceQuality: true), .WSAEOPNOTSUPP, WSAErrorCode.WSAEOPNOTSUPP),
            (ConnectExtras(asksForGroupQuality: true), .WSAEINVAL, .WSAEINVAL),
            (
                ConnectExtras(callerData: [1], asksForServiceQuality: true, asksForGroupQuality: true), .WSAEINVAL,
                .WSAEINVAL
            ),
        ])
    func extras(extras: ConnectExtras, onStream: WSAErrorCode, onDatagrams: WSAErrorCode?) throws {
        let (handle, fake) = try fixture.socket()
        expect(onStream) { try winsock.connect(handle, to: FakeFamily.address(7), with: extras) }
        #expect(winsock.lastError == onStream)
        #expect(fake.count(of: "connect") == 0)
        try winsock.connect(handle, to: FakeFamily.address(7))
        // The socket's state wins, and these win over the address.
        expect(.WSAEISCONN) { try winsock.connect(handle, to: FakeFamily.address(7), with: extras) }
        let (fresh, _) = try fixture.socket()
        expect(onStream) { try winsock.connect(fresh, to: SocketAddress(bytes: [1, 2]), with: extras) }
        let (datagram, _) = try fixture.socket(.datagram)
        if let onDatagrams {
            expect(onDatagrams) { try winsock.connect(datagram, to: FakeFamily.address(7), with: extras) }
        } else {
            #expect(try winsock.connect(datagram, to: FakeFamily.address(7), with: extras) == [])
        }
    }
}
