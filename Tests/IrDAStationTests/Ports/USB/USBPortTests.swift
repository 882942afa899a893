import IrDAAdapters
import IrDAProtocol
import NIOCore
import NIOPosix
import SocketBackends
import Synchronization
import TestSupport
import Testing

@testable import IrDAStation

/// The real port code, with the hardware of USB adapters modelled behind it, in modelled time.
@Suite struct USBPortTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let clock: ModelledClock

    init() throws {
        clock = try ModelledClock(on: loop)
    }

    struct Pair: Sendable, CustomTestStringConvertible {
        let desk: USBAdapterExample
        let phone: USBAdapterExample
        var testDescription: String { "\(desk.kind) and \(phone.kind)" }
    }

    /// Each kind with the next one.
    static let pairs = zip(
        USBAdapterExample.all, USBAdapterExample.all.dropFirst() + USBAdapterExample.all.prefix(1)
    ).map { Pair(desk: $0, phone: $1) }

    private func port(_ stick: ModelledAdapter, _ adapter: any USBAdapter) -> USBPort {
        USBPort(ModelledAdapterSource(model: stick, adapter: adapter), on: loop, clock: clock)
    }

    @Test(arguments: pairs)
    func twoStationsTalkAtTheFastestSpeedThatBothAdaptersHave(_ pair: Pair) async throws {
        let desk = ModelledAdapter(pair.desk.model, path: pair.desk.adapter.dataPath, clock: clock)
        let phone = ModelledAdapter(pair.phone.model, path: pair.phone.adapter.dataPath, clock: clock)
        let rates = Mutex<Set<Int>>([])
        desk.onLight { [weak phone] light in
            rates.withLock { _ = $0.insert(light.rate) }
            phone?.shine(light)
        }
        phone.onLight { [weak desk] in desk?.shine($0) }
        let ports = (port(desk, pair.desk.adapter), port(phone, pair.phone.adapter))
        try await onThread { [loop, clock] in
            try TwoStations.talk(
                TwoStations.station("Desk", 0x1234_5678, on: ports.0, loop, clock: clock),
                TwoStations.station("Phone", TwoStations.phoneAddress, on: ports.1, loop, clock: clock))
        }
        let common = [pair.desk, pair.phone].map { Equipment(example: $0).capabilities.rates }
        let fastest = try #require(common[0].intersection(common[1]).highest).bitsPerSecond
        #expect(rates.withLock { $0 } == [9600, fastest])
    }

    @Test func aPortSaysWhatItsAdapterCanDo() async throws {
        let stick = ModelledAdapter(IrDABridgeModel(baudMask: 0x017E), clock: clock)
        let port = port(stick, IrDABridge())
        let capabilities = try await loop.flatSubmit { [loop] in port.open(on: loop) { _ in } }.get()
        #expect(capabilities.rates == BaudRateSet.sir.union([.rate576000, .rate4000000]))
        #expect(capabilities.minimumTurnaround == .ms1 && capabilities.windowSize == 7)
        try await loop.flatSubmit { port.close() }.get()
    }

    @Test func anAdapterThatIsUnpluggedComesBack() async throws {
        let stick = ModelledAdapter(MCS7780Model(), clock: clock)
        let port = port(stick, MCS7780())
        let events = Mutex<[LightPortEvent]>([])
        _ = try await loop.flatSubmit { [loop] in
            port.open(on: loop) { event in events.withLock { $0.append(event) } }
        }.get()
        try await loop.submit { stick.unplug() }.get()
        try await waitUntil("the loss") {
            events.withLock { events in
                events.contains { event in
                    if case .lost(let error) = event { error.reason == "the adapter has been unplugged" } else { false }
                }
            }
        }
        try await loop.submit { stick.plugIn(MCS7780Model()) }.get()
        try await waitUntil("the return") {
            events.withLock { events in
                events.contains { event in
                    if case .back = event { true } else { false }
                }
            }
        }
        let frame = try #require(IrLAPFrame(bytes: [0xFF, 0x3F, 1, 2, 3]))
        try await loop.submit {
            port.transmit(LightTransmission([IrLAPTransmission(frame: frame, additionalBOFs: 10)]))
        }.get()
        try await waitUntil("a transmission") { events.withLock { $0.contains(.transmitted) } }
        try await loop.flatSubmit { port.close() }.get()
        try await loop.flatSubmit { port.close() }.get()
    }

    @Test func anAdapterThatIsNotThereCannotBeOpened() async throws {
        let stick = ModelledAdapter(MCS7780Model(), clock: clock)
        try await loop.submit { stick.unplug() }.get()
        let port = port(stick, MCS7780())
        let opening = loop.flatSubmit { [loop] in port.open(on: loop) { _ in } }
        await #expect(throws: SocketError.self) { try await opening.get() }
        try await loop.flatSubmit { port.close() }.get()
    }

    @Test func framesGoInTheFormThatTheAdapterTakes() throws {
        let frames = try [[0x55, 0x11, 0xC0, 0xC1, 0x7D], [0x54, 0x10, 0xFF]].map { bytes in
            IrLAPTransmission(frame: try #require(IrLAPFrame(bytes: bytes)), additionalBOFs: bytes.count)
        }
        #expect(
            LightFramer.light(frames, asFrames: true)
                == frames.map { .frame($0.frame.bytes, additionalBOFs: $0.additionalBOFs) })
        #expect(
            LightFramer.light(frames, asFrames: false)
                == frames.map { .characters(SIRFramer.encode($0.frame, additionalBOFs: $0.additionalBOFs)) })
        #expect(LightFramer.event(.frame([1, 2], additionalBOFs: 9)) == .receivedFrame([1, 2]))
        #expect(LightFramer.event(.characters([1, 2])) == .received([1, 2]))
    }
}
