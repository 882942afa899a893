import Glibc
import Testing

@testable import IrDAAdapters

/// Which adapter is of which kind, and what their owners can say of them.
@Suite struct USBAdapterKindTests {
    @Test(arguments: [
        (0x9710, 0x7780, "mcs7780"), (0x9710, 0x7784, "mcs7784"), (0x066F, 0x4200, "stir4200"),
        (0x066F, 0x4210, "stir421x"), (0x066F, 0x4220, "stir421x"), (0x066F, 0x4116, "stir421x"),
        (0x07D0, 0x4959, "ks959"), (0x07D0, 0x4100, "sf620"), (0x07C0, 0x4200, "ds620"),
        (0x050F, 0x0180, "early-bridge"),
        (0x18EC, 0x3118, "ark3116t"), (0x0DF7, 0x0620, "ma620"),
    ])
    func kindsAreKnownByTheirNumbers(vendor: UInt16, product: UInt16, name: String) {
        // An STIr421x says that it is a bridge, and is none.
        #expect(USBAdapterKind.kind(vendor: vendor, product: product, classes: [.irdaBridge])?.name == name)
        #expect(USBAdapterKind.kind(vendor: 1, product: 2, classes: [.irdaBridge])?.name == "bridge")
        #expect(USBAdapterKind.kind(vendor: 1, product: 2, classes: []) == nil)
    }

    @Test func anMCS7703IsAnAdapterOnlyIfItsInterfaceIsItsMakersOwn() {
        let own = USBAdapterKind.InterfaceClass(base: 0xFF, sub: 0, proto: 0xFF)
        let serial = USBAdapterKind.InterfaceClass(base: 0x02, sub: 2, proto: 1)
        #expect(USBAdapterKind.kind(vendor: 0x9710, product: 0x7703, classes: [own])?.name == "mcs7784")
        #expect(USBAdapterKind.kind(vendor: 0x9710, product: 0x7703, classes: [serial]) == nil)
    }

    @Test func eachKindHasAMachineOrAKernelDriver() {
        for kind in USBAdapterKind.all {
            #expect(kind.isDriven == (kind.kernelDriver == nil), "\(kind.name)")
            #expect((kind.make == nil) == (!kind.isDriven || kind.needsFirmware), "\(kind.name)")
        }
        #expect(Set(USBAdapterKind.all.map(\.name)).count == USBAdapterKind.all.count)
    }

