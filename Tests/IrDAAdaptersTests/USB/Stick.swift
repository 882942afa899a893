import Testing

@testable import IrDAAdapters

/// An adapter and the models that it may meet.
struct Stick: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let adapter: any USBAdapter
    let model: any USBAdapterModel
    /// How many fillers a frame must have on the air that is sent with 12.
    let fillers: Int

    init(_ name: String, _ adapter: any USBAdapter, _ model: any USBAdapterModel, fillers: Int = 12) {
        testDescription = name
        self.fillers = fillers
        self.adapter = adapter
        self.model = model
    }

    /// Its fastest speed that has characters, before it has said anything itself.
    var fastestSIR: Int { adapter.rates.last { $0 <= 115_200 } ?? 9600 }

    private static func faults(_ change: (inout IrDABridgeModel.Faults) -> Void) -> IrDABridgeModel.Faults {
        var faults = IrDABridgeModel.Faults()
        change(&faults)
        return faults
    }

    static let all = [
        Stick("bridge", IrDABridge(), IrDABridgeModel()),
        Stick("bridge left at 115200", IrDABridge(), IrDABridgeModel(rate: 115_200)),
        Stick(
            "bridge that changes first", IrDABridge(),
            IrDABridgeModel(baudMask: 0x3F, faults: faults { $0.changesFirst = true })),
        Stick(
            "bridge with a standard descriptor", IrDABridge(interface: 2),
            IrDABridgeModel(baudMask: 0x3F, interface: 2, faults: faults { $0.hasStandardDescriptor = true })),
        Stick("bridge that needs many fillers", IrDABridge(needsManyFillers: true), IrDABridgeModel(), fillers: 48),
        Stick("MCS7780", MCS7780(), MCS7780Model()),
        Stick("STIr4200", STIr4200(), STIr4200Model()),
        Stick(
            "STIr4200 that counts wrong and hangs from before", STIr4200(), STIr4200Model(countError: 3, isStuck: true)),
        Stick("STIr4200 with its quirks", STIr4200(receivesFast: false, fillsWithFlags: true), STIr4200Model()),
        Stick("MCS7784", MCS7784(), MCS7784Model()),
        Stick("MCS7784 with an open divisor", MCS7784(), MCS7784Model(isDivisorOpen: true, divisor: 1)),
        Stick(
            "MCS7784 that needs its modem lines", MCS7784(raisesModemLines: true), MCS7784Model(needsModemLines: true)),
        Stick("STIr421x", STIr421x(firmware: firmware), STIr421xModel(image: firmwareImage)),
        Stick(
            "STIr4220", STIr421x(firmware: firmware, waitsLong: true),
            STIr421xModel(image: firmwareImage, baudMask: 0x03FF)),
        Stick("KS-959", KS959(), KS959Model()),
        Stick("KS-959 that counts from before", KS959(), KS959Model(counter: 201, stale: [0x00])),
        Stick("KS-959 in small answers", KS959(), KS959Model(counter: 90, mostBytes: 3)),
        Stick("KS-959 that takes a speed", KS959(speed: .endpoint), KS959Model(speedRequest: .endpoint)),
        Stick("SF-620", SF620(), SF620Model()),
        Stick("SF-620 that takes a speed", SF620(speed: .device), SF620Model(rate: 57600, speedRequest: .device)),
        Stick("DS-620", DS620(), DS620Model()),
        Stick("DS-620 that repeats", DS620(dropsRepetitions: true), DS620Model(reportSize: 5, repetitions: 2)),
    ]

    /// Three pieces, the last of which fills its packets.
    static let firmwareImage = (0..<(1023 * 2 + 128)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    /// A file with it, for release 1001; nil only if the reader is broken, which other tests show.
    static let firmware = try? STIr421xFirmware(firmwareFile())

    static func firmwareFile(version: String = "001.000.01") -> [UInt8] {
        Array("Product Version: \(version)\r\n(no real firmware)\r\n".utf8) + [0x1A] + Array("STMP".utf8)
            + firmwareImage
    }

    /// A frame as the adapter takes it, and as it must be on the air.
    static func light(_ frame: [UInt8], rate: Int, asFrame: Bool, fillers: Int = 12) -> (
        given: AdapterLight, seen: AdapterLight
    ) {
        let characters = AdapterLight.characters(SIRAir.encode(frame, fillers: fillers))
        if rate > 115_200 { return (.frame(frame, additionalBOFs: 0), .frame(frame, additionalBOFs: 0)) }
        return (asFrame ? .frame(frame, additionalBOFs: 12) : characters, characters)
    }

    func light(_ frame: [UInt8], rate: Int, asFrame: Bool) -> (given: AdapterLight, seen: AdapterLight) {
        Self.light(frame, rate: rate, asFrame: asFrame, fillers: fillers)
    }
}
