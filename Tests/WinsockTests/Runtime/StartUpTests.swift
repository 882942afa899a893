import SocketBackends
import TestSupport
import Testing

@testable import Winsock

@Suite("Start-up, clean-up, last error")
struct StartUpTests {
    @Test(
        "the version that is granted",
        arguments: [
            (WinsockVersion(1, 0), WinsockVersion(1, 0)), (WinsockVersion(1, 1), WinsockVersion(1, 1)),
            (WinsockVersion(1, 2), WinsockVersion(1, 1)), (WinsockVersion(1, 255), WinsockVersion(1, 1)),
            (WinsockVersion(2, 0), WinsockVersion(2, 0)), (WinsockVersion(2, 1), WinsockVersion(2, 1)),
            (WinsockVersion(2, 2), WinsockVersion(2, 2)), (WinsockVersion(2, 3), WinsockVersion(2, 2)),
            (WinsockVersion(3, 0), WinsockVersion(2, 2)), (WinsockVersion(255, 255), WinsockVersion(2, 2)),
        ])
    func versions(requested: WinsockVersion, granted: WinsockVersion) throws {
        let data = try Winsock(registry: AddressFamilyRegistry()).startup(version: requested)
        #expect(data.version == granted)
        #expect(data.highVersion == WinsockVersion(rawValue: 0x0202))
        #expect(data.maximumSockets == (granted.major == 1 ? 32767 : 0))
        #expect(data.maximumDatagram == (granted.major == 1 ? 65467 : 0))
    }

    @Test("version 0 is not supported, and does not count", arguments: [WinsockVersion(0, 0), WinsockVersion(0, 9)])
    func versionZero(version: WinsockVersion) throws {
        let winsock = try Winsock(registry: AddressFamilyRegistry())
        expect(.WSAVERNOTSUPPORTED) { try winsock.startup(version: version) }
        #expect(winsock.lastError == .NO_ERROR)
        expect(.WSANOTINITIALISED) { try winsock.cleanup() }
    }

    @Test("start-ups are counted, and sockets live until the last clean-up")
    func counting() throws {
        let fixture = try Fixture()
        let winsock = fixture.winsock
        try winsock.startup()
        let (handle, fake) = try fixture.socket()
        try winsock.cleanup()
        #expect(try winsock.localAddress(of: handle) == FakeFamily.address(1))
        try winsock.cleanup()
        #expect(fake.calls.last == "close")
        expect(.WSANOTINITIALISED) { _ = try winsock.localAddress(of: handle) }
        expect(.WSANOTINITIALISED) { try winsock.cleanup() }
        #expect(winsock.lastError == .WSANOTINITIALISED)
        try winsock.startup()
        expect(.WSAENOTSOCK) { _ = try winsock.localAddress(of: handle) }
        let (second, _) = try fixture.socket()
        #expect(second != handle)
    }

    @Test("the last clean-up resets connections")
    func reset() throws {
        let fixture = try Fixture()
        let (_, fake) = try fixture.connected()
        try fixture.winsock.cleanup()
        #expect(try fake.option(.linger, buffer: []) == [1, 0, 0, 0])
    }

    @Test("D10: the first start-up of a life decides about version 1; a new life decides anew")
    func firstVersion() throws {
        let fixture = try Fixture(version: .version1_1)
        try fixture.winsock.startup(version: .version2_2)
        #expect(fixture.winsock.version == .version1_1)
        try fixture.winsock.cleanup()
        #expect(fixture.winsock.version == .version1_1)
        try fixture.winsock.cleanup()
        try fixture.winsock.startup(version: .version2_2)
        #expect(fixture.winsock.version == .version2_2)
    }

    @Test("R3: every call but start-up asks for one")
    func notInitialised() throws {
        let winsock = try Winsock(registry: AddressFamilyRegistry([FakeFamily()]))
        let handle = SocketHandle(rawValue: 1)
        let address = FakeFamily.address(7)
        let calls: [() throws -> Void] = [
            { _ = try winsock.socket(family: .unspecified, type: SocketType(rawValue: 0)) },
            { try winsock.bind(handle, to: address) }, { try winsock.listen(handle, backlog: 1) },
            { _ = try winsock.accept(handle) }, { try winsock.connect(handle, to: address) },
            { _ = try winsock.send(handle, [1]) }, { _ = try winsock.send(handle, [1], to: address) },
            { _ = try winsock.receive(handle, upTo: 1) }, { try winsock.shutdown(handle, .both) },
            { _ = try winsock.localAddress(of: handle) }, { _ = try winsock.peerAddress(of: handle) },
            { _ = try winsock.option(.error, of: handle, buffer: [0, 0, 0, 0]) },
            { try winsock.setOption(.broadcast, of: handle, to: []) }, { try winsock.setNonBlocking(handle, true) },
            { _ = try winsock.descriptor(of: handle) }, { _ = try winsock.resolve("7", family: address.family) },
            { try winsock.closeSocket(handle) }, { try winsock.cleanup() },
        ]
        for call in calls {
            winsock.setLastError(.NO_ERROR)
            expect(.WSANOTINITIALISED, from: call)
            #expect(winsock.lastError == .WSANOTINITIALISED)
        }
    }

    @Test("the last error is each thread's own, and each runtime's own")
    func lastErrors() async throws {
        let (one, two) = (try Fixture().winsock, try Fixture().winsock)
        // Both halves in one thread: a task may change threads where it waits.
        let onOneThread = try BackgroundThread {
            one.setLastError(.WSAEFAULT)
            let seen = [one.lastError, two.lastError]
            return seen
        }
        #expect(try await onOneThread.value() == [.WSAEFAULT, .NO_ERROR])
        let onAnother = try BackgroundThread {
            let before = one.lastError
            do throws(SocketError) { try one.closeSocket(.invalid) } catch { #expect(error.code == .WSAENOTSOCK) }
            return [before, one.lastError, two.lastError]
        }
        #expect(try await onAnother.value() == [.NO_ERROR, .WSAENOTSOCK, .NO_ERROR])
    }

    @Test("D15: the last error can be set and read before start-up", arguments: [10061, 0, -1, Int32.max, Int32.min])
    func setLastError(number: Int32) throws {
        let winsock = try Winsock(registry: AddressFamilyRegistry())
        #expect(winsock.lastError == .NO_ERROR)
        winsock.setLastError(WSAErrorCode(rawValue: number))
        #expect(winsock.lastError.rawValue == number)
    }

    @Test("a runtime that goes away closes its sockets")
    func deinitialisation() throws {
        let fake: FakeSocket
        do {
            fake = try Fixture().socket().fake
        }
        #expect(fake.calls.last == "close")
    }
}
