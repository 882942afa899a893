import CEpoll
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

/// connect(2) that does not wait, epoll(7), the error of each socket, and close(2).
struct NotifiedSystemCalls: Connector {
    private let epoll: Int32
    private var sockets: [Int32] = []
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    init() throws {
        epoll = try systemCall { epoll_create1(Int32(EPOLL_CLOEXEC)) }
    }

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
            var interest = epoll_event(
                events: EPOLLOUT.rawValue | EPOLLONESHOT.rawValue, data: epoll_data_t(fd: socket))
            try systemCall { epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &interest) }
        }
        var left = sockets.count
        while left > 0 {
            let count = Int(try systemCall { epoll_wait(epoll, &events, Int32(events.count), -1) })
            for event in events.prefix(count) {
                var (error, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
                try systemCall { getsockopt(event.data.fd, SOL_SOCKET, SO_ERROR, &error, &length) }
                guard error == 0 else { throw Errno(rawValue: error) }
            }
            left -= count
        }
    }

    mutating func close() {
        for socket in sockets { Glibc.close(socket) }
    }
}
