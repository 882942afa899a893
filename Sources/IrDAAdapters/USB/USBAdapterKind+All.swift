extension USBAdapterKind {
    /// All kinds.
    public static let all: [USBAdapterKind] = [
        USBAdapterKind("mcs7780", "MosChip MCS7780 stick", ids: [0x9710_7780]) { _, _ in MCS7780() },
        USBAdapterKind(
            "mcs7784", "MosChip MCS7784 stick", ids: [0x9710_7784], vendorClassIDs: [0x9710_7703],
            quirks: [
                USBQuirk("modem-lines", "raises the modem lines of its UART, for one that hears and gives no light")
            ],
            remark: "It does 115200 bit/s at most, whatever its box says."
        ) { _, options in MCS7784(raisesModemLines: options.has("modem-lines")) },
        USBAdapterKind(
            "stir4200", "SigmaTel STIr4200 stick", ids: [0x066F_4200],
            quirks: [
                USBQuirk("slow-receive", "leaves its fast receive mode off, for one that mixes up what it hears"),
                USBQuirk(
                    "fir-flags", "begins frames of 4 Mbit/s with 7E instead of 7F, for one that is not heard there"),
            ]
        ) { _, options in
            STIr4200(receivesFast: !options.has("slow-receive"), fillsWithFlags: options.has("fir-flags"))
        },
        USBAdapterKind(
            "stir421x", "SigmaTel STIr4210, 4220 or 4116 stick", ids: [0x066F_4210, 0x066F_4220, 0x066F_4116],
            quirks: [
                USBQuirk("long-turnaround", "tells it to wait 10 ms before each frame, for one that answers too soon")
            ],
            needsFirmware: true, remark: "It needs the maker's firmware each time that it is plugged in."
        ) { interface, options in
            STIr421x(
                interface: interface, firmware: options.firmware, waitsLong: options.has("long-turnaround"))
        },
        USBAdapterKind(
            "ks959", "KingSun KS-959", ids: [0x07D0_4959], quirks: speedRequests([.endpoint, .other, .index, .length]),
            remark: "It stays at 9600 bit/s, which is slow; buy another."
        ) { _, options in KS959(speed: options.speedRequest) },
        USBAdapterKind(
            "sf620", "KingSun SF-620", ids: [0x07D0_4100],
            quirks: speedRequests([.endpoint, .device, .other, .vendor, .index]),
            remark: "It stays at 9600 bit/s, which is slow; buy another."
        ) { _, options in SF620(speed: options.speedRequest) },
        USBAdapterKind(
            "ds620", "KingSun DS-620", ids: [0x07C0_4200],
            quirks: [
                USBQuirk(
                    "drop-repeats", "drops what it repeats within a frame, for one on which long frames are lost")
            ],
            remark: "It has 9600 bit/s only; buy another."
        ) { _, options in DS620(dropsRepetitions: options.has("drop-repeats")) },
        USBAdapterKind(
            "early-bridge", "early USB IrDA bridge", ids: [0x09C4_0011, 0x4428_0012, 0x050F_0180, 0x08E9_0100],
            quirks: [manyFillers]
        ) { interface, options in
            IrDABridge(interface: interface, isEarly: true, needsManyFillers: options.has("many-fillers"))
        },
        USBAdapterKind(
            "bridge", "USB IrDA bridge", ids: [], interfaceClass: .irdaBridge, quirks: [sirOnly, manyFillers]
        ) {
            interface, options in
            IrDABridge(
                interface: interface, isSIROnly: options.has("sir-only"),
                needsManyFillers: options.has("many-fillers"))
        },
        USBAdapterKind("ark3116t", "ARK3116T infrared adapter", ids: [0x18EC_3118], kernelDriver: "ark3116"),
        USBAdapterKind("ma620", "Mobile Action MA-620", ids: [0x0DF7_0620], kernelDriver: "pl2303"),
    ]

    private static let sirOnly = USBQuirk(
        "sir-only", "keeps it at 115200 bit/s and below, for one that fails at what it claims")
    private static let manyFillers = USBQuirk(
        "many-fillers", "puts 48 fillers before each frame, for one whose frames are not heard")

    /// Every form of the request for a speed that is not known to fail.
    private static func speedRequests(_ requests: [KingSunSpeedRequest]) -> [USBQuirk] {
        requests.map { request in
            USBQuirk(request.rawValue, "asks for speeds up to 57600 bit/s by a request \(request.words); untested")
        }
    }

    /// The list of kinds with their quirks, one a line, for `--help`.
    public static var help: String {
        let width = all.map(\.name.count).max() ?? 0
        return all.filter(\.isDriven).map { kind in
            let name = kind.name + String(repeating: " ", count: width - kind.name.count)
            let firmware =
                kind.needsFirmware ? ["firmware=FILE: the maker's firmware, if it is not in /lib/firmware"] : []
            let lines = firmware + kind.quirks.map { "quirk=\($0.name): \($0.summary)" }
            let indent = String(repeating: " ", count: width + 4)
            return "  \(name)  \(kind.summary)" + lines.map { "\n\(indent)\($0)" }.joined()
        }.joined(separator: "\n")
    }
}

extension KingSunSpeedRequest {
    /// What the request is addressed to, in words.
    fileprivate var words: String {
        switch self {
        case .endpoint: "to an endpoint"
        case .device: "to the device"
        case .other: "to something else"
        case .vendor: "of the maker's own"
        case .index: "with the interface in the other half of its index"
        case .length: "that is known by its length alone, and sent as light if it is not"
        }
    }
}
