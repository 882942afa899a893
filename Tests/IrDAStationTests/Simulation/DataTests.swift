import Glibc
import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import SocketBackends
import TestSupport
import Testing

@Suite struct DataTests {
    @Test(arguments: [0.0, 1e-5], [1, 200_000])
    func echoComesBackIdentical(bitErrorRate: Double, size: Int) throws {
        let seed: UInt64 = 7
        let room = try TestRoom(bitErrorRate: bitErrorRate, seed: seed, services: [("Echo", .echo)])
        let socket = try room.makeSocket(room.computer)
        try room.connect(socket, to: .name("Echo"))
        let bytes = randomBytes(size, seed: seed)
        #expect(try socket.exchange(bytes) == bytes, "seed \(seed)")
    }

    @Test func aSourceEndsItsConnection() throws {
        let room = try TestRoom(services: [("Source", .source(bytes: 10_000))])
        let socket = try room.makeSocket(room.computer)
        try room.connect(socket, to: .name("Source"))
        let expected = (0..<10_000).map(ServiceBehaviour.patternByte(at:))
        #expect(try difference(socket.receiveAll(20_000), from: expected) == nil)
        #expect(try socket.receiveSome(1) == [], "an orderly end is told again")
    }

    @Test func whatWasWrittenBeforeClosingArrives() throws {
        let room = try TestRoom()
        let listener = try room.makeSocket(room.phone)
        try listener.bind(to: IrDAAddress(device: .none, service: .name("Inbox")).socketAddress)
        try listener.listen(backlog: 1)
        let sender = try room.makeSocket(room.computer)
        try room.connect(sender, to: .name("Inbox"))
        let bytes = randomBytes(60_000, seed: 3)
        _ = try listener.readiness(waitingFor: Int16(POLLIN))
        let receiver = try listener.accept().socket
        try sender.sendAll(bytes)
        sender.close()
        #expect(try difference(receiver.receiveAll(100_000), from: bytes) == nil)
    }

    @Test func aServiceCanBeAnyProgram() throws {
        let room = try TestRoom(services: [("Upper", .program("tr a-z A-Z | head -c 5"))])
        let socket = try room.makeSocket(room.computer)
        try room.connect(socket, to: .name("Upper"))
        try socket.sendAll(Array("hello\n".utf8))
        try socket.shutdown(.send)
        // Without an end of one direction the program hears of the end only when the connection ends: it is `head` that ends it.
        socket.close()
        try room.host.close()
    }

    @Test func connectionsAreTakenInTheirOrder() throws {
        let room = try TestRoom()
        let listener = try room.makeSocket(room.phone)
        #expect(code { try listener.listen(backlog: 2) } == .WSAEINVAL, "not bound yet")
        try listener.bind(to: IrDAAddress(device: .none, service: .name("Mine")).socketAddress)
        try listener.listen(backlog: 2)
        #expect(try listener.readiness(waitingFor: Int16(POLLIN), patience: 0) == 0)
        #expect(code { _ = try listener.accept() } == .WSAEWOULDBLOCK)
        let sockets = try (0..<2).map { _ in try room.makeSocket(room.computer) }
        for (number, socket) in sockets.enumerated() {
            try room.connect(socket, to: .name("Mine"))
            try socket.sendAll([UInt8(number)])
        }
        for number in 0..<2 {
            #expect(try listener.readiness(waitingFor: Int16(POLLIN)) == Int16(POLLIN))
            let accepted = try listener.accept()
            #expect(try accepted.socket.receiveAll(1) == [UInt8(number)])
            #expect(try IrDAAddress(accepted.peer, for: "test").device.rawValue == 0x1234_5678)
        }
        let third = try room.makeSocket(room.computer)
        listener.close()
        #expect(code { try room.connect(third, to: .name("Mine")) } == .WSAECONNREFUSED)
    }

    @Test func aLostLinkIsAReset() throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let socket = try room.makeSocket(room.computer)
        try room.connect(socket, to: .name("Echo"))
        try room.host.close()
        _ = try socket.readiness(waitingFor: Int16(POLLIN))
        #expect(code { _ = try socket.receiveSome(1) } == nil, "DISC is an orderly end")
        #expect(code { try socket.sendAll([1]) } == .WSAECONNRESET)
    }
}
