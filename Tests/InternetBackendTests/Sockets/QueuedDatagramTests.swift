import Glibc
import InternetBackend
import SocketBackends
import TestSupport
import SystemPackage
import Testing

@Suite("Datagrams that wait when the peer is set or changed")
struct QueuedDatagramTests {
    static let versions = InternetVersion.allCases

    /// A client and two servers, all bound.
    struct Three {
        let loopback: Loopback
        let client, first, second: any BackendSocket

        init(_ version: InternetVersion, system: SystemCalls = SystemCalls()) throws {
            loopback = Loopback(version: version, system: system)
            client = try loopback.bound(.datagram)
            first = try loopback.bound(.datagram)
            second = try loopback.bound(.datagram)
        }

        func connect(to server: any BackendSocket) throws {
            #expect(try client.connect(to: server.localAddress()) == .connected)
        }

        /// Sends one byte to the client, and waits until it is in the client's queue.
        func queue(_ byte: UInt8, from server: any BackendSocket) throws {
            let before = try client.bytesWaiting()
            _ = try server.send([byte], to: client.localAddress())
            let deadline = ContinuousClock.now.advanced(by: .patience)
            while try client.bytesWaiting() <= before, ContinuousClock.now < deadline { sched_yield() }
            try #require(try client.bytesWaiting() > before)
        }

        func expectNothing(sourceLocation: SourceLocation = #_sourceLocation) throws {
            #expect(try client.isReadable() == false, sourceLocation: sourceLocation)
            expect(.WSAEWOULDBLOCK, sourceLocation: sourceLocation) { _ = try client.receive() }
        }
    }

    @Test("R40: what waits when the peer changes is discarded; what comes later is received", arguments: versions)
    func change(version: InternetVersion) throws {
        let three = try Three(version)
        try three.connect(to: three.first)
        for byte in 1...3 as ClosedRange<UInt8> { try three.queue(byte, from: three.first) }
        try three.connect(to: three.second)
        try three.expectNothing()
        try three.queue(4, from: three.second)
        #expect(try three.client.receive() == [4])
        try three.connect(to: three.first)
        try three.expectNothing()
    }

    @Test("R40, D3: the same peer again discards nothing, however its sockaddr is padded", arguments: versions)
    func samePeer(version: InternetVersion) throws {
        let three = try Three(version)
        try three.connect(to: three.first)
        try three.queue(1, from: three.first)
        try three.connect(to: three.first)
        var bytes = try three.first.localAddress().bytes
        // sin_zero, or the flow information: neither names the peer.
        bytes[version == .v4 ? 9 : 7] = 0x55
        _ = try three.client.connect(to: SocketAddress(bytes: bytes + [1, 2, 3]))
        #expect(try three.client.receive() == [1])
        try three.expectNothing()
    }

    @Test("R39a, D3: the first connect keeps what came from the new peer, and discards the rest", arguments: versions)
    func firstConnect(version: InternetVersion) throws {
        let three = try Three(version)
        for (byte, server) in [
            (1, three.second), (2, three.first), (3, three.second), (4, three.second), (5, three.first),
            (6, three.second),
        ] as [(UInt8, any BackendSocket)] {
            try three.queue(byte, from: server)
        }
        try three.connect(to: three.first)
        try three.client.wait(for: POLLIN)
        #expect(try three.client.receive(flags: .peek) == [2])
        #expect(try three.client.receive() == [2])
        #expect(try three.client.isReadable())
        let (bytes, datagram) = try three.client.receiveFrom()
        #expect(bytes == [5])
        #expect(try datagram.source == three.first.localAddress())
        try three.expectNothing()
        try three.queue(7, from: three.first)
        #expect(try three.client.receive() == [7])
    }

    @Test("R39a: strangers' datagrams alone do not make a connected socket readable", arguments: versions)
    func onlyStrangers(version: InternetVersion) throws {
        let three = try Three(version)
        for byte in 1...4 as ClosedRange<UInt8> { try three.queue(byte, from: three.second) }
        #expect(try three.client.isReadable())
        try three.connect(to: three.first)
        try three.expectNothing()
    }

    @Test("R39a, D4: a peer at port 0 is the whole host", arguments: versions)
    func portZero(version: InternetVersion) throws {
        let three = try Three(version)
        try three.queue(1, from: three.first)
        try three.queue(2, from: three.second)
        _ = try three.client.connect(to: three.loopback.address(port: 0))
        #expect(try three.client.receive() == [1])
        #expect(try three.client.receive() == [2])
    }

