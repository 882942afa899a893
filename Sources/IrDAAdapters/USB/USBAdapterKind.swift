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
        /// The class of interfaces that only their maker knows.
        static let vendorBase: UInt8 = 0xFF
    }

    /// A short name: `mcs7780`.
    public let name: String
    /// What it is.
    public let summary: String
    /// What its owner can switch.
    public let quirks: [USBQuirk]
    /// Whether its owner must give its firmware.
    public let needsFirmware: Bool
    /// The kernel's driver that makes a serial port of it, which is the way to use it; nil if it is driven here.
    public let kernelDriver: String?
    /// What is particular about it, as a sentence; empty if nothing is.
    public let remark: String
    /// Its vendors' and products' numbers, the vendor's in the high half.
    let ids: Set<UInt32>
    /// Numbers that count only if there is an interface of the maker's own class: other devices have them too.
    let vendorClassIDs: Set<UInt32>
    private let interfaceClass: InterfaceClass?
    private let machine: (@Sendable (_ interface: UInt8, _ options: USBAdapterOptions) -> any USBAdapter)?

    init(
        _ name: String, _ summary: String, ids: [UInt32], vendorClassIDs: [UInt32] = [],
        interfaceClass: InterfaceClass? = nil, quirks: [USBQuirk] = [], needsFirmware: Bool = false,
        kernelDriver: String? = nil, remark: String = "",
        machine: (@Sendable (UInt8, USBAdapterOptions) -> any USBAdapter)? = nil
    ) {
        self.name = name
        self.summary = summary
        self.quirks = quirks
        self.needsFirmware = needsFirmware
        self.kernelDriver = kernelDriver
        self.remark = remark
        self.ids = Set(ids)
        self.vendorClassIDs = Set(vendorClassIDs)
        self.interfaceClass = interfaceClass
        self.machine = machine
    }

    /// Whether it is driven here, and not through a serial port of the kernel's.
    public var isDriven: Bool { machine != nil }

    /// Makes its machine, for an interface; nil if that takes more than the adapter itself.
    public var make: (@Sendable (_ interface: UInt8) -> any USBAdapter)? {
        guard let machine, !needsFirmware else { return nil }
        return { machine($0, USBAdapterOptions()) }
    }

    /// Makes its machine as its owner wants it.
    ///
    /// - Parameters:
    ///   - interface: the number of its interface.
    ///   - options: what its owner says.
    /// - Throws: what is wrong with the options, and what would be right.
    public func adapter(
        interface: UInt8 = 0, options: USBAdapterOptions
    ) throws(USBAdapterOptionError) -> any USBAdapter {
        guard let machine else {
            throw USBAdapterOptionError("a \(summary) is used through the serial port that the kernel makes of it")
        }
        for (place, quirk) in options.quirks.enumerated() {
            guard quirks.contains(where: { $0.name == quirk }) else {
                let names = quirks.map(\.name).joined(separator: ", ")
                throw USBAdapterOptionError(
                    "a \(summary) has no quirk '\(quirk)'" + (names.isEmpty ? ", and no others" : "; it has: \(names)"))
            }
            guard !options.quirks[..<place].contains(quirk) else {
                throw USBAdapterOptionError("the quirk '\(quirk)' is given twice")
            }
        }
        let speeds = options.quirks.filter { KingSunSpeedRequest(rawValue: $0) != nil }
        guard speeds.count <= 1 else {
            throw USBAdapterOptionError("'\(speeds.joined(separator: "' and '"))' exclude each other")
        }
        guard options.firmware == nil || needsFirmware else {
            throw USBAdapterOptionError("a \(summary) takes no firmware")
        }
        guard options.firmware != nil || !needsFirmware else {
            throw USBAdapterOptionError("a \(summary) needs its firmware")
        }
        return machine(interface, options)
    }

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
        let hasOwnClass = classes.contains { $0.base == InterfaceClass.vendorBase }
        // Some say that they are bridges, and are none: what is known by its numbers counts first.
        return all.first { $0.ids.contains(id) || (hasOwnClass && $0.vendorClassIDs.contains(id)) }
            ?? all.first { $0.interfaceClass.map(classes.contains) == true }
    }
}
