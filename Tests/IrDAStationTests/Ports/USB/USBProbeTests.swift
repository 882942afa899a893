import FoundationEssentials
import IrDAAdapters
import IrDAProtocol
import NIOCore
import NIOPosix
import SocketBackends
import Testing

@testable import IrDAStation

/// What the trial of an adapter sees, and what a report says of it.
@Suite struct USBProbeTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let clock: ModelledClock

    init() throws {
        clock = try ModelledClock(on: loop)
    }

    private func probe(_ stick: ModelledAdapter, _ adapter: any USBAdapter) async -> USBProbe.Finding {
        await USBProbe(ModelledAdapterSource(model: stick, adapter: adapter), on: loop, clock: clock).run()
    }

    @Test(arguments: USBAdapterExample.all.map { Equipment(example: $0) })
    func anAdapterThatWorksHasSentAtAllItsSpeeds(_ equipment: Equipment) async throws {
        let example = try #require(equipment.example)
        let stick = ModelledAdapter(example.model, path: example.adapter.dataPath, clock: clock)
        stick.onLight { [weak stick] light in
            // A device answers the frame that ends the discovery, or the one before; it does not matter which.
            guard light.rate == 9600 else { return }
            let answer = XIDFrame(
                isResponse: true, source: DeviceAddress(rawValue: 0x1234_5678), destination: .broadcast,
                slotCount: .one, slot: .number(0), info: DeviceInfo(name: "Watch", hints: []).bytes)
            stick?.shine(
                AirLight(
                    .characters(SIRFramer.encode(answer.frame.bytes, additionalBOFs: 3)), rate: 9600,
                    start: light.end + .milliseconds(60)))
        }
        let finding = await probe(stick, example.adapter)
        #expect(finding.failure == nil)
        #expect(
            finding.sentAt == finding.rates && finding.rates == equipment.capabilities.rates.rates.map(\.bitsPerSecond))
        #expect(finding.devices == ["Watch (0x12345678)"])
        #expect(finding.steps.contains { $0.what.contains("bytes: ") && $0.outcome == "done" })
        #expect(!finding.steps.contains { $0.outcome.contains("57 61 74 63 68") }, "what others are called is not kept")
    }

    @Test func whereAnAdapterStopsIsSaid() async throws {
        var faults = IrDABridgeModel.Faults()
        faults.hasNoDescriptor = true
        let stick = ModelledAdapter(IrDABridgeModel(faults: faults), clock: clock)
        let finding = await probe(stick, IrDABridge())
        #expect(finding.failure == "the adapter did not take part when it was to say what it can do")
        #expect(finding.rates == [] && finding.sentAt == [])
        #expect(
            finding.steps.map { "\($0.what): \($0.outcome)" } == [
                "control A1 06 0000 0000 length 12: stalled", "control 81 06 2100 0000 length 12: stalled",
            ])
    }

    @Test func anAdapterThatIsUnpluggedMeanwhileIsSaid() async throws {
        let stick = ModelledAdapter(MCS7780Model(), clock: clock)
        stick.unplug(after: 25)
        let finding = await probe(stick, MCS7780())
        #expect(finding.failure == "the adapter has been unplugged")
        #expect(finding.steps.contains { $0.outcome == "gone" })
    }

    @Test func aReportHasTheDescriptorsAndNothingThatIsOnlyThisDevices() throws {
        let device = "bus/usb/devices/1-1"
        let tree = try FileTree([
            "\(device)/idVendor": "9710\n", "\(device)/idProduct": "7780\n", "\(device)/speed": "12\n",
            "\(device)/serial": "SN-4711\n", "\(device)/product": "Anna's stick\n",
            "\(device)/descriptors": "\u{12}\u{01}\u{10}\u{01}" + String(repeating: "\0", count: 14)
                + "\u{09}\u{02}\u{09}\0\u{01}\u{01}\0\0\u{32}\u{09}",
            "bus/usb/devices/1-1:1.0/bInterfaceClass": "ff",
        ])
        let description = try #require(USBDescription(place: "1-1", sysfs: tree.path))
        #expect(description.numbers == "9710:7780" && description.kind == "mcs7780" && description.speed == "12")
        #expect(description.drivers == ["none"])
        #expect(description.descriptors.count == 3)
        #expect(description.descriptors[0].hasPrefix("12 01 10 01 00"))
        #expect(Array(description.descriptors.dropFirst()) == ["09 02 09 00 01 01 00 00 32", "09"])
        let text = String(decoding: try JSONEncoder().encode(description), as: UTF8.self)
        #expect(!text.contains("4711") && !text.contains("Anna") && !text.contains("1-1"))
        #expect(USBDescription(place: "1-2", sysfs: tree.path) == nil)
    }
}
