import Glibc
import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import SocketBackends
import Testing

@Suite("Exclusive mode (IRLMP_EXCLUSIVE_MODE, rule R50)") struct ExclusiveModeTests {
    private static let on: [UInt8] = [1, 0, 0, 0]

    private func exclusiveSocket(_ room: TestRoom) throws -> any BackendSocket {
        let socket = try room.makeSocket(room.computer)
        try socket.setOption(.irlmpExclusiveMode, to: Self.on)
        #expect(try socket.option(.irlmpExclusiveMode, buffer: [9, 9, 9, 9]) == Self.on)
        return socket
    }

    @Test(arguments: [ServiceBehaviour.echo, .source(bytes: 30_000)])
    func aConnectionCanHaveTheLinkToItself(behaviour: ServiceBehaviour) throws {
        let room = try TestRoom(services: [("Service", behaviour)])
        let socket = try exclusiveSocket(room)
        try room.connect(socket, to: .name("Service"))
        if behaviour == .echo {
            #expect(try socket.exchange([1, 2, 3]) == [1, 2, 3])
        } else {
            let received = try socket.receiveAll(30_000)
            #expect(received.count == 30_000)
            #expect(received == (0..<30_000).map(ServiceBehaviour.patternByte(at:)))
        }
    }

    @Test func anotherConnectionOnTheLinkPreventsIt() throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let first = try room.makeSocket(room.computer)
        try room.connect(first, to: .name("Echo"))
        let second = try exclusiveSocket(room)
        #expect(code { try room.connect(second, to: .name("Echo")) } == .WSAEISCONN)
        #expect(try first.exchange([7]) == [7], "the first goes on")
    }

    @Test func aDeviceThatDoesNotKnowItPreventsIt() throws {
        let room = try TestRoom(services: [("Echo", .echo)], phoneSupportsExclusiveMode: false)
        let socket = try exclusiveSocket(room)
        #expect(code { try room.connect(socket, to: .name("Echo")) } == .WSAEISCONN)
        try socket.setOption(.irlmpExclusiveMode, to: [0, 0, 0, 0])
        try room.connect(socket, to: .name("Echo"))
    }

    @Test func othersAreLockedOutUntilItEnds() throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let owner = try exclusiveSocket(room)
        try room.connect(owner, to: .name("Echo"))
        let other = try room.makeSocket(room.computer)
        #expect(code { try room.connect(other, to: .name("Echo")) } == .WSAENETDOWN)
        owner.close()
        // The end of the owner reaches the station by way of its descriptor, so the first try may still be too early.
        var outcome = WSAErrorCode.WSAENETDOWN as WSAErrorCode?
        for _ in 0..<1000 where outcome == .WSAENETDOWN {
            outcome = code { try room.connect(other, to: .name("Echo")) }
        }
        #expect(outcome == nil)
    }
}

@Suite struct MediumTests {
    @Test("a connection of others on the medium prevents ours (rule R48)") func mediumInUse() throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let theirs = try room.makeSocket(room.printer)
        try room.connect(theirs, to: .name("Echo"))
        let ours = try room.makeSocket(room.computer)
        #expect(code { try room.connect(ours, to: .name("Echo")) } == .WSAENETDOWN)
        #expect(code { _ = try ours.option(.irlmpEnumDevices, buffer: [0, 0, 0, 0]) } == .WSAENETDOWN)
        theirs.close()
    }
}
