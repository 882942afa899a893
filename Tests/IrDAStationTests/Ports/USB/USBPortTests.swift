import IrDAAdapters
import IrDAProtocol
import NIOCore
import NIOPosix
import SocketBackends
import Synchronization
import Testing

@testable import IrDAStation

/// The real port code, with the hardware of USB adapters modelled behind it.
@Suite struct USBPortTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    struct Pair: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let desk: (any USBAdapter, any USBAdapterModel)
        let phone: (any USBAdapter, any USBAdapterModel)
        var rates: Set<Int> = [9600, 115_200]
    }

    static let pairs = [
        Pair(
            testDescription: "a bridge and an MCS7780", desk: (IrDABridge(), IrDABridgeModel()),
            phone: (MCS7780(), MCS7780Model())),
        Pair(
            testDescription: "an STIr4200 and a bridge", desk: (STIr4200(), STIr4200Model()),
            phone: (IrDABridge(), IrDABridgeModel())),
        Pair(
            testDescription: "an MCS7780 and an STIr4200", desk: (MCS7780(), MCS7780Model()),
            phone: (STIr4200(), STIr4200Model())),
        Pair(
            testDescription: "an MCS7784 and an STIr421x", desk: (MCS7784(), MCS7784Model()),
            phone: (STIr421x(firmware: Firmware.parsed), STIr421xModel(image: Firmware.image))),
        // The one counts on from before, the other repeats what it has heard.
        Pair(
            testDescription: "a KS-959 and a DS-620", desk: (KS959(), KS959Model(counter: 123)),
            phone: (DS620(), DS620Model()), rates: [9600]),
        Pair(
            testDescription: "an MCS7780 and an SF-620", desk: (MCS7780(), MCS7780Model()),
            phone: (SF620(), SF620Model()), rates: [9600]),
    ]

    @Test(arguments: pairs)
    func twoStationsWithDifferentAdaptersTalk(_ pair: Pair) async throws {
        let desk = ModelledAdapter(pair.desk.1, path: pair.desk.0.dataPath)
        let phone = ModelledAdapter(pair.phone.1, path: pair.phone.0.dataPath)
        let rates = Mutex<Set<Int>>([])
        desk.onLight { [weak phone] light in
            rates.withLock { _ = $0.insert(light.rate) }
            phone?.shine(light)
        }
        phone.onLight { [weak desk] in desk?.shine($0) }
        let loop = loop
        try await onThread {
            try TwoStations.talk(
                TwoStations.station(
                    "Desk", 0x1234_5678,
                    on: USBPort(ModelledAdapterSource(model: desk, adapter: pair.desk.0), on: loop)),
                TwoStations.station(
                    "Phone", TwoStations.phoneAddress,
                    on: USBPort(ModelledAdapterSource(model: phone, adapter: pair.phone.0), on: loop)))
        }
        #expect(rates.withLock { $0 } == pair.rates)
    }

    @Test func anAdapterThatIsUnpluggedComesBack() async throws {
        let stick = ModelledAdapter(MCS7780Model())
        let port = USBPort(ModelledAdapterSource(model: stick, adapter: MCS7780()), on: loop)
        let events = Mutex<[LightPortEvent]>([])
        try await loop.flatSubmit { [loop] in
            port.open(on: loop) { event in events.withLock { $0.append(event) } }
        }.get()
        stick.unplug()
        try await waitUntil("the loss") {
            events.withLock { events in
                events.contains { event in
                    if case .lost(let error) = event { error.reason == "the adapter has been unplugged" } else { false }
                }
            }
        }
        stick.plugIn(MCS7780Model())
        try await waitUntil("the return") { events.withLock { $0.contains(.back) } }
        let frame = SIRFramer.encode([0xFF, 0x3F, 1, 2, 3], additionalBOFs: 10)
        try await loop.submit { port.transmit(frame) }.get()
        try await waitUntil("a transmission") { events.withLock { $0.contains(.transmitted) } }
        try await loop.flatSubmit { port.close() }.get()
        try await loop.flatSubmit { port.close() }.get()
    }

    @Test func anAdapterThatIsNotThereCannotBeOpened() async throws {
        let stick = ModelledAdapter(MCS7780Model())
        stick.unplug()
        let port = USBPort(ModelledAdapterSource(model: stick, adapter: MCS7780()), on: loop)
        let opening = loop.flatSubmit { [loop] in port.open(on: loop) { _ in } }
        await #expect(throws: SocketError.self) { try await opening.get() }
        try await loop.flatSubmit { port.close() }.get()
    }

    @Test func aTransmissionIsTakenApartIntoFrames() {
        let frames: [[UInt8]] = [[0x55, 0x11, 0xC0, 0xC1, 0x7D], [0x54, 0x10, 0xFF]]
        let bytes = SIRFramer.encode(frames[0], additionalBOFs: 10) + SIRFramer.encode(frames[1], additionalBOFs: 3)
        #expect(
            LightFramer.light(bytes, asFrames: true) == [
                .frame(frames[0], additionalBOFs: 10), .frame(frames[1], additionalBOFs: 3),
            ])
        #expect(
            LightFramer.light(bytes, asFrames: false)
                == frames.enumerated().map {
                    .characters(SIRFramer.encode($0.element, additionalBOFs: $0.offset == 0 ? 10 : 3))
                })
        #expect(LightFramer.light([0xFF, 0xFF], asFrames: true) == [])
        #expect(
            LightFramer.characters(.frame([1, 2], additionalBOFs: 9)) == SIRFramer.encode([1, 2], additionalBOFs: 0))
    }
}
