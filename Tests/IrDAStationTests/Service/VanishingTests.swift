import Glibc
import IrDAProtocol
import IrDAService
import SocketBackends
import TestSupport
import Testing

@testable import IrDAStation

/// Programs that die at any moment, as the service sees it: all their descriptors are closed at once.
@Suite("Programs that vanish")
struct VanishingTests {
    /// How many programs vanish for each seed: 200 in all.
    private static let rounds = 50

    @Test("wherever a program stands, the service gets everything back, and the other end is told", arguments: 0..<4)
    func vanish(seed: UInt64) async throws {
        try await onThread {
            let room = try ServedRoom(seed: seed + 1)
            let server = try room.client("Phone")
            let observer = try room.client("Desk")
            let listener = try server.listen("Files")
            _ = try observer.discoverAll(2)
            var generator = SeededGenerator(seed: seed)
            for round in 0..<Self.rounds {
                try Self.liveAndDie(room, server, listener, &generator)
                try server.acceptAll(listener)
                try waitUntil("seed \(seed), round \(round): no sockets left") {
                    try observer.status().sockets.isEmpty && observer.status().clients == 1
                }
            }
            // Everything still works; somebody who was on the way may have arrived since.
            try server.acceptAll(listener)
            let socket = try observer.makeSocket()
            try observer.connectPatiently(socket, to: room.phoneID, "Files")
            let accepted = try server.acceptOne(listener)
            try socket.sendAll([42])
            #expect(try accepted.receiveAll(1) == [42])
            try room.close()
        }
    }

    /// A program that does some of what programs do, and is gone after a step of chance.
    private static func liveAndDie(
        _ room: ServedRoom, _ server: ServiceClient, _ listener: borrowing ProgramSocket,
        _ generator: inout SeededGenerator
    ) throws {
        let steps = Int.random(in: 0...7, using: &generator)
        let client = try room.client("Desk")
        _ = try client.identity()
        guard steps > 0 else { return }
        let ticket = try client.discover()
        guard steps > 1 else { return }
        let socket = try client.makeSocket(steps == 2 ? .sequencedPacket : .stream)
        guard steps > 2 else { return }
        if steps == 3 {
            _ = try client.bind(socket.id, to: .name([0x41]))
            try client.listen(socket.id, backlog: 1)
            return
        }
        _ = try ticket.wait()
        guard steps > 4 else {
            _ = try client.connect(socket.id, to: room.phoneID, .name(Array("Files".utf8)))
            // If it came that far all the same, the listener has somebody to accept who has gone.
            return
        }
        try client.connectPatiently(socket, to: room.phoneID, "Files")
        let accepted = try server.acceptOne(listener)
        guard steps > 5 else {
            close(socket)
            #expect(try accepted.receiveAll(1) == [])
            return
        }
        let bytes = randomBytes(Int.random(in: 1...20_000, using: &generator), seed: generator.next())
        try socket.sendAll(bytes)
        if steps == 6 { _ = try accepted.receiveAll(bytes.count / 2) }
        close(socket)
        // Whatever was sent before the end arrives, and then the end.
        _ = try accepted.receiveAll(100_000)
    }

    @Test("a connection whose end came before it was accepted is given back with the program that has accepted it")
    func acceptedTooLate() async throws {
        try await onThread {
            let room = try ServedRoom()
            let observer = try room.client("Phone")
            try Self.acceptTooLate(in: room)
            try waitUntil("no sockets left") { try observer.status().sockets.isEmpty }
            try room.close()
        }
    }

    private static func acceptTooLate(in room: ServedRoom) throws {
        let (client, server) = (try room.client("Desk"), try room.client("Phone"))
        let listener = try server.listen("Files")
        let socket = try client.makeSocket()
        try client.connect(socket, to: room.phoneID, "Files")
        close(socket)
        try waitUntil("both ends have heard of the end") {
            try room.host.onLoop(for: "look for connections") { .success($0.programs.isEmpty) }
        }
        let accepted = try server.acceptOne(listener)
        #expect(try accepted.receiveAll(1) == [])
    }

    @Test("a program behind a service that reads nothing, and always waits for room itself, ends with its connection")
    func deafProgram() async throws {
        try await onThread {
            let room = try ServedRoom()
            let client = try room.client("Desk")
            let socket = try client.makeSocket()
            try client.connect(socket, to: room.printerID, "Deaf")
            _ = fcntl(socket.number, F_SETFL, O_NONBLOCK)
            let piece = [UInt8](repeating: 7, count: 4096)
            var (last, repetitions) = (UInt64(0), 0)
            try waitUntil("the program's buffer is full") {
                while send(socket.number, piece, piece.count, Int32(MSG_NOSIGNAL)) > 0 {}
                let received = try room.host.onLoop(for: "look for programs") { host in
                    .success(host.programs.values.first { $0.endpoint == nil }?.received ?? 0)
                }
                (last, repetitions) = (received, received == last ? repetitions + 1 : 0)
                return received > 100_000 && repetitions == 50
            }
            _ = try client.addFault("block")
            try waitUntil("the program has ended") {
                try room.host.onLoop(for: "look for programs") { .success($0.runners.isEmpty) }
            }
            close(socket)
            try room.close()
        }
    }

