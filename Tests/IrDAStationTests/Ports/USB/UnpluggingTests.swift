import Glibc
import IrDAAdapters
import IrDABackend
import IrDAProtocol
import NIOCore
import NIOPosix
import SocketBackends
import Synchronization
import TestSupport
import Testing

@testable import IrDAStation

/// An adapter is unplugged while programs use it, at any transfer of a conversation and after it, and plugged in again.
@Suite(.serialized) struct UnpluggingTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private static let message = randomBytes(6000, seed: 11)

    @Test(arguments: 0..<UInt64(USBAdapterExample.all.count))
    func programsGetTheirErrorAndTheStationComesBack(seed: UInt64) async throws {
        let examples = USBAdapterExample.all
        let example = examples[Int(seed) % examples.count]
        let clock = try ModelledClock(on: loop)
        let desk = ModelledAdapter(example.model, path: example.adapter.dataPath, clock: clock)
        let phone = ModelledAdapter(MCS7780Model(), clock: clock)
        desk.onLight { [weak phone] in phone?.shine($0) }
        phone.onLight { [weak desk] in desk?.shine($0) }
        try await onThread { [loop] in
            let reports = Mutex<[String]>([])
            func station(
                _ name: String, _ address: UInt32, _ stick: ModelledAdapter, _ adapter: any USBAdapter,
                report: (@Sendable (SocketError?) -> Void)? = nil
            ) throws -> StationHost {
                try TwoStations.station(
                    name, address,
                    on: USBPort(ModelledAdapterSource(model: stick, adapter: adapter), on: loop, clock: clock), loop,
                    clock: clock, report: report)
            }
            let deskHost = try station("Desk", 0x1234_5678, desk, example.adapter) { error in
                reports.withLock { $0.append(error?.reason ?? "back") }
            }
            let phoneHost = try station("Phone", TwoStations.phoneAddress, phone, MCS7780())
            let sockets = IrDABackend(
                provider: try StationProvider(deskHost, station: PortStation.id, name: "port"))
            let echo = try EchoServer(
                IrDABackend(provider: try StationProvider(phoneHost, station: PortStation.id, name: "port")))
            defer { echo.end() }

            let before = desk.transferCount
            try converse(sockets)
            let transfers = desk.transferCount - before
            // The last eighth comes after the end: then the adapter is idle, or the link.
            var random = SeededGenerator(seed: seed)
            let last = Int.random(in: 0..<(transfers + transfers / 8), using: &random)
            desk.unplug(after: last)
            do {
                try converse(sockets)
                // On a link that is up already it may take few transfers, but never fewer than its message has frames.
                #expect(last >= 3, "seed \(seed): unplugged in the middle, and nobody was told")
            } catch let error as SocketError {
                #expect(error.code == .WSAENETDOWN, "seed \(seed): \(error)")
                #expect(error.reason == "the adapter has been unplugged", "seed \(seed): \(error)")
            }
            try loop.submit { desk.unplug() }.wait()
            try waitUntil("the loss") { reports.withLock(\.count) == 1 }
            #expect(reports.withLock { $0 } == ["the adapter has been unplugged"])
            let late = #expect(throws: SocketError.self) { try converse(sockets) }
            #expect(late?.reason == "the adapter has been unplugged", "seed \(seed)")
            #expect(try trouble(of: deskHost) == "the adapter has been unplugged")

            try loop.submit { desk.plugIn(example.model) }.wait()
            try waitUntil("the return") { reports.withLock { $0.last } == "back" }
            #expect(try trouble(of: deskHost) == nil)
            // The phone waits for the desk of before until its disconnect time is over.
            try waitUntil("another conversation") { (try? converse(sockets)) != nil }
            try deskHost.close()
            try phoneHost.close()
        }
    }

    /// What the service says of the port.
    private func trouble(of host: StationHost) throws -> String? {
        try host.onLoop(for: "look at the port") { .success($0.trouble?.reason) }
    }

    /// A connection to the phone, a message there and back, and the end.
    private func converse(_ desk: IrDABackend) throws {
        let device = try desk.device(named: "Phone")
        let client = try makeSocket(desk)
        defer { client.close() }
        _ = try client.connect(to: IrDAAddress(device: device, service: .name("Echo")).socketAddress)
        _ = try client.readiness(waitingFor: Int16(POLLOUT))
        try client.finishConnect()
        try client.sendAll(Self.message)
        let answer = try client.receiveAll(Self.message.count)
        guard answer == Self.message else { throw TestFailure("\(answer.count) bytes came back, or other ones") }
    }
}

/// Sends back what it gets, on threads of its own.
private final class EchoServer: Sendable {
    private let server: any BackendSocket
    private let isOver = Atomic(false)

    init(_ backend: IrDABackend) throws {
        server = try makeSocket(backend)
        try server.bind(to: IrDAAddress(device: .none, service: .name("Echo")).socketAddress)
        try server.listen(backlog: 4)
        Task { try await onThread { [self] in serve() } }
    }

    private func serve() {
        while !isOver.load(ordering: .relaxed) {
            guard (try? server.readiness(waitingFor: Int16(POLLIN), patience: 0)) ?? 0 != 0,
                let connection = try? server.accept().socket
            else {
                sched_yield()
                continue
            }
            // It ends with the connection, in whatever way that ends.
            while (try? connection.readiness(waitingFor: Int16(POLLIN))) ?? 0 != 0,
                let piece = try? connection.receiveSome(4096), !piece.isEmpty, (try? connection.sendAll(piece)) != nil
            {}
            connection.close()
        }
        server.close()
    }

    func end() { isOver.store(true, ordering: .relaxed) }
}
