import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Winsock

/// A program's view of one kind of socket: a family, a type, a style of connect.
struct Client: Sendable {
    let winsock: Winsock
    let version: InternetVersion
    let type: SocketType
    let blocks: Bool

    static func all(of types: [SocketType] = [.stream, .datagram]) throws -> [Self] {
        let winsock = try Winsock(
            registry: AddressFamilyRegistry(InternetVersion.allCases.map { InternetBackend(version: $0) }))
        try winsock.startup()
        return types.flatMap { type in
            InternetVersion.allCases.flatMap { version in
                [true, false].map { Self(winsock: winsock, version: version, type: type, blocks: $0) }
            }
        }
    }

    var name: String { "\(version == .v4 ? "inet" : "inet6") \(type) \(blocks ? "blocking" : "non-blocking")" }

    func address(v4: String, v6: String) throws -> SocketAddress {
        try winsock.resolve(version == .v4 ? v4 : v6, family: version.family)
    }

    func loopback(port: Int) throws -> SocketAddress {
        try address(v4: "127.0.0.1:\(port)", v6: "[::1]:\(port)")
    }

    func socket() throws -> SocketHandle {
        let socket = try winsock.socket(family: version.family, type: type)
        try winsock.setNonBlocking(socket, !blocks)
        return socket
    }

    /// Somebody who takes connections or datagrams, at one of this host's addresses.
    func server(v4: String, v6: String) throws -> SocketHandle {
        let server = try winsock.socket(family: version.family, type: type)
        try winsock.bind(server, to: address(v4: v4, v6: v6))
        if type == .stream { try winsock.listen(server, backlog: 64) }
        return server
    }

    /// Connects to the end, and answers the code that the program sees.
    func connect(_ socket: SocketHandle, to address: SocketAddress) throws -> WSAErrorCode {
        do throws(SocketError) {
            try winsock.connect(socket, to: address)
            return .NO_ERROR
        } catch  where error.code == .WSAEWOULDBLOCK && !blocks {
            try waitUntilWritable(socket)
            let value = OptionValue(bytes: try winsock.option(.error, of: socket, buffer: [0, 0, 0, 0]))
            return WSAErrorCode(rawValue: try value.integer(Int32.self, for: "read SO_ERROR"))
        } catch {
            return error.code
        }
    }

    private func waitUntilWritable(_ socket: SocketHandle) throws {
        let ready = try winsock.descriptor(of: socket).withDescriptor(for: "wait") { descriptor throws(SocketError) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            return try systemCall(for: "wait") { poll(&watched, 1, 60_000) }
        }
        guard ready == 1 else { throw Trouble("a non-blocking connect of \(name) has not ended after a minute") }
    }

    func line(_ codes: WSAErrorCode...) -> String { "\(name): \(codes.map(\.name).joined(separator: " "))" }
}
