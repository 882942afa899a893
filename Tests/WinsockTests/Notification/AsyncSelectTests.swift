import SocketBackends
import TestSupport
import Testing

@testable import Winsock

@Suite("Messages of network events")
struct AsyncSelectTests {
    let fixture: Fixture
    let winsock: Winsock
    let queue: MessageQueue

    init() throws {
        fixture = try Fixture()
        winsock = fixture.winsock
        queue = try MessageQueue()
    }

    @Test("E6, windows 23: FD_CONNECT, then FD_WRITE, a message each")
    func connect() throws {
        let (handle, fake) = try fixture.socket()
        try winsock.asyncSelect(handle, queue, message: 0x400, .all)
        fake.plan(.stayPending)
        expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        try fake.finish()
        let messages = try queue.next(2)
        #expect(messages.map(\.notice.event) == [.connect, .write])
        #expect(messages.allSatisfy { $0.message == 0x400 && $0.socket == handle && $0.notice.code == .NO_ERROR })
    }

    @Test("E7: the code of a failure is in the message, not in the last error")
    func failure() throws {
        let (handle, fake) = try fixture.socket()
        try winsock.asyncSelect(handle, queue, message: 1, .all)
        fake.plan(.stayPending)
        expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        try fake.finish(.WSAECONNREFUSED)
        let message = try #require(try queue.next(1).first)
        #expect(message.notice == NetworkEventNotice(event: .connect, code: .WSAECONNREFUSED))
        #expect(message.parameter == 10061 << 16 | 0x10)
        #expect(winsock.lastError == .WSAEWOULDBLOCK)
        #expect(queue.peek() == nil)
    }

    @Test("windows 24, 25: a connected socket is told of room at every selection, and never of the connect")
    func connectedBefore() throws {
        let (handle, _) = try fixture.connected()
        for _ in 0..<3 {
            try winsock.asyncSelect(handle, queue, message: 1, .all)
            #expect(try queue.nextEvents(1) == [.write])
            #expect(queue.peek() == nil)
        }
    }

    @Test("E12: messages that were posted before the selection was taken back, or the socket closed, still arrive")
    func posted() throws {
        let (handle, _) = try fixture.connected()
        try winsock.asyncSelect(handle, queue, message: 1, .write)
        try winsock.asyncSelect(handle, queue, message: 0, [])
        try winsock.closeSocket(handle)
        #expect(try queue.nextEvents(1) == [.write])
    }

    @Test("E13: messages of an accepted socket carry its own handle")
    func accepted() throws {
        let (listener, fake) = try fixture.listening()
        try winsock.asyncSelect(listener, queue, message: 5, [.accept, .write])
        _ = try fake.offerConnection()
        #expect(try queue.nextEvents(1) == [.accept])
        let accepted = try winsock.accept(listener).socket
        let message = try #require(try queue.next(1).first)
        #expect(message.socket == accepted && message.message == 5 && message.notice.event == .write)
    }

    @Test("E16: a closed queue is no window")
    func closedQueue() throws {
        let (handle, _) = try fixture.connected()
        queue.close()
        expect(.WSAEINVAL) { try winsock.asyncSelect(handle, queue, message: 1, .read) }
        expect(.WSAEINVAL) { try winsock.asyncSelect(handle, queue, message: 1, NetworkEvents(rawValue: 0x800)) }
        try winsock.asyncSelect(handle, queue, message: 0, [])
    }

