import InternetBackend
import SocketBackends
import TestSupport
import Testing

@testable import Winsock

/// The runtime over real TCP and UDP.
@Suite("Over the loopback interface")
struct LoopbackTests {
    struct Loopback {
        let winsock: Winsock
        let version: InternetVersion

        init(_ version: InternetVersion) throws {
            self.version = version
            winsock = try Winsock(registry: AddressFamilyRegistry([InternetBackend(version: version)]))
            try winsock.startup()
        }

        func address(port: Int) throws -> SocketAddress {
            try winsock.resolve(version == .v4 ? "127.0.0.1:\(port)" : "[::1]:\(port)", family: version.family)
        }

        func bound(_ type: SocketType) throws -> SocketHandle {
            let handle = try winsock.socket(family: version.family, type: type)
            try winsock.bind(handle, to: address(port: 0))
            return handle
        }

        func listener() throws -> SocketHandle {
            let handle = try bound(.stream)
            try winsock.listen(handle, backlog: 8)
            return handle
        }
    }

    static let versions = InternetVersion.allCases

    @Test("a server and a client that block", arguments: versions)
    func blocking(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let listener = try loopback.listener()
        let server = try codeOnThread { () throws(SocketError) in
            let (socket, peer) = try winsock.accept(listener)
            #expect(try winsock.peerAddress(of: socket) == peer)
            var received: [UInt8] = []
            while true {
                let bytes = try winsock.receive(socket, upTo: 4096)
                if bytes.isEmpty { break }
                received += bytes
            }
            _ = try winsock.send(socket, received)
            try winsock.closeSocket(socket)
        }
        let message = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let client = try codeOnThread { () throws(SocketError) in
            let socket = try winsock.socket(family: version.family, type: .stream)
            try winsock.connect(socket, to: winsock.localAddress(of: listener))
            #expect(try winsock.send(socket, message) == message.count)
            try winsock.shutdown(socket, .send)
            var echo: [UInt8] = []
            while echo.count < message.count { echo += try winsock.receive(socket, upTo: 65_536) }
            #expect(echo == message)
        }
        #expect(try await server.value() == nil)
        #expect(try await client.value() == nil)
    }

    @Test("R19, R33: refused, then connected, with the same socket", arguments: versions)
    func refused(version: InternetVersion) throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let server = try loopback.bound(.stream)
        let client = try winsock.socket(family: version.family, type: .stream)
        for _ in 0..<2 {
            expect(.WSAECONNREFUSED) { try winsock.connect(client, to: winsock.localAddress(of: server)) }
            #expect(winsock.lastError == .WSAECONNREFUSED)
        }
        #expect(try winsock.option(.error, of: client, buffer: [0, 0, 0, 0]) == [0, 0, 0, 0])
        try winsock.listen(server, backlog: 1)
        try winsock.connect(client, to: winsock.localAddress(of: server))
        #expect(try winsock.peerAddress(of: client) == winsock.localAddress(of: server))
    }

    @Test("an async connect, refused and not; R24, R28 on the way", arguments: versions)
    func asynchronous(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let server = try loopback.bound(.stream)
        let address = try winsock.localAddress(of: server)
        let client = try winsock.socket(family: version.family, type: .stream)
        let error = await #expect(throws: SocketError.self) {
            try await winsock.connect(client, to: address, deadline: .now.advanced(by: .patience))
        }
        #expect(error?.code == .WSAECONNREFUSED)
        #expect(
            try winsock.option(.error, of: client, buffer: [0, 0, 0, 0])
                == OptionValue(WSAErrorCode.WSAECONNREFUSED.rawValue).bytes)
        try winsock.listen(server, backlog: 1)
        try await winsock.connect(client, to: address, deadline: .now.advanced(by: .patience))
        expect(.WSAEISCONN) { try winsock.connect(client, to: address) }
    }

    @Test("R9 to R11 in the order of D1", arguments: versions)
    func addressErrors(version: InternetVersion) throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let client = try winsock.socket(family: version.family, type: .stream)
        let wrong = SocketAddress(family: .irda, payload: Array(repeating: 0, count: 30))
        expect(.WSAEAFNOSUPPORT) { try winsock.connect(client, to: wrong) }
        expect(.WSAEFAULT) { try winsock.connect(client, to: SocketAddress(family: .irda, payload: [0, 0])) }
        let portZero = try loopback.address(port: 0)
        expect(.WSAEADDRNOTAVAIL) { try winsock.connect(client, to: portZero) }
        let listener = try loopback.listener()
        expect(.WSAEINVAL) { try winsock.connect(listener, to: wrong) }
    }

    @Test("R38, R42: datagrams, with a peer and after it was taken away", arguments: versions)
    func datagrams(version: InternetVersion) throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let server = try loopback.bound(.datagram)
        let client = try winsock.socket(family: version.family, type: .datagram)
        expect(.WSAENOTCONN) { _ = try winsock.send(client, [1]) }
        try winsock.connect(client, to: winsock.localAddress(of: server))
        let local = try winsock.localAddress(of: client)
        #expect(try winsock.send(client, [1, 2]) == 2)
        #expect(try winsock.receive(server, upTo: 8) == [1, 2])
        try winsock.connect(client, to: SocketAddress(family: .unspecified, payload: Array(repeating: 0, count: 14)))
        expect(.WSAENOTCONN) { _ = try winsock.send(client, [1]) }
        expect(.WSAENOTCONN) { _ = try winsock.receive(client, upTo: 8) }
        #expect(try winsock.send(client, [3], to: winsock.localAddress(of: server)) == 1)
        #expect(try winsock.receive(server, upTo: 8) == [3])
        let after = try winsock.localAddress(of: client)
        #expect(after.bytes[2...3] == local.bytes[2...3])
    }

    @Test("D16: the peer is still known after a reset, and a clean-up resets", arguments: versions)
    func reset(version: InternetVersion) async throws {
        let (one, two) = (try Loopback(version), try Loopback(version))
        let listener = try one.listener()
        let client = try two.winsock.socket(family: version.family, type: .stream)
        try two.winsock.connect(client, to: one.winsock.localAddress(of: listener))
        let server = try one.winsock.accept(listener).socket
        let peer = try one.winsock.peerAddress(of: server)
        try two.winsock.cleanup()
        let code = try codeOnThread { () throws(SocketError) in _ = try one.winsock.receive(server, upTo: 1) }
        #expect(try await code.value() == .WSAECONNRESET)
        #expect(try one.winsock.peerAddress(of: server) == peer)
        expect(.WSAEISCONN) { try one.winsock.connect(server, to: peer) }
    }
}
