import Glibc
import SocketBackends
import SystemPackage

/// connect(2) that waits, and close(2).
struct BlockingSystemCalls: Connector {
    private var sockets: [Int32] = []

    mutating func makeSockets(_ count: Int) throws {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        sockets = try (0..<count).map { _ in try systemCall { socket(AF_INET, type, 0) } }
    }

    mutating func connect(to host: [UInt8], port: UInt16) throws {
        var address = sockaddr_in(host: host, port: port)
        for socket in sockets { try systemCall { address.with { Glibc.connect(socket, $0, $1) } } }
    }

    mutating func close() {
        for socket in sockets { Glibc.close(socket) }
    }
}

/// connect(2) that does not wait, poll(2), the error of each socket, and close(2).
struct PolledSystemCalls: Connector {
    private var sockets: [Int32] = []

    mutating func makeSockets(_ count: Int) throws {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        sockets = try (0..<count).map { _ in try systemCall { socket(AF_INET, type, 0) } }
    }

    mutating func connect(to host: [UInt8], port: UInt16) throws {
        var address = sockaddr_in(host: host, port: port)
        for socket in sockets {
            do throws(Errno) {
                try systemCall { address.with { Glibc.connect(socket, $0, $1) } }
            } catch {
                guard error == .nowInProgress else { throw error }
            }
        }
        var watched = sockets.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
        while !watched.isEmpty {
            try systemCall { poll(&watched, nfds_t(watched.count), -1) }
            watched = try watched.filter { entry in
                guard entry.revents != 0 else { return true }
                var (error, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
                try systemCall { getsockopt(entry.fd, SOL_SOCKET, SO_ERROR, &error, &length) }
                guard error == 0 else { throw Errno(rawValue: error) }
                return false
            }
        }
    }

    mutating func close() {
        for socket in sockets { Glibc.close(socket) }
    }
}
