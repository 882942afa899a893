import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Testing

@Suite("What Linux answers, and what the program is told")
struct SystemCallErrorTests {
    @Test(
        "R2, R4, R16: every error of every system call has its Winsock code",
        arguments: FailingCall.all, InternetVersion.allCases)
    func translated(failing: FailingCall, version: InternetVersion) throws {
        for row in ErrnoRow.all {
            let system = FaultySystem()
            let body = try failing.prepare(Loopback(version: version, system: system.calls))
            // The kernel tells a pending error once.
            let times = failing.call == .pendingError ? 1 : Int.max
            system.fail(failing.call, row.errno, times: times)
            var told: SocketError?
            do {
                try body()
            } catch let error as SocketError {
                told = error
            }
            #expect(told?.code == failing.expected(for: row), "\(row.testDescription)")
            #expect(system.timesLeft < times, "the call was made")
        }
    }

    @Test(
        "R43: no call is ended by a signal handler",
        arguments: FailingCall.all.filter { $0.call != .pendingError && !$0.mayFailByItself }, InternetVersion.allCases)
    func interrupted(failing: FailingCall, version: InternetVersion) throws {
        let system = FaultySystem()
        let body = try failing.prepare(Loopback(version: version, system: system.calls))
        // connect is not made again: the attempt goes on by itself, as one that was not interrupted.
        system.fail(failing.call, .interrupted, times: failing.name.hasPrefix("connect, stream") ? 1 : 3)
        #expect(throws: Never.self) { try body() }
        #expect(system.timesLeft == 0)
    }

    @Test("R33: what is left of an attempt whose error was read does not end the next one", arguments: [1, 2])
    func aborted(times: Int) throws {
        let system = FaultySystem()
        let loopback = Loopback(version: .v4, system: system.calls)
        let socket = try loopback.socket(.stream)
        let server = try loopback.listener()
        system.fail(.connect, .connectionAbort, times: times)
        if times == 1 {
            #expect(try socket.connect(to: server.localAddress()) == .pending)
        } else {
            expect(.WSAECONNABORTED) { _ = try socket.connect(to: server.localAddress()) }
        }
    }

    @Test("an error that somebody else read from the descriptor is not taken for a connection")
    func errorReadByOthers() throws {
        let loopback = Loopback(version: .v4)
        let closed = try loopback.bound(.stream)
        let socket = try loopback.socket(.stream)
        _ = try socket.connect(to: closed.localAddress())
        try socket.wait(for: POLLOUT)
        try socket.descriptor.withDescriptor(for: "look") { descriptor in
            var (error, length) = (Int32(0), socklen_t(4))
            #expect(getsockopt(descriptor.rawValue, SOL_SOCKET, SO_ERROR, &error, &length) == 0)
            #expect(error == ECONNREFUSED)
        }
        for _ in 0..<2 { expect(.WSAECONNABORTED) { try socket.finishConnect() } }
        let server = try loopback.listener()
        try socket.connectToTheEnd(server.localAddress())
    }

    @Test("R12a: a port is found as long as one is free, else WSAENOBUFS", arguments: [1, 64, 65])
    func ports(taken: Int) throws {
        let system = FaultySystem()
        let loopback = Loopback(version: .v4, system: system.calls)
        let (client, server) = (try loopback.socket(.datagram), try loopback.bound(.datagram))
        system.fail(.bind, .addressInUse, times: taken)
        if taken < 65 {
            #expect(try client.send([1], to: server.localAddress()) == 1)
        } else {
            expect(.WSAENOBUFS) { _ = try client.send([1], to: server.localAddress()) }
        }
        #expect(system.timesLeft == 0)
    }

    @Test("an error says what was attempted, what Linux said, and where it can what to do")
    func wording() throws {
        let system = FaultySystem()
        let socket = try Loopback(version: .v4, system: system.calls).socket(.stream)
        system.fail(.connect, .addressNotAvailable)
        let address = try Loopback(version: .v4).address(port: 9)
        let error = try #require(throws: SocketError.self) { _ = try socket.connect(to: address) }
        #expect(error.errno == .addressNotAvailable)
        #expect(error.description.contains("127.0.0.1:9"))
        #expect(error.description.contains("WSAENOBUFS 10055"))
        #expect(error.advice.contains("ip_local_port_range"))
    }
}

extension FailingCall {
    /// Whether it fails on a healthy system, too.
    fileprivate var mayFailByItself: Bool {
        ["accept", "getpeername", "receive", "send, datagram", "shutdown, unconnected"].contains { name.hasPrefix($0) }
            && name != "accept, the flags"
    }
}
