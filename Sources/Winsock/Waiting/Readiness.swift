import Glibc
import SystemPackage

/// What a descriptor is, or is hoped to be, ready for.
struct Readiness: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// There is data, the end of it, or a connection to accept.
    static let readable = Self(rawValue: 1)
    /// There is room to send, or a connect has ended.
    static let writable = Self(rawValue: 2)
    /// There is urgent data.
    static let urgent = Self(rawValue: 4)
    /// An error or the end of the connection; reported to everybody, asked for by nobody.
    static let broken = Self(rawValue: 8)

    /// The bits of poll(2).
    var pollEvents: Int16 {
        var events: Int32 = 0
        if contains(.readable) { events |= POLLIN }
        if contains(.writable) { events |= POLLOUT }
        if contains(.urgent) { events |= POLLPRI }
        return Int16(truncatingIfNeeded: events)
    }

    /// The bits of epoll(7), which are those of poll(2).
    var epollEvents: UInt32 { UInt32(pollEvents) }

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(epollEvents: UInt32) {
        var readiness: Self = []
        if epollEvents & UInt32(POLLIN) != 0 { readiness.insert(.readable) }
        if epollEvents & UInt32(POLLOUT) != 0 { readiness.insert(.writable) }
        if epollEvents & UInt32(POLLPRI) != 0 { readiness.insert(.urgent) }
        if epollEvents & UInt32(POLLERR | POLLHUP) != 0 { readiness.insert(.broken) }
        self = readiness
    }
}

extension pollfd {
    /// An entry that waits for a descriptor to be ready in one of these ways.
    init(_ descriptor: FileDescriptor, _ readiness: Readiness) {
        self.init(fd: descriptor.rawValue, events: readiness.pollEvents, revents: 0)
    }

    /// How the descriptor was found.
    var readiness: Readiness { Readiness(epollEvents: UInt32(UInt16(bitPattern: revents))) }
}
