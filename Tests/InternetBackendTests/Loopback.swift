import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Testing

/// Sockets of one version on the loopback interface, at ports that the system chooses.
struct Loopback {
    let version: InternetVersion
    /// Linux, or what a test has put in its place.
    var system = SystemCalls()
    var backend: InternetBackend { InternetBackend(version: version, system: system) }

    /// A socket; fails the test if the backend declines.
    func socket(_ type: SocketType) throws -> any BackendSocket {
        do {
            return try socketUnlessDeclined(type)
        } catch let error as SocketError where error.code == .WSAEAFNOSUPPORT {
            Issue.record("declined: \(error.reason)")
            throw error
        }
    }

    /// A socket; WSAEAFNOSUPPORT if the backend declines, as the registry has it.
    func socketUnlessDeclined(_ type: SocketType) throws -> any BackendSocket {
        switch try backend.makeSocket(type: type, protocolNumber: .any) {
        case .socket(let socket): return socket
        case .declined(let reason): throw SocketError(.WSAEAFNOSUPPORT, operation: "make a socket", reason: reason)
        }
    }

    /// The loopback address with a port.
    func address(port: UInt16) throws -> SocketAddress {
        try backend.resolve(version == .v4 ? "127.0.0.1:\(port)" : "[::1]:\(port)")
    }

    /// The wildcard address with a port.
    func wildcard(port: UInt16 = 0) throws -> SocketAddress {
        try backend.resolve(version == .v4 ? "0.0.0.0:\(port)" : "[::]:\(port)")
    }

    /// A socket that is bound to a loopback port.
    func bound(_ type: SocketType) throws -> any BackendSocket {
        let socket = try socket(type)
        try socket.bind(to: address(port: 0))
        return socket
    }

    /// A socket that takes connections.
    func listener() throws -> any BackendSocket {
        let listener = try bound(.stream)
        try listener.listen(backlog: 8)
        return listener
    }

    /// Both ends of a TCP connection.
    func connection() throws -> (client: any BackendSocket, server: any BackendSocket) {
        let listener = try listener()
        let client = try socket(.stream)
        try client.connectToTheEnd(listener.localAddress())
        try listener.wait(for: POLLIN)
        return (client, try listener.accept().socket)
    }
}

extension SocketAddress {
    /// The port, which lies in the same place in both versions.
    var port: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }
}

extension BackendSocket {
    /// Waits for the descriptor, with a bound that only a broken test reaches.
    func wait(for events: Int32) throws {
        try descriptor.withDescriptor(for: "wait") { descriptor throws(SocketError) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(events), revents: 0)
            let count = try systemCall(for: "wait") { poll(&watched, 1, 120_000) }
            guard count == 1 else { throw SocketError(.WSAETIMEDOUT, operation: "wait", reason: "nothing came") }
        }
    }

    func isReadable() throws -> Bool {
        try descriptor.withDescriptor(for: "look") { descriptor throws(SocketError) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            return try systemCall(for: "look") { poll(&watched, 1, 0) } == 1
        }
    }

    /// Bytes of memory that received data takes, the kernel's own included: grows with every datagram that is queued.
    func bytesWaiting() throws -> UInt32 {
        try descriptor.withDescriptor(for: "look") { descriptor throws(SocketError) in
            var memory: [UInt32] = Array(repeating: 0, count: 9)
            var length = socklen_t(memory.count * MemoryLayout<UInt32>.stride)
            try systemCall(for: "look") { getsockopt(descriptor.rawValue, SOL_SOCKET, SO_MEMINFO, &memory, &length) }
            return memory[0]
        }
    }

    /// Connects and waits for the result.
    func connectToTheEnd(_ address: SocketAddress) throws {
        if try connect(to: address) == .pending {
            try wait(for: POLLOUT)
            try finishConnect()
        }
    }

    func send(_ bytes: [UInt8]) throws(SocketError) -> Int { try send(bytes.span.bytes, flags: []) }

    func send(_ bytes: [UInt8], to address: SocketAddress) throws(SocketError) -> Int {
        try send(bytes.span.bytes, to: address, flags: [])
    }

    func receive(_ count: Int = 64, flags: MessageFlags = []) throws(SocketError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        var span = buffer.mutableSpan
        var room = span.mutableBytes
        let received = try receive(into: &room, flags: flags)
        return Array(buffer.prefix(received))
    }

    func receiveFrom(_ count: Int = 64) throws(SocketError) -> (bytes: [UInt8], datagram: ReceivedDatagram) {
        var buffer = [UInt8](repeating: 0, count: count)
        var span = buffer.mutableSpan
        var room = span.mutableBytes
        let datagram = try receiveFrom(into: &room, flags: [])
        return (Array(buffer.prefix(datagram.count)), datagram)
    }
}

/// Expects a WSA code.
func expect(
    _ code: WSAErrorCode, sourceLocation: SourceLocation = #_sourceLocation, from body: () throws -> Void
) {
    let error = #expect(throws: SocketError.self, sourceLocation: sourceLocation, performing: body)
    #expect(error?.code == code, sourceLocation: sourceLocation)
}
