import IrDAStation
import NIOCore
import Synchronization
import TestSupport
import Testing

/// A port on its loop, and what it reports.
final class PortUser: Sendable {
    let port: DonglePort
    let loop: any EventLoop
    private let events = Mutex<[LightPortEvent]>([])

    init(_ port: DonglePort, on loop: any EventLoop) {
        self.port = port
        self.loop = loop
    }

    func open() async throws {
        _ = try await loop.flatSubmit { [self] in
            port.open(on: loop) { event in self.events.withLock { $0.append(event) } }
        }.get()
    }

    func close() async throws {
        try await loop.flatSubmit { [self] in port.close() }.get()
    }

    func transmit(_ bytes: [UInt8]) async throws {
        let before = count { $0 == .transmitted }
        try await loop.submit { [self] in port.transmit(characters: bytes) }.get()
        try await wait(for: "the transmission") { _ in self.count { $0 == .transmitted } > before }
    }

    func setRate(_ rate: Int) async throws {
        try await loop.submit { [self] in port.setRate(bitsPerSecond: rate) }.get()
    }

    func count(_ matches: (LightPortEvent) -> Bool) -> Int {
        events.withLock { $0.count(where: matches) }
    }

    var received: [UInt8] {
        events.withLock { events in
            events.flatMap { event -> [UInt8] in
                if case .received(let bytes) = event { bytes } else { [] }
            }
        }
    }

    /// Whether the port is back after a loss.
    var isBack: Bool {
        count { event in
            if case .back = event { true } else { false }
        } == 1
    }

    func forget() { events.withLock { $0 = [] } }

    func wait(for what: String, _ holds: @escaping @Sendable (PortUser) -> Bool) async throws {
        try await waitUntil(what) { holds(self) }
    }
}
