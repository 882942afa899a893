import Glibc
import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import SocketBackends
import Testing

@Suite struct ConnectTests {
    @Test func aFreshSocketIsNotReady() throws {
        let room = try TestRoom()
        let socket = try room.makeSocket(room.computer)
        #expect(try socket.readiness(waitingFor: Int16(POLLIN | POLLOUT), patience: 0) == 0)
    }

    @Test(arguments: [IrDAServiceName.name("Echo"), .selector(0x10)])
    func aConnectMakesTheDescriptorWritable(service: IrDAServiceName) throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let socket = try room.makeSocket(room.computer)
        try room.connect(socket, to: service)
        #expect(try socket.readiness(waitingFor: Int16(POLLIN | POLLOUT), patience: 0) == Int16(POLLOUT))
        try socket.finishConnect()
        #expect(try socket.peerAddress() == IrDAAddress(device: room.phoneID, service: service).socketAddress)
    }

    @Test("a refusal shows as with TCP, and connecting again starts afresh (rules R33, R56)")
    func refusalAndRetry() throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let socket = try room.makeSocket(room.computer)
        _ = try socket.connect(to: IrDAAddress(device: room.phoneID, service: .name("Nothing")).socketAddress)
        let wanted = Int16(POLLIN | POLLOUT | POLLERR | POLLHUP)
        var readiness: Int16 = 0
        // The kernel wakes the waiter a moment before it has thrown the filler away, which makes it writable.
        for _ in 0..<100_000 where readiness != wanted {
            readiness = try socket.readiness(waitingFor: Int16(POLLIN | POLLOUT))
        }
        #expect(readiness == wanted)
        #expect(code { try socket.finishConnect() } == .WSAECONNREFUSED)
        try room.connect(socket, to: .name("Echo"))
        try socket.sendAll([1, 2, 3])
        #expect(try socket.receiveAll(3) == [1, 2, 3])
    }

    @Test("a selector where nothing listens refuses (rule R56)") func refusedSelector() throws {
        let room = try TestRoom()
        let socket = try room.makeSocket(room.computer)
        #expect(code { try room.connect(socket, to: .selector(0x55)) } == .WSAECONNREFUSED)
    }

    @Test("a device that is not there does not answer (rule R57)") func absentDevice() throws {
        let room = try TestRoom()
        let socket = try room.makeSocket(room.computer)
        _ = try socket.connect(
            to: IrDAAddress(device: IrDADeviceID(rawValue: 0x0BAD_F00D), service: .name("Echo")).socketAddress)
        _ = try socket.readiness(waitingFor: Int16(POLLOUT))
        #expect(code { try socket.finishConnect() } == .WSAETIMEDOUT)
    }

    @Test("addresses that cannot be used (rules R8, R9, R10, R54, R55)")
    func unusableAddresses() throws {
        let room = try TestRoom()
        let socket = try room.makeSocket(room.computer)
        func code(_ address: SocketAddress) -> WSAErrorCode? {
            IrDAStationTests.code { _ = try socket.connect(to: address) }
        }
        let good = IrDAAddress(device: room.phoneID, service: .name("Echo")).socketAddress
        #expect(code(IrDAAddress(device: .none, service: .name("Echo")).socketAddress) == .WSAEADDRNOTAVAIL)
        #expect(code(IrDAAddress(device: room.phoneID, service: .unspecified).socketAddress) == .WSAEFAULT)
        #expect(code(SocketAddress(family: .inet, payload: good.payload)) == .WSAEAFNOSUPPORT)
        #expect(code(SocketAddress(family: .irda, payload: good.payload.prefix(20))) == .WSAEFAULT)
        let endless = Array(good.payload.prefix(4)) + [UInt8](repeating: 0x41, count: 25)
        #expect(code(SocketAddress(family: .irda, payload: endless)) == .WSAEFAULT)
    }

    @Test("a socket that is bound to a service cannot connect (rule R51)") func boundSocket() throws {
        let room = try TestRoom()
        let socket = try room.makeSocket(room.computer)
        try socket.bind(to: IrDAAddress(device: .none, service: .name("Mine")).socketAddress)
        #expect(code { try room.connect(socket, to: .name("Echo")) } == .WSAEINVAL)
    }

    @Test("a link to one device excludes another (rule R49)") func otherDevice() throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let first = try room.makeSocket(room.computer)
        try room.connect(first, to: .name("Echo"))
        let second = try room.makeSocket(room.computer)
        _ = try second.connect(
            to: IrDAAddress(device: IrDADeviceID(rawValue: 0x0BAD_F00D), service: .name("Echo")).socketAddress)
        _ = try second.readiness(waitingFor: Int16(POLLOUT))
        #expect(code { try second.finishConnect() } == .WSAEADDRINUSE)
    }
}

/// The code of the error that is thrown; nil if none is.
func code(_ body: () throws -> Void) -> WSAErrorCode? {
    do {
        try body()
        return nil
    } catch {
        return (error as? SocketError)?.code
    }
}
