import IrDABackend
import SocketBackends
import Synchronization
import Testing

@Suite("Kinds of AF_IRDA sockets")
struct SocketKindTests {
    private static let units = IrDATransferUnits(pduLength: 2045, sendMessage: 300, receiveMessage: 65_535)

    @Test(
        "Types and protocols, as linux/irda.h has them",
        arguments: [
            (SocketType.stream, 0, .stream), (.stream, 1, .stream), (.sequencedPacket, 0, .messages),
            (.datagram, 0, .unitData), (.datagram, 1, .ultra),
        ] as [(SocketType, Int32, IrDASocketKind)])
    func kinds(_ type: SocketType, _ protocolNumber: Int32, _ kind: IrDASocketKind) throws {
        let (socket, station) = try socket(type, protocolNumber)
        #expect(station.kind == kind)
        #expect(socket.kind.type == type)
        #expect(socket.kind.isConnectionOriented == kind.isConnectionOriented)
        #expect(try socket.option(.type, buffer: [0, 0, 0, 0]) == OptionValue(type.rawValue).bytes)
        socket.close()
    }

    @Test(
        "D8: what does not exist is WSAEPROTONOSUPPORT",
        arguments: [
            (SocketType.stream, 2), (.sequencedPacket, 1), (.datagram, 2), (.raw, 0), (.reliablyDeliveredMessage, 0),
        ] as [(SocketType, Int32)])
    func unknown(_ type: SocketType, _ protocolNumber: Int32) {
        #expect(throws: SocketError.self) { try socket(type, protocolNumber) }
    }

    @Test("A provider of streams alone has streams alone")
    func streamsAlone() throws {
        let provider = ScriptedProvider(kinds: [.stream])
        #expect(IrDABackend(provider: provider).catalogue.map(\.type) == [.stream])
        #expect(throws: SocketError.self) { try socket(.sequencedPacket, 0, provider) }
        #expect(IrDABackend(provider: ScriptedProvider()).catalogue.count == 4)
    }

    @Test(
        "Messages and datagrams keep their boundaries, and go whole or not at all",
        arguments: [SocketType.sequencedPacket, .datagram])
    func boundaries(_ type: SocketType) throws {
        let (socket, station) = try socket(type)
        #expect(code { () throws(SocketError) in _ = try socket.send([1]) } == .WSAENOTCONN)
        #expect(try socket.connect(to: address(phone, .name("Chat"))) == .pending)
        #expect(code { () throws(SocketError) in try socket.finishConnect() } == .WSAEWOULDBLOCK)
        station.connected(Self.units)
        try socket.finishConnect()
        #expect(try socket.send([1, 2, 3]) == 3)
        #expect(try socket.send([4]) == 1)
        #expect(try station.stationReceives() == [1, 2, 3])
        #expect(try station.stationReceives() == [4])
        let tooLong = [UInt8](repeating: 0, count: 301)
        #expect(code { () throws(SocketError) in _ = try socket.send(tooLong) } == .WSAEMSGSIZE)
        #expect(code { () throws(SocketError) in _ = try socket.send([]) } == .WSAEINVAL)

        try station.stationSends([5, 6, 7, 8])
        try station.stationSends([9])
        #expect(try socket.receive(10, flags: .peek) == [5, 6, 7, 8])
        #expect(try socket.receive(10) == [5, 6, 7, 8])
        #expect(try socket.receive(10) == [9])
        #expect(code { () throws(SocketError) in _ = try socket.receive(10) } == .WSAEWOULDBLOCK)
    }

    @Test("A message that is longer than the buffer is WSAEMSGSIZE, and the next is not harmed")
    func truncation() throws {
        let (socket, station) = try socket(.sequencedPacket)
        _ = try socket.connect(to: address(phone, .name("Chat")))
        station.connected(Self.units)
        try station.stationSends([UInt8](repeating: 1, count: 100))
        try station.stationSends([UInt8](repeating: 2, count: 100))
        try station.stationSends([3])
        #expect(code { () throws(SocketError) in _ = try socket.receive(99) } == .WSAEMSGSIZE)
        #expect(try socket.receiveFrom(10) == ReceivedDatagram(count: 10, isTruncated: true, source: nil))
        #expect(try socket.receive(99) == [3])
    }

    @Test("The end of the connection is the end of the messages, or its reason")
    func end() throws {
        let (socket, station) = try socket(.sequencedPacket)
        _ = try socket.connect(to: address(phone, .name("Chat")))
        station.connected(Self.units)
        try station.stationSends([1])
        station.station.close()
        #expect(try socket.receive(10) == [1])
        #expect(try socket.receive(10) == [])
        let reason = SocketError(.WSAETIMEDOUT, operation: "x", reason: "gone")
        station.state.withLock { $0.failure = reason }
        #expect(code { () throws(SocketError) in _ = try socket.receive(10) } == .WSAETIMEDOUT)
    }

    // MARK: Ultra

    @Test("Ultra: bind gives the identifier, data goes out and comes in under it")
    func ultra() throws {
        let (socket, station) = try socket(.datagram, 1)
        #expect(code { () throws(SocketError) in _ = try socket.send([1]) } == .WSAENOTCONN)
        #expect(code { () throws(SocketError) in _ = try socket.receive(9) } == .WSAEINVAL)
        #expect(code { () throws(SocketError) in _ = try socket.localAddress() } == .WSAEINVAL)
        #expect(code { () throws(SocketError) in try socket.bind(to: address(0, .name("OBEX"))) } == .WSAEADDRNOTAVAIL)
        try socket.bind(to: address(0, .selector(3)))
        #expect(code { () throws(SocketError) in try socket.bind(to: address(0, .selector(4))) } == .WSAEINVAL)
        #expect(station.calls == ["bind lsap:3"])
        #expect(try socket.localAddress() == address(0x0102_0304, .selector(3)))
        #expect(try socket.send([0, 1, 2]) == 3)
        #expect(try station.stationReceives() == [0, 1, 2])
        try station.stationSends([7, 8])
        #expect(try socket.receive(10) == [7, 8])
        station.connected(IrDATransferUnits(pduLength: 381, sendMessage: 381, receiveMessage: 381))
        let tooLong = [UInt8](repeating: 0, count: 382)
        #expect(code { () throws(SocketError) in _ = try socket.send(tooLong) } == .WSAEMSGSIZE)
    }

    @Test("Ultra: an address, or connect, says under which identifier to send")
    func ultraAddresses() throws {
        let (socket, station) = try socket(.datagram, 1)
        #expect(try socket.send([1], to: address(0, .selector(5))) == 1)
        #expect(try socket.connect(to: address(phone, .selector(6))) == .connected)
        try socket.finishConnect()
        #expect(try socket.peerAddress() == address(0, .selector(6)))
        #expect(try socket.send([2]) == 1)
        #expect(try socket.connect(to: address(0, .selector(7))) == .connected)  // rule R41
        #expect(try socket.send([3]) == 1)
        #expect(station.state.withLock { $0.ultra.map(\.identifier) } == [5, 6, 7])
        #expect(station.state.withLock { $0.ultra.map(\.packet) } == [[1], [2], [3]])
        #expect(try socket.connect(to: address(0, .unspecified)) == .dissolved)  // rule R42
        #expect(code { () throws(SocketError) in _ = try socket.peerAddress() } == .WSAENOTCONN)
        #expect(code { () throws(SocketError) in _ = try socket.send([1]) } == .WSAENOTCONN)
        #expect(
            code { () throws(SocketError) in _ = try socket.connect(to: address(0, .name("x"))) } == .WSAEADDRNOTAVAIL)
        #expect(station.calls == [])
    }
}
