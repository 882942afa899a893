import InternetBackend
import SocketBackends
import Synchronization
import TestSupport
import Testing

@testable import Winsock

@Suite("ConnectEx")
struct ConnectExTests {
    let fixture: Fixture
    let winsock: Winsock

    init() throws {
        fixture = try Fixture()
        winsock = fixture.winsock
    }

    private func connect(_ handle: SocketHandle) throws(SocketError) {
        try winsock.connect(handle, to: FakeFamily.address(7))
    }

    private func start(_ handle: SocketHandle) throws(SocketError) {
        _ = try winsock.startConnectEx(handle, to: FakeFamily.address(7))
    }

    @Test("windows 2, 32: while it is pending, every connect is WSAEINVAL, and there is no peer")
    func pending() throws {
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let completion = try winsock.startConnectEx(handle, to: FakeFamily.address(7))
        #expect(!completion.isFinished)
        expect(.WSA_IO_INCOMPLETE) { _ = try completion.result() }
        expect(.WSA_IO_INCOMPLETE) { _ = try completion.result(timeout: .milliseconds(1)) }
        expect(.WSAEINVAL) { try connect(handle) }
        expect(.WSAEINVAL) { try start(handle) }
        expect(.WSAENOTCONN) { _ = try winsock.peerAddress(of: handle) }
        let (plain, _) = try fixture.connecting()
        expect(.WSAEINVAL) { try start(plain) }
    }

    @Test("windows 5: without its context, connect is WSAEINVAL and ConnectEx WSAEISCONN; with it, both are WSAEISCONN")
    func context() throws {
        let (handle, _) = try fixture.socket()
        let completion = try winsock.startConnectEx(handle, to: FakeFamily.address(7))
        #expect(try completion.result(timeout: .patience) == 0)
        expect(.WSAEINVAL) { try connect(handle) }
        expect(.WSAEISCONN) { try start(handle) }
        expect(.WSAENOTCONN) { _ = try winsock.peerAddress(of: handle) }
        expect(.WSAENOTCONN) { try winsock.shutdown(handle, .send) }
        #expect(try winsock.send(handle, [1]) == 1)
        try winsock.setOption(.updateConnectContext, of: handle, to: [])
        #expect(try winsock.peerAddress(of: handle) == FakeFamily.address(7))
        expect(.WSAEISCONN) { try connect(handle) }
        expect(.WSAEISCONN) { try start(handle) }
        try winsock.shutdown(handle, .send)
    }

    @Test("SO_UPDATE_CONNECT_CONTEXT takes a connection, whoever made it")
    func updateContext() throws {
        try winsock.setOption(.updateConnectContext, of: fixture.connected().handle, to: [])
        for handle in [try fixture.socket().handle, try fixture.socket(.datagram).handle] {
            expect(.WSAENOTCONN) { try winsock.setOption(.updateConnectContext, of: handle, to: []) }
        }
    }

    @Test("windows 3, 4, 45: what cannot start")
    func refusedToStart() throws {
        expect(.WSAENOTSOCK) { try start(.invalid) }
        let (unbound, fake) = try fixture.socket()
        fake.unbind()
        expect(.WSAEINVAL) { try start(unbound) }
        expect(.WSAEINVAL) { try start(try fixture.listening().handle) }
        expect(.WSAEISCONN) { try start(try fixture.connected().handle) }
        expect(.WSAEINVAL) { try start(try fixture.socket(.datagram).handle) }
        let (handle, other) = try fixture.socket()
        expect(.WSAEFAULT) { _ = try winsock.startConnectEx(handle, to: SocketAddress(bytes: [99, 0])) }
        expect(.WSA_INVALID_HANDLE) {
            _ = try winsock.startConnectEx(handle, to: FakeFamily.address(7), event: .invalid)
        }
        other.plan(.refuse(.WSAENETUNREACH))
        expect(.WSAENETUNREACH) { try start(handle) }
        #expect(winsock.lastError == .WSAENETUNREACH)
    }

    @Test(
        "windows 46: the bytes of the first data, which goes out after the connect; the event object is signalled at the end"
    )
    func firstData() throws {
        let (handle, fake) = try fixture.socket()
        let event = try winsock.createEvent()
        try winsock.setEvent(event)
        fake.plan(.stayPending)
        let bytes = (0..<200).map { UInt8($0) }
        let completion = try winsock.startConnectEx(handle, to: FakeFamily.address(7), sending: bytes, event: event)
        #expect(try !winsock.isSignalled(event))
        let early = try fake.finish()
        #expect(try winsock.waitForMultipleEvents([event], timeout: .patience) == 0)
        #expect(completion.isFinished)
        #expect(try completion.result() == 200)
        #expect(try Array((early + fake.drain()).suffix(200)) == bytes)
    }

    @Test("first data that does not fit at once goes out as room comes")
    func muchData() async throws {
        let (handle, fake) = try fixture.socket()
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        let completion = try winsock.startConnectEx(handle, to: FakeFamily.address(7), sending: bytes)
        var taken: [UInt8] = []
        await eventually("all is sent") {
            taken += (try? fake.drain()) ?? []
            return taken.count == bytes.count
        }
        #expect(difference(taken, from: bytes) == nil)
        #expect(try await completion.value() == bytes.count)
    }

