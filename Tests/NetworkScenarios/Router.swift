import Glibc

/// A second network namespace at the far end of the cable, which is the way to everywhere, and leads nowhere.
struct Router {
    private let pid: pid_t

    init(_ network: PrivateNetwork) throws {
        // It lives as long as this process; the namespace as long as it.
        pid = try PrivateNetwork.start(["unshare", "--net", "--", "sleep", "60"])
        do {
            try waitForNamespace()
            try network.ip("link set far netns \(pid)")
            for words in [
                "link set lo up", "link set far addrgenmode none up", "address add 192.0.2.2/24 dev far",
                "-6 address add 2001:db8:2::2/64 dev far nodad",
            ] {
                try run(["ip"] + words.split(separator: " ").map(String.init))
            }
            for (setting, value) in [
                ("ipv4/ip_forward", 1), ("ipv6/conf/all/forwarding", 1), ("ipv4/icmp_ratelimit", 0),
                ("ipv6/icmp/ratelimit", 0),
            ] {
                try run(["sh", "-c", "echo \(value) >/proc/sys/net/\(setting)"])
            }
            try network.ip("route add default via 192.0.2.2")
            try network.ip("-6 route add default via 2001:db8:2::2")
        } catch {
            stop()
            throw error
        }
    }

    func stop() {
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
    }

    /// Runs a program in the router's namespace.
    private func run(_ words: [String]) throws {
        try PrivateNetwork.run(["nsenter", "--target", "\(pid)", "--net", "--"] + words)
    }

    /// Until `unshare` has become `sleep` the process is in our own namespace still.
    private func waitForNamespace() throws {
        let ours = try PrivateNetwork.link(at: "/proc/self/ns/net")
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        while try PrivateNetwork.link(at: "/proc/\(pid)/ns/net") == ours {
            guard ContinuousClock.now < deadline else {
                throw Trouble("`unshare --net` makes no namespace for a router")
            }
            sched_yield()
        }
    }
}
