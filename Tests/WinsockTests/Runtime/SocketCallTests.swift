import SocketBackends
import SystemPackage
import TestSupport
import Testing

@testable import Winsock

@Suite("Calls on sockets")
struct SocketCallTests {
    @Test("socket: nothing specified is WSAEINVAL, nobody's family WSAEAFNOSUPPORT")
    func socket() throws {
        let fixture = try Fixture()
        expect(.WSAEINVAL) { _ = try fixture.winsock.socket(family: .unspecified, type: SocketType(rawValue: 0)) }
        expect(.WSAEAFNOSUPPORT) { _ = try fixture.winsock.socket(family: .irda, type: .stream) }
        expect(.WSAEAFNOSUPPORT) { _ = try fixture.winsock.socket(family: fixture.family.family, type: .raw) }
        #expect(fixture.winsock.lastError == .WSAEAFNOSUPPORT)
    }

    @Test("D21: the descriptor of a socket can be asked for, and is not its handle")
    func descriptor() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.socket()
        let descriptor = try fixture.winsock.descriptor(of: handle)
        #expect(descriptor === fake.descriptor)
        try descriptor.withDescriptor(for: "look") { #expect(UInt($0.rawValue) != handle.rawValue) }
    }

    @Test("bind: once it is connected, connecting or listening WSAEINVAL, and short addresses are WSAEFAULT")
    func bind() throws {
        let fixture = try Fixture()
        for socket in [try fixture.connected(), try fixture.connecting(), try fixture.listening()] {
            expect(.WSAEINVAL) { try fixture.winsock.bind(socket.handle, to: FakeFamily.address(1)) }
            #expect(socket.fake.count(of: "bind") == 0)
        }
        let (handle, fake) = try fixture.socket()
        expect(.WSAEFAULT) { try fixture.winsock.bind(handle, to: SocketAddress(bytes: [99, 0, 1])) }
        try fixture.winsock.bind(handle, to: FakeFamily.address(1))
        #expect(fake.calls == ["bind"])
    }

