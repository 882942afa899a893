import SocketBackends
import TestSupport
import Testing

@testable import Winsock

@Suite("Connect, blocking and not")
struct ConnectTests {
    @Test("R1, R24a: a blocking connect returns at the end of the attempt")
    func blocking() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let code = try codeOnThread { () throws(SocketError) in
            try fixture.winsock.connect(handle, to: FakeFamily.address(7))
        }
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        try fake.finish()
        #expect(try await code.value() == nil)
        #expect(try fixture.winsock.peerAddress(of: handle) == FakeFamily.address(7))
    }

    @Test("a blocking connect that fails tells why, leaves SO_ERROR at 0, and the socket may try again (R33, D22)")
    func blockingFailure() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let code = try codeOnThread { () throws(SocketError) in
            do throws(SocketError) {
                try fixture.winsock.connect(handle, to: FakeFamily.address(7))
            } catch {
                #expect(fixture.winsock.lastError == error.code)
                throw error
            }
        }
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        try fake.finish(.WSAETIMEDOUT)
        #expect(try await code.value() == .WSAETIMEDOUT)
        #expect(try fixture.socketError(of: handle) == .NO_ERROR)
        expect(.WSAENOTCONN) { _ = try fixture.winsock.peerAddress(of: handle) }
        fake.plan(.succeed)
        try fixture.winsock.connect(handle, to: FakeFamily.address(8))
        #expect(try fixture.winsock.peerAddress(of: handle) == FakeFamily.address(8))
    }

    @Test(
        "R25, R44, D7, D9: while one thread waits in connect, the others see a socket that is connecting, and never wait"
    )
    func others() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let code = try codeOnThread { () throws(SocketError) in
            try fixture.winsock.connect(handle, to: FakeFamily.address(7))
        }
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        expect(.WSAEALREADY) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }
        expect(.WSAENOTCONN) { _ = try fixture.winsock.send(handle, [1]) }
        expect(.WSAENOTCONN) { _ = try fixture.winsock.receive(handle, upTo: 1) }
        expect(.WSAEINVAL) { try fixture.winsock.setOption(.broadcast, of: handle, to: [1, 0, 0, 0]) }
        #expect(try fixture.winsock.peerAddress(of: handle) == FakeFamily.address(7))
        #expect(try fixture.winsock.select(SocketSets(read: [handle], write: [handle]), timeout: .zero).count == 0)
        try fixture.winsock.setNonBlocking(handle, true)
        // Nor do they wait for what has nothing to do with it.
        let (other, _) = try fixture.connected()
        try fixture.winsock.closeSocket(other)
        try fake.finish()
        #expect(try await code.value() == nil)
    }

    @Test("R24, R25, R25b: a non-blocking connect is pending, then already going on, also when the socket blocks again")
    func nonBlocking() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.connecting()
        #expect(fixture.winsock.lastError == .WSAEWOULDBLOCK)
        expect(.WSAEALREADY) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }
        try fixture.winsock.setNonBlocking(handle, false)
        expect(.WSAEALREADY) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }
        try fake.finish()
        expect(.WSAEISCONN) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }  // rule R28
        #expect(fake.count(of: "connect") == 1)
    }

    @Test("R26, D10: version 1.1 calls it invalid; the first start-up decides")
    func version1() throws {
        let fixture = try Fixture(version: .version1_1)
        try fixture.winsock.startup(version: .version2_2)
        let (handle, _) = try fixture.connecting()
        expect(.WSAEINVAL) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }
    }

    @Test("R31, D22: SO_ERROR shows a non-blocking failure on every read until a connect succeeds")
    func socketError() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.refused()
        for _ in 0..<2 {
            fixture.winsock.setLastError(.WSAEFAULT)
            #expect(try fixture.socketError(of: handle) == .WSAECONNREFUSED)
            #expect(fixture.winsock.lastError == .NO_ERROR)
        }
        expect(.WSAEWOULDBLOCK) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }
        #expect(try fixture.socketError(of: handle) == .WSAECONNREFUSED)
        try fake.finish()
        #expect(try fixture.socketError(of: handle) == .NO_ERROR)
    }

    @Test("SO_ERROR can be set, takes four bytes, and has room for no less")
    func setSocketError() throws {
        let fixture = try Fixture()
        let (handle, _) = try fixture.socket()
        try fixture.winsock.setOption(.error, of: handle, to: OptionValue(Int32(4711)).bytes)
        #expect(try fixture.socketError(of: handle).rawValue == 4711)
        expect(.WSAEFAULT) { try fixture.winsock.setOption(.error, of: handle, to: [1]) }
        expect(.WSAEFAULT) { _ = try fixture.winsock.option(.error, of: handle, buffer: [1]) }
        #expect(fixture.winsock.lastError == .WSAEFAULT)
    }

    @Test("a failed socket can be made a listener")
    func listenAfterFailure() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.refused()
        fake.refuseToListen()
        expect(.WSAEADDRINUSE) { try fixture.winsock.listen(handle, backlog: 1) }
        expect(.WSAEINVAL) { _ = try fixture.winsock.accept(handle) }
        let (second, _) = try fixture.refused()
        try fixture.winsock.listen(second, backlog: 1)
        expect(.WSAEWOULDBLOCK) { _ = try fixture.winsock.accept(second) }
        #expect(try fixture.socketError(of: second) == .WSAECONNREFUSED)
    }

    @Test("R41, R42: a datagram socket changes its peer at will, and loses it to the zero address")
    func datagram() throws {
        let fixture = try Fixture()
        let (handle, _) = try fixture.socket(.datagram)
        expect(.WSAENOTCONN) { _ = try fixture.winsock.send(handle, [1]) }
        for number in [7, 8, 8] as [UInt8] {
            try fixture.winsock.connect(handle, to: FakeFamily.address(number))
            #expect(try fixture.winsock.peerAddress(of: handle) == FakeFamily.address(number))
        }
        #expect(try fixture.winsock.send(handle, [1]) == 1)
        try fixture.winsock.connect(handle, to: FakeFamily.address(0))
        expect(.WSAENOTCONN) { _ = try fixture.winsock.peerAddress(of: handle) }
        expect(.WSAENOTCONN) { _ = try fixture.winsock.send(handle, [1]) }
        expect(.WSAENOTCONN) { _ = try fixture.winsock.receive(handle, upTo: 1) }
        #expect(try fixture.winsock.send(handle, [1], to: FakeFamily.address(7)) == 1)
    }

    @Test("closing the socket ends a connect that waits with WSAEINTR", arguments: 0..<20)
    func closeWhileConnecting(round: Int) async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let code = try codeOnThread { () throws(SocketError) in
            try fixture.winsock.connect(handle, to: FakeFamily.address(7))
        }
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        try fixture.winsock.closeSocket(handle)
        #expect(try await code.value() == .WSAEINTR)
        expect(.WSAENOTSOCK) { _ = try fixture.winsock.peerAddress(of: handle) }
    }

    @Test("so does the last clean-up")
    func cleanUpWhileConnecting() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let code = try codeOnThread { () throws(SocketError) in
            try fixture.winsock.connect(handle, to: FakeFamily.address(7))
        }
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        try fixture.winsock.cleanup()
        #expect(try await code.value() == .WSAEINTR)
    }
}
