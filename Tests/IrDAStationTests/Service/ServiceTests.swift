import Glibc
import IrDAService
import SocketBackends
import SystemPackage
import TestSupport
import Testing

@testable import IrDAStation

@Suite("The service, through its client")
struct ServiceTests {
    @Test("it says who it is, and refuses other versions")
    func greeting() async throws {
        try await onThread {
            let room = try ServedRoom()
            let identity = try room.client("Desk").identity()
            #expect(
                identity
                    == ServiceIdentity(version: 1, station: "Desk", address: 0x1234_5678, medium: "simulation"))
            try room.close()
            let error = #expect(throws: SocketError.self) { try room.client("Desk").identity() }
            #expect(error?.code == .WSAENETDOWN)
            #expect(error?.reason.contains("no service listens at") == true)
        }
    }

    @Test("it discovers, remembers, and waits for devices")
    func devices() async throws {
        try await onThread {
            let room = try ServedRoom()
            let client = try room.client("Desk")
            #expect(try client.knownDevices().isEmpty)
            let found = try client.discoverAll(2)
            #expect(found.map(\.address).sorted() == [room.printerID, room.phoneID])
            #expect(found.allSatisfy { $0.station == 0x1234_5678 })
            #expect(try client.knownDevices().map(\.address).sorted() == [room.printerID, room.phoneID])
            #expect(try client.awaitDevice(milliseconds: 60_000).wait().count == 1)
            let late = #expect(throws: SocketError.self) {
                try client.awaitDevice(hints: 0x0100, milliseconds: 1).wait()
            }
            #expect(late?.code == .WSAETIMEDOUT)
            #expect(late?.errno == .resourceTemporarilyUnavailable)
            try room.close()
        }
    }

    @Test("while a program has a socket the station keeps in mind who is around, without being asked")
    func background() async throws {
        try await onThread {
            let room = try ServedRoom(speed: .times(30))
            let client = try room.client("Desk")
            func discoveries() throws -> UInt64 {
                try client.status().counters.first { $0.name == "discoveries" }?.value ?? 0
            }
            /// Waits on the medium.
            func wait(_ duration: Duration) throws {
                let end = try room.host.elapsed + duration
                try waitUntil("\(duration) have passed") { try room.host.elapsed >= end }
            }
            try wait(.seconds(10))
            #expect(try discoveries() == 0 && client.knownDevices().isEmpty, "nobody wants to know")
            let socket = try client.makeSocket()
            try waitUntil("both are known") { try client.knownDevices().count == 2 }
            let first = try discoveries()
            try waitUntil("it looks again") { try discoveries() >= first + 3 }
            close(socket)
            try waitUntil("the socket is gone") { try client.status().sockets.isEmpty }
            // One may be under way.
            try wait(.seconds(2))
            let last = try discoveries()
            try wait(.seconds(20))
            #expect(try discoveries() == last)
            try room.close()
        }
    }

    @Test("two programs talk to each other, and see each other's end")
    func stream() async throws {
        try await onThread {
            let room = try ServedRoom()
            let (client, server) = (try room.client("Desk"), try room.client("Phone"))
            let listener = try server.listen("Files")
            let socket = try client.makeSocket()
            #expect(try socket.wait(POLLIN | POLLOUT, patience: 0) == 0)
            try client.connect(socket, to: room.phoneID, "Files")
            let accepted = try server.acceptOne(listener)
            let bytes = randomBytes(40_000, seed: 3)
            try socket.sendAll(bytes)
            #expect(try difference(accepted.receiveAll(bytes.count), from: bytes) == nil)
            let names = try client.names(of: socket.id)
            #expect(names.local.device == 0x1234_5678)
            #expect(names.peer?.device == room.phoneID)
            #expect(names.peer?.target == .name(Array("Files".utf8)))
            #expect(names.peer?.selector == (try server.names(of: accepted.id)).local.selector)
            #expect(try client.transferUnits(of: socket.id).pduLength == 2039 + 6)
            let status = try client.status()
            #expect(status.link?.peer == room.phoneID)
            #expect(status.sockets.map(\.state) == ["connected"])
            #expect(status.sockets.map(\.sent) == [40_000])
            close(socket)
            #expect(try accepted.receive(1) == [])
            #expect(try server.failure(of: accepted.id) == nil)
            try room.close()
        }
    }

    @Test("a failed connect shows as with TCP, says why, and can be tried again")
    func failedConnect() async throws {
        try await onThread {
            let room = try ServedRoom()
            let client = try room.client("Desk")
            let socket = try client.makeSocket()
            let error = #expect(throws: SocketError.self) {
                try client.connect(socket, to: room.phoneID, "Nobody")
            }
            #expect(error?.code == .WSAECONNREFUSED)
            #expect(error?.errno == .addressNotAvailable)
            #expect(try socket.wait(POLLIN | POLLOUT) == POLLIN | POLLOUT | POLLERR | POLLHUP)
            try client.connect(socket, to: room.printerID, "Echo")
            try socket.sendAll([1, 2, 3])
            #expect(try socket.receiveAll(3) == [1, 2, 3])
            let again = #expect(throws: SocketError.self) {
                try client.connect(socket, to: room.printerID, "Echo")
            }
            #expect(again?.code == .WSAEISCONN)
            try room.close()
        }
    }

    @Test("an address that names no device means the one that offers the service")
    func anyDevice() async throws {
        try await onThread {
            let room = try ServedRoom()
            let client = try room.client("Desk")
            let socket = try client.makeSocket()
            let unknown = #expect(throws: SocketError.self) { try client.connect(socket, to: 0, "Echo") }
            #expect(unknown?.errno == .networkUnreachable)
            _ = try client.discoverAll(2)
            try client.connect(socket, to: 0, "Echo")
            #expect(try client.names(of: socket.id).peer?.device == room.printerID)
            close(socket)
            let other = try client.makeSocket()
            let nobody = #expect(throws: SocketError.self) { try client.connect(other, to: 0, "Nobody") }
            #expect(nobody?.errno == .addressNotAvailable)
            let listener = try room.client("Phone").listen("Echo")
            let third = try client.makeSocket()
            // On the medium a good while has passed, in which devices are forgotten.
            _ = try client.discoverAll(2)
            let several = #expect(throws: SocketError.self) { try client.connect(third, to: 0, "Echo") }
            #expect(several?.errno?.rawValue == 76)
            close(listener)
            try room.close()
        }
    }

    @Test("what the peer has not acknowledged counts as unsent, wherever it is")
    func unacknowledged() async throws {
        try await onThread {
            // In real time: on a link that is silent, but not lost, time must not jump.
            try ServedRoom(speed: .times(1)).withConnection { client, _, socket, accepted in
                _ = try client.addFault("block")
                try socket.sendAll(randomBytes(3000, seed: 1))
                try waitUntil("the station has taken the bytes") { try client.status().sockets.map(\.sent) == [3000] }
                #expect(try client.transferUnits(of: socket.id).unsent == 3000)
                try client.removeFault(1)
                #expect(try accepted.receiveAll(3000) == randomBytes(3000, seed: 1))
                let id = socket.id
                try waitUntil("all is acknowledged") { try client.transferUnits(of: id).unsent == 0 }
            }
        }
    }

    @Test("a program that does not read holds the one back that writes, and nothing gets lost")
    func backpressure() async throws {
        try await onThread {
            try ServedRoom().withConnection { client, server, socket, accepted in
                let number = socket.number
                _ = fcntl(number, F_SETFL, O_NONBLOCK)
                let bytes = randomBytes(1 << 20, seed: 2)
                var written = 0
                var (last, repetitions) = ([0], 0)
                try waitUntil("nothing moves any more") {
                    while written < bytes.count {
                        let piece = Array(bytes[written...].prefix(4096))
                        let count = send(number, piece, piece.count, Int32(MSG_NOSIGNAL))
                        guard count > 0 else { break }
                        written += count
                    }
                    let now = try [
                        written, Int(client.status().sockets[0].sent), Int(server.status().sockets.last?.received ?? 0),
                    ]
                    (last, repetitions) = (now, now == last ? repetitions + 1 : 0)
                    return repetitions == 50
                }
                #expect(written < bytes.count, "nothing has held it back")
                let unsent = try Int(client.transferUnits(of: socket.id).unsent)
                #expect(unsent == last[1] - last[2], "all that the station has taken is either there or unsent")
                // One piece that was read from the program, and what the stack queues at most.
                #expect(unsent <= 65_536)
                #expect(try accepted.receiveAll(written) == Array(bytes[..<written]))
            }
        }
    }

    @Test("messages keep their bounds", arguments: [1, 500, 5_000, 60_000])
    func messages(size: Int) async throws {
        try await onThread {
            let room = try ServedRoom()
            let (client, server) = (try room.client("Desk"), try room.client("Phone"))
            let listener = try server.listen("Notes", .sequencedPacket)
            let socket = try client.makeSocket(.sequencedPacket)
            try client.connect(socket, to: room.phoneID, "Notes")
            let accepted = try server.acceptOne(listener)
            for seed in 0..<3 {
                let message = randomBytes(size, seed: UInt64(seed))
                try socket.sendAll(message)
                if size > 32_768 { continue }
                #expect(try accepted.receive(65_536) == message)
            }
            try room.close()
        }
    }

    @Test("Ultra packets reach whoever listens to their protocol")
    func ultra() async throws {
        try await onThread {
            let room = try ServedRoom()
            let (client, server) = (try room.client("Desk"), try room.client("Phone"))
            let receiver = try server.makeSocket(.ultra)
            #expect(try server.bind(receiver.id, to: .selector(0x21)) == 0x21)
            let sender = try client.makeSocket(.ultra)
            _ = try client.bind(sender.id, to: .selector(0x21))
            try sender.sendAll([0, 1, 2])
            #expect(try receiver.receive(500) == [0, 1, 2])
            try client.sendUltra([0, 9], protocolID: 0x21, from: sender.id)
            #expect(try receiver.receive(500) == [0, 9])
            try room.close()
        }
    }

    @Test("attributes and hints last as long as the socket that has set them")
    func information() async throws {
        try await onThread {
            let room = try ServedRoom()
            let (client, server) = (try room.client("Desk"), try room.client("Phone"))
            let (name, attribute) = (Array("Notes".utf8), Array("Colour".utf8))
            let socket = try server.makeSocket()
            try server.setAttribute(attribute, ofClass: name, to: .integer(7), for: socket.id)
            try server.setHints(0x0008, for: socket.id)
            #expect(try server.localAttribute(attribute, ofClass: name) == .integer(7))
            #expect(try client.query(attribute, ofClass: name, of: .device(room.phoneID)).wait() == .integer(7))
            #expect(try server.hints() & 0x0008 != 0)
            let foreign = #expect(throws: SocketError.self) {
                try server.removeAttribute(Array("DeviceName".utf8), ofClass: Array("Device".utf8), for: socket.id)
            }
            #expect(foreign?.errno == .notPermitted)
            try server.removeAttribute(attribute, ofClass: name, for: socket.id)
            #expect(try server.localAttribute(attribute, ofClass: name) == .noSuchClass)
            try server.setAttribute(attribute, ofClass: name, to: .octets([1]), for: socket.id)
            try server.close(socket.id)
            #expect(try server.localAttribute(attribute, ofClass: name) == .noSuchClass)
            #expect(try server.hints() & 0x0008 == 0)
            try room.close()
        }
    }

    @Test("faults can be set while it runs")
    func faults() async throws {
        try await onThread {
            let room = try ServedRoom()
            let client = try room.client("Desk")
            let faults = try client.addFault("block Phone")
            #expect(faults == [ServiceFault(number: 1, rule: "block Phone")])
            #expect(try client.discover().wait().map(\.address) == [room.printerID])
            try client.removeFault(1)
            #expect(try client.discoverAll(2).count == 2)
            for rule in ["", "nonsense", "block Nobody", "lose 200", "sunlight x", "mute", "deaf 5"] {
                let error = #expect(throws: SocketError.self) { try client.addFault(rule) }
                #expect(error?.code == .WSAEINVAL)
            }
            #expect(throws: SocketError.self) { try client.removeFault(1) }
            try room.close()
        }
    }
}

/// Closes a program's descriptor.
func close(_ socket: consuming ProgramSocket) {}