    @Test("accept: a connection that waits is taken, and its socket blocks or not as the listener does")
    func accept() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.listening()
        _ = try fake.offerConnection()
        let first = try fixture.winsock.accept(handle)
        #expect(first.peer == FakeFamily.address(42))
        #expect(try fixture.winsock.peerAddress(of: first.socket) == FakeFamily.address(42))
        expect(.WSAEISCONN) { try fixture.winsock.connect(first.socket, to: FakeFamily.address(7)) }
        try fixture.winsock.setNonBlocking(handle, true)
        expect(.WSAEWOULDBLOCK) { _ = try fixture.winsock.accept(handle) }
        _ = try fake.offerConnection()
        let second = try fixture.winsock.accept(handle).socket
        expect(.WSAEWOULDBLOCK) { _ = try fixture.winsock.receive(second, upTo: 1) }
    }

    @Test("accept: a blocking one waits, until a connection comes or the socket is closed", arguments: 0..<20)
    func blockingAccept(round: Int) async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.listening()
        let comes = round.isMultiple(of: 2)
        let code = try codeOnThread { () throws(SocketError) in _ = try fixture.winsock.accept(handle) }
        await eventually("accept waits") { fake.count(of: "accept") > 0 }
        if comes { _ = try fake.offerConnection() } else { try fixture.winsock.closeSocket(handle) }
        #expect(try await code.value() == (comes ? nil : .WSAEINTR))
    }

    @Test("receive: a blocking one waits, until data comes or the socket is closed", arguments: 0..<20)
    func blockingReceive(round: Int) async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.connected()
        let comes = round.isMultiple(of: 2)
        let code = try codeOnThread { () throws(SocketError) in
            #expect(try fixture.winsock.receive(handle, upTo: 8) == [1, 2, 3])
        }
        await eventually("receive waits") { fake.count(of: "receive") > 0 }
        if comes { try fake.deliver([1, 2, 3]) } else { try fixture.winsock.closeSocket(handle) }
        #expect(try await code.value() == (comes ? nil : .WSAEINTR))
    }

    @Test("SO_RCVTIMEO ends a receive that waits; it reads back; 0 is for ever")
    func receiveTimeout() throws {
        let fixture = try Fixture()
        let (handle, _) = try fixture.connected()
        for option in [SocketOption.receiveTimeout, .sendTimeout] {
            #expect(try fixture.winsock.option(option, of: handle, buffer: [0, 0, 0, 0]) == [0, 0, 0, 0])
            try fixture.winsock.setOption(option, of: handle, to: OptionValue(UInt32(1234)).bytes)
            #expect(
                try fixture.winsock.option(option, of: handle, buffer: [0, 0, 0, 0]) == OptionValue(UInt32(1234)).bytes)
            expect(.WSAEFAULT) { try fixture.winsock.setOption(option, of: handle, to: [1, 2, 3]) }
        }
        try fixture.winsock.setOption(.receiveTimeout, of: handle, to: [5, 0, 0, 0])
        expect(.WSAETIMEDOUT) { _ = try fixture.winsock.receive(handle, upTo: 1) }
    }

    @Test("send: a blocking stream takes all, a non-blocking one what there is room for")
    func send() async throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.connected()
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let sent = try BackgroundThread { try fixture.winsock.send(handle, bytes) }
        var taken: [UInt8] = []
        while taken.count < bytes.count {
            await eventually("more is sent") {
                (try? fake.drain()).map {
                    taken += $0; return !$0.isEmpty
                } ?? false
            }
            if taken.isEmpty { break }
        }
        #expect(difference(taken, from: bytes) == nil)
        #expect(try await sent.value() == bytes.count)
        try fixture.winsock.setNonBlocking(handle, true)
        let part = try fixture.winsock.send(handle, bytes)
        #expect((1..<bytes.count).contains(part))
        expect(.WSAEWOULDBLOCK) { while true { _ = try fixture.winsock.send(handle, bytes) } }
    }

    @Test("what was shut down is WSAESHUTDOWN, and the backend is not asked")
    func shutdown() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.connected()
        try fixture.winsock.shutdown(handle, .both)
        expect(.WSAESHUTDOWN) { _ = try fixture.winsock.send(handle, [1]) }
        expect(.WSAESHUTDOWN) { _ = try fixture.winsock.receive(handle, upTo: 1) }
        #expect(fake.count(of: "send") + fake.count(of: "receive") == 0)
        #expect(try fixture.winsock.peerAddress(of: handle) == FakeFamily.address(7))
        expect(.WSAEISCONN) { try fixture.winsock.connect(handle, to: FakeFamily.address(7)) }
    }

    @Test("sendto on a connected stream does not look at the address; recvfrom gives the source")
    func explicitAddresses() throws {
        let fixture = try Fixture()
        let (handle, fake) = try fixture.connected()
        #expect(try fixture.winsock.send(handle, [1, 2], to: SocketAddress(bytes: [0, 0])) == 2)
        #expect(try fake.drain() == [1, 2])
        try fake.deliver([3])
        var bytes: [UInt8] = [0, 0]
        var span = bytes.mutableSpan
        var room = span.mutableBytes
        let datagram = try fixture.winsock.receiveFrom(handle, into: &room)
        #expect(datagram == ReceivedDatagram(count: 1, isTruncated: false, source: FakeFamily.address(42)))
        #expect(bytes == [3, 0])
    }

    @Test("names are the registry's business")
    func names() throws {
        let fixture = try Fixture()
        let address = try fixture.winsock.resolve("7", family: fixture.winsock.family(named: "fake"))
        #expect(fixture.winsock.describe(address) == "7")
        expect(.WSAEINVAL) { _ = try fixture.winsock.resolve("seven", family: address.family) }
        #expect(fixture.winsock.lastError == .WSAEINVAL)
        expect(.WSAEAFNOSUPPORT) { _ = try fixture.winsock.family(named: "ipx") }
    }
}
