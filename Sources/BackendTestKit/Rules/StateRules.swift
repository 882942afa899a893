import SocketBackends
import Winsock

/// What a stream socket may do in which state.
enum StateRules {
    static let checks = [
        KitCheck("S1", "a fresh socket has no address, no peer and no connection") { room in
            let (winsock, socket) = (room.winsock, try room.socket())
            try room.expect(.WSAEINVAL, of: "getsockname") { () throws(SocketError) in
                _ = try winsock.localAddress(of: socket)
            }
            try room.expect(.WSAENOTCONN, of: "getpeername") { () throws(SocketError) in
                _ = try winsock.peerAddress(of: socket)
            }
            try room.expect(.WSAENOTCONN, of: "send") { () throws(SocketError) in _ = try winsock.send(socket, [1]) }
            try room.expect(.WSAENOTCONN, of: "recv") { () throws(SocketError) in
                _ = try winsock.receive(socket, upTo: 1)
            }
            try room.expect(.WSAENOTCONN, of: "shutdown") { () throws(SocketError) in
                try winsock.shutdown(socket, .both)
            }
            try room.expect(.WSAEINVAL, of: "accept") { () throws(SocketError) in _ = try winsock.accept(socket) }
            try room.expect(.WSAEINVAL, of: "listen before bind") { () throws(SocketError) in
                try winsock.listen(socket, backlog: 1)
            }
            try room.expect(try room.socketError(of: socket) == .NO_ERROR, "SO_ERROR is not 0")
        },
        KitCheck("S2", "a socket is bound once, and says where") { room in
            let (winsock, socket) = (room.winsock, try room.bound())
            let local = try winsock.localAddress(of: socket)
            try room.expect(local.family == room.subject.backend.family, "it is bound to \(local.family)")
            try room.expect(.WSAEINVAL, of: "a second bind") { () throws(SocketError) in
                try winsock.bind(socket, to: local)
            }
            let other = try room.socket()
            try winsock.listen(socket, backlog: 1)
            try room.expect(.WSAEADDRINUSE, of: "a bind to an address that is taken") { () throws(SocketError) in
                try winsock.bind(other, to: local)
            }
        },
        KitCheck("R14", "a socket that listens cannot connect: WSAEINVAL, and it goes on listening") { room in
            let listener = try room.listener()
            let address = try room.winsock.localAddress(of: listener)
            try room.expect(.WSAEINVAL, of: "a connect") { () throws(SocketError) in
                try room.winsock.connect(listener, to: address)
            }
            let client = try room.socket()
            try room.winsock.connect(client, to: address)
            _ = try room.winsock.accept(listener)
        },
        KitCheck("R15", "a connected socket cannot connect again: WSAEISCONN, and it stays connected") { room in
            let socket = try room.connected()
            let peer = try room.winsock.peerAddress(of: socket)
            try room.expect(.WSAEISCONN, of: "another connect") { () throws(SocketError) in
                try room.winsock.connect(socket, to: peer)
            }
            try room.expect(.WSAEISCONN, .WSAEINVAL, of: "listen") { () throws(SocketError) in
                try room.winsock.listen(socket, backlog: 1)
            }
            try room.expect(.WSAEINVAL, of: "accept") { () throws(SocketError) in _ = try room.winsock.accept(socket) }
            try room.expect(try room.winsock.send(socket, [1, 2, 3]) == 3, "it cannot send any more")
        },
        KitCheck("S3", "accept tells who connected, and WSAEWOULDBLOCK if nobody has") { room in
            let listener = try room.listener()
            try room.winsock.setNonBlocking(listener, true)
            try room.expect(.WSAEWOULDBLOCK, of: "accept") { () throws(SocketError) in
                _ = try room.winsock.accept(listener)
            }
            let client = try room.socket()
            try room.winsock.connect(client, to: room.winsock.localAddress(of: listener))
            try room.expectReadable(listener, "a connection that waits does not make the listener readable")
            let (server, peer) = try room.winsock.accept(listener)
            try room.expect(peer.family == room.subject.backend.family, "the peer is of \(peer.family)")
            let told = try room.winsock.peerAddress(of: server)
            try room.expect(told == peer, "accept and getpeername do not agree")
            try room.expect(.WSAEISCONN, of: "a connect of an accepted socket") { () throws(SocketError) in
                try room.winsock.connect(server, to: peer)
            }
        },
        KitCheck("R36", "after the end of a connection there is no other: WSAEISCONN") { room in
            let (client, server) = try room.pair()
            let peer = try room.winsock.peerAddress(of: client)
            try room.winsock.closeSocket(server)
            try room.expectReadable(client, "the end of the connection does not make the socket readable")
            try room.expect(.WSAEISCONN, of: "a connect after the end") { () throws(SocketError) in
                try room.winsock.connect(client, to: peer)
            }
        },
        KitCheck("S4", "an option that there is not is WSAENOPROTOOPT; SO_TYPE is the type", .all) { room in
            let socket = try room.socket()
            let unknown = SocketOption(level: .socket, name: OptionName(rawValue: 0x6EEE))
            try room.expect(.WSAENOPROTOOPT, .WSAEINVAL, of: "reading option 0x6eee") { () throws(SocketError) in
                _ = try room.winsock.option(unknown, of: socket, buffer: [0, 0, 0, 0])
            }
            try room.expect(.WSAENOPROTOOPT, .WSAEINVAL, of: "setting option 0x6eee") { () throws(SocketError) in
                try room.winsock.setOption(unknown, of: socket, to: [0, 0, 0, 0])
            }
            let type: [UInt8]
            do throws(SocketError) {
                type = try room.winsock.option(.type, of: socket, buffer: [0, 0, 0, 0])
            } catch {
                return try room.expect(error.code == .WSAENOPROTOOPT, "SO_TYPE: \(error)")
            }
            try room.expect(type == OptionValue(room.kind.type.rawValue).bytes, "SO_TYPE is \(type)")
        },
    ]
}
