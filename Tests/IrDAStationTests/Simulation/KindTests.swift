import Glibc
import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import SocketBackends
import TestSupport
import Testing

/// Sockets that are no plain streams, from end to end over the simulated medium.
@Suite struct KindTests {
    private func socket(
        _ backend: IrDABackend, _ type: SocketType, _ protocolNumber: Int32 = 0
    ) throws -> any BackendSocket {
        let answer = try backend.makeSocket(
            type: type, protocolNumber: SocketProtocolNumber(rawValue: protocolNumber))
        guard case .socket(let socket) = answer else { throw TestFailure("the backend has declined") }
        return socket
    }

    /// A connection of the computer's to a service of the phone's; both sockets are prepared first.
    private func pair(
        _ room: TestRoom, _ type: SocketType, prepare: (any BackendSocket) throws -> Void = { _ in }
    ) throws -> (near: any BackendSocket, far: any BackendSocket) {
        let listener = try socket(room.phone, type)
        try prepare(listener)
        try listener.bind(to: IrDAAddress(device: .none, service: .name("Service")).socketAddress)
        try listener.listen(backlog: 1)
        let near = try socket(room.computer, type)
        try prepare(near)
        try room.connect(near, to: .name("Service"))
        _ = try listener.readiness(waitingFor: Int16(POLLIN))
        return (near, try listener.accept().socket)
    }

    @Test("SOCK_SEQPACKET: messages of any size arrive whole, both ways")
    func messages() throws {
        let room = try TestRoom(bitErrorRate: 1e-6)
        let (near, far) = try pair(room, .sequencedPacket)
        let sizes = [1, 2045, 2046, 20_000, 60_000, 3]
        for (index, size) in sizes.enumerated() {
            for (from, to) in [(near, far), (far, near)] {
                let message = randomBytes(size, seed: UInt64(index))
                _ = try from.readiness(waitingFor: Int16(POLLOUT))
                #expect(try from.sendSome(message) == size)
                _ = try to.readiness(waitingFor: Int16(POLLIN))
                #expect(try to.receiveSome(70_000) == message, "message \(index)")
            }
        }
        let largest = try near.option(.irlmpMaxSDUSize, buffer: [0, 0, 0, 0])
        #expect(largest == OptionValue(Int32(0xFFFF)).bytes)
        #expect(throws: SocketError.self) { try near.sendSome([UInt8](repeating: 0, count: 0x10000)) }
        near.close()
        _ = try far.readiness(waitingFor: Int16(POLLIN))
        #expect(try far.receiveSome(10) == [])
    }

    @Test("SOCK_DGRAM over a connection: each datagram goes in a frame of its own")
    func unitData() throws {
        let room = try TestRoom()
        let (near, far) = try pair(room, .datagram)
        for number in 0..<5 as Range<UInt8> {
            _ = try near.readiness(waitingFor: Int16(POLLOUT))
            #expect(try near.sendSome([number, 1, 2]) == 3)
            _ = try far.readiness(waitingFor: Int16(POLLIN))
            #expect(try far.receiveSome(10) == [number, 1, 2])
        }
    }

    @Test("Ultra: who is bound to the identifier hears it, and nobody else")
    func ultra() throws {
        let room = try TestRoom()
        let sender = try socket(room.computer, .datagram, 1)
        let receiver = try socket(room.phone, .datagram, 1)
        let other = try socket(room.phone, .datagram, 1)
        try receiver.bind(to: IrDAAddress(device: .none, service: .selector(5)).socketAddress)
        try other.bind(to: IrDAAddress(device: .none, service: .selector(6)).socketAddress)
        let address = IrDAAddress(device: .none, service: .selector(5)).socketAddress
        let packet: [UInt8] = [0, 0x41, 0x42]
        var sent = false
        while !sent {  // The medium has to be found quiet first.
            do throws(SocketError) {
                sent = try sender.send(packet.span.bytes, to: address, flags: []) == packet.count
            } catch {
                try #require(error.code == .WSAEWOULDBLOCK)
            }
        }
        _ = try receiver.readiness(waitingFor: Int16(POLLIN))
        #expect(try receiver.receiveSome(100) == packet)
        #expect(try other.readiness(waitingFor: Int16(POLLIN), patience: 0) == 0)
    }

    @Test("IRLMP_9WIRE_MODE on both ends is a plain stream to both programs")
    func nineWire() throws {
        let room = try TestRoom()
        let (near, far) = try pair(room, .stream) { socket in
            try socket.setOption(.irlmp9WireMode, to: OptionValue(UInt32(1)).bytes)
        }
        let bytes = randomBytes(20_000, seed: 4)
        try near.sendAll(bytes)
        #expect(try difference(far.receiveAll(bytes.count), from: bytes) == nil)
        try far.sendAll([1, 2, 3])
        #expect(try near.receiveAll(3) == [1, 2, 3])
    }
}
