public import Glibc
import SocketBackends

/// How much a service gives at most.
public struct ServiceLimits: Hashable, Sendable {
    /// Processes that are attached at once.
    public var clients = 256
    /// Sockets of one process.
    public var socketsPerClient = 256
    /// Things that one process waits for at once: discoveries, queries.
    public var ticketsPerClient = 32
    /// Sockets of a process that are of no more use, but whose end it may still ask about.
    public var endedPerClient = 256

    /// What is plenty for people, and little for a program that runs wild.
    public init() {}
}

/// Who may use a service.
public struct ServiceAccess: Hashable, Sendable {
    /// A group whose members may use it, too; nil for nobody besides the service's own user and root.
    public var group: gid_t?

    /// The service's own user and root, and a group if one is given.
    public init(group: gid_t? = nil) {
        self.group = group
    }

    /// The mode of the socket.
    var mode: mode_t { group == nil ? 0o600 : 0o660 }

    func admits(_ peer: PeerCredentials) -> Bool {
        if peer.user == geteuid() || peer.user == 0 { return true }
        guard let group else { return false }
        return peer.group == group || peer.groups.contains(group)
    }
}

/// Who is at the other end of a local connection, by the kernel's word.
struct PeerCredentials {
    let process: Int32
    let user: uid_t
    let group: gid_t
    /// The groups that it is in besides.
    let groups: [gid_t]

    /// SO_PEERGROUPS, which Glibc does not name.
    private static let peerGroups: Int32 = 59
    private static let mostGroups = 65_536

    init(of descriptor: Int32) throws(SocketError) {
        // A struct ucred, which Swift does not see: three words.
        var credentials: [UInt32] = [0, 0, 0]
        var length = socklen_t(MemoryLayout<UInt32>.size * credentials.count)
        try systemCall(for: "identify a client") {
            getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
        }
        process = Int32(bitPattern: credentials[0])
        user = credentials[1]
        group = credentials[2]
        // The kernel says how much room it needs when it is offered none.
        length = 0
        _ = getsockopt(descriptor, SOL_SOCKET, Self.peerGroups, nil, &length)
        var groups = [gid_t](repeating: 0, count: min(Int(length) / MemoryLayout<gid_t>.size, Self.mostGroups))
        let isKnown = groups.isEmpty || getsockopt(descriptor, SOL_SOCKET, Self.peerGroups, &groups, &length) == 0
        self.groups = isKnown ? groups : []
    }
}
