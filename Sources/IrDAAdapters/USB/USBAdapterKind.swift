/// A kind of USB infrared adapter, as it can be told from what a device says of itself.
public struct USBAdapterKind: Sendable {
    /// The class of an interface: class, subclass and protocol.
    public struct InterfaceClass: Hashable, Sendable {
        /// The class.
        public let base: UInt8
        /// The subclass.
        public let sub: UInt8
        /// The protocol.
        public let proto: UInt8

        /// Makes a class.
        public init(base: UInt8, sub: UInt8, proto: UInt8) {
            self.base = base
            self.sub = sub
            self.proto = proto
        }

        /// The USB IrDA Bridge class.
        public static let irdaBridge = InterfaceClass(base: 0xFE, sub: 0x02, proto: 0x00)
    }

    /// A short name: `mcs7780`.
    public let name: String
    /// What it is.
    public let summary: String
    /// Makes its machine, for an interface; nil if IrSock cannot drive it.
    public let make: (@Sendable (_ interface: UInt8) -> any USBAdapter)?
    /// What the owner should know, or do, as a sentence.
    public let advice: String
    private let ids: Set<UInt32>
    private let interfaceClass: InterfaceClass?

    private init(
        _ name: String, _ summary: String, ids: [UInt32], interfaceClass: InterfaceClass? = nil,
        make: (@Sendable (UInt8) -> any USBAdapter)? = nil, advice: String = ""
    ) {
        self.name = name
        self.summary = summary
        self.ids = Set(ids)
        self.interfaceClass = interfaceClass
        self.make = make
        self.advice = advice
    }

    /// All kinds; an earlier one counts before a later one.
    public static let all: [USBAdapterKind] = [
        USBAdapterKind("mcs7780", "MosChip MCS7780 stick", ids: [0x9710_7780], make: { _ in MCS7780() }),
        USBAdapterKind("stir4200", "SigmaTel STIr4200 stick", ids: [0x066F_4200], make: { _ in STIr4200() }),
        USBAdapterKind(
            "stir421x", "SigmaTel STIr4210, 4220 or 4116 stick", ids: [0x066F_4210, 0x066F_4220, 0x066F_4116],
            advice: "It needs firmware, which IrSock cannot load yet."),
        USBAdapterKind(
            "mcs7784", "MosChip MCS7784 stick", ids: [0x9710_7784], advice: "IrSock has no driver for it yet."),
        USBAdapterKind("ks959", "KingSun KS-959", ids: [0x07D0_4959], advice: "IrSock has no driver for it; avoid it."),
        USBAdapterKind("sf620", "KingSun SF-620", ids: [0x07D0_4100], advice: "IrSock has no driver for it; avoid it."),
        USBAdapterKind("ds620", "KingSun DS-620", ids: [0x07C0_4200], advice: "IrSock has no driver for it; avoid it."),
        USBAdapterKind(
            "early-bridge", "early USB IrDA bridge", ids: [0x09C4_0011, 0x4428_0012, 0x050F_0180, 0x08E9_0100],
            make: { IrDABridge(interface: $0, isEarly: true) }),
        USBAdapterKind(
            "bridge", "USB IrDA bridge", ids: [], interfaceClass: .irdaBridge, make: { IrDABridge(interface: $0) }),
    ]

    /// The kind of a device.
    ///
    /// - Parameters:
    ///   - vendor: its vendor's number.
    ///   - product: its product's number.
    ///   - classes: the classes of its interfaces.
    /// - Returns: nil if it is no infrared adapter that is known.
    public static func kind(vendor: UInt16, product: UInt16, classes: some Sequence<InterfaceClass>) -> USBAdapterKind?
    {
        let id = UInt32(vendor) << 16 | UInt32(product)
        let classes = Set(classes)
        return all.first { kind in
            kind.ids.contains(id) || kind.interfaceClass.map(classes.contains) == true
        }
    }
}