    @Test("nonsense from a client ends that client alone")
    func nonsense() async throws {
        try await onThread {
            let room = try ServedRoom()
            let good = try room.client("Desk")
            _ = try good.identity()
            for seed in 0..<20 as Range<UInt64> {
                let address = try UnixAddress(path: good.path)
                let number = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0)
                try #require(number >= 0)
                defer { Glibc.close(number) }
                try #require(address.withAddress { Glibc.connect(number, $0, $1) } == 0)
                let bytes = randomBytes(Int(seed) * 13 + 1, seed: seed)
                _ = send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                var answer = [UInt8](repeating: 0, count: 65_536)
                // An answer that says no, or the end.
                let count = recv(number, &answer, answer.count, 0)
                if count > 0 {
                    guard case .failed = try ServiceReply.read(Array(answer.prefix(count))).reply else {
                        Issue.record("seed \(seed): nonsense was taken for sense")
                        continue
                    }
                }
            }
            #expect(try good.status().clients >= 1)
            try room.close()
        }
    }

    @Test("it refuses what is too much, and takes more when there is room again")
    func limits() async throws {
        try await onThread {
            var limits = ServiceLimits()
            limits.clients = 2
            limits.socketsPerClient = 3
            limits.ticketsPerClient = 2
            let room = try ServedRoom(limits: limits)
            let client = try room.client("Desk")
            do {
                let sockets = [try client.open(.stream).id, try client.open(.ultra).id]
                #expect(sockets.count == 2)
            }
            // Their descriptors are closed, and that gives them back.
            try waitUntil("no sockets left") { try client.status().sockets.isEmpty }
            let first = try client.open(.stream)
            let second = try client.open(.stream)
            let third = try client.open(.stream)
            #expect(#expect(throws: SocketError.self) { _ = try client.open(.stream) }?.code == .WSAEMFILE)
            try client.close(first.id)
            _ = try client.open(.stream)
            _ = consume second
            _ = consume third
            let one = try client.awaitDevice(hints: 0x0100, milliseconds: 600_000)
            let two = try client.awaitDevice(hints: 0x0100, milliseconds: 600_000)
            #expect(#expect(throws: SocketError.self) { _ = try client.discover() }?.code == .WSAENOBUFS)
            _ = consume one
            _ = consume two
            let other = try room.client("Desk")
            _ = try other.identity()
            let error = #expect(throws: SocketError.self) { try room.client("Desk").identity() }
            #expect(error?.code == .WSAEPROCLIM)
            try room.close()
        }
    }

    @Test("when the service stops, whoever waits is told, and connections end")
    func stop() async throws {
        try await onThread {
            let room = try ServedRoom()
            let (client, server) = (try room.client("Desk"), try room.client("Phone"))
            let listener = try server.listen("Files")
            let socket = try client.makeSocket()
            try client.connect(socket, to: room.phoneID, "Files")
            let accepted = try server.acceptOne(listener)
            let ticket = try client.awaitDevice(hints: 0x0100, milliseconds: 600_000)
            let fresh = try client.makeSocket()
            try room.close()
            #expect(#expect(throws: SocketError.self) { try ticket.wait() }?.code == .WSAENETDOWN)
            #expect(try socket.receiveAll(1) == [])
            #expect(try accepted.receiveAll(1) == [])
            #expect(try fresh.wait(POLLIN) & POLLHUP != 0)
            #expect(try listener.wait(POLLIN) & POLLHUP != 0)
            #expect(#expect(throws: SocketError.self) { try client.status() }?.code == .WSAENETDOWN)
        }
    }

    @Test("a child has a connection of its own, and its parent's sockets")
    func fork() async throws {
        try await onThread {
            let room = try ServedRoom()
            let client = try room.client("Desk")
            let socket = try client.makeSocket()
            try client.connect(socket, to: room.printerID, "Echo")
            // What a child would do: another process, the same descriptor, the same name.
            let child = try room.client("Desk")
            #expect(try child.names(of: socket.id).peer?.device == room.printerID)
            try socket.sendAll([7])
            #expect(try socket.receiveAll(1) == [7])
            let copy = dup(socket.number)
            close(socket)
            #expect(try child.status().sockets.count == 1, "a copy of the descriptor is still open")
            Glibc.close(copy)
            try waitUntil("no socket left") { try child.status().sockets.isEmpty }
            try room.close()
        }
    }
}
