import Glibc
import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import SocketBackends
import SystemPackage
import Testing

/// A computer, a phone and a printer on a simulated medium that runs as fast as it can, each with sockets.
struct TestRoom {
    let host: StationHost
    let computer: IrDABackend
    let phone: IrDABackend
    let printer: IrDABackend
    let phoneID = IrDADeviceID(rawValue: 0x9ABC_DEF1)

    /// - Parameters:
    ///   - services: what the phone offers, by class.
    ///   - phoneSupportsExclusiveMode: whether the phone lets one connection have the link.
    init(
        bitErrorRate: Double = 0, seed: UInt64 = 1, services: [(IASName, ServiceBehaviour)] = [],
        phoneSupportsExclusiveMode: Bool = true
    ) throws {
        var simulation = Simulation(bitErrorRate: bitErrorRate, seed: seed)
        let computer = simulation.addStation(
            IrDAStack.Configuration(
                address: DeviceAddress(rawValue: 0x1234_5678), name: "Computer", hints: .computer))
        let phone = simulation.addStation(
            IrDAStack.Configuration(
                address: DeviceAddress(rawValue: phoneID.rawValue), name: "Phone", hints: [.telephony, .obex],
                supportsExclusiveMode: phoneSupportsExclusiveMode))
        let printer = simulation.addStation(
            IrDAStack.Configuration(
                address: DeviceAddress(rawValue: 0x2222_2222), name: "Printer", hints: .printer))
        for (name, behaviour) in services { _ = try simulation.offer(behaviour, on: phone, className: name) }
        host = StationHost(simulation, speed: .maximum)
        self.computer = IrDABackend(provider: try StationProvider(host, station: computer))
        self.phone = IrDABackend(provider: try StationProvider(host, station: phone))
        self.printer = IrDABackend(provider: try StationProvider(host, station: printer))
    }

    func makeSocket(_ backend: IrDABackend) throws -> any BackendSocket {
        guard case .socket(let socket) = try backend.makeSocket(type: .stream, protocolNumber: .any) else {
            throw TestFailure("the backend has declined")
        }
        return socket
    }

    /// Connects the computer to a service of the phone and waits until that has ended.
    func connect(_ socket: any BackendSocket, to service: IrDAServiceName) throws {
        let progress = try socket.connect(to: IrDAAddress(device: phoneID, service: service).socketAddress)
        #expect(progress == .pending)
        _ = try socket.readiness(waitingFor: Int16(POLLOUT))
        try socket.finishConnect()
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension BackendSocket {
    /// Waits for readiness, but not for ever: so long that only a broken test reaches it, however busy the machine.
    func readiness(waitingFor events: Int16, patience milliseconds: Int32 = 120_000) throws -> Int16 {
        let readiness = try descriptor.withDescriptor(for: "poll") { descriptor throws(SocketError) in
            var entry = pollfd(fd: descriptor.rawValue, events: events, revents: 0)
            try systemCall(for: "poll") { poll(&entry, 1, milliseconds) }
            return entry.revents
        }
        #expect(readiness != 0 || milliseconds == 0, "nothing happened in \(milliseconds) ms")
        return readiness
    }

    /// Sends all of it, waiting for room.
    func sendAll(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            _ = try readiness(waitingFor: Int16(POLLOUT))
            sent += try unlessBlocked { try sendSome(Array(bytes[sent...])) } ?? 0
        }
    }

    /// Receives up to `count` bytes, fewer only at the end of the stream.
    func receiveAll(_ count: Int) throws -> [UInt8] {
        var received: [UInt8] = []
        while received.count < count {
            _ = try readiness(waitingFor: Int16(POLLIN))
            guard let piece = try unlessBlocked({ try receiveSome(count - received.count) }) else { continue }
            if piece.isEmpty { break }
            received += piece
        }
        return received
    }

    /// Sends all of it while receiving as many bytes, on one thread.
    func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
        var sent = 0
        var received: [UInt8] = []
        while received.count < bytes.count {
            let ready = try readiness(waitingFor: Int16(sent < bytes.count ? POLLIN | POLLOUT : POLLIN))
            if ready & Int16(POLLOUT) != 0, sent < bytes.count {
                sent += try unlessBlocked { try sendSome(Array(bytes[sent...].prefix(16_384))) } ?? 0
            }
            if ready & Int16(POLLIN) != 0, let piece = try unlessBlocked({ try receiveSome(16_384) }) {
                if piece.isEmpty { break }
                received += piece
            }
        }
        return received
    }

    /// The result of a call; nil if it would block.
    private func unlessBlocked<Value>(_ call: () throws -> Value) throws -> Value? {
        do {
            return try call()
        } catch let error as SocketError where error.code == .WSAEWOULDBLOCK {
            return nil
        }
    }

    func sendSome(_ bytes: [UInt8]) throws(SocketError) -> Int { try send(bytes.span.bytes, flags: []) }

    func receiveSome(_ count: Int) throws(SocketError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        var room = buffer.mutableSpan
        var bytes = room.mutableBytes
        let received = try receive(into: &bytes, flags: [])
        return Array(buffer.prefix(received))
    }
}

/// Bytes without a pattern, the same for the same seed.
func randomBytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}
