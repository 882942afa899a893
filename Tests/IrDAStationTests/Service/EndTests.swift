import Glibc
import IrDAService
import SocketBackends
import SystemPackage
import TestSupport
import Testing

@testable import IrDAStation

/// What the two ends of a connection hear when it ends, and what is given back then.
@Suite("The end of a connection, through the service")
struct EndTests {
    /// Fills a socket whose peer does not read, until nothing moves any more.
    private func fill(_ socket: borrowing ProgramSocket, in room: ServedRoom, by piece: Int) throws {
        _ = fcntl(socket.number, F_SETFL, O_NONBLOCK)
        let bytes = [UInt8](repeating: 7, count: piece)
        var (last, repetitions) = (UInt64(0), 0)
        try waitUntil("everything is full") {
            while send(socket.number, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0 {}
            let taken = try room.host.onLoop(for: "look for programs") { host in
                .success(host.programs.values.reduce(0) { $0 + $1.sent })
            }
            (last, repetitions) = (taken, taken == last ? repetitions + 1 : 0)
            return repetitions == 50
        }
        _ = fcntl(socket.number, F_SETFL, 0)
    }

    @Test(
        "a peer that leaves has its last words heard, and then it is said that ours were not",
        arguments: [ServiceSocketKind.stream, .sequencedPacket], [200, 2039])
    func unheard(kind: ServiceSocketKind, piece: Int) async throws {
        try await onThread {
            let room = try ServedRoom()
            try room.withConnection(kind) { client, _, socket, accepted in
                try fill(socket, in: room, by: piece)
                for number in 0..<3 as Range<UInt8> { try accepted.sendAll([number, number]) }
                close(accepted)
                var heard: [UInt8] = []
                while heard.count < 6 {
                    let more = try socket.receive(100)
                    guard !more.isEmpty else { break }
                    heard += more
                }
                #expect(heard == [0, 0, 1, 1, 2, 2])
                #expect(try socket.receive(1) == [])
                let failure = try #require(try client.failure(of: socket.id))
                #expect(
                    failure.code == .WSAECONNRESET && failure.reason.contains("before it had the last"), "\(failure)")
                let byte: [UInt8] = [1]
                #expect(send(socket.number, byte, 1, Int32(MSG_NOSIGNAL)) == -1 && errno == EPIPE)
            }
        }
    }

    @Test("messages that a program sent before it closed with others unread arrive")
    func lastWords() async throws {
        try await onThread {
            try ServedRoom().withConnection(.sequencedPacket) { _, _, socket, accepted in
                try socket.sendAll([9])
                _ = try accepted.wait(POLLIN)
                for number in 0..<20 as Range<UInt8> { try accepted.sendAll([number]) }
                close(accepted)
                for number in 0..<20 as Range<UInt8> { #expect(try socket.receive(100) == [number]) }
                #expect(try socket.receive(100) == [])
            }
        }
    }

    @Test("a program that has shut its side down hears on, and is noticed when it closes")
    func halfClosed() async throws {
        try await onThread {
            try ServedRoom().withConnection(.sequencedPacket) { _, _, socket, accepted in
                try socket.sendAll([1])
                shutdown(socket.number, Int32(SHUT_WR))
                #expect(try accepted.receive(100) == [1])
                for number in 0..<5 as Range<UInt8> {
                    try accepted.sendAll([number])
                    #expect(try socket.receive(100) == [number])
                }
                close(socket)
                #expect(try accepted.receive(100) == [])
            }
        }
    }

    @Test("what a socket was bound to is free again when its program has ended, however its connection did")
    func boundAfterAll() async throws {
        try await onThread {
            let room = try ServedRoom()
            let other = try room.client("Desk")
            try Self.fail(in: room)
            let socket = try other.makeSocket()
            try waitUntil("the selector is free") {
                do throws(SocketError) {
                    _ = try other.bind(socket.id, to: .selector(0x33))
                    return true
                } catch {
                    return false
                }
            }
            try room.close()
        }
    }

    /// A program that binds a socket, fails to connect it, and ends.
    private static func fail(in room: ServedRoom) throws {
        let client = try room.client("Desk")
        let socket = try client.makeSocket()
        _ = try client.bind(socket.id, to: .selector(0x33))
        #expect(throws: SocketError.self) { try client.connect(socket, to: room.phoneID, "Nobody") }
    }

    @Test("a program can bind again what a socket of its had before whose connect has failed")
    func boundAgain() async throws {
        try await onThread {
            let room = try ServedRoom()
            let client = try room.client("Desk")
            for _ in 0..<3 {
                let socket = try client.makeSocket()
                #expect(try client.bind(socket.id, to: .selector(0x33)) == 0x33)
                #expect(throws: SocketError.self) { try client.connect(socket, to: room.phoneID, "Nobody") }
            }
            let socket = try client.makeSocket()
            #expect(try client.bind(socket.id, to: .selector(0x33)) == 0x33)
            let other = try client.makeSocket()
            #expect(throws: SocketError.self) { try client.bind(other.id, to: .selector(0x33)) }
            try room.close()
        }
    }

    @Test("a socket that another process connects again is that one's, and lasts")
    func anotherOwner() async throws {
        try await onThread {
            let room = try ServedRoom()
            let child = try room.client("Desk")
            let socket = try Self.failAndLeave(in: room) { socket in
                try child.connect(socket, to: room.printerID, "Echo")
            }
            let desk = room.desk
            try waitUntil("the parent has gone") {
                try room.host.onLoop(for: "count clients") { _ in .success(desk.assumeIsolated { $0.clients.count }) }
                    == 1
            }
            #expect(try child.status().sockets.map(\.state) == ["connected"])
            try socket.sendAll([7])
            #expect(try socket.receiveAll(1) == [7])
            #expect(try child.names(of: socket.id).peer?.device == room.printerID)
            try room.close()
        }
    }

    /// A program whose connect fails, and which ends when another has its socket.
    private static func failAndLeave(
        in room: ServedRoom, _ handOver: (borrowing ProgramSocket) throws -> Void
    ) throws -> ProgramSocket {
        let client = try room.client("Desk")
        let socket = try client.makeSocket()
        #expect(throws: SocketError.self) { try client.connect(socket, to: room.phoneID, "Nobody") }
        try handOver(socket)
        return socket
    }

    @Test("of what comes without credit only so much waits for a program that does not read", arguments: [false, true])
    func uncredited(isCredited: Bool) async throws {
        try await onThread {
            let room = try ServedRoom()
            let sent = 2000
            var ends: [Int32] = [-1, -1]
            try systemCall(for: "make a pair") {
                socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends)
            }
            let (program, end) = (ends[0], FileDescriptor(rawValue: ends[1]))
            defer { close(program) }
            _ = fcntl(program, F_SETFL, 0)
            let way = try room.host.onLoop(for: "make a way") { host in
                Result { () throws(SocketError) in
                    let way = try host.messageWay(end) { _, _ in }
                    let arrival = Arrival(bytes: [UInt8](repeating: 1, count: 300), isCredited: isCredited)
                    for _ in 0..<sent { way.deliver(arrival) {} }
                    way.close()
                    return way
                }
            }
            var read = 0
            var buffer = [UInt8](repeating: 0, count: 500)
            while recv(program, &buffer, buffer.count, 0) > 0 { read += 1 }
            #expect(isCredited ? read == sent : (64..<sent).contains(read), "\(read)")
            withExtendedLifetime(way) {}
            try room.close()
        }
    }
}
