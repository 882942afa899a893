import Glibc
import IrDAService

/// The AF_IRDA sockets of this process: which descriptors they have, and how they stand.
///
/// Several descriptors can be one socket (`dup`), and a descriptor can be closed without this library hearing of it (`fclose`, for
/// one): so an entry counts only while the kernel's socket behind the number is the one that was noted.
final class SocketTable: Sendable {
    private struct Entry {
        let socket: LinuxSocket
        let inode: UInt64
    }

    private struct State {
        var entries: [Int32: Entry] = [:]
        var sockets: [ServiceSocketID: SocketState] = [:]
        /// The process whose descriptors these are. A child of vfork(2) runs in its parent's memory, with descriptors of its own.
        var process = getpid()

        /// Forgets a descriptor, and with its last descriptor the socket.
        mutating func remove(_ descriptor: Int32) -> Bool {
            guard let entry = entries.removeValue(forKey: descriptor) else { return false }
            let id = entry.socket.id
            if !entries.values.contains(where: { $0.socket.id == id }) { sockets[id] = nil }
            return true
        }
    }

    /// That of this process.
    static let shared = SocketTable()

    private let state = ForkableLock(State())

    private init() {
        pthread_atfork(
            { SocketTable.shared.state.lock() },
            { SocketTable.shared.state.unlock() },
            {
                SocketTable.shared.state.unlock()
                SocketTable.shared.state.withLock { $0.process = getpid() }
            })
    }

    /// The socket behind a descriptor; nil if it is none of ours.
    subscript(descriptor: Int32) -> LinuxSocket? {
        let inode = SystemCalls.inode(of: descriptor)
        return state.withLock { state in
            guard state.process == getpid(), let entry = state.entries[descriptor] else { return nil }
            if entry.inode == inode { return entry.socket }
            _ = state.remove(descriptor)
            return nil
        }
    }

    /// Notes a descriptor of a socket, new or with another kernel socket behind it.
    func add(_ descriptor: Int32, _ socket: LinuxSocket, in newState: SocketState = SocketState()) {
        guard let inode = SystemCalls.inode(of: descriptor) else { return }
        state.withLock { state in
            state.entries[descriptor] = Entry(socket: socket, inode: inode)
            if state.sockets[socket.id] == nil { state.sockets[socket.id] = newState }
        }
    }

    /// Notes that a descriptor has a copy.
    func copy(_ descriptor: Int32, to copy: Int32) -> Bool {
        guard let socket = self[descriptor] else { return false }
        add(copy, socket)
        return true
    }

    /// Forgets a descriptor.
    func remove(_ descriptor: Int32) -> Bool {
        state.withLock { state in state.process == getpid() && state.remove(descriptor) }
    }

    /// All descriptors of a socket in this process.
    func descriptors(of socket: LinuxSocket) -> [Int32] {
        state.withLock { state in
            state.entries.filter { $0.value.socket.id == socket.id }.map(\.key)
        }
    }

    /// Looks at how a socket stands, or changes it.
    func withState<Result>(of socket: LinuxSocket, _ body: (inout SocketState) -> Result) -> Result {
        state.withLock { body(&$0.sockets[socket.id, default: SocketState()]) }
    }
}
