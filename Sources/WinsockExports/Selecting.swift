public import CWinsock
import Glibc
import SocketBackends
import Winsock

/// select. The first argument is ignored; the time is not changed.
@c(ws_select)
public func select(
    _ ignored: Int32, _ read: UnsafeMutableRawPointer?, _ write: UnsafeMutableRawPointer?,
    _ except: UnsafeMutableRawPointer?, _ timeout: UnsafeRawPointer?
) -> Int32 {
    answering(orIfItFails: socketError) { winsock throws(SocketError) in
        let operation = "select"
        let sets = [try SocketSetMemory(read), try SocketSetMemory(write), try SocketSetMemory(except)]
        let ready = try winsock.select(
            SocketSets(read: sets[0].sockets, write: sets[1].sockets, except: sets[2].sockets),
            timeout: try timeout.map { pointer throws(SocketError) in
                let time = try UntrustedMemory.value(timeval.self, at: pointer, for: operation)
                return .seconds(time.tv_sec) + .microseconds(time.tv_usec)
            })
        // One set may be given in more than one place; it then gets what is ready in any way.
        var answers: [UnsafeMutableRawPointer: [SocketHandle]] = [:]
        for (set, sockets) in zip(sets, [ready.read, ready.write, ready.except]) {
            guard let place = set.place else { continue }
            let known = answers[place, default: []]
            answers[place] = known + sockets.filter { !known.contains($0) }
        }
        for (place, sockets) in answers { try SocketSetMemory.write(sockets, to: place) }
        return Int32(clamping: ready.count)
    }
}

/// An fd_set of winsock2.h in a program's memory: a count, and that many sockets from byte 8 on. How many there is room for is the program's
/// affair (FD_SETSIZE).
private struct SocketSetMemory {
    let place: UnsafeMutableRawPointer?
    let sockets: [SocketHandle]

    private static let arrayOffset = 8

    init(_ place: UnsafeMutableRawPointer?) throws(SocketError) {
        self.place = place
        guard let place else {
            sockets = []
            return
        }
        let count = try UntrustedMemory.value(UInt32.self, at: place, for: "select")
        sockets = try UntrustedMemory.values(
            UInt.self, count: Int(count), at: place + Self.arrayOffset, for: "select"
        ).map(SocketHandle.init(rawValue:))
    }

    static func write(_ sockets: [SocketHandle], to place: UnsafeMutableRawPointer) throws(SocketError) {
        try UntrustedMemory.write(UInt32(sockets.count), at: place, for: "select")
        try UntrustedMemory.write(
            sockets.flatMap { OptionValue($0.rawValue).bytes }, to: place + arrayOffset, for: "select")
    }
}

/// WSAPoll; the time is in milliseconds, negative for ever.
@c(WSAPoll)
public func poll(_ entries: UnsafeMutablePointer<WSAPOLLFD>?, _ count: UInt32, _ timeout: Int32) -> Int32 {
    answering(orIfItFails: socketError) { winsock throws(SocketError) in
        var polled = try UntrustedMemory.values(WSAPOLLFD.self, count: Int(count), at: entries, for: "poll")
        let requests = polled.map {
            PollRequest(socket: SocketHandle(rawValue: $0.fd), events: PollEvents(rawValue: $0.events))
        }
        let found = try winsock.poll(requests, timeout: timeout < 0 ? nil : .milliseconds(timeout))
        for (index, events) in found.enumerated() { polled[index].revents = events.rawValue }
        try UntrustedMemory.write(
            polled.flatMap { entry in withUnsafeBytes(of: entry) { Array($0) } }, to: entries, for: "poll")
        return Int32(clamping: found.count { !$0.isEmpty })
    }
}
