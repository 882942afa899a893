import SocketBackends
import TestSupport
import Winsock

/// What can be played.
enum Scenario: String, CaseIterable {
    /// Connect to a place that cannot be reached, twice, and then, with the same socket, to one that can.
    case noRoute = "no-route"
    case unreachable, prohibited, blackhole
    case noNeighbour = "no-neighbour"
    case silence
    /// The route ends at a router that says so.
    case router
    /// A short SO_SNDTIMEO, and a host that takes longer to be found missing.
    case sendTimeout = "send-timeout"
    /// More connections to one server than there are local ports.
    case exhaustedPorts = "exhausted-ports"
    /// The only local port that Linux can choose is the one that is connected to.
    case meetingOneself = "meeting-oneself"
    /// One datagram socket, peers on two links.
    case twoLinks = "two-links"

    func run(in network: PrivateNetwork) throws -> [String] {
        switch self {
        case .noRoute: try outOfReach(v4: "198.51.100.7:9", v6: "[2001:db8:ffff::7]:9")
        case .unreachable: try outOfReach(v4: "203.0.113.7:9", v6: "[2001:db8:f1::7]:9")
        case .prohibited: try outOfReach(v4: "203.0.113.71:9", v6: "[2001:db8:f2::7]:9")
        case .blackhole: try outOfReach(v4: "203.0.113.135:9", v6: "[2001:db8:f3::7]:9")
        case .noNeighbour: try outOfReach(v4: "192.0.2.7:9", v6: "[2001:db8:2::7]:9")
        case .silence: try outOfReach(v4: "192.0.2.9:9", v6: "[2001:db8:2::9]:9")
        case .router: try behindRouter(network)
        case .sendTimeout: try sendTimeout()
        case .exhaustedPorts: try exhaustedPorts(network)
        case .meetingOneself: try meetingOneself(network)
        case .twoLinks: try twoLinks()
        }
    }

    private func outOfReach(v4: String, v6: String) throws -> [String] {
        try Client.all().inParallel { client in
            let server = try client.server(v4: "192.0.2.1:0", v6: "[2001:db8:2::1]:0")
            let bad = try client.address(v4: v4, v6: v6)
            let socket = try client.socket()
            return client.line(
                try client.connect(socket, to: bad), try client.connect(socket, to: bad),
                try client.connect(socket, to: client.winsock.localAddress(of: server)))
        }
    }

    private func behindRouter(_ network: PrivateNetwork) throws -> [String] {
        let router = try Router(network)
        defer { router.stop() }
        return try outOfReach(v4: "198.51.100.7:9", v6: "[2001:db8:ffff::7]:9")
    }

    private func sendTimeout() throws -> [String] {
        try Client.all(of: [.stream]).inParallel { client in
            let socket = try client.socket()
            try client.winsock.setOption(.sendTimeout, of: socket, to: OptionValue(UInt32(1)).bytes)
            let nobody = try client.address(v4: "192.0.2.7:9", v6: "[2001:db8:2::7]:9")
            return client.line(try client.connect(socket, to: nobody))
        }
    }

    private func exhaustedPorts(_ network: PrivateNetwork) throws -> [String] {
        try network.set("ipv4/ip_local_port_range", "40000 40003")
        return try Client.all(of: [.stream]).map { client in
            let winsock = client.winsock
            let server = try client.server(v4: "127.0.0.1:0", v6: "[::1]:0")
            let address = try winsock.localAddress(of: server)
            // Datagram sockets have ports of their own.
            var sockets: [SocketHandle] = []
            for _ in 0..<4 {
                let socket = try client.socket()
                let code = try client.connect(socket, to: address)
                guard code == .NO_ERROR else { return client.line(code) }
                sockets.append(socket)
            }
            let late = try client.socket()
            let without = [try client.connect(late, to: address), try client.connect(late, to: address)]
            // The end of a connection that is reset does not keep the port.
            try winsock.setOption(.linger, of: sockets[0], to: [1, 0, 0, 0])
            try winsock.closeSocket(sockets[0])
            let with = try client.connect(late, to: address)
            for socket in sockets.dropFirst() + [late] {
                try winsock.setOption(.linger, of: socket, to: [1, 0, 0, 0])
                try winsock.closeSocket(socket)
            }
            return client.line(without[0], without[1], with)
        }
    }

    private func meetingOneself(_ network: PrivateNetwork) throws -> [String] {
        try network.set("ipv4/ip_local_port_range", "40000 40000")
        return try Client.all(of: [.stream]).map { client in
            let socket = try client.socket()
            let address = try client.loopback(port: 40000)
            let codes = [try client.connect(socket, to: address), try client.connect(socket, to: address)]
            try client.winsock.closeSocket(socket)
            return client.line(codes[0], codes[1])
        }
    }

    private func twoLinks() throws -> [String] {
        try Client.all(of: [.datagram]).map { client in
            let winsock = client.winsock
            let socket = try client.socket()
            var line = "\(client.name):"
            for peer in [("127.0.0.1:9", "[::1]:9"), ("192.0.2.9:9", "[2001:db8:2::9]:9"), ("127.0.0.1:9", "[::1]:9")] {
                let code = try client.connect(socket, to: client.address(v4: peer.0, v6: peer.1))
                let local = winsock.describe(try winsock.localAddress(of: socket))
                line += " \(code.name) \(local.prefix(upTo: local.lastIndex(of: ":") ?? local.endIndex))"
            }
            return line
        }
    }
}
