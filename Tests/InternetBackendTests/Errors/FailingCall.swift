import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Testing

/// Something that a program does with a socket, and the system call that fails under it.
struct FailingCall: Sendable, CustomTestStringConvertible {
    let name: String
    let call: FaultySystem.Call
    /// Where the common table does not apply; nil: no error at all.
    var exceptions: [Int32: WSAErrorCode?] = [:]
    /// Brings a socket into the state for it, then answers what is to fail.
    let prepare: @Sendable (Loopback) throws -> () throws -> Void

    var testDescription: String { name }

    /// What the program is told.
    func expected(for row: ErrnoRow) -> WSAErrorCode? {
        if let exception = exceptions[row.errno.rawValue] { return exception }
        return row.code
    }

    private static let connecting: [Int32: WSAErrorCode?] = [
        EAGAIN: .WSAENOBUFS, EINVAL: .WSAENETUNREACH, EADDRNOTAVAIL: .WSAEADDRINUSE,
    ]

    /// The code of SO_ERROR, thrown.
    private static func throwError(of socket: any BackendSocket) throws {
        let code = try OptionValue(bytes: socket.option(.error, buffer: [0, 0, 0, 0])).integer(Int32.self, for: "read")
        if code != 0 { throw SocketError(WSAErrorCode(rawValue: code), operation: "read SO_ERROR", reason: "") }
    }

