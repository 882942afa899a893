import Glibc
import SocketBackends
import Winsock

/// How a connect goes, and what is known of it while it goes.
enum ConnectRules {
    static let checks = [
        KitCheck("R1", "a blocking connect answers at the end, and the connection carries data") { room in
            let (address, listener) = try room.server()
            let socket = try room.socket()
            try room.winsock.connect(socket, to: address)
            try room.expect(try room.winsock.peerAddress(of: socket) == address, "getpeername names somebody else")
            _ = try room.winsock.localAddress(of: socket)  // rule R12: it is bound now
            try room.expect(try room.winsock.send(socket, [1, 2, 3]) == 3, "three bytes cannot be sent")
            _ = listener
        },
        KitCheck("R19", "a connect that is refused says so, blocking") { room in
            let (address, code) = try room.refusal()
            let socket = try room.socket()
            try room.expect(code, of: "a connect") { () throws(SocketError) in
                try room.winsock.connect(socket, to: address)
            }
            try room.expect(room.winsock.lastError == code, "the last error is \(room.winsock.lastError)")
            try room.expect(.WSAENOTCONN, of: "getpeername after a refusal") { () throws(SocketError) in
                _ = try room.winsock.peerAddress(of: socket)
            }
        },
        KitCheck(
            "R24",
            "a connect that does not block is WSAEWOULDBLOCK; success shows in writefds (R29), then WSAEISCONN (R28)"
        ) { room in
            let (address, _) = try room.server()
            let socket = try room.socket()
            try room.connectWithoutBlocking(socket, to: address)
            let sets = try room.winsock.select(
                SocketSets(read: [socket], write: [socket], except: [socket]), timeout: .zero)
            try room.expect(sets.write == [socket], "a connected socket is not in writefds")
            try room.expect(sets.read.isEmpty && sets.except.isEmpty, "a connected socket is in readfds or exceptfds")
            try room.expect(try room.socketError(of: socket) == .NO_ERROR, "SO_ERROR is not 0")
            try room.expect(.WSAEISCONN, of: "another connect") { () throws(SocketError) in
                try room.winsock.connect(socket, to: address)
            }
        },
        KitCheck("R30", "a failure that was not waited for shows in exceptfds only, and in SO_ERROR (R31)") { room in
            let (address, code) = try room.refusal()
            let socket = try room.socket(nonBlocking: true)
            let first = try room.expect(.WSAEWOULDBLOCK, code, of: "a non-blocking connect") { () throws(SocketError) in
                try room.winsock.connect(socket, to: address)
            }
            guard first == .WSAEWOULDBLOCK else {
                throw KitNotApplicable("the family knows at once that it is refused")
            }
            let all = SocketSets(read: [socket], write: [socket], except: [socket])
            let sets = try room.winsock.select(all, timeout: .milliseconds(Int64(room.patience)))
            try room.expect(sets.except == [socket], "a failed connect is not in exceptfds")
            try room.expect(sets.read.isEmpty && sets.write.isEmpty, "a failed connect is in readfds or writefds")
            for _ in 0..<2 {
                let error = try room.socketError(of: socket)
                try room.expect(error == code, "SO_ERROR is \(error)")
            }
        },
        KitCheck("R33", "after a refusal the same socket connects to somebody else") { room in
            let (address, code) = try room.refusal()
            let (server, _) = try room.server()
            for blocks in [true, false] {
                let socket = try room.socket()
                if blocks {
                    try room.expect(code, of: "a connect") { () throws(SocketError) in
                        try room.winsock.connect(socket, to: address)
                    }
                    try room.winsock.connect(socket, to: server)
                } else {
                    try room.winsock.setNonBlocking(socket, true)
                    let first = try room.expect(.WSAEWOULDBLOCK, code, of: "a connect") { () throws(SocketError) in
                        try room.winsock.connect(socket, to: address)
                    }
                    if first == .WSAEWOULDBLOCK {
                        let ended = try room.winsock.select(
                            SocketSets(except: [socket]), timeout: .milliseconds(Int64(room.patience)))
                        try room.expect(ended.count == 1, "the refusal does not come")
                    }
                    try room.connectWithoutBlocking(socket, to: server)
                    try room.expect(
                        try room.socketError(of: socket) == .NO_ERROR, "SO_ERROR is that of the first attempt")
                }
                try room.expect(try room.winsock.peerAddress(of: socket) == server, "getpeername names somebody else")
            }
        },
        KitCheck(
            "R25", "while an attempt goes on: connect is WSAEALREADY, setsockopt WSAEINVAL (R35), send WSAENOTCONN (D7)"
        ) { room in
            let address = try room.silent()
            let socket = try room.socket(nonBlocking: true)
            try room.expect(.WSAEWOULDBLOCK, of: "a non-blocking connect") { () throws(SocketError) in
                try room.winsock.connect(socket, to: address)
            }
            let ready = try room.readiness(of: socket, POLLIN | POLLOUT)
            try room.expect(ready == 0, "the descriptor is ready, 0x\(String(ready, radix: 16)), and nothing has ended")
            try room.expect(.WSAEALREADY, of: "another connect") { () throws(SocketError) in
                try room.winsock.connect(socket, to: address)
            }
            try room.expect(.WSAEINVAL, of: "setsockopt") { () throws(SocketError) in
                try room.winsock.setOption(.sendBufferSize, of: socket, to: OptionValue(Int32(8192)).bytes)
            }
            try room.expect(.WSAENOTCONN, of: "send") { () throws(SocketError) in _ = try room.winsock.send(socket, [1])
            }
            try room.expect(.WSAENOTCONN, of: "recv") { () throws(SocketError) in
                _ = try room.winsock.receive(socket, upTo: 1)
            }
            try room.expect(.WSAEINVAL, .WSAEISCONN, of: "listen") { () throws(SocketError) in
                try room.winsock.listen(socket, backlog: 1)
            }
            try room.expect(try room.socketError(of: socket) == .NO_ERROR, "SO_ERROR is not 0")
            let select = try room.winsock.select(
                SocketSets(read: [socket], write: [socket], except: [socket]), timeout: .zero)
            try room.expect(select.count == 0, "select finds it ready")
        },
        KitCheck("K8", "finishConnect may be asked at any time, and again") { room in
            let socket = try CatalogueRules.make(room.kind, .any, room)
            defer { socket.close() }
            try room.expect(.WSAENOTCONN, .WSAEWOULDBLOCK, of: "finishConnect before any connect") {
                () throws(SocketError) in try socket.finishConnect()
            }
            let (address, _) = try room.server()
            if try socket.connect(to: address) == .pending {
                let ready = try socket.descriptor.withDescriptor(for: "wait") { descriptor throws(SocketError) in
                    try KitRoom.poll(descriptor, POLLOUT, patience: room.patience)
                }
                try room.expect(ready & POLLOUT != 0, "a pending connect does not turn the descriptor writable")
            }
            try socket.finishConnect()
            try socket.finishConnect()
        },
    ]
}
