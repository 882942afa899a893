import Glibc

/// A network namespace of our own, and what is in it:
///
///     lo        this host
///     near      192.0.2.1/24, 2001:db8:2::1/64
///      │          ├─ .7, ::7   nobody answers when asked for the link address
///      │          └─ .9, ::9   the link address is known, and nobody is there
///     far       the other end of the cable
///
/// and routes to 203.0.113.0/26 (unreachable), .64/26 (prohibited), .128/26 (blackhole); likewise 2001:db8:f1::/64, f2 and f3. There is no route to
/// any other place.
struct PrivateNetwork {
    /// - Parameter outside: what /proc/self/ns/net is where this must not run.
    init(outside: String) throws {
        let inside = try Self.link(at: "/proc/self/ns/net")
        guard inside != outside else {
            throw Trouble(
                "This is the network namespace \(outside) of the machine itself. Start it under `unshare --net`.")
        }
        try ip("link set lo up")
        try ip("link add near type veth peer name far")
        for name in ["near", "far"] { try ip("link set \(name) addrgenmode none up") }
        try ip("address add 192.0.2.1/24 dev near")
        try ip("-6 address add 2001:db8:2::1/64 dev near nodad")
        try ip("neighbour add 192.0.2.9 lladdr 02:00:00:00:00:09 dev near nud permanent")
        try ip("-6 neighbour add 2001:db8:2::9 lladdr 02:00:00:00:00:09 dev near nud permanent")
        for (kind, v4, v6) in [("unreachable", 0, 1), ("prohibit", 64, 2), ("blackhole", 128, 3)] {
            try ip("route add \(kind) 203.0.113.\(v4)/26")
            try ip("-6 route add \(kind) 2001:db8:f\(v6)::/64")
        }
        // A tenth of a second until nobody has answered, and two until a host is silent.
        for version in ["ipv4", "ipv6"] { try set("\(version)/neigh/near/retrans_time_ms", "30") }
        try set("ipv4/tcp_syn_retries", "1")
    }

    /// Sets one of the namespace's own settings, those under /proc/sys/net.
    func set(_ setting: String, _ value: String) throws {
        let path = "/proc/sys/net/\(setting)"
        guard let file = fopen(path, "w") else {
            throw Trouble("cannot open \(path): \(String(cString: strerror(errno)))")
        }
        fputs(value, file)
        guard fclose(file) == 0 else { throw Trouble("cannot set \(path): \(String(cString: strerror(errno)))") }
    }

    /// Runs iproute2's `ip` with these words.
    func ip(_ words: String) throws {
        try Self.run(["ip"] + words.split(separator: " ").map(String.init))
    }

    static func run(_ words: [String]) throws {
        let pid = try start(words)
        var status: Int32 = 0
        guard waitpid(pid, &status, 0) == pid, status == 0 else {
            throw Trouble("`\(words.joined(separator: " "))` failed with status \(status >> 8)")
        }
    }

    static func start(_ words: [String]) throws -> pid_t {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, words[0], nil, nil, &arguments, environ)
        guard status == 0 else {
            throw Trouble(
                "cannot run `\(words[0])` (\(String(cString: strerror(status)))): install iproute2 and util-linux")
        }
        return pid
    }

    static func link(at path: String) throws -> String {
        var target = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &target, target.count - 1)
        guard count > 0 else { throw Trouble("cannot read \(path): \(String(cString: strerror(errno)))") }
        return String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