    @Test("windows 46: a refusal, after which the socket may try again")
    func refused() async throws {
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let completion = try winsock.startConnectEx(handle, to: FakeFamily.address(7), sending: [1])
        try fake.finish(.WSAECONNREFUSED)
        await #expect(throws: SocketError.self) { try await completion.value() }
        expect(.WSAECONNREFUSED) { _ = try completion.result() }
        #expect(try fixture.socketError(of: handle) == .WSAECONNREFUSED)
        fake.plan(.succeed)
        #expect(try await winsock.connectEx(handle, to: FakeFamily.address(7), sending: [5, 6]) == 2)
        #expect(try fake.drain() == [5, 6])
    }

    @Test("closing the socket ends it with WSA_OPERATION_ABORTED", arguments: 0..<10)
    func closed(round: Int) throws {
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let completion = try winsock.startConnectEx(handle, to: FakeFamily.address(7))
        if round.isMultiple(of: 2) { try winsock.closeSocket(handle) } else { try winsock.cleanup() }
        expect(.WSA_OPERATION_ABORTED) { _ = try completion.result(timeout: .patience) }
    }

    @Test("so does calling it off, after which the socket can only be closed; after the end it has no effect")
    func cancelled() async throws {
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let completion = try winsock.startConnectEx(handle, to: FakeFamily.address(7))
        completion.cancel()
        expect(.WSA_OPERATION_ABORTED) { _ = try completion.result() }
        expect(.WSAECONNABORTED) { try connect(handle) }
        let (second, other) = try fixture.socket()
        other.plan(.stayPending)
        let winsock = winsock
        let task = Task { () -> WSAErrorCode? in
            do throws(SocketError) {
                _ = try await winsock.connectEx(second, to: FakeFamily.address(7))
                return nil
            } catch {
                return error.code
            }
        }
        await eventually("it has begun") { other.count(of: "connect") == 1 }
        task.cancel()
        #expect(await task.value == .WSA_OPERATION_ABORTED)
        let (third, _) = try fixture.socket()
        let finished = try winsock.startConnectEx(third, to: FakeFamily.address(7))
        #expect(try finished.result(timeout: .patience) == 0)
        finished.cancel()
        #expect(try winsock.send(third, [1]) == 1)
    }

    @Test("R45: network events tell of it as of any connect")
    func events() throws {
        let (handle, fake) = try fixture.socket()
        let event = try winsock.createEvent()
        try winsock.eventSelect(handle, event, .all)
        fake.plan(.stayPending)
        let completion = try winsock.startConnectEx(handle, to: FakeFamily.address(7))
        try fake.finish()
        #expect(
            try winsock.collect([.connect, .write], of: handle, event) == [.connect: .NO_ERROR, .write: .NO_ERROR])
        #expect(try completion.result(timeout: .patience) == 0)
    }

    @Test("windows 48: SO_CONNECT_TIME, on both ends, without a connection, and for datagrams")
    func connectTime() throws {
        let clock = ManualClock()
        let fixture = try Fixture(environment: SocketEnvironment(now: { clock.now }))
        let winsock = fixture.winsock
        func time(_ handle: SocketHandle) throws -> UInt32 {
            let bytes = try winsock.option(.connectTime, of: handle, buffer: [0, 0, 0, 0])
            return try OptionValue(bytes: bytes).integer(UInt32.self, for: "read")
        }
        let (listener, fake) = try fixture.listening()
        _ = try fake.offerConnection()
        let ends = [
            try fixture.connected().handle, try winsock.accept(listener).socket, try fixture.connecting().handle,
            try fixture.socket(.datagram).handle, listener,
        ]
        try winsock.connect(ends[3], to: FakeFamily.address(7))
        #expect(try ends.map(time) == [0, 0, .max, .max, .max])
        clock.advance(by: .milliseconds(7999))
        #expect(try ends.map(time) == [7, 7, .max, .max, .max])
        expect(.WSAEFAULT) { _ = try winsock.option(.connectTime, of: ends[0], buffer: [0, 0]) }
    }

    @Test("over the loopback interface, with data", arguments: InternetVersion.allCases)
    func loopback(version: InternetVersion) async throws {
        let loopback = try LoopbackTests.Loopback(version)
        let winsock = loopback.winsock
        let listener = try loopback.listener()
        let unbound = try winsock.socket(family: version.family, type: .stream)
        expect(.WSAEINVAL) { _ = try winsock.startConnectEx(unbound, to: winsock.localAddress(of: listener)) }
        let client = try loopback.bound(.stream)
        let target = try winsock.localAddress(of: listener)
        #expect(try await winsock.connectEx(client, to: target, sending: [1, 2, 3]) == 3)
        let server = try winsock.accept(listener).socket
        #expect(try winsock.receive(server, upTo: 8) == [1, 2, 3])
        try winsock.setOption(.updateConnectContext, of: client, to: [])
        #expect(try winsock.peerAddress(of: client) == target)
        let refused = try loopback.bound(.stream)
        let nobody = try winsock.localAddress(of: loopback.bound(.stream))
        let completion = try winsock.startConnectEx(refused, to: nobody)
        expect(.WSAECONNREFUSED) { _ = try completion.result(timeout: .patience) }
    }
}

/// A clock that goes when the test says so.
private final class ManualClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { instant.withLock { $0 } }
    func advance(by duration: Duration) { instant.withLock { $0 = $0.advanced(by: duration) } }
}
