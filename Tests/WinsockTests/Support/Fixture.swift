import Glibc
import SocketBackends
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

/// Runs a call that blocks on a thread of its own, so that none of Swift's few is held up.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws -> FirstValue<Value> {
    let result = FirstValue<Value>()
    let work = Work { result.offer(body()) }
    var thread = pthread_t()
    let status = pthread_create(
        &thread, nil,
        { reference in
            if let reference { Unmanaged<Work>.fromOpaque(reference).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(work).toOpaque())
    try #require(status == 0)
    pthread_detach(thread)
    return result
}

private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// The code with which a call failed on a thread; nil if it succeeded.
func codeOnThread(_ body: @escaping @Sendable () throws(SocketError) -> Void) throws -> FirstValue<WSAErrorCode?> {
    try onThread {
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
    let deadline = ContinuousClock.now.advanced(by: .seconds(10))
    while !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        await Task.yield()
    }
}
