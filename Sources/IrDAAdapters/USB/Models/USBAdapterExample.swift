/// An adapter with its hardware, for who wants one of each kind: tests, and measurements.
public struct USBAdapterExample: Sendable {
    /// The name of its kind.
    public let kind: String
    /// Its machine.
    public let adapter: any USBAdapter
    /// Its hardware, as it comes from the shop.
    public let model: any USBAdapterModel

    /// One of each kind that can be driven; a new kind joins here, and is then tested and measured like the others.
    public static let all = [
        USBAdapterExample(kind: "mcs7780", adapter: MCS7780(), model: MCS7780Model()),
        USBAdapterExample(kind: "stir4200", adapter: STIr4200(), model: STIr4200Model()),
        USBAdapterExample(kind: "early-bridge", adapter: IrDABridge(isEarly: true), model: IrDABridgeModel.early),
        USBAdapterExample(kind: "bridge", adapter: IrDABridge(), model: IrDABridgeModel()),
    ]
}