    /// Adapters that the udev rules name, as numbers of vendor and product: as USB devices, and as serial ports behind one.
    private func numbersInRules(
        file: String = #filePath
    ) throws -> (devices: Set<UInt32>, ports: Set<UInt32>) {
        let root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        let rules = try #require(fopen("\(root)/packaging/70-irsock.rules", "r"))
        defer { fclose(rules) }
        var numbers: (devices: Set<UInt32>, ports: Set<UInt32>) = ([], [])
        var line = [CChar](repeating: 0, count: 1024)
        while fgets(&line, CInt(line.count), rules) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            guard let match = text.firstMatch(of: /^ATTR(S?){idVendor}=="(\w{4})".*idProduct}=="(\w{4})"/) else {
                continue
            }
            let number = try #require(UInt32(match.2 + match.3, radix: 16))
            if match.1.isEmpty { numbers.devices.insert(number) } else { numbers.ports.insert(number) }
        }
        return numbers
    }

    @Test func usersMayUseWhatIsDriven() throws {
        let numbers = try numbersInRules()
        let driven = USBAdapterKind.all.filter(\.isDriven)
        #expect(numbers.devices == driven.reduce(into: Set()) { $0.formUnion($1.ids.union($1.vendorClassIDs)) })
        let serial = USBAdapterKind.all.filter { !$0.isDriven }
        #expect(numbers.ports.isSuperset(of: serial.reduce(into: Set()) { $0.formUnion($1.ids) }))
    }

    // MARK: Quirks

    private static let quirks = USBAdapterKind.all.flatMap { kind in kind.quirks.map { (kind.name, $0.name) } }

    /// What a driver sends and hears, with everything that quirks are about in it.
    private func conduct(_ kind: USBAdapterKind, quirks: [String]) throws -> [String] {
        let options = USBAdapterOptions(quirks: quirks, firmware: kind.needsFirmware ? Stick.firmware : nil)
        let adapter = try kind.adapter(options: options)
        let repetitions = 1
        let models: [String: any USBAdapterModel] = [
            "mcs7784": MCS7784Model(), "stir4200": STIr4200Model(),
            "stir421x": STIr421xModel(image: Stick.firmwareImage), "ks959": KS959Model(), "sf620": SF620Model(),
            "ds620": DS620Model(reportSize: 5, repetitions: repetitions), "bridge": IrDABridgeModel(),
            "early-bridge": IrDABridgeModel.early,
        ]
        var run = USBRun.opened(adapter, try #require(models[kind.name]))
        for rate in [9600, run.driver.rates.last ?? 9600] where !run.isOver {
            run.setRate(rate)
            let (given, seen) = Stick.light([1, 2, 3, 4, 5], rate: rate, asFrame: run.driver.takesFrames)
            _ = run.send([given])
            _ = run.hear(seen, rate: rate, orUntil: .milliseconds(200))
        }
        return run.bench.log.text + ["\(run.driver.rates)", "\(run.received)", "\(String(describing: run.problem))"]
    }

    @Test(arguments: quirks)
    func noQuirkIsAcceptedAndIgnored(kind name: String, quirk: String) throws {
        let kind = try #require(USBAdapterKind.all.first { $0.name == name })
        #expect(try conduct(kind, quirks: [quirk]) != conduct(kind, quirks: []))
    }

    @Test func aQuirkThatAnAdapterDoesNotHaveIsSaidWithThoseThatItHas() throws {
        let kinds = Dictionary(uniqueKeysWithValues: USBAdapterKind.all.map { ($0.name, $0) })
        func error(_ kind: String, _ options: USBAdapterOptions) throws -> String? {
            let kind = try #require(kinds[kind])
            return #expect(throws: USBAdapterOptionError.self) { try kind.adapter(options: options) }?.description
        }
        #expect(
            try error("stir4200", USBAdapterOptions(quirks: ["modem-lines"]))
                == "a SigmaTel STIr4200 stick has no quirk 'modem-lines'; it has: slow-receive, fir-flags")
        #expect(
            try error("mcs7780", USBAdapterOptions(quirks: ["x"]))
                == "a MosChip MCS7780 stick has no quirk 'x', and no others")
        #expect(
            try error("mcs7784", USBAdapterOptions(quirks: ["modem-lines", "modem-lines"]))
                == "the quirk 'modem-lines' is given twice")
        #expect(
            try error("sf620", USBAdapterOptions(quirks: ["speed-device", "speed-other"]))
                == "'speed-device' and 'speed-other' exclude each other")
        #expect(
            try error("mcs7780", USBAdapterOptions(firmware: Stick.firmware))
                == "a MosChip MCS7780 stick takes no firmware")
        #expect(
            try error("stir421x", USBAdapterOptions())
                == "a SigmaTel STIr4210, 4220 or 4116 stick needs its firmware")
        #expect(
            try error("ma620", USBAdapterOptions())
                == "a Mobile Action MA-620 is used through the serial port that the kernel makes of it")
    }

    @Test func helpListsEveryQuirk() {
        for kind in USBAdapterKind.all where kind.isDriven {
            #expect(USBAdapterKind.help.contains("  \(kind.name) "))
            for quirk in kind.quirks { #expect(USBAdapterKind.help.contains("quirk=\(quirk.name): ")) }
        }
        #expect(USBAdapterKind.help.contains("firmware=FILE"))
    }
}
