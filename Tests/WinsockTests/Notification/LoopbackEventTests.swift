import InternetBackend
import SocketBackends
import TestSupport
import Testing

@testable import Winsock

/// select, WSAPoll and network events over real TCP and UDP.
@Suite("Network events over the loopback interface")
struct LoopbackEventTests {
    typealias Loopback = LoopbackTests.Loopback

    static let versions = InternetVersion.allCases

    /// A connected pair; the client selects events first, if asked.
    private func connect(
        _ loopback: Loopback, _ event: EventHandle?
    ) throws -> (client: SocketHandle, server: SocketHandle) {
        let winsock = loopback.winsock
        let listener = try loopback.listener()
        let client = try winsock.socket(family: loopback.version.family, type: .stream)
        if let event {
            try winsock.eventSelect(client, event, .all)
            do throws(SocketError) {
                try winsock.connect(client, to: winsock.localAddress(of: listener))
            } catch {
                #expect(error.code == .WSAEWOULDBLOCK)
            }
            let codes = try winsock.collect([.connect, .write], of: client, event)
            #expect(codes == [.connect: .NO_ERROR, .write: .NO_ERROR])
        } else {
            try winsock.connect(client, to: winsock.localAddress(of: listener))
        }
        return (client, try winsock.accept(listener).socket)
    }

    private func sets(_ loopback: Loopback, _ handle: SocketHandle) throws -> String {
        let found = try loopback.winsock.select(
            SocketSets(read: [handle], write: [handle], except: [handle]), timeout: .zero)
        return (found.read.isEmpty ? "" : "r") + (found.write.isEmpty ? "" : "w") + (found.except.isEmpty ? "" : "e")
    }

    /// Waits until the socket is in these sets, with a bound that only a broken test reaches.
    private func expect(
        _ expected: String, _ loopback: Loopback, _ handle: SocketHandle,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        await eventually("the sets are \(expected)", sourceLocation: sourceLocation) {
            (try? sets(loopback, handle)) == expected
        }
    }

