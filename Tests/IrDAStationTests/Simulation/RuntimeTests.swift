import Glibc
import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import SocketBackends
import SystemPackage
import Testing
import Winsock

/// AF_IRDA through the Winsock runtime: the general rules of connect hold for it unchanged (rule R53, decision D11).
@Suite("AF_IRDA through the runtime") struct RuntimeTests {
    private let room: TestRoom
    private let winsock: Winsock
    private let socket: SocketHandle

    init() throws {
        room = try TestRoom(services: [("Echo", .echo)])
        winsock = try Winsock(registry: AddressFamilyRegistry([room.computer]))
        _ = try winsock.startup()
        socket = try winsock.socket(family: .irda, type: .stream)
    }

    private func address(_ service: IrDAServiceName) -> SocketAddress {
        IrDAAddress(device: room.phoneID, service: service).socketAddress
    }

    private func waitUntilWritable() throws {
        try winsock.descriptor(of: socket).withDescriptor(for: "wait") { descriptor throws(SocketError) in
            var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
            let count = try systemCall(for: "wait") { poll(&entry, 1, 20_000) }
            guard count == 1 else { throw SocketError(.WSAETIMEDOUT, operation: "wait", reason: "nothing came") }
        }
    }

    @Test("a blocking connect tells its end (rules R24a, R53)") func blocking() throws {
        #expect(code { try winsock.connect(socket, to: address(.name("Nothing"))) } == .WSAECONNREFUSED)
        try winsock.connect(socket, to: address(.name("Echo")))
        #expect(code { try winsock.connect(socket, to: address(.name("Echo"))) } == .WSAEISCONN, "rules R15, R50")
        #expect(try winsock.send(socket, [1, 2, 3]) == 3)
        #expect(try winsock.receive(socket, upTo: 3) == [1, 2, 3])
    }

    @Test("a non-blocking connect goes on and is observed as with any family (rules R24, R25, R28, R53)")
    func nonBlocking() throws {
        try winsock.setNonBlocking(socket, true)
        #expect(code { try winsock.connect(socket, to: address(.name("Echo"))) } == .WSAEWOULDBLOCK)
        let again = code { try winsock.connect(socket, to: address(.name("Echo"))) }
        #expect(again == .WSAEALREADY || again == .WSAEISCONN, "it may be over already")
        try waitUntilWritable()
        #expect(code { try winsock.connect(socket, to: address(.name("Echo"))) } == .WSAEISCONN)
    }

    @Test("a non-blocking failure is told once it is known, and another try starts afresh (rules R31, R33, R53)")
    func nonBlockingFailure() throws {
        try winsock.setNonBlocking(socket, true)
        #expect(code { try winsock.connect(socket, to: address(.name("Nothing"))) } == .WSAEWOULDBLOCK)
        try waitUntilWritable()
        let expected = OptionValue(WSAErrorCode.WSAECONNREFUSED.rawValue).bytes
        #expect(try winsock.option(.error, of: socket, buffer: [0, 0, 0, 0]) == expected)
        #expect(code { try winsock.connect(socket, to: address(.name("Echo"))) } == .WSAEWOULDBLOCK)
        try waitUntilWritable()
        #expect(try winsock.peerAddress(of: socket) == address(.name("Echo")))
    }

    @Test("the common checks come before the family's (decision D1)") func orderOfChecks() throws {
        let short = SocketAddress(family: .irda, payload: [1, 2, 3])
        #expect(code { try winsock.connect(socket, to: short) } == .WSAEFAULT)
        #expect(code { try winsock.connect(.invalid, to: short) } == .WSAENOTSOCK)
        try winsock.bind(socket, to: IrDAAddress(device: .none, service: .name("Mine")).socketAddress)
        try winsock.listen(socket, backlog: 1)
        #expect(code { try winsock.connect(socket, to: short) } == .WSAEINVAL, "rule R14")
    }

    @Test("an async connect ends like any other") func asynchronous() async throws {
        try await winsock.connect(socket, to: address(.name("Echo")), deadline: nil)
        #expect(try winsock.send(socket, [9]) == 1)
        #expect(try winsock.receive(socket, upTo: 1) == [9])
    }
}
