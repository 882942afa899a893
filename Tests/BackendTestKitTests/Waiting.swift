import Glibc
import SocketBackends
import SystemPackage

/// Waits for the end of a connect, with a bound that only a broken test reaches.
func waitUntilWritable(_ socket: any BackendSocket) throws(SocketError) {
    let ready = try socket.descriptor.withDescriptor(for: "wait") { descriptor throws(SocketError) in
        var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
        return try systemCall(for: "wait") { poll(&watched, 1, 30_000) }
    }
    guard ready == 1 else {
        throw SocketError(.WSAETIMEDOUT, operation: "wait", reason: "nothing happened within 30 s")
    }
}