    @Test("4.1 and 7: data, urgent data and the end of a connection", arguments: versions)
    func stream(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let event = try winsock.createEvent()
        let (client, server) = try connect(loopback, event)
        try await expect("w", loopback, client)
        #expect(try winsock.send(server, [1, 2, 3]) == 3)
        #expect(try winsock.collect(.read, of: client, event) == [.read: .NO_ERROR])
        try await expect("rw", loopback, client)
        #expect(try winsock.receive(client, upTo: 8) == [1, 2, 3])
        #expect(try winsock.send(server, [9], flags: .outOfBand) == 1)
        #expect(try winsock.collect(.outOfBand, of: client, event) == [.outOfBand: .NO_ERROR])
        try await expect("we", loopback, client)
        #expect(
            try winsock.poll([PollRequest(socket: client, events: [.read, .write])], timeout: nil) == [
                [.readBand, .write]
            ])
        #expect(try winsock.receive(client, upTo: 1, flags: .outOfBand) == [9])
        try await expect("w", loopback, client)
        try winsock.shutdown(server, .send)
        #expect(try winsock.collect(.close, of: client, event) == [.close: .NO_ERROR])
        try await expect("rw", loopback, client)
    }

    @Test("4.1: urgent data in line is data like any other", arguments: versions)
    func urgentInLine(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let event = try winsock.createEvent()
        let (client, server) = try connect(loopback, event)
        try winsock.setOption(.outOfBandInline, of: client, to: [1, 0, 0, 0])
        #expect(try winsock.send(server, [8], flags: .outOfBand) == 1)
        #expect(try winsock.collect(.read, of: client, event) == [.read: .NO_ERROR])
        try await expect("rw", loopback, client)
        #expect(try winsock.receive(client, upTo: 8) == [8])
        try await expect("w", loopback, client)
    }

    @Test("E8, windows 29: a reset", arguments: versions)
    func reset(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let event = try winsock.createEvent()
        let (client, server) = try connect(loopback, event)
        try winsock.setOption(.linger, of: server, to: OptionValue(UInt16(1)).followed(by: UInt16(0)).bytes)
        try winsock.closeSocket(server)
        #expect(try winsock.collect(.close, of: client, event) == [.close: .WSAECONNABORTED])
        try await expect("rw", loopback, client)
        for _ in 0..<2 { WinsockTests.expect(.WSAECONNRESET) { _ = try winsock.receive(client, upTo: 1) } }
        #expect(
            try winsock.poll([PollRequest(socket: client, events: [])], timeout: nil) == [[.hangUp, .error]])
    }

    @Test("E7, R30, R33: refused, as an event, in select, and then connected with the same socket", arguments: versions)
    func refused(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let event = try winsock.createEvent()
        let server = try loopback.bound(.stream)
        let client = try winsock.socket(family: version.family, type: .stream)
        try await expect("", loopback, client)
        try winsock.eventSelect(client, event, .all)
        for _ in 0..<2 {
            WinsockTests.expect(.WSAEWOULDBLOCK) { try winsock.connect(client, to: winsock.localAddress(of: server)) }
            #expect(try winsock.collect(.connect, of: client, event) == [.connect: .WSAECONNREFUSED])
            try await expect("e", loopback, client)
        }
        try winsock.listen(server, backlog: 1)
        do throws(SocketError) {
            try winsock.connect(client, to: winsock.localAddress(of: server))
        } catch {
            #expect(error.code == .WSAEWOULDBLOCK)
        }
        #expect(
            try winsock.collect([.connect, .write], of: client, event) == [.connect: .NO_ERROR, .write: .NO_ERROR])
        try await expect("w", loopback, client)
    }

    @Test(
        "windows 24: an event object learns of a blocking connect that ended before; messages do not",
        arguments: versions)
    func connectedBefore(version: InternetVersion) throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let event = try winsock.createEvent()
        let queue = try MessageQueue()
        let (client, server) = try connect(loopback, nil)
        try winsock.eventSelect(client, event, .all)
        #expect(try winsock.enumNetworkEvents(client, resetting: event).events == [.connect, .write])
        try winsock.eventSelect(client, event, .all)
        #expect(try winsock.enumNetworkEvents(client, resetting: event).events == [])
        try winsock.asyncSelect(server, queue, message: 1, .all)
        #expect(try queue.nextEvents(1) == [.write])
    }

    @Test("4.1: a listener, with its event object inherited", arguments: versions)
    func listener(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let event = try winsock.createEvent()
        let listener = try loopback.listener()
        try winsock.eventSelect(listener, event, [.accept, .write, .read])
        try await expect("", loopback, listener)
        let client = try winsock.socket(family: version.family, type: .stream)
        try winsock.connect(client, to: winsock.localAddress(of: listener))
        #expect(try winsock.collect(.accept, of: listener, event) == [.accept: .NO_ERROR])
        try await expect("r", loopback, listener)
        let server = try winsock.accept(listener).socket
        try await expect("", loopback, listener)
        #expect(try winsock.enumNetworkEvents(server, resetting: event).events == .write)
        #expect(try winsock.send(client, [1]) == 1)
        #expect(try winsock.collect(.read, of: server, event) == [.read: .NO_ERROR])
        #expect(try winsock.enumNetworkEvents(listener).events == [])
    }

    @Test("windows 28: datagrams", arguments: versions)
    func datagrams(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let event = try winsock.createEvent()
        let server = try loopback.bound(.datagram)
        let client = try winsock.socket(family: version.family, type: .datagram)
        try await expect("w", loopback, client)
        try winsock.eventSelect(client, event, .all)
        #expect(try winsock.enumNetworkEvents(client).events == [])
        for _ in 0..<2 {
            try winsock.connect(client, to: winsock.localAddress(of: server))
            #expect(try winsock.enumNetworkEvents(client, resetting: event).events == [.connect, .write])
        }
        #expect(try winsock.send(server, [5], to: winsock.localAddress(of: client)) == 1)
        #expect(try winsock.collect(.read, of: client, event) == [.read: .NO_ERROR])
        try await expect("rw", loopback, client)
        #expect(try winsock.receive(client, upTo: 8) == [5])
        try await expect("w", loopback, client)
        try winsock.closeSocket(server)
        #expect(try winsock.send(client, [1]) == 1)  // meets a closed port
        #expect(try winsock.collect(.read, of: client, event) == [.read: .NO_ERROR])
        try await expect("rw", loopback, client)
        WinsockTests.expect(.WSAECONNRESET) { _ = try winsock.receive(client, upTo: 8) }
    }

    @Test("all that is sent arrives, with FD_READ and FD_WRITE only", arguments: versions)
    func transfer(version: InternetVersion) async throws {
        let loopback = try Loopback(version)
        let winsock = loopback.winsock
        let (client, server) = try connect(loopback, nil)
        let message = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
        let sender = try codeOnThread { () throws(SocketError) in
            let event = try winsock.createEvent()
            try winsock.eventSelect(client, event, .write)
            var sent = 0
            while sent < message.count {
                guard try winsock.waitForMultipleEvents([event], timeout: .patience) == 0 else { return }
                _ = try winsock.enumNetworkEvents(client, resetting: event)
                while sent < message.count {
                    do throws(SocketError) {
                        sent += try winsock.send(client, Array(message[sent...].prefix(100_000)))
                    } catch  where error.code == .WSAEWOULDBLOCK {
                        break
                    }
                }
            }
            try winsock.shutdown(client, .send)
        }
        let event = try winsock.createEvent()
        try winsock.eventSelect(server, event, [.read, .close])
        var received: [UInt8] = []
        var isClosed = false
        while !isClosed {
            try #require(try winsock.waitForMultipleEvents([event], timeout: .patience) == 0)
            let report = try winsock.enumNetworkEvents(server, resetting: event)
            if report.events.contains(.read) { received += try winsock.receive(server, upTo: 70_000) }
            isClosed = report.events.contains(.close)
        }
        #expect(try await sender.value() == nil)
        #expect(received == message)
    }
}
