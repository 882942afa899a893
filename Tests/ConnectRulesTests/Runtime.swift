import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Testing
import Winsock

/// A runtime with both Internet families in its registry, started up, and sockets for one place.
struct Runtime {
    let place: Place
    let winsock: Winsock

    init(_ place: Place, version: WinsockVersion = .version2_2, system: SystemCalls = SystemCalls()) throws {
        self.place = place
        winsock = try Winsock(
            registry: AddressFamilyRegistry(
                InternetVersion.allCases.map { InternetBackend(version: $0, system: system) }))
        try winsock.startup(version: version)
    }

    // MARK: - Addresses

    /// This host, with a port.
    func loopback(port: UInt16) throws(SocketError) -> SocketAddress {
        try address(v4: "127.0.0.1:\(port)", v6: "[::1]:\(port)")
    }

    func wildcard(port: UInt16 = 0) throws(SocketError) -> SocketAddress {
        try address(v4: "0.0.0.0:\(port)", v6: "[::]:\(port)")
    }

    func address(v4: String, v6: String) throws(SocketError) -> SocketAddress {
        try winsock.resolve(place.version == .v4 ? v4 : v6, family: place.version.family)
    }

    // MARK: - Sockets

    /// A socket of the place's type and style.
    func socket(_ type: SocketType? = nil) throws -> SocketHandle {
        let socket = try winsock.socket(family: place.version.family, type: type ?? place.type)
        try winsock.setNonBlocking(socket, !place.blocks)
        return socket
    }

    /// The same with a loopback port.
    func bound(_ type: SocketType? = nil) throws -> SocketHandle {
        let socket = try socket(type)
        try winsock.bind(socket, to: loopback(port: 0))
        return socket
    }

    /// Something that can be connected to: a listener, or a bound datagram socket.
    func server(backlog: Int = 8) throws -> SocketHandle {
        let server = try bound()
        if place.type == .stream { try winsock.listen(server, backlog: backlog) }
        return server
    }

    /// A port at which nobody listens, for as long as the answer is kept open.
    func closedPort() throws -> SocketHandle { try bound() }

    /// A socket that is connected, and to whom.
    func connected() throws -> (socket: SocketHandle, peer: SocketAddress) {
        let peer = try winsock.localAddress(of: server())
        let socket = try socket()
        #expect(try connect(socket, to: peer) == .NO_ERROR)
        return (socket, peer)
    }

    // MARK: - Connecting

    /// Connects to the end, in the style of the place, and answers how that went.
    ///
    /// The rules for what a non-blocking program sees on the way are checked as it goes: WSAEWOULDBLOCK at first (rule R24), then a writable
    /// socket and SO_ERROR (rules R29, R31).
    func connect(_ socket: SocketHandle, to address: SocketAddress, blocks: Bool? = nil) throws -> WSAErrorCode {
        let code = code { try winsock.connect(socket, to: address) }
        guard code == .WSAEWOULDBLOCK else { return code }
        #expect(!(blocks ?? place.blocks), "R24a: a blocking connect answers at the end")
        try winsock.waitUntilWritable(socket)
        return try winsock.socketError(of: socket)
    }

    /// What one call answers.
    func code(_ body: () throws -> Void) -> WSAErrorCode {
        do {
            try body()
            return .NO_ERROR
        } catch let error as SocketError {
            return error.code
        } catch {
            Issue.record(error)
            return .WSASYSCALLFAILURE
        }
    }
}

extension Winsock {
    /// Waits for the end of a connect, with a bound that only a broken test reaches.
    func waitUntilWritable(_ socket: SocketHandle) throws {
        try wait(for: POLLOUT, socket)
    }

    func waitUntilReadable(_ socket: SocketHandle) throws {
        try wait(for: POLLIN, socket)
    }

    private func wait(for events: Int32, _ socket: SocketHandle) throws {
        let ready = try descriptor(of: socket).withDescriptor(for: "wait") { descriptor throws(SocketError) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(events), revents: 0)
            return try systemCall(for: "wait") { Glibc.poll(&watched, 1, 120_000) }
        }
        try #require(ready == 1, "nothing happened within two minutes")
    }

    func socketError(of socket: SocketHandle) throws -> WSAErrorCode {
        let value = OptionValue(bytes: try option(.error, of: socket, buffer: [0, 0, 0, 0]))
        return WSAErrorCode(rawValue: try value.integer(Int32.self, for: "read SO_ERROR"))
    }
}

extension SocketAddress {
    /// The port, which lies in the same place in both versions.
    var port: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }
}

/// Expects a WSA code.
func expect(
    _ code: WSAErrorCode, sourceLocation: SourceLocation = #_sourceLocation, from body: () throws -> Void
) {
    let error = #expect(throws: SocketError.self, sourceLocation: sourceLocation, performing: body)
    #expect(error?.code == code, sourceLocation: sourceLocation)
}
