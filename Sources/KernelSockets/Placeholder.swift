import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// A descriptor that is not ready for anything, to stand in the place of a socket that cannot connect yet; until it is woken, when it is ready
/// for everything.
///
/// It is one end of an AF_UNIX pair, with nothing to read and a send buffer that is full; the other end goes when it is woken.
final class Placeholder: Sendable {
    private let near: OwnedDescriptor
    private let far: Mutex<OwnedDescriptor?>

    init(for operation: String) throws(SocketError) {
        var ends: [Int32] = [-1, -1]
        try systemCall(for: operation) {
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | KernelCall.creationFlags, 0, &ends)
        }
        near = OwnedDescriptor(FileDescriptor(rawValue: ends[0]))
        far = Mutex(OwnedDescriptor(FileDescriptor(rawValue: ends[1])))
        var least: Int32 = 0
        try systemCall(for: operation) {
            setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &least, socklen_t(MemoryLayout<Int32>.size))
        }
        let filler = [UInt8](repeating: 0, count: 256)
        while Glibc.send(ends[0], filler, filler.count, Int32(MSG_NOSIGNAL)) > 0 {}
    }

    /// The descriptor once more. The first one is kept: an `epoll` that watches the other under its number would otherwise forget
    /// it when another file comes under that number, and not tell what happened before.
    func duplicate(for operation: String) throws(SocketError) -> OwnedDescriptor {
        let number = try near.withDescriptor { descriptor throws(SocketError) in
            try systemCall(for: operation) { fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 0) }
        }
        return OwnedDescriptor(FileDescriptor(rawValue: number))
    }

    /// Turns the descriptor ready.
    func wake() {
        let far = far.withLock { $0.take() }
        _ = consume far
    }

    /// Whether that has happened.
    var isAwake: Bool { far.withLock { $0 == nil } }

    /// Waits until a descriptor is ready, or this one is awake.
    func wait(for descriptor: borrowing OwnedDescriptor, _ events: Int32, _ system: SystemCalls) throws(Errno) {
        let numbers = (near.withDescriptor { $0.rawValue }, descriptor.withDescriptor { $0.rawValue })
        var watched = [
            pollfd(fd: numbers.0, events: Int16(POLLIN), revents: 0),
            pollfd(fd: numbers.1, events: Int16(events), revents: 0),
        ]
        try systemCall { system.poll(&watched, nfds_t(watched.count), -1) }
    }
}

extension Placeholder: Hashable {
    static func == (one: Placeholder, other: Placeholder) -> Bool { one === other }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
