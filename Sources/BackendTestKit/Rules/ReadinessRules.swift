import Glibc
import SocketBackends
import Winsock

/// Whether a descriptor tells the truth, to `poll` and to everybody else who asks the kernel.
enum ReadinessRules {
    static let checks = [
        KitCheck("P1", "readable means data, an end or a connection; without any it is not readable") { room in
            let listener = try room.listener()
            try expect(not: POLLIN, listener, "a listener to which nobody connects", room)
            let client = try room.socket()
            try room.winsock.connect(client, to: room.winsock.localAddress(of: listener))
            try room.expectReadable(listener, "a connection that waits")
            let server = try room.winsock.accept(listener).socket
            try expect(not: POLLIN, listener, "a listener whose connection was taken", room)
            try expect(not: POLLIN, client, "a connection without data", room)
            _ = try room.winsock.send(server, [1, 2])
            try room.expectReadable(client, "data that came")
            try room.expect(try room.winsock.receive(client, upTo: 1) == [1], "the first byte is not 1")
            try room.expectReadable(client, "data that is left")
            try room.expect(try room.winsock.receive(client, upTo: 1) == [2], "the second byte is not 2")
            try expect(not: POLLIN, client, "a connection whose data was taken", room)
            try room.winsock.closeSocket(server)
            try room.expectReadable(client, "the end of the connection")
            try room.expectReadable(client, "the end, again")
        },
        KitCheck("P2", "writable means room to send; a full socket turns writable when the peer receives") { room in
            let (client, server) = try room.pair()
            try room.wait(for: POLLOUT, client, "a fresh connection is not writable")
            try room.winsock.setNonBlocking(client, true)
            try room.winsock.setNonBlocking(server, true)
            let piece = [UInt8](repeating: 9, count: 16_384)
            var sent = 0
            fill: while true {
                guard sent < 256 << 20 else { throw KitFailure("\(sent) bytes were taken, and nobody receives") }
                do throws(SocketError) {
                    sent += try room.winsock.send(client, piece)
                } catch {
                    guard error.code == .WSAEWOULDBLOCK else { throw error }
                    break fill
                }
            }
            // What lies in the middle may still move a little, so it is the refusal and the readiness together that count.
            var received = 0
            while received < sent {
                try room.expectReadable(server, "\(received) of \(sent) bytes have come")
                received += try room.winsock.receive(server, upTo: 65_536).count
            }
            try room.wait(for: POLLOUT, client, "everything was received, and it is not writable")
            try room.expect(received == sent, "\(sent) bytes were sent, and \(received) have come")
        },
        KitCheck("P3", "a failed attempt is writable, for whoever polls") { room in
            let (address, code) = try room.refusal()
            let socket = try CatalogueRules.make(room.kind, .any, room)
            defer { socket.close() }
            do throws(SocketError) {
                guard try socket.connect(to: address) == .pending else {
                    throw SocketError(.NO_ERROR, operation: "connect", reason: "it succeeds")
                }
            } catch {
                try room.expect(error.code == code, "the refusal is \(error)")
                throw KitNotApplicable("the family knows at once that it is refused")
            }
            let ready = try socket.descriptor.withDescriptor(for: "wait") { descriptor throws(SocketError) in
                try KitRoom.poll(descriptor, POLLIN | POLLOUT, patience: room.patience)
            }
            try room.expect(ready & (POLLOUT | POLLERR | POLLHUP) != 0, "the failure does not show: \(ready)")
            for _ in 0..<2 {
                try room.expect(code, of: "finishConnect") { () throws(SocketError) in try socket.finishConnect() }
            }
        },
    ]

    private static func expect(not events: Int32, _ socket: SocketHandle, _ what: String, _ room: KitRoom) throws {
        let ready = try room.readiness(of: socket, events)
        try room.expect(ready & events == 0, "\(what) is readable")
    }
}
