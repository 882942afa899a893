/// An adapter with its hardware, for who wants one of each kind: tests, and measurements.
public struct USBAdapterExample: Sendable {
    /// The name of its kind.
    public let kind: String
    /// Its machine.
    public let adapter: any USBAdapter
    /// Its hardware, as it comes from the shop.
    public let model: any USBAdapterModel
    /// What part of the time of its light is left for frames when it sends, where the hardware itself takes some.
    public let lightShare: Double
    /// The same when it hears.
    public let hearingShare: Double

    private init(
        _ kind: String, _ adapter: any USBAdapter, _ model: any USBAdapterModel, lightShare: Double = 1,
        hearingShare: Double = 1
    ) {
        self.kind = kind
        self.adapter = adapter
        self.model = model
        self.lightShare = lightShare
        self.hearingShare = hearingShare
    }

    /// One of each kind that can be driven; a new kind joins here, and is then tested and measured like the others.
    public static let all = [
        USBAdapterExample("mcs7780", MCS7780(), MCS7780Model()),
        // Three bytes of 256 are escaped in its FIFO, and each byte of that takes its time on the air.
        USBAdapterExample("stir4200", STIr4200(), STIr4200Model(), lightShare: 1 / (1 + 3.0 / 256)),
        USBAdapterExample("early-bridge", IrDABridge(isEarly: true), IrDABridgeModel.early),
        USBAdapterExample("bridge", IrDABridge(), IrDABridgeModel()),
        USBAdapterExample(
            "stir421x", STIr421x(firmware: try? STIr421xFirmware(firmware)), STIr421xModel(image: firmwareImage)),
        USBAdapterExample("mcs7784", MCS7784(), MCS7784Model()),
        // It counts on from before.
        USBAdapterExample("ks959", KS959(), KS959Model(counter: 123)),
        // These hand on what they have heard when it has ended, a few characters a millisecond.
        USBAdapterExample("sf620", SF620(), SF620Model(), hearingShare: 1 / (1 + 0.96 / 8)),
        USBAdapterExample("ds620", DS620(), DS620Model(), hearingShare: 1 / (1 + 0.96 / 7)),
    ]

    /// Firmware that only a model runs.
    private static let firmwareImage: [UInt8] = (0..<1500).map { UInt8(1 + $0 % 127) }
    private static let firmware = Array("Product Version: 001.000.01\u{1A}STMP".utf8) + firmwareImage
}
