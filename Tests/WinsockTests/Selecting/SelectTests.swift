import SocketBackends
import TestSupport
import Testing

@testable import Winsock

@Suite("select and WSAPoll on scripted sockets")
struct SelectTests {
    let fixture: Fixture
    let winsock: Winsock

    init() throws {
        fixture = try Fixture()
        winsock = fixture.winsock
    }

    /// The sets in which a socket is now: r, w, e.
    private func sets(of handle: SocketHandle) throws -> String {
        let found = try winsock.select(
            SocketSets(read: [handle], write: [handle], except: [handle]), timeout: .zero)
        return (found.read == [handle] ? "r" : "") + (found.write == [handle] ? "w" : "")
            + (found.except == [handle] ? "e" : "")
    }

    private func polled(_ handle: SocketHandle) throws -> PollEvents {
        try winsock.poll([PollRequest(socket: handle, events: [.read, .write])], timeout: .zero)[0]
    }

    @Test("4.1: fresh, connecting, connected, with data, ended, broken")
    func stream() throws {
        #expect(try sets(of: fixture.socket().handle) == "")  // windows 10
        #expect(try polled(fixture.socket().handle) == [])
        let (handle, fake) = try fixture.connecting()
        #expect(try sets(of: handle) == "")
        try fake.finish()
        #expect(try sets(of: handle) == "w")  // R29, windows 11
        try fake.deliver([1])
        #expect(try sets(of: handle) == "rw")
        #expect(try winsock.receive(handle, upTo: 1) == [1])
        #expect(try sets(of: handle) == "w")
        try fake.endStream()
        #expect(try sets(of: handle) == "rw")
        #expect(try polled(handle) == [.readNormal, .write, .hangUp])
        fake.breakConnection(.WSAECONNRESET)
        #expect(try sets(of: handle) == "rw")  // windows 51
        #expect(try polled(handle) == [.readNormal, .write, .hangUp, .error])
    }

    @Test("R30, windows 12, 13, 18: a failed connect is exceptional only, again and again")
    func failed() throws {
        let (handle, _) = try fixture.refused()
        for _ in 0..<3 {
            #expect(try sets(of: handle) == "e")
            #expect(try polled(handle) == [.write, .hangUp, .error])
            #expect(try fixture.socketError(of: handle) == .WSAECONNREFUSED)
        }
    }

    @Test("D22, windows 15: so is one that a blocking call has told of")
    func blockingFailure() async throws {
        let (handle, fake) = try fixture.socket()
        fake.plan(.stayPending)
        let code = try codeOnThread { [winsock] () throws(SocketError) in
            try winsock.connect(handle, to: FakeFamily.address(7))
        }
        await eventually("the connect waits") { fake.count(of: "finishConnect") > 0 }
        try fake.finish(.WSAECONNREFUSED)
        #expect(try await code.value() == .WSAECONNREFUSED)
        #expect(try sets(of: handle) == "e")
        #expect(try fixture.socketError(of: handle) == .NO_ERROR)
        fake.plan(.stayPending)
        try winsock.setNonBlocking(handle, true)
        expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        #expect(try sets(of: handle) == "")  // R33
        try fake.finish()
        #expect(try sets(of: handle) == "w")
    }

    @Test("4.1: a listener is readable when a connection waits; datagrams are writable, bound or not")
    func others() throws {
        let (listener, fake) = try fixture.listening()
        #expect(try sets(of: listener) == "")
        _ = try fake.offerConnection()
        #expect(try sets(of: listener) == "r")
        let (datagram, other) = try fixture.socket(.datagram)
        #expect(try sets(of: datagram) == "w")
        try other.deliver([1])
        #expect(try sets(of: datagram) == "rw")
    }

    @Test("all sets empty and negative times are WSAEINVAL")
    func invalid() throws {
        let (handle, _) = try fixture.connected()
        expect(.WSAEINVAL) { _ = try winsock.select(SocketSets(), timeout: .zero) }
        expect(.WSAEINVAL) { _ = try winsock.select(SocketSets(read: [handle]), timeout: .milliseconds(-1)) }
        #expect(winsock.lastError == .WSAEINVAL)
    }

    @Test(
        "what is no socket is WSAENOTSOCK, whichever set it is in",
        arguments: [SocketHandle.invalid, SocketHandle(rawValue: 0)])
    func noSocket(bad: SocketHandle) throws {
        let (handle, _) = try fixture.connected()
        for sets in [
            SocketSets(read: [bad]), SocketSets(write: [handle, bad]), SocketSets(read: [handle], except: [bad]),
        ] {
            expect(.WSAENOTSOCK) { _ = try winsock.select(sets, timeout: .zero) }
        }
        let (closed, _) = try fixture.connected()
        try winsock.closeSocket(closed)
        expect(.WSAENOTSOCK) { _ = try winsock.select(SocketSets(write: [handle, closed]), timeout: .zero) }
    }

    @Test("windows 20: a socket that is named twice in one set counts once, in the order of the request")
    func duplicates() throws {
        let handles = try (0..<3).map { _ in try fixture.connected().handle }
        let found = try winsock.select(
            SocketSets(read: [handles[0]], write: [handles[2], handles[0], handles[2]], except: handles), timeout: nil)
        #expect(found == SocketSets(write: [handles[2], handles[0]]))
        #expect(found.count == 2)
    }

