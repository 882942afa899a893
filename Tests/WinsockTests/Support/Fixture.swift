import Glibc
import SocketBackends
import TestSupport
import Testing

@testable import Winsock

/// A runtime with the fake family, started up.
struct Fixture {
    let family = FakeFamily()
    let winsock: Winsock

    init(version: WinsockVersion = .version2_2, environment: SocketEnvironment = SocketEnvironment()) throws {
        winsock = try Winsock(registry: AddressFamilyRegistry([family]), environment: environment)
        try winsock.startup(version: version)
    }

    /// A socket with its other side.
    func socket(_ type: SocketType = .stream) throws -> (handle: SocketHandle, fake: FakeSocket) {
        let handle = try winsock.socket(family: family.family, type: type)
        return (handle, try #require(family.made.all.last))
    }

    /// A socket whose connect stays pending.
    func connecting() throws -> (handle: SocketHandle, fake: FakeSocket) {
        let (handle, fake) = try socket()
        try winsock.setNonBlocking(handle, true)
        fake.plan(.stayPending)
        expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        return (handle, fake)
    }

    func connected() throws -> (handle: SocketHandle, fake: FakeSocket) {
        let (handle, fake) = try socket()
        try winsock.connect(handle, to: FakeFamily.address(7))
        return (handle, fake)
    }

    /// A socket whose non-blocking connect was refused.
    func refused() throws -> (handle: SocketHandle, fake: FakeSocket) {
        let (handle, fake) = try connecting()
        try fake.finish(.WSAECONNREFUSED)
        return (handle, fake)
    }

    func listening() throws -> (handle: SocketHandle, fake: FakeSocket) {
        let (handle, fake) = try socket()
        try winsock.listen(handle, backlog: 1)
        return (handle, fake)
    }

    func socketError(of handle: SocketHandle) throws -> WSAErrorCode {
        let bytes = try winsock.option(.error, of: handle, buffer: [0, 0, 0, 0])
        return WSAErrorCode(rawValue: try OptionValue(bytes: bytes).integer(Int32.self, for: "read"))
    }
}

/// Expects a WSA code.
func expect(
    _ code: WSAErrorCode, sourceLocation: SourceLocation = #_sourceLocation, from body: () throws -> Void
) {
    let error = #expect(throws: SocketError.self, sourceLocation: sourceLocation, performing: body)
    #expect(error?.code == code, sourceLocation: sourceLocation)
}

/// The code with which a call that blocks failed, on a thread of its own; nil if it succeeded.
func codeOnThread(
    _ body: @escaping @Sendable () throws(SocketError) -> Void
) throws -> BackgroundThread<WSAErrorCode?> {
    try BackgroundThread {
        do throws(SocketError) {
            try body()
            return nil
        } catch {
            return error.code
        }
    }
}

/// Waits until something holds, with a bound that only a broken test reaches.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () -> Bool
) async {
    #expect(await becomesTrue(condition), what, sourceLocation: sourceLocation)
}
