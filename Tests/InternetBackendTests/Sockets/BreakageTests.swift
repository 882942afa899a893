import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Testing

@Suite("Connections that break")
struct BreakageTests {
    @Test(
        "what broke a connection is told again and again, whichever call met it",
        arguments: [
            (ECONNRESET, WSAErrorCode.WSAECONNRESET), (ETIMEDOUT, .WSAETIMEDOUT), (EHOSTUNREACH, .WSAEHOSTUNREACH),
            (ENETUNREACH, .WSAENETUNREACH), (ENETDOWN, .WSAENETDOWN), (ECONNABORTED, .WSAECONNABORTED),
            (EPIPE, .WSAECONNRESET),
        ] as [(Int32, WSAErrorCode)], [FaultySystem.Call.send, .recvmsg])
    func persistent(row: (errno: Int32, code: WSAErrorCode), call: FaultySystem.Call) throws {
        let system = FaultySystem()
        let loopback = Loopback(version: .v4, system: system.calls)
        let (client, server) = try loopback.connection()
        system.fail(call, Errno(rawValue: row.errno), times: 1)
        if call == .send {
            expect(row.code) { _ = try client.send([1]) }
        } else {
            expect(row.code) { _ = try client.receive() }
        }
        #expect(system.timesLeft == 0)
        // In the kernel there is nothing left of it: an end of the stream, and a broken pipe.
        server.close()
        try client.wait(for: POLLIN)
        for _ in 0..<2 { expect(row.code) { _ = try client.receive() } }
        try client.shutdown(.both)
        for _ in 0..<2 { expect(row.code) { _ = try client.send([1]) } }
    }

    @Test("shutdown of a connection that was reset is WSAECONNRESET", arguments: InternetVersion.allCases)
    func shutdown(version: InternetVersion) throws {
        let (client, server) = try Loopback(version: version).connection()
        try client.setOption(.linger, to: [1, 0, 0, 0])
        client.close()
        try server.wait(for: POLLIN)
        expect(.WSAECONNRESET) { try server.shutdown(.both) }
    }

    @Test("no send raises SIGPIPE", arguments: InternetVersion.allCases)
    func noSignal(version: InternetVersion) throws {
        var (pipe, former, pending) = (sigset_t(), sigset_t(), sigset_t())
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        let loopback = Loopback(version: version)

        let (client, server) = try loopback.connection()
        server.close()
        try client.wait(for: POLLIN)
        for _ in 0..<20 {
            do { _ = try client.send([1]) } catch { #expect(error.code == .WSAECONNRESET) }
        }
        let (half, other) = try loopback.connection()
        try half.shutdown(.send)
        expect(.WSAECONNRESET) { _ = try half.send([1]) }
        other.close()
        // Never connected, and a datagram socket that sends no more.
        #expect(throws: SocketError.self) { _ = try loopback.socket(.stream).send([1]) }
        let datagrams = try loopback.bound(.datagram)
        try datagrams.shutdown(.send)
        expect(.WSAESHUTDOWN) { _ = try datagrams.send([1], to: loopback.address(port: 9)) }

        sigpending(&pending)
        #expect(sigismember(&pending, SIGPIPE) == 0)
    }

    @Test(
        "an earlier datagram met a closed port: send still sends, receive says so once",
        arguments: InternetVersion.allCases)
    func portUnreachable(version: InternetVersion) throws {
        let loopback = Loopback(version: version)
        let (closed, server) = (try loopback.bound(.datagram), try loopback.bound(.datagram))
        let client = try loopback.bound(.datagram)
        _ = try client.connect(to: closed.localAddress())
        closed.close()
        _ = try client.send([1])
        try client.wait(for: POLLIN)
        #expect(try client.send([2], to: server.localAddress()) == 1)
        try server.wait(for: POLLIN)
        #expect(try server.receive() == [2])
        expect(.WSAECONNRESET) { _ = try client.receive() }
        expect(.WSAEWOULDBLOCK) { _ = try client.receive() }
        _ = try client.send([3])
        try client.wait(for: POLLIN)
        #expect(try client.option(.error, buffer: [0, 0, 0, 0]) == OptionValue(Int32(10054)).bytes)
    }
}