    @Test("D14: a queue is looked at, taken from, waited for, and closed")
    func queueOperations() async throws {
        #expect(try !queue.wait(timeout: .zero))
        #expect(try !queue.wait(timeout: .milliseconds(1)))
        #expect(queue.peek(isRemoving: false) == nil)
        let messages = (0..<5).map { number in
            SocketMessage(
                message: UInt32(number), socket: .invalid, notice: NetworkEventNotice(event: .read, code: .NO_ERROR))
        }
        for message in messages { queue.post(message) }
        #expect(try queue.wait(timeout: nil))
        #expect(queue.peek(isRemoving: false) == messages[0])
        #expect(try (0..<4).map { _ in try queue.get() } == Array(messages.prefix(4)))
        #expect(queue.peek() == messages[4])
        #expect(try !queue.wait(timeout: .zero))
        let last = try BackgroundThread { [queue] in try? queue.get() }
        queue.close()
        #expect(try await last.value() == nil)
        queue.post(messages[0])
        #expect(queue.peek() == nil)
    }

    @Test("many threads take from one queue; each message goes to one of them")
    func manyThreads() async throws {
        let takers = try (0..<4).map { _ in
            try BackgroundThread { [queue] () -> [UInt32] in
                var taken: [UInt32] = []
                while let message = try? queue.get() { taken.append(message.message) }
                return taken
            }
        }
        for number in 0..<1000 as Range<UInt32> {
            queue.post(
                SocketMessage(
                    message: number, socket: .invalid, notice: NetworkEventNotice(event: .read, code: .NO_ERROR)))
        }
        queue.close()
        var taken: [UInt32] = []
        for taker in takers { taken += try await taker.value() }
        #expect(taken.sorted() == Array(0..<1000))
    }
}

@Suite("Network events as a sequence")
struct NetworkEventSequenceTests {
    @Test("the events of a connection, from its connect to its end")
    func life() async throws {
        let fixture = try Fixture()
        let winsock = fixture.winsock
        let (handle, fake) = try fixture.socket()
        var events = try winsock.networkEvents(of: handle).makeAsyncIterator()
        fake.plan(.stayPending)
        expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        try fake.finish()
        #expect(await events.next() == NetworkEventNotice(event: .connect, code: .NO_ERROR))
        #expect(await events.next() == NetworkEventNotice(event: .write, code: .NO_ERROR))
        try fake.deliver([1])
        #expect(await events.next() == NetworkEventNotice(event: .read, code: .NO_ERROR))
        #expect(try winsock.receive(handle, upTo: 8) == [1])
        fake.breakConnection(.WSAECONNRESET)
        #expect(await events.next() == NetworkEventNotice(event: .close, code: .WSAECONNABORTED))
        try winsock.closeSocket(handle)
        #expect(await events.next() == nil)
    }

    @Test("it ends when another selection takes its place, or none is asked for")
    func replaced() async throws {
        let fixture = try Fixture()
        let (handle, _) = try fixture.connecting()
        let first = try fixture.winsock.networkEvents(of: handle)
        let second = try fixture.winsock.networkEvents(of: handle, .read)
        for await notice in first { Issue.record("\(notice)") }
        try fixture.winsock.eventSelect(handle, .invalid, [])
        for await notice in second { Issue.record("\(notice)") }
        for await notice in try fixture.winsock.networkEvents(of: handle, []) { Issue.record("\(notice)") }
        expect(.WSAEINVAL) { _ = try fixture.winsock.networkEvents(of: handle, NetworkEvents(rawValue: 0x1000)) }
    }

    @Test("when nobody listens any more, nothing is selected, but a later selection stays")
    func dropped() async throws {
        let fixture = try Fixture()
        let winsock = fixture.winsock
        let (handle, _) = try fixture.connecting()
        let task = Task {
            do { for await _ in try winsock.networkEvents(of: handle) {} } catch { Issue.record(error) }
        }
        await eventually("the task listens") { (try? winsock.setNonBlocking(handle, false)) == nil }
        task.cancel()
        await task.value
        try winsock.setNonBlocking(handle, false)
        do {
            let first = try winsock.networkEvents(of: handle)
            let event = try winsock.createEvent()
            try winsock.eventSelect(handle, event, .read)
            _ = consume first
        }
        expect(.WSAEINVAL) { try winsock.setNonBlocking(handle, false) }
    }
}