    static let all: [Self] = [
        Self(name: "socket", call: .socket) { loopback in
            { _ = try loopback.socketUnlessDeclined(.stream) }
        },
        Self(name: "bind to a given port", call: .bind) { loopback in
            let (socket, address) = (try loopback.socket(.stream), try loopback.address(port: 9))
            return { try socket.bind(to: address) }
        },
        Self(name: "bind, shared", call: .bind, exceptions: [EADDRINUSE: .WSAEACCES]) { loopback in
            let (socket, address) = (try loopback.socket(.stream), try loopback.address(port: 9))
            try socket.setOption(.reuseAddress, to: [1])
            return { try socket.bind(to: address) }
        },
        Self(name: "bind to port 0", call: .bind, exceptions: [EADDRINUSE: .WSAENOBUFS, EAGAIN: .WSAENOBUFS]) {
            loopback in
            let (socket, address) = (try loopback.socket(.datagram), try loopback.address(port: 0))
            return { try socket.bind(to: address) }
        },
        Self(name: "listen", call: .listen) { loopback in
            let socket = try loopback.bound(.stream)
            return { try socket.listen(backlog: 1) }
        },
        Self(name: "accept", call: .accept, exceptions: [ECONNABORTED: .WSAECONNRESET]) { loopback in
            let socket = try loopback.listener()
            return { _ = try socket.accept() }
        },
        Self(
            name: "connect, stream", call: .connect,
            exceptions: connecting.merging([EINPROGRESS: nil]) { _, new in new }
        ) { loopback in
            let (socket, address) = (try loopback.bound(.stream), try loopback.address(port: 9))
            return { _ = try socket.connect(to: address) }
        },
        Self(
            name: "connect, stream without a port", call: .connect,
            exceptions: connecting.merging([EINPROGRESS: nil, EADDRNOTAVAIL: .WSAENOBUFS]) { _, new in new }
        ) { loopback in
            let (socket, address) = (try loopback.socket(.stream), try loopback.address(port: 9))
            return { _ = try socket.connect(to: address) }
        },
        Self(
            name: "connect, stream, later", call: .pendingError,
            exceptions: connecting.merging([ECONNRESET: nil, EPIPE: nil]) { _, new in new }
        ) { loopback in
            let listener = try loopback.listener()
            let socket = try loopback.socket(.stream)
            _ = try socket.connect(to: listener.localAddress())
            try socket.wait(for: POLLOUT)
            return {
                try socket.finishConnect()
                listener.close()
            }
        },
        Self(name: "connect, datagram", call: .connect, exceptions: connecting) { loopback in
            let (socket, address) = (try loopback.bound(.datagram), try loopback.address(port: 9))
            return { _ = try socket.connect(to: address) }
        },
        Self(name: "connect, another peer", call: .connect, exceptions: connecting) { loopback in
            let (socket, address) = (try loopback.bound(.datagram), try loopback.address(port: 9))
            _ = try socket.connect(to: loopback.address(port: 10))
            return { _ = try socket.connect(to: address) }
        },
        Self(name: "connect to nobody", call: .connect, exceptions: connecting) { loopback in
            let (socket, address) = (try loopback.bound(.datagram), try loopback.wildcard())
            return { _ = try socket.connect(to: address) }
        },
        Self(name: "connect, the filter", call: .setsockopt, exceptions: connecting) { loopback in
            let (socket, address) = (try loopback.bound(.datagram), try loopback.address(port: 9))
            _ = try socket.connect(to: loopback.address(port: 10))
            return { _ = try socket.connect(to: address) }
        },
        Self(
            name: "send, stream", call: .send,
            exceptions: [EPIPE: .WSAECONNRESET, EDESTADDRREQ: .WSAENOTCONN, ECONNREFUSED: .WSAECONNRESET]
        ) { loopback in
            let (socket, server) = try loopback.connection()
            return { _ = try (socket.send([1]), server) }
        },
        Self(
            name: "send, datagram", call: .send,
            exceptions: [EDESTADDRREQ: .WSAENOTCONN, ECONNREFUSED: .WSAECONNRESET]
        ) { loopback in
            let socket = try loopback.bound(.datagram)
            return { _ = try socket.send([1]) }
        },
        Self(
            name: "send to", call: .sendto, exceptions: [EDESTADDRREQ: .WSAENOTCONN, ECONNREFUSED: .WSAECONNRESET]
        ) { loopback in
            let (socket, address) = (try loopback.bound(.datagram), try loopback.address(port: 9))
            return { _ = try socket.send([1], to: address) }
        },
        Self(
            name: "receive, stream", call: .recvmsg, exceptions: [EPIPE: .WSAECONNRESET, ECONNREFUSED: .WSAECONNRESET]
        ) {
            loopback in
            let (socket, server) = try loopback.connection()
            return { _ = try (socket.receive(), server) }
        },
        Self(name: "receive, datagram", call: .recvmsg, exceptions: [ECONNREFUSED: .WSAECONNRESET]) { loopback in
            let socket = try loopback.bound(.datagram)
            return { _ = try socket.receive() }
        },
        Self(name: "shutdown, connected", call: .shutdown, exceptions: [ENOTCONN: .WSAECONNRESET]) { loopback in
            let (socket, server) = try loopback.connection()
            return { _ = try (socket.shutdown(.both), server) }
        },
        Self(name: "shutdown, unconnected", call: .shutdown) { loopback in
            let socket = try loopback.socket(.stream)
            return { try socket.shutdown(.both) }
        },
        Self(name: "shutdown, datagram", call: .shutdown, exceptions: [ENOTCONN: nil]) { loopback in
            let socket = try loopback.bound(.datagram)
            return { try socket.shutdown(.both) }
        },
        Self(name: "getsockname", call: .getsockname) { loopback in
            let socket = try loopback.bound(.stream)
            return { _ = try socket.localAddress() }
        },
        Self(name: "getpeername", call: .getpeername) { loopback in
            let socket = try loopback.socket(.stream)
            return { _ = try socket.peerAddress() }
        },
        Self(name: "getsockopt", call: .getsockopt) { loopback in
            let socket = try loopback.socket(.stream)
            return { _ = try socket.option(.keepAlive, buffer: [0, 0, 0, 0]) }
        },
        Self(name: "setsockopt", call: .setsockopt) { loopback in
            let socket = try loopback.socket(.stream)
            return { try socket.setOption(.keepAlive, to: [1]) }
        },
        Self(
            name: "SO_ERROR, connecting", call: .pendingError,
            exceptions: connecting.merging([ECONNRESET: nil, EPIPE: nil]) { _, new in new }
        ) { loopback in
            let listener = try loopback.listener()
            let socket = try loopback.socket(.stream)
            _ = try socket.connect(to: listener.localAddress())
            try socket.wait(for: POLLOUT)
            return {
                try throwError(of: socket)
                try socket.finishConnect()
                listener.close()
            }
        },
        Self(name: "SO_ERROR, datagram", call: .pendingError, exceptions: [ECONNREFUSED: .WSAECONNRESET]) { loopback in
            let socket = try loopback.bound(.datagram)
            return { try throwError(of: socket) }
        },
        Self(name: "waiting for a connect", call: .poll) { loopback in
            let listener = try loopback.listener()
            let socket = try loopback.socket(.stream)
            _ = try socket.connect(to: listener.localAddress())
            return {
                try socket.finishConnect()
                listener.close()
            }
        },
        Self(name: "accept, the flags", call: .setFlags) { loopback in
            let listener = try loopback.listener()
            let client = try loopback.socket(.stream)
            try client.connectToTheEnd(listener.localAddress())
            try listener.wait(for: POLLIN)
            return { _ = try listener.accept() }
        },
    ]
}
