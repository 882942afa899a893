import SocketBackends
import Synchronization
import TestSupport
import Testing

@testable import Winsock

@Suite("Blocking calls of version 1")
struct BlockingCallTests {
    let fixture: Fixture
    let winsock: Winsock

    init() throws {
        fixture = try Fixture(version: .version1_1)
        winsock = fixture.winsock
    }

    /// Calls that block until something ends them, with the name of what they ask the backend for.
    enum Call: CaseIterable, Sendable {
        case connect, receive, accept, select
    }

    private func prepare(_ call: Call) throws -> (SocketHandle, @Sendable () throws(SocketError) -> Void) {
        let winsock = winsock
        switch call {
        case .connect:
            let (handle, fake) = try fixture.socket()
            fake.plan(.stayPending)
            return (handle, { () throws(SocketError) in try winsock.connect(handle, to: FakeFamily.address(7)) })
        case .receive:
            let handle = try fixture.connected().handle
            return (handle, { () throws(SocketError) in _ = try winsock.receive(handle, upTo: 1) })
        case .accept:
            let handle = try fixture.listening().handle
            return (handle, { () throws(SocketError) in _ = try winsock.accept(handle) })
        case .select:
            let handle = try fixture.connected().handle
            return (
                handle,
                { () throws(SocketError) in _ = try winsock.select(SocketSets(read: [handle]), timeout: .patience) }
            )
        }
    }

    @Test("R22: another thread calls a call off", arguments: Call.allCases)
    func cancelled(call: Call) async throws {
        #expect(!winsock.isBlocking)
        expect(.WSAEINVAL) { try winsock.cancelBlockingCall() }
        let (handle, body) = try prepare(call)
        let code = try codeOnThread(body)
        await eventually("the call blocks") { winsock.isBlocking }
        try winsock.cancelBlockingCall()
        #expect(try await code.value() == .WSAEINTR)
        #expect(!winsock.isBlocking)
        switch call {
        case .connect: expect(.WSAECONNABORTED) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        case .receive, .accept, .select: #expect(try winsock.localAddress(of: handle) == FakeFamily.address(1))
        }
        try winsock.closeSocket(handle)
    }

    @Test(
        "R23: inside the hook other calls are WSAEINPROGRESS, and the call can be called off", arguments: Call.allCases)
    func hook(call: Call) async throws {
        let (handle, body) = try prepare(call)
        let codes = Mutex<[WSAErrorCode?]>([])
        let winsock = winsock
        #expect(
            try winsock.setBlockingHook {
                let seen: [WSAErrorCode?] = [
                    codeOf { () throws(SocketError) in try winsock.connect(handle, to: FakeFamily.address(7)) },
                    codeOf { () throws(SocketError) in _ = try winsock.localAddress(of: handle) },
                    codeOf { () throws(SocketError) in try winsock.closeSocket(handle) },
                    codeOf { () throws(SocketError) in _ = try winsock.createEvent() },
                    codeOf { () throws(SocketError) in try winsock.cleanup() },
                    winsock.isBlocking
                        ? codeOf { () throws(SocketError) in try winsock.cancelBlockingCall() } : .WSAEINVAL,
                ]
                codes.withLock { $0 = seen }
                return false
            } == nil)
        let code = try codeOnThread(body)
        #expect(try await code.value() == .WSAEINTR)
        #expect(codes.withLock { $0 } == Array(repeating: .WSAEINPROGRESS, count: 5) + [nil])
        #expect(try winsock.setBlockingHook(nil) != nil)
    }

    @Test("a hook is called until it has nothing to do, and the call ends as it would without")
    func busyHook() async throws {
        let (handle, fake) = try fixture.connected()
        let calls = Mutex(0)
        try winsock.setBlockingHook {
            let count = calls.withLock { count in
                count += 1
                return count
            }
            if count == 5 { try? fake.deliver([9]) }
            return count < 5
        }
        let code = try codeOnThread { [winsock] () throws(SocketError) in
            #expect(try winsock.receive(handle, upTo: 8) == [9])
        }
        #expect(try await code.value() == nil)
        #expect(calls.withLock { $0 } == 5)
    }

    @Test("threads block at the same time: each is a task of its own")
    func severalThreads() async throws {
        let (first, one) = try fixture.connected()
        let (second, other) = try fixture.connected()
        let codes = try [first, second].map { handle in
            try codeOnThread { [winsock] () throws(SocketError) in _ = try winsock.receive(handle, upTo: 1) }
        }
        await eventually("both receive") { one.count(of: "receive") + other.count(of: "receive") == 2 }
        try one.deliver([1])
        try other.deliver([1])
        for code in codes { #expect(try await code.value() == nil) }
    }

    @Test("D10: version 2 has none of it")
    func version2() async throws {
        let fixture = try Fixture()
        let winsock = fixture.winsock
        expect(.WSAEOPNOTSUPP) { try winsock.cancelBlockingCall() }
        expect(.WSAEOPNOTSUPP) { try winsock.setBlockingHook { false } }
        let (handle, fake) = try fixture.connected()
        let code = try codeOnThread { () throws(SocketError) in _ = try winsock.receive(handle, upTo: 1) }
        await eventually("the call blocks") { fake.count(of: "receive") > 0 }
        #expect(!winsock.isBlocking)
        try fake.deliver([1])
        #expect(try await code.value() == nil)
        try winsock.cleanup()
        expect(.WSANOTINITIALISED) { try winsock.cancelBlockingCall() }
    }
}

private func codeOf(_ body: () throws(SocketError) -> Void) -> WSAErrorCode? {
    do throws(SocketError) {
        try body()
        return nil
    } catch {
        return error.code
    }
}
