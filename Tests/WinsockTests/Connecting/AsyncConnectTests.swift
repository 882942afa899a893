import SocketBackends
import Testing

@testable import Winsock

@Suite("Connect as an async call")
struct AsyncConnectTests {
    private static func connect(
        _ fixture: Fixture, _ handle: SocketHandle, deadline: ContinuousClock.Instant? = nil
    ) async -> WSAErrorCode? {
        do throws(SocketError) {
            try await fixture.winsock.connect(handle, to: FakeFamily.address(7), deadline: deadline)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a connect that is done at once returns at once")
    func immediate() async throws {
        let fixture = try Fixture()
        let (handle, _) = try fixture.socket()
        #expect(await Self.connect(fixture, handle) == nil)
        #expect(await Self.connect(fixture, handle) == .WSAEISCONN)
    }

    @Test("a pending connect returns when it ends, well or badly", arguments: [nil, WSAErrorCode.WSAECONNREFUSED])
    func pending(code: WSAErrorCode?) async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        async let answer = Self.connect(fixture, handle, deadline: .now.advanced(by: .seconds(3600)))
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        expect(.WSAEALREADY) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }
        try fake.finish(code)
        #expect(await answer == code)
        #expect(try fixture.socketError(of: handle) == code ?? .NO_ERROR)
        if code != nil {
            fake.plan(.succeed)
            #expect(await Self.connect(fixture, handle) == nil)
        }
    }

    @Test("a deadline that has passed before leaves the socket as it was")
    func passedDeadline() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        #expect(await Self.connect(fixture, handle, deadline: .now) == .WSAETIMEDOUT)
        #expect(fake.calls.isEmpty)
        #expect(await Self.connect(fixture, handle) == nil)
    }

    @Test("a task that was cancelled before leaves the socket as it was")
    func cancelledBefore() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.connect(fixture, handle)
        }
        #expect(await task.value == .WSA_E_CANCELLED)
        #expect(fake.calls.isEmpty)
    }

    @Test("the deadline calls the attempt off, and the socket can only be closed")
    func deadline() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        #expect(await Self.connect(fixture, handle, deadline: .now.advanced(by: .milliseconds(20))) == .WSAETIMEDOUT)
        try expectOnlyClose(fixture, handle, fake)
    }

    @Test("cancelling the task calls the attempt off, and the socket can only be closed")
    func cancelled() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let task = Task { await Self.connect(fixture, handle) }
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        task.cancel()
        #expect(await task.value == .WSA_E_CANCELLED)
        try expectOnlyClose(fixture, handle, fake)
    }

    private func expectOnlyClose(_ fixture: Fixture, _ handle: SocketHandle, _ fake: FakeSocket) throws {
        #expect(fake.calls.last == "close")
        #expect(fake.descriptor.isClosed)
        let winsock = fixture.winsock
        expect(.WSAECONNABORTED) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        expect(.WSAECONNABORTED) { _ = try winsock.send(handle, [1]) }
        expect(.WSAECONNABORTED) { _ = try winsock.localAddress(of: handle) }
        expect(.WSAECONNABORTED) { _ = try winsock.peerAddress(of: handle) }
        expect(.WSAECONNABORTED) { _ = try fixture.socketError(of: handle) }
        expect(.WSAECONNABORTED) { try winsock.setNonBlocking(handle, true) }
        try winsock.closeSocket(handle)
        expect(.WSAENOTSOCK) { try winsock.closeSocket(handle) }
    }

    @Test("closing the socket ends the wait with WSAEINTR", arguments: 0..<20)
    func closed(round: Int) async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        async let answer = Self.connect(fixture, handle)
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        try fixture.winsock.closeSocket(handle)
        #expect(await answer == .WSAEINTR)
    }

    @Test("many attempts end in any order")
    func many() async throws {
        let fixture = try Fixture()
        let sockets = try (0..<50).map { _ in try fixture.socket() }
        for socket in sockets { socket.fake.plan(.stayPending) }
        let codes = await withTaskGroup { group in
            for (index, socket) in sockets.enumerated() {
                group.addTask { (index, await Self.connect(fixture, socket.handle)) }
            }
            for (index, socket) in sockets.enumerated().reversed() {
                await eventually("connect \(index) waits") { socket.fake.count(of: "finishConnect") > 0 }
                do {
                    try socket.fake.finish(index.isMultiple(of: 2) ? nil : .WSAECONNREFUSED)
                } catch {
                    Issue.record(error)
                }
            }
            var codes: [Int: WSAErrorCode] = [:]
            for await (index, code) in group { codes[index] = code ?? .NO_ERROR }
            return codes
        }
        #expect(codes.count == 50)
        for (index, code) in codes { #expect(code == (index.isMultiple(of: 2) ? .NO_ERROR : .WSAECONNREFUSED)) }
    }
}
