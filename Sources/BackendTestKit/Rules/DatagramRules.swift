import Glibc
import SocketBackends
import Winsock

/// Sockets without connections.
enum DatagramRules {
    static let checks = [
        KitCheck("R38", "a connect of a datagram socket is done at once, and sets where send sends to", .datagrams) {
            room in
            let (server, client) = (try room.bound(), try room.socket(nonBlocking: true))
            let address = try room.winsock.localAddress(of: server)
            try room.winsock.connect(client, to: address)
            try room.expect(try room.winsock.peerAddress(of: client) == address, "getpeername names somebody else")
            try room.expect(try room.winsock.send(client, [1, 2, 3]) == 3, "three bytes cannot be sent")
            try room.expectReadable(server, "a datagram")
            try room.expect(try room.winsock.receive(server, upTo: 10) == [1, 2, 3], "another datagram has come")
        },
        KitCheck("R41", "a datagram socket may connect again, to somebody else", .datagrams) { room in
            let (first, second, client) = (try room.bound(), try room.bound(), try room.socket())
            for server in [first, second] {
                let address = try room.winsock.localAddress(of: server)
                try room.winsock.connect(client, to: address)
                _ = try room.winsock.send(client, [9])
                try room.expectReadable(server, "a datagram")
            }
        },
        KitCheck("R42", "the zero address takes the peer away: send and recv are WSAENOTCONN, sendto works", .datagrams)
        { room in
            let (zero, server, client) = (try room.zero(), try room.bound(), try room.socket())
            let address = try room.winsock.localAddress(of: server)
            try room.winsock.connect(client, to: address)
            try room.winsock.connect(client, to: zero)
            try room.expect(.WSAENOTCONN, of: "send") { () throws(SocketError) in
                _ = try room.winsock.send(client, [1])
            }
            try room.expect(.WSAENOTCONN, of: "recv") { () throws(SocketError) in
                _ = try room.winsock.receive(client, upTo: 1)
            }
            _ = try room.winsock.send(client, [1], to: address)
            try room.expectReadable(server, "a datagram")
        },
        KitCheck("K12", "a datagram that is too long for the buffer is WSAEMSGSIZE, and gone", .datagrams) { room in
            let (server, client) = (try room.bound(), try room.socket())
            _ = try room.winsock.send(client, [1, 2, 3, 4], to: room.winsock.localAddress(of: server))
            try room.expectReadable(server, "a datagram")
            try room.expect(.WSAEMSGSIZE, of: "recv of two bytes") { () throws(SocketError) in
                _ = try room.winsock.receive(server, upTo: 2)
            }
            let ready = try room.readiness(of: server, POLLIN)
            try room.expect(ready & POLLIN == 0, "the rest of the datagram is still there")
        },
        KitCheck("K13", "streams only: listen and accept are WSAEOPNOTSUPP", .datagrams) { room in
            let socket = try room.bound()
            try room.expect(.WSAEOPNOTSUPP, of: "listen") { () throws(SocketError) in
                try room.winsock.listen(socket, backlog: 1)
            }
            try room.expect(.WSAEOPNOTSUPP, of: "accept") { () throws(SocketError) in
                _ = try room.winsock.accept(socket)
            }
        },
    ]
}
