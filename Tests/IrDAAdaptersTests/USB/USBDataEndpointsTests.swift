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
            for path in [USBDataPath.bulk, .interrupt, .control(reading: USBSetup(0xA1, 1))] {
                if let found = USBDataEndpoints(configuration: bytes, path: path) {
                    #expect(found.packetSize > 0 && found.inputPacketSize > 0)
                }
                _ = USBDataEndpoints(configuration: random.bytes(0...64), path: path)
            }
        }
    }

    @Test func endpointsAreOfTheKindThatIsNeeded() throws {
        let interrupt: [UInt8] = [9, 4, 1, 0, 2, 0xFF, 0, 0, 0, 7, 5, 0x81, 3, 16, 0, 10, 7, 5, 0x02, 3, 8, 0, 10]
        let both = Self.configuration + Self.data + interrupt
        let found = try #require(USBDataEndpoints(configuration: both, path: .interrupt))
        #expect(found.interface == 1 && found.input == 0x81 && found.output == 0x02)
        #expect(found.inputPacketSize == 16 && found.packetSize == 8)
        #expect(USBDataEndpoints(configuration: both)?.interface == 2)
        #expect(USBDataEndpoints(configuration: Self.configuration + interrupt) == nil)
        #expect(USBDataEndpoints(configuration: Self.configuration + Self.data, path: .interrupt) == nil)
    }

    @Test func controlTransfersNeedNoEndpoint() throws {
        let path = USBDataPath.control(reading: USBSetup(0xA1, 1))
        let found = try #require(USBDataEndpoints(configuration: Self.configuration + Self.other, path: path))
        #expect(found.interface == 0 && found.input == 0 && found.output == 0)
        #expect(USBDataEndpoints(configuration: Self.configuration, path: path) == nil)
    }
}
