import SocketBackends
import TestSupport
import Testing

@testable import Winsock

@Suite("Network events of scripted sockets")
struct EventSelectTests {
    let fixture: Fixture
    let winsock: Winsock
    let event: EventHandle

    init() throws {
        fixture = try Fixture()
        winsock = fixture.winsock
        event = try winsock.createEvent()
    }

    @Test("R32, E6: the end of a pending connect", arguments: [nil, WSAErrorCode.WSAECONNREFUSED, .WSAETIMEDOUT])
    func pendingConnect(code: WSAErrorCode?) throws {
        let (handle, fake) = try fixture.socket()
        try winsock.eventSelect(handle, event, .all)
        fake.plan(.stayPending)
        expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }  // E1
        #expect(try !winsock.isSignalled(event))
        try fake.finish(code)
        let codes = try winsock.collect(code == nil ? [.connect, .write] : .connect, of: handle, event)
        #expect(codes == (code.map { [.connect: $0] } ?? [.connect: .NO_ERROR, .write: .NO_ERROR]))
    }

    @Test("3.6: a connect that fails at once tells nothing")
    func refusedAtOnce() throws {
        let (handle, fake) = try fixture.socket()
        try winsock.eventSelect(handle, event, .all)
        fake.plan(.refuse(.WSAEADDRNOTAVAIL))
        expect(.WSAEADDRNOTAVAIL) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        #expect(try !winsock.isSignalled(event))
        #expect(try winsock.enumNetworkEvents(handle).events == [])
    }

    @Test("3.6: a connect that is done at once tells of the connection and of room")
    func connectedAtOnce() throws {
        let (handle, _) = try fixture.socket()
        try winsock.eventSelect(handle, event, .all)
        try winsock.connect(handle, to: FakeFamily.address(7))
        let report = try winsock.enumNetworkEvents(handle, resetting: event)
        #expect(report.events == [.connect, .write])
        #expect(report.code(of: .connect) == .NO_ERROR)
        #expect(report.code(of: .close) == nil)  // windows 27
        #expect(try !winsock.isSignalled(event))
    }

    @Test("D18: a retry reports anew, also when a new file comes under the descriptor")
    func retry() throws {
        let (handle, fake) = try fixture.socket()
        try winsock.eventSelect(handle, event, .all)
        for number in 0..<3 {
            fake.plan(.stayPending)
            try fake.replacePair()
            expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }
            try fake.finish(number < 2 ? .WSAECONNREFUSED : nil)
            let codes = try winsock.collect(.connect, of: handle, event)
            #expect(codes[.connect] == (number < 2 ? .WSAECONNREFUSED : .NO_ERROR))
        }
    }

    @Test("E14, windows 30: whichever call notices the end of a connect, it is told once")
    func noticedByAnother() throws {
        let (handle, fake) = try fixture.socket()
        try winsock.eventSelect(handle, event, [.connect, .write])
        fake.plan(.stayPending)
        expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        try fake.finish()
        #expect(try fixture.socketError(of: handle) == .NO_ERROR)
        #expect(try winsock.isSignalled(event))
        _ = try winsock.collect([.connect, .write], of: handle, event)
        expect(.WSAEISCONN) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        #expect(try winsock.enumNetworkEvents(handle).events == [])
    }

    @Test("E5: data is told once until a receive, and after it at once if there is more")
    func data() throws {
        let (handle, fake) = try fixture.connected()
        try winsock.eventSelect(handle, event, .read)
        try fake.deliver([1, 2])
        #expect(try winsock.collect(.read, of: handle, event) == [.read: .NO_ERROR])
        try fake.deliver([3])
        #expect(try !winsock.isSignalled(event))
        #expect(try winsock.receive(handle, upTo: 1) == [1])
        #expect(try winsock.isSignalled(event))
        #expect(try winsock.receive(handle, upTo: 8) == [2, 3])
        #expect(try winsock.enumNetworkEvents(handle, resetting: event).events == .read)
        expect(.WSAEWOULDBLOCK) { _ = try winsock.receive(handle, upTo: 8) }
        #expect(try !winsock.isSignalled(event))
        try fake.deliver([4])
        #expect(try winsock.collect(.read, of: handle, event) == [.read: .NO_ERROR])
    }

    @Test("FD_WRITE: again when there is room after a send that found none, or not enough")
    func room() throws {
        let (handle, fake) = try fixture.connected()
        try winsock.eventSelect(handle, event, .write)
        #expect(try winsock.collect(.write, of: handle, event) == [.write: .NO_ERROR])
        #expect(try winsock.send(handle, [1]) == 1)
        #expect(try winsock.enumNetworkEvents(handle).events == [])
        let many = [UInt8](repeating: 7, count: 1_000_000)
        #expect(try winsock.send(handle, many) < many.count)
        expect(.WSAEWOULDBLOCK) { while true { _ = try winsock.send(handle, many) } }
        #expect(try !winsock.isSignalled(event))
        try fake.drain()
        #expect(try winsock.collect(.write, of: handle, event) == [.write: .NO_ERROR])
    }

    @Test("D13, E10: the end comes after the data")
    func end() throws {
        let (handle, fake) = try fixture.connected()
        try winsock.eventSelect(handle, event, [.read, .close])
        try fake.deliver([1])
        try fake.endStream()
        #expect(try winsock.collect(.read, of: handle, event) == [.read: .NO_ERROR])
        #expect(try winsock.receive(handle, upTo: 8) == [1])
        #expect(try winsock.collect(.close, of: handle, event) == [.close: .NO_ERROR])
        #expect(try winsock.receive(handle, upTo: 8) == [])
        #expect(try winsock.enumNetworkEvents(handle).events == [])
    }

    @Test(
        "E8, windows 29: how a connection ends",
        arguments: [
            (WSAErrorCode.WSAECONNRESET, WSAErrorCode.WSAECONNABORTED), (.WSAENETDOWN, .WSAENETDOWN),
            (.WSAETIMEDOUT, .WSAECONNABORTED),
        ])
    func broken(code: WSAErrorCode, reported: WSAErrorCode) throws {
        let (handle, fake) = try fixture.connected()
        try winsock.eventSelect(handle, event, .all)
        _ = try winsock.collect([.connect, .write], of: handle, event)
        fake.breakConnection(code)
        #expect(try winsock.collect(.close, of: handle, event) == [.close: reported])
    }

    @Test("FD_ACCEPT: once until an accept; E13: the accepted socket has the same event object")
    func accept() throws {
        let (handle, fake) = try fixture.listening()
        try winsock.eventSelect(handle, event, [.accept, .read, .write, .connect])
        _ = try fake.offerConnection()
        #expect(try winsock.collect(.accept, of: handle, event) == [.accept: .NO_ERROR])
        let second = try fake.offerConnection()
        #expect(try !winsock.isSignalled(event))
        let first = try winsock.accept(handle).socket
        #expect(try winsock.enumNetworkEvents(handle, resetting: event).events == .accept)
        #expect(try winsock.enumNetworkEvents(first).events == .write)
        let accepted = try winsock.accept(handle).socket
        expect(.WSAEWOULDBLOCK) { _ = try winsock.accept(handle) }
        _ = try winsock.enumNetworkEvents(accepted, resetting: event)
        try second.deliver([1])
        #expect(try winsock.collect(.read, of: accepted, event) == [.read: .NO_ERROR])
    }

    @Test(
        "E1, E2, windows 22: a selection makes the socket non-blocking, and blocking is refused until it is taken back")
    func nonBlocking() throws {
        let (handle, _) = try fixture.connected()
        try winsock.eventSelect(handle, event, .read)
        expect(.WSAEWOULDBLOCK) { _ = try winsock.receive(handle, upTo: 1) }
        expect(.WSAEINVAL) { try winsock.setNonBlocking(handle, false) }
        try winsock.setNonBlocking(handle, true)
        try winsock.eventSelect(handle, .invalid, [])
        expect(.WSAEWOULDBLOCK) { _ = try winsock.receive(handle, upTo: 1) }
        try winsock.setNonBlocking(handle, false)
        let (other, _) = try fixture.connected()
        try winsock.eventSelect(other, .invalid, [])
        expect(.WSAEWOULDBLOCK) { _ = try winsock.receive(other, upTo: 1) }
    }

    @Test("E3: only the latest selection counts, whatever its kind")
    func replaced() throws {
        let (handle, fake) = try fixture.connected()
        let second = try winsock.createEvent()
        let queue = try MessageQueue()
        try winsock.eventSelect(handle, event, .read)
        try winsock.eventSelect(handle, second, .read)
        try fake.deliver([1])
        _ = try winsock.collect(.read, of: handle, second)
        #expect(try !winsock.isSignalled(event))
        try winsock.asyncSelect(handle, queue, message: 1024, .read)
        #expect(try queue.nextEvents(1) == [.read])
        #expect(try winsock.receive(handle, upTo: 8) == [1])
        try winsock.eventSelect(handle, event, [])
        try fake.deliver([2])
        #expect(try winsock.receive(handle, upTo: 8) == [2])
        #expect(queue.peek() == nil)
        #expect(try !winsock.isSignalled(event) && !winsock.isSignalled(second))
    }

    @Test("E11, E12: closing tells nothing, and the event object is not signalled later")
    func close() throws {
        let (handle, fake) = try fixture.connecting()
        try winsock.eventSelect(handle, event, .all)
        try winsock.closeSocket(handle)
        #expect(fake.descriptor.isClosed)
        #expect(try !winsock.isSignalled(event))
        expect(.WSAENOTSOCK) { _ = try winsock.enumNetworkEvents(handle) }
        expect(.WSAENOTSOCK) { try winsock.eventSelect(handle, event, .all) }
    }

    @Test("E15: neither does the last clean-up")
    func cleanUp() throws {
        let queue = try MessageQueue()
        let (handle, _) = try fixture.connecting()
        try winsock.asyncSelect(handle, queue, message: 1, .all)
        try winsock.cleanup()
        #expect(queue.peek() == nil)
    }

    @Test("E16: events that there are not, and event objects that are not open, are WSAEINVAL")
    func invalid() throws {
        let (handle, _) = try fixture.connected()
        expect(.WSAEINVAL) { try winsock.eventSelect(handle, event, NetworkEvents(rawValue: 0x400)) }
        expect(.WSAEINVAL) { try winsock.eventSelect(handle, event, NetworkEvents(rawValue: -1)) }
        expect(.WSAEINVAL) { try winsock.eventSelect(handle, .invalid, .read) }
        try winsock.eventSelect(handle, event, .write)
        expect(.WSAEINVAL) { _ = try winsock.enumNetworkEvents(handle, resetting: .invalid) }
        #expect(winsock.lastError == .WSAEINVAL)
        #expect(try winsock.enumNetworkEvents(handle, resetting: event).events == .write)
    }

    @Test("windows 28: datagram sockets, not bound, bound, and connected")
    func datagrams() throws {
        let (handle, fake) = try fixture.socket(.datagram)
        try winsock.eventSelect(handle, event, .all)
        #expect(try !winsock.isSignalled(event))
        try winsock.bind(handle, to: FakeFamily.address(1))
        #expect(try winsock.collect(.write, of: handle, event) == [.write: .NO_ERROR])
        try winsock.connect(handle, to: FakeFamily.address(7))
        #expect(
            try winsock.collect([.connect, .write], of: handle, event) == [.connect: .NO_ERROR, .write: .NO_ERROR])
        try fake.deliver([1])
        #expect(try winsock.collect(.read, of: handle, event) == [.read: .NO_ERROR])
        let (other, _) = try fixture.socket(.datagram)
        try winsock.eventSelect(other, event, .all)
        #expect(try winsock.send(other, [1], to: FakeFamily.address(7)) == 1)
        #expect(try winsock.collect(.write, of: other, event) == [.write: .NO_ERROR])
    }

    @Test("many sockets share one event object, while another thread sends")
    func shared() async throws {
        let sockets = try (0..<50).map { _ in try fixture.connected() }
        for socket in sockets { try winsock.eventSelect(socket.handle, event, .read) }
        let isSent = try BackgroundThread {
            for byte in 0..<20 { for socket in sockets { try? socket.fake.deliver([UInt8(byte)]) } }
            return true
        }
        var received = [Int](repeating: 0, count: sockets.count)
        while received.contains(where: { $0 < 20 }) {
            try #require(try winsock.waitForMultipleEvents([event], timeout: .patience) == 0)
            try winsock.resetEvent(event)
            for (index, socket) in sockets.enumerated()
            where try winsock.enumNetworkEvents(socket.handle).events.contains(.read) {
                do throws(SocketError) {
                    received[index] += try winsock.receive(socket.handle, upTo: 3).count
                } catch {
                    #expect(error.code == .WSAEWOULDBLOCK)
                }
            }
        }
        #expect(try await isSent.value())
        #expect(received == Array(repeating: 20, count: sockets.count))
    }
}
