import FamilyFixtures
import Glibc
import KernelSockets
import SocketBackends
import SystemPackage
import Testing
import UnixBackend

/// What the kit does not ask: the errors of AF_UNIX alone, and what the kernel tells once.
@Suite("AF_UNIX sockets") struct UnixSocketTests {
    private let backend = UnixBackend()

    private func socket(_ backend: UnixBackend = UnixBackend()) throws -> any BackendSocket {
        guard case .socket(let socket) = try backend.makeSocket(type: .stream, protocolNumber: .any) else {
            throw TestFailure()
        }
        return socket
    }

    private struct TestFailure: Error {}

    private func expect(_ code: WSAErrorCode, line: Int = #line, _ body: () throws -> Void) {
        let error = #expect(throws: SocketError.self, performing: body)
        #expect(error?.code == code, "line \(line): \(error?.description ?? "")")
    }

    private func name(_ name: String) throws -> SocketAddress {
        try backend.resolve("@irsock-test-\(getpid())-\(name)")
    }

    @Test("a path that is missing, leads nowhere or has nobody behind it has refused") func refusals() throws {
        let socket = try socket()
        defer { socket.close() }
        for path in ["/nowhere/at/all", "/etc/passwd/x", "/etc/passwd"] {
            expect(.WSAECONNREFUSED) { _ = try socket.connect(to: backend.resolve(path)) }
        }
        let other = try self.socket()
        defer { other.close() }
        expect(.WSAEADDRNOTAVAIL) { try other.bind(to: backend.resolve("/nowhere/at/all")) }
    }

    @Test("a listener whose queue is full has refused, rather than leave the caller waiting (decision D6)")
    func fullQueue() throws {
        let listener = try socket()
        defer { listener.close() }
        try listener.bind(to: name("full"))
        try listener.listen(backlog: 0)
        var clients: [any BackendSocket] = []
        defer { for client in clients { client.close() } }
        expect(.WSAECONNREFUSED) {
            for _ in 0..<64 {
                let client = try socket()
                clients.append(client)
                _ = try client.connect(to: name("full"))
            }
        }
    }

    @Test("a connection that is reset stays so, for whoever receives") func reset() throws {
        let listener = try socket()
        defer { listener.close() }
        try listener.bind(to: name("reset"))
        try listener.listen(backlog: 1)
        let client = try socket()
        defer { client.close() }
        #expect(try client.connect(to: name("reset")) == .connected)
        let server = try listener.accept().socket
        let bytes: [UInt8] = [1, 2, 3]
        _ = try client.send(bytes.span.bytes, flags: [])
        server.close()  // with data that nobody has read
        for _ in 0..<3 {
            expect(.WSAECONNRESET) { try receive(on: client) }
        }
    }

    private func receive(on socket: any BackendSocket) throws(SocketError) {
        var buffer = [UInt8](repeating: 0, count: 4)
        var room = buffer.mutableSpan
        var bytes = room.mutableBytes
        _ = try socket.receive(into: &bytes, flags: [])
    }

    @Test("urgent data and unknown options are refused by name") func refusedCalls() throws {
        let socket = try socket()
        defer { socket.close() }
        let bytes: [UInt8] = [1]
        expect(.WSAEOPNOTSUPP) { _ = try socket.send(bytes.span.bytes, flags: .outOfBand) }
        expect(.WSAENOPROTOOPT) { try socket.setOption(.keepAlive, to: [1, 0, 0, 0]) }
        try socket.setOption(.linger, to: [1, 0, 5, 0])
        #expect(try socket.option(.linger, buffer: [0, 0, 0, 0]) == [1, 0, 5, 0])
        expect(.WSAEFAULT) { _ = try socket.option(.linger, buffer: [0, 0]) }
    }

    @Test("an address that is found out later: ready only at the end, and closing calls it off") func finding() throws {
        let listener = try socket()
        defer { listener.close() }
        try listener.bind(to: name("found"))
        try listener.listen(backlog: 2)
        let target = try name("found")
        let client = try #require(try backend.makeKernelSocket(type: .stream, protocolNumber: .any))
        defer { client.close() }
        #expect(try client.connect(to: target) { () throws(SocketError) in target } == .pending)
        let ready = try client.descriptor.withDescriptor(for: "wait") { descriptor throws(SocketError) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            return try systemCall(for: "wait") { poll(&watched, 1, 30_000) }
        }
        #expect(ready == 1)
        try client.finishConnect()
        #expect(try client.peerAddress() == target)
        let other = try #require(try backend.makeKernelSocket(type: .stream, protocolNumber: .any))
        _ = try other.connect(to: target) { () throws(SocketError) in
            throw SocketError(.WSAHOST_NOT_FOUND, operation: "find", reason: "there is none")
        }
        other.close()
    }
}
