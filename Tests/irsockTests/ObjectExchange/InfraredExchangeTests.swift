import Dispatch
import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import OBEX
import SocketBackends
import Synchronization
import Testing
import Winsock

@testable import irsock

/// `send` and `receive` at both ends of one simulated medium, over the sockets of AF_IRDA.
@Suite(.timeLimit(.minutes(2))) struct InfraredExchangeTests {
    /// Two stations, each with a runtime of its own.
    private struct Room {
        let host: StationHost
        let sender: Winsock
        let receiver: Winsock
        static let receiverID = IrDADeviceID(rawValue: 0x9ABC_DEF1)

        init(bitErrorRate: Double) throws {
            var simulation = Simulation(bitErrorRate: bitErrorRate, seed: 11)
            let sender = simulation.addStation(
                IrDAStack.Configuration(address: DeviceAddress(rawValue: 0x1234_5678), name: "Sender", hints: .computer)
            )
            let receiver = simulation.addStation(
                IrDAStack.Configuration(
                    address: DeviceAddress(rawValue: Self.receiverID.rawValue), name: "Receiver", hints: .obex))
            host = StationHost(simulation, speed: .maximum)
            self.sender = try Self.runtime(host, sender)
            self.receiver = try Self.runtime(host, receiver)
        }

        private static func runtime(_ host: StationHost, _ station: StationID) throws -> Winsock {
            let registry = try AddressFamilyRegistry([IrDABackend(provider: StationProvider(host, station: station))])
            let winsock = try Winsock(registry: registry)
            _ = try winsock.startup()
            return winsock
        }

        /// Takes one connection and serves it to its end.
        ///
        /// - Returns: what became of each object.
        func receive(into path: String) throws -> [ReceivedObject] {
            let reports = Mutex<[ReceivedObject]>([])
            let listener = try receiver.socket(family: .irda, type: .stream)
            try receiver.bind(listener, to: receiver.resolve("OBEX", family: .irda))
            try receiver.listen(listener, backlog: 1)
            listening.signal()
            let (socket, _) = try receiver.accept(listener)
            var inbox = Inbox(
                try InboxDirectory(path, overwrites: false, cleanUp: CleanUp()), .init(maximumObjectSize: 200_000)
            ) { report in reports.withLock { $0.append(report) } }
            try inbox.serve(ByteConnection(receiver, socket: socket), from: "Sender")
            try receiver.closeSocket(listener)
            return reports.withLock { $0 }
        }

        /// Sends objects, one after the other.
        func send(_ objects: [(name: String, content: [UInt8])]) throws -> [OBEXOutcome] {
            listening.wait()
            let socket = try sender.socket(family: .irda, type: .stream)
            try sender.connect(
                socket, to: IrDAAddress(device: Self.receiverID, service: .name("OBEX")).socketAddress)
            var client = ObjectClient(ByteConnection(sender, socket: socket), responseTime: .seconds(60))
            var outcomes = [
                try client.perform { client throws(OBEXClientUnavailable) in try client.connect() }
            ]
            for object in objects {
                var rest = object.content[...]
                let listener = ObjectClient.Listener(content: { count in
                    let piece = rest.prefix(count)
                    rest = rest.dropFirst(piece.count)
                    return (Array(piece), isLast: rest.isEmpty)
                })
                outcomes.append(
                    try client.perform(listener) { client throws(OBEXClientUnavailable) in
                        try client.put([.name(object.name), .length(UInt32(object.content.count))])
                    })
            }
            try client.close()
            return outcomes
        }

        private let listening = DispatchSemaphore(value: 0)
    }

    /// Runs something that waits where it holds up nobody else.
    private static func apart<Value: Sendable>(_ body: @Sendable @escaping () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "apart").async { continuation.resume(with: Result { try body() }) }
        }
    }

    @Test("Objects arrive whole, also on a bad medium; one that is too large is refused", arguments: [0, 1e-5, 1e-4])
    func bothEnds(_ bitErrorRate: Double) async throws {
        let scratch = try Scratch()
        let room = try Room(bitErrorRate: bitErrorRate)
        let content = Bytes.random(100_000, seed: 12)
        async let received = Self.apart { try room.receive(into: scratch.path) }
        let outcomes = try await Self.apart {
            try room.send([
                ("photo.jpg", content.bytes), ("film.avi", [UInt8](repeating: 0, count: 200_001)), ("../empty", []),
                ("empty", []),
            ])
        }
        #expect(
            outcomes == [
                .success([]), .success([]), .refused(.requestedEntityTooLarge, explanation: nil),
                .refused(.badRequest, explanation: nil), .success([]),
            ])
        let reports = try await received
        #expect(reports.map(\.file) == ["photo.jpg", nil, nil, "empty"])
        #expect(reports.map(\.bytes) == [100_000, 0, 0, 0])
        let kept = try await Program.shell.run("-c", "cat '\(scratch.path)/photo.jpg'")
        #expect(kept.output == content)
        try room.host.close()
    }
}
