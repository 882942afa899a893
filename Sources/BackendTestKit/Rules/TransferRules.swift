import Glibc
import SocketBackends
import Winsock

/// Whether bytes arrive, all of them and in their order.
enum TransferRules {
    static let checks = [
        KitCheck("R37", "what is sent arrives, whole and in its order, both ways at once") { room in
            let bytes = randomBytes(200_000, seed: 37)
            switch room.subject.peer {
            case .eachOther:
                let (client, server) = try room.pair()
                let echo = try KitCall(room.patience) { () throws(SocketError) in
                    while true {
                        let piece = try room.winsock.receive(server, upTo: 10_000)
                        if piece.isEmpty { return }
                        _ = try room.winsock.send(server, piece)
                    }
                }
                try expectEcho(of: bytes, on: client, room)
                try room.winsock.closeSocket(client)
                if case .failure(let error) = try echo.result(of: "the other end") {
                    try room.expect(error.code == .WSAECONNRESET, "the other end: \(error)")
                }
            case .echo, .nobody:
                try expectEcho(of: Array(bytes.prefix(20_000)), on: room.connected(), room)
            }
        },
        KitCheck("K9", "MSG_PEEK leaves the data where it is") { room in
            let (client, server) = try room.pair()
            _ = try room.winsock.send(server, [7, 8])
            try room.expectReadable(client, "two bytes")
            let (peeked, taken) = (
                try room.winsock.receive(client, upTo: 2, flags: .peek), try room.winsock.receive(client, upTo: 2)
            )
            try room.expect(peeked == [7, 8] && taken == [7, 8], "peeked \(peeked), then received \(taken)")
        },
        KitCheck(
            "K10", "a direction that was ended is ended, the other is not (where the transport has a graceful close)"
        ) { room in
            guard room.kind.services.contains(.gracefulClose) else {
                throw KitNotApplicable("\(room.kind.transport) cannot end one direction alone")
            }
            let (client, server) = try room.pair()
            _ = try room.winsock.send(client, [1])
            try room.winsock.shutdown(client, .send)
            try room.expect(.WSAESHUTDOWN, of: "send after shutdown") { () throws(SocketError) in
                _ = try room.winsock.send(client, [2])
            }
            try room.expect(try room.winsock.receive(server, upTo: 5) == [1], "the data before the end is lost")
            try room.expect(try room.winsock.receive(server, upTo: 5).isEmpty, "the end does not arrive")
            _ = try room.winsock.send(server, [3, 4])
            try room.expectReadable(client, "data of the other direction")
            try room.expect(try room.winsock.receive(client, upTo: 5) == [3, 4], "the other direction has ended, too")
        },
        KitCheck("K11", "after the peer has gone, receiving ends and sending fails, again and again") { room in
            let (client, server) = try room.pair()
            try room.winsock.closeSocket(server)
            try room.expectReadable(client, "the end of the connection")
            for _ in 0..<3 {
                var bytes: [UInt8] = []
                do throws(SocketError) {
                    bytes = try room.winsock.receive(client, upTo: 1)
                } catch {
                    try room.expect(isEnd(error.code), "receiving after the end: \(error)")
                }
                try room.expect(bytes.isEmpty, "there are bytes after the end")
            }
            try room.winsock.setNonBlocking(client, true)
            let deadline = ContinuousClock.now + .milliseconds(Int64(room.patience))
            var failures = 0
            while failures < 2 {
                try room.expect(ContinuousClock.now < deadline, "sending to nobody goes on for ever")
                do throws(SocketError) {
                    _ = try room.winsock.send(client, Array(repeating: 1, count: 1000))
                } catch {
                    if error.code == .WSAEWOULDBLOCK { continue }
                    try room.expect(isEnd(error.code), "sending after the end: \(error)")
                    failures += 1
                }
            }
        },
    ]

    private static func isEnd(_ code: WSAErrorCode) -> Bool {
        [.WSAECONNRESET, .WSAECONNABORTED, .WSAEDISCON, .WSAESHUTDOWN, .WSAENETRESET, .WSAETIMEDOUT].contains(code)
    }

    private static func randomBytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var generator = KitGenerator(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// Sends bytes and takes as many back, on one thread.
    private static func expectEcho(of bytes: [UInt8], on socket: SocketHandle, _ room: KitRoom) throws {
        try room.winsock.setNonBlocking(socket, true)
        var (sent, received) = (0, [UInt8]())
        while received.count < bytes.count {
            let events = sent < bytes.count ? POLLIN | POLLOUT : POLLIN
            let ready = try room.wait(for: events, socket, "\(received.count) of \(bytes.count) bytes came back")
            if ready & POLLOUT != 0, sent < bytes.count {
                sent +=
                    try unlessBlocked { () throws(SocketError) in
                        try room.winsock.send(socket, Array(bytes[sent...].prefix(30_000)))
                    } ?? 0
            }
            guard ready & (POLLIN | POLLHUP | POLLERR) != 0 else { continue }
            let piece = try unlessBlocked { () throws(SocketError) in try room.winsock.receive(socket, upTo: 30_000) }
            guard let piece else { continue }
            try room.expect(!piece.isEmpty, "the connection ends after \(received.count) of \(bytes.count) bytes")
            received += piece
        }
        try room.expect(received == bytes, "what comes back is not what was sent")
    }

    private static func unlessBlocked<Value>(_ call: () throws(SocketError) -> Value) throws(SocketError) -> Value? {
        do throws(SocketError) {
            return try call()
        } catch  where error.code == .WSAEWOULDBLOCK {
            return nil
        }
    }
}
