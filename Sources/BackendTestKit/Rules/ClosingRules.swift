import SocketBackends
import Winsock

/// What happens to those who wait on a socket that another thread closes.
enum ClosingRules {
    static let checks = [
        KitCheck("C1", "closing ends a receive that waits on another thread") { room in
            let socket = try room.connected()
            try expectEnd(of: "a receive", on: socket, room) { () throws(SocketError) in
                _ = try room.winsock.receive(socket, upTo: 1)
            }
        },
        KitCheck("C2", "closing ends an accept that waits on another thread") { room in
            let socket = try room.listener()
            try expectEnd(of: "an accept", on: socket, room) { () throws(SocketError) in
                _ = try room.winsock.accept(socket)
            }
        },
        KitCheck("C3", "closing ends a connect that waits on another thread") { room in
            let (address, socket) = (try room.silent(), try room.socket())
            try expectEnd(of: "a connect", on: socket, room) { () throws(SocketError) in
                try room.winsock.connect(socket, to: address)
            }
        },
        KitCheck("C4", "closing ends a send that waits on another thread") { room in
            let (client, server) = try room.pair()
            _ = server
            try expectEnd(of: "a send", on: client, room) { () throws(SocketError) in
                let piece = [UInt8](repeating: 1, count: 65_536)
                while true { _ = try room.winsock.send(client, piece) }
            }
        },
        KitCheck("C5", "the backend's own calls on a closed socket do nothing, or fail with a name") { room in
            let socket = try CatalogueRules.make(room.kind, .any, room)
            let address = try room.anyAddress()
            socket.close()
            do throws(SocketError) {
                let progress = try socket.connect(to: address)
                guard progress == .pending else {
                    throw SocketError(.NO_ERROR, operation: "connect", reason: "it succeeds")
                }
            } catch {
                try room.expect(isOfClosed(error), "connect on a closed socket: \(error)")
            }
            do throws(SocketError) {
                _ = try socket.send([1].span.bytes, flags: [])
                throw SocketError(.NO_ERROR, operation: "send", reason: "it succeeds")
            } catch {
                try room.expect(isOfClosed(error), "send on a closed socket: \(error)")
            }
        },
    ]

    private static func isOfClosed(_ error: SocketError) -> Bool {
        [.WSAENOTSOCK, .WSAENOTCONN, .WSAEINTR, .WSAECONNABORTED, .WSAECONNRESET].contains(error.code)
    }

    /// Closes a socket on which another thread makes a call that can only end so.
    private static func expectEnd(
        of what: String, on socket: SocketHandle, _ room: KitRoom,
        _ body: @escaping @Sendable () throws(SocketError) -> Void
    ) throws {
        let call = try KitCall(room.patience, body)
        try room.winsock.closeSocket(socket)
        switch try call.result(of: "\(what) on a closed socket") {
        case .success:
            throw KitFailure("\(what) succeeds on a socket that was closed")
        case .failure(let error):
            // WSAENOTSOCK if the thread has come too late to wait.
            try room.expect([.WSAEINTR, .WSAENOTSOCK].contains(error.code), "\(what) on a closed socket: \(error)")
        }
    }
}