    @Test("R39a, R40: what the first peer left among strangers is gone after a change of the peer", arguments: versions)
    func leftovers(version: InternetVersion) throws {
        let three = try Three(version)
        try three.queue(1, from: three.first)
        try three.queue(2, from: three.second)
        try three.connect(to: three.first)
        try three.connect(to: three.second)
        try three.expectNothing()
    }

    @Test("R40, R42: taking the peer away discards what it sent; then anybody is received", arguments: versions)
    func dissolve(version: InternetVersion) throws {
        let three = try Three(version)
        try three.connect(to: three.first)
        try three.queue(1, from: three.first)
        #expect(try three.client.connect(to: three.loopback.wildcard()) == .dissolved)
        try three.expectNothing()
        try three.queue(2, from: three.second)
        #expect(try three.client.connect(to: three.loopback.wildcard()) == .dissolved)
        #expect(try three.client.receive() == [2])
        try three.queue(3, from: three.second)
        try three.connect(to: three.second)
        try three.expectNothing()
    }

    @Test("R42a: taking away a peer that there never was discards nothing", arguments: versions)
    func dissolveNothing(version: InternetVersion) throws {
        let three = try Three(version)
        try three.queue(1, from: three.second)
        #expect(try three.client.connect(to: three.loopback.wildcard()) == .dissolved)
        #expect(try three.client.receive() == [1])
        try three.queue(2, from: three.first)
        try three.connect(to: three.first)
        #expect(try three.client.receive() == [2])
    }

    @Test("R21, R40: a change that fails changes nothing, not even what waits", arguments: versions)
    func failedChange(version: InternetVersion) throws {
        let three = try Three(version, system: SystemCalls().refusing(port: 9))
        try three.connect(to: three.first)
        try three.queue(1, from: three.first)
        expect(.WSAEACCES) { _ = try three.client.connect(to: three.loopback.address(port: 9)) }
        #expect(try three.client.peerAddress() == three.first.localAddress())
        #expect(try three.client.receive() == [1])
        try three.queue(2, from: three.first)
        #expect(try three.client.receive() == [2])
        #expect(try three.client.send([3]) == 1)
        try three.first.wait(for: POLLIN)
        #expect(try three.first.receive() == [3])
    }

    @Test("R40: the port-unreachable of the former peer is forgotten with it", arguments: versions)
    func formerError(version: InternetVersion) throws {
        let three = try Three(version)
        try three.connect(to: three.first)
        three.first.close()
        _ = try three.client.send([1])
        try three.client.wait(for: POLLIN)
        try three.connect(to: three.second)
        try three.expectNothing()
    }

    @Test("R40: a peer that never stops sending does not hold the change up", arguments: versions)
    func flood(version: InternetVersion) throws {
        let three = try Three(version)
        let (target, flooder) = (try three.client.localAddress(), three.first)
        try three.connect(to: flooder)
        let thread = try BackgroundThread { while (try? flooder.send([1], to: target)) != nil {} }
        defer {
            flooder.close()
            _ = try? thread.answer()
        }
        for _ in 0..<50 {
            try three.connect(to: three.second)
            try three.queue(2, from: three.second)
            #expect(try three.client.receive() == [2])
            try three.connect(to: three.first)
            try three.client.wait(for: POLLIN)
            #expect(try three.client.receive() == [1])
        }
    }

    @Test("D2: AF_UNSPEC counts with the length of a sockaddr, all zero", arguments: versions)
    func unspecified(version: InternetVersion) throws {
        let three = try Three(version)
        for length in [16, version.addressLengthInTests, 128] {
            try three.connect(to: three.first)
            let nobody = SocketAddress(family: .unspecified, payload: Array(repeating: 0, count: length - 2))
            #expect(try three.client.connect(to: nobody) == .dissolved)
            expect(.WSAENOTCONN) { _ = try three.client.peerAddress() }
        }
        for length in [2, 8, 15] {
            let short = SocketAddress(family: .unspecified, payload: Array(repeating: 0, count: length - 2))
            expect(.WSAEFAULT) { _ = try three.client.connect(to: short) }
        }
    }
}

extension InternetVersion {
    /// Bytes of a whole `sockaddr`, counted by hand.
    var addressLengthInTests: Int { self == .v4 ? 16 : 28 }
}

extension SystemCalls {
    /// Linux, but connects to this port are not permitted.
    func refusing(port: UInt16) -> Self {
        var system = self
        system.connect = { descriptor, address, length in
            let there = UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
            guard UInt16(bigEndian: there) == port else { return Glibc.connect(descriptor, address, length) }
            errno = EACCES
            return -1
        }
        return system
    }
}
