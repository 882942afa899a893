import IrDAAdapters
import Testing

/// What a device says of its endpoints.
@Suite struct USBDataEndpointsTests {
    private static let configuration: [UInt8] = [9, 2, 48, 0, 1, 1, 0, 0x80, 50]
    private static let other: [UInt8] = [9, 4, 0, 0, 1, 3, 1, 2, 0, 7, 5, 0x81, 3, 8, 0, 10]
    private static let data: [UInt8] = [
        9, 4, 2, 0, 3, 0xFE, 2, 0, 0, 12, 0x21, 0, 1, 0x3F, 1, 7, 0x3F, 0, 0x80, 0, 0, 7, 5, 0x83, 3, 8, 0, 10,
        7, 5, 0x02, 2, 64, 0, 0, 7, 5, 0x81, 2, 64, 0, 0,
    ]

    @Test func theFirstInterfaceWithBothDirectionsIsTaken() throws {
        let found = try #require(USBDataEndpoints(configuration: Self.configuration + Self.other + Self.data))
        #expect(found.interface == 2 && found.input == 0x81 && found.output == 0x02 && found.packetSize == 64)
    }

    @Test func aDeviceWithoutThemIsNoAdapter() {
        #expect(USBDataEndpoints(configuration: []) == nil)
        #expect(USBDataEndpoints(configuration: Self.configuration + Self.other) == nil)
        #expect(USBDataEndpoints(configuration: Self.configuration + [0, 0, 0]) == nil)
        for count in 0..<Self.data.count {
            #expect(USBDataEndpoints(configuration: Self.configuration + Self.data.prefix(count)) == nil)
        }
    }

    @Test(arguments: 0..<20)
    func anythingIsRead(seed: UInt64) {
        var random = Seeded(seed)
        for _ in 0..<200 {
            var bytes = Self.configuration + Self.other + Self.data
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let found = USBDataEndpoints(configuration: bytes) { #expect(found.packetSize > 0) }
            _ = USBDataEndpoints(configuration: random.bytes(0...64))
        }
    }

    @Test(arguments: [
        (0x9710, 0x7780, "mcs7780"), (0x066F, 0x4200, "stir4200"), (0x066F, 0x4210, "stir421x"),
        (0x050F, 0x0180, "early-bridge"),
    ])
    func kindsAreKnownByTheirNumbers(vendor: UInt16, product: UInt16, name: String) {
        // An STIr421x says that it is a bridge, and is none.
        #expect(USBAdapterKind.kind(vendor: vendor, product: product, classes: [.irdaBridge])?.name == name)
        #expect(USBAdapterKind.kind(vendor: 1, product: 2, classes: [.irdaBridge])?.name == "bridge")
        #expect(USBAdapterKind.kind(vendor: 1, product: 2, classes: []) == nil)
    }
}
