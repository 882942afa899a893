import InternetBackend
import SocketBackends
import Winsock

/// Blocking `connect` and `closeSocket`.
struct BlockingWinsock: Connector {
    private let winsock: Winsock
    private var sockets: [SocketHandle] = []

    /// - Parameter backend: of AF_INET.
    init(_ backend: any AddressFamilyBackend = InternetBackend(version: .v4)) throws {
        winsock = try .forBenchmarks(backend)
    }

    mutating func makeSockets(_ count: Int) throws {
        sockets = try (0..<count).map { _ in try winsock.socket(family: .inet, type: .stream) }
    }

    mutating func connect(to host: [UInt8], port: UInt16) throws {
        let address = SocketAddress(host: host, port: port)
        for socket in sockets { try winsock.connect(socket, to: address) }
    }

    mutating func close() throws {
        for socket in sockets { try winsock.closeSocket(socket) }
    }
}

/// WSAEventSelect, `connect` that does not wait, WSAWaitForMultipleEvents, WSAEnumNetworkEvents, `closeSocket`. One call cannot wait for more
/// than 64 event objects; where there are more sockets, some share one.
struct NotifiedWinsock: Connector {
    private let winsock: Winsock
    private var sockets: [SocketHandle] = []
    private var events: [EventHandle] = []

    init() throws {
        winsock = try .forBenchmarks()
    }

    mutating func makeSockets(_ count: Int) throws {
        while events.count < min(count, Winsock.maximumWaitEvents) { events.append(try winsock.createEvent()) }
        sockets = try (0..<count).map { _ in try winsock.socket(family: .inet, type: .stream) }
    }

    mutating func connect(to host: [UInt8], port: UInt16) throws {
        let address = SocketAddress(host: host, port: port)
        var sharing: [[SocketHandle]] = Array(repeating: [], count: events.count)
        for (number, socket) in sockets.enumerated() {
            let event = number % events.count
            try winsock.eventSelect(socket, events[event], .connect)
            do throws(SocketError) {
                try winsock.connect(socket, to: address)
            } catch {
                guard error.code == .WSAEWOULDBLOCK else { throw error }
            }
            sharing[event].append(socket)
        }
        var left = sockets.count
        while left > 0 {
            guard let first = try winsock.waitForMultipleEvents(events, timeout: nil) else { continue }
            // As is usual, those behind the first one that is signalled are looked at as well.
            for (number, event) in events.enumerated().dropFirst(first) {
                sharing[number] = try sharing[number].filter { socket in
                    let report = try winsock.enumNetworkEvents(socket, resetting: event)
                    guard let code = report.code(of: .connect) else { return true }
                    guard code == .NO_ERROR else { throw BenchmarkFailure("a connect failed with \(code)") }
                    left -= 1
                    return false
                }
            }
        }
    }

    mutating func close() throws {
        for socket in sockets { try winsock.closeSocket(socket) }
    }
}

extension Winsock {
    fileprivate static func forBenchmarks(
        _ backend: any AddressFamilyBackend = InternetBackend(version: .v4)
    ) throws -> Winsock {
        let winsock = try Winsock(registry: AddressFamilyRegistry([backend]))
        _ = try winsock.startup()
        return winsock
    }
}

extension SocketAddress {
    fileprivate init(host: [UInt8], port: UInt16) {
        let padding = repeatElement(0 as UInt8, count: 8)
        self.init(family: .inet, payload: [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)] + host + padding)
    }
}