    @Test("the time may be over, and the answer is nothing")
    func timeout() throws {
        let (handle, _) = try fixture.connecting()
        let before = ContinuousClock.now
        let sets = SocketSets(read: [handle], write: [handle], except: [handle])
        #expect(try winsock.select(sets, timeout: .milliseconds(20)).count == 0)
        #expect(before.duration(to: .now) >= .milliseconds(20))
        #expect(try winsock.poll([PollRequest(socket: handle, events: .read)], timeout: .milliseconds(1)) == [[]])
    }

    /// Runs a select on another thread.
    private func waiting(_ sets: SocketSets) throws -> BackgroundThread<SocketSets> {
        try BackgroundThread { [winsock] in try winsock.select(sets, timeout: .patience) }
    }

    private func isObserved(_ handle: SocketHandle) -> Bool {
        (try? winsock.find(handle, for: "look").withState { !$0.observers.isEmpty }) ?? false
    }

    @Test("windows 21: a wait on an idle socket goes on until somebody connects it", arguments: 0..<10)
    func idle(round: Int) async throws {
        let (handle, fake) = try fixture.socket()
        let isRefused = round.isMultiple(of: 2)
        let sets = try waiting(SocketSets(read: [handle], write: [handle], except: [handle]))
        await eventually("select waits") { isObserved(handle) }
        try winsock.setNonBlocking(handle, true)
        fake.plan(.stayPending)
        try fake.replacePair()
        expect(.WSAEWOULDBLOCK) { try winsock.connect(handle, to: FakeFamily.address(7)) }
        try fake.finish(isRefused ? .WSAECONNREFUSED : nil)
        let expected = isRefused ? SocketSets(except: [handle]) : SocketSets(write: [handle])
        #expect(try await sets.value() == expected)
    }

    @Test("data, of one among many, ends the wait")
    func data() async throws {
        let sockets = try (0..<100).map { _ in try fixture.connected() }
        let handles = sockets.map(\.handle)
        let sets = try waiting(SocketSets(read: handles, except: handles))
        await eventually("select waits") { isObserved(handles[99]) }
        try sockets[61].fake.deliver([1])
        #expect(try await sets.value() == SocketSets(read: [handles[61]]))
    }

    @Test("only the exceptional is waited for, on a broken connection as well")
    func exceptOnly() async throws {
        let (broken, fake) = try fixture.connected()
        let (handle, other) = try fixture.connecting()
        fake.breakConnection(.WSAECONNRESET)
        let sets = try waiting(SocketSets(except: [broken, handle]))
        await eventually("select waits") { isObserved(handle) }
        try other.finish(.WSAETIMEDOUT)
        #expect(try await sets.value() == SocketSets(except: [handle]))
    }

    @Test("a socket that is closed meanwhile is told as readable, or as no socket", arguments: 0..<20)
    func closed(round: Int) async throws {
        let (handle, _) = try fixture.connecting()
        let isRead = round.isMultiple(of: 2)
        let sets = try waiting(isRead ? SocketSets(read: [handle], write: [handle]) : SocketSets(write: [handle]))
        let events = try BackgroundThread { [winsock] in
            try winsock.poll([PollRequest(socket: handle, events: .read)], timeout: .patience)
        }
        await eventually("both wait") {
            (try? winsock.find(handle, for: "look").withState { $0.observers.count }) == 2
        }
        try winsock.closeSocket(handle)
        if isRead {
            #expect(try await sets.value() == SocketSets(read: [handle]))
        } else {
            let error = await #expect(throws: SocketError.self) { try await sets.value() }
            #expect(error?.code == .WSAENOTSOCK)
        }
        #expect(try await events.value() == [.invalid])
    }

    @Test("E14: select and WSAPoll do not touch the record of network events")
    func recordIsLeftAlone() throws {
        let event = try winsock.createEvent()
        let (handle, fake) = try fixture.connecting()
        try winsock.eventSelect(handle, event, .all)
        try fake.finish()
        #expect(try sets(of: handle) == "w")
        #expect(try polled(handle) == .write)
        #expect(try winsock.collect([.connect, .write], of: handle, event).count == 2)
        #expect(try sets(of: handle) == "w")
        #expect(try winsock.enumNetworkEvents(handle).events == [])
    }

    @Test("WSAPoll: what is no socket is POLLNVAL, INVALID_SOCKET is left out, and one at least must be open")
    func pollParameters() throws {
        let (handle, _) = try fixture.connected()
        let bad = SocketHandle(rawValue: 4)
        #expect(
            try winsock.poll(
                [
                    PollRequest(socket: bad, events: .read), PollRequest(socket: .invalid, events: .read),
                    PollRequest(socket: handle, events: .write), PollRequest(socket: handle, events: .read),
                ], timeout: nil) == [.invalid, [], .write, []])
        expect(.WSAEINVAL) { _ = try winsock.poll([], timeout: .zero) }
        expect(.WSAEINVAL) { _ = try winsock.poll([PollRequest(socket: bad, events: .read)], timeout: .zero) }
        for bits in [0x400, 0x20, 0x1, 0x2, 0x4] as [Int16] {
            expect(.WSAEINVAL) {
                _ = try winsock.poll(
                    [PollRequest(socket: handle, events: PollEvents(rawValue: bits))], timeout: .zero)
            }
        }
    }
}
