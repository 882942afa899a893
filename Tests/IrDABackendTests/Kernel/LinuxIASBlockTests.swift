import SocketBackends
import Testing

@testable import IrDABackend

/// `irda_ias_set`, byte for byte.
struct LinuxIASBlockTests {
    private static let empty = LinuxIASBlock(
        className: Array("Device".utf8), attribute: Array("DeviceName".utf8), device: 0x9ABC_DEF1)

    @Test func putsNamesAndDeviceInTheirPlaces() {
        let bytes = Self.empty.bytes
        #expect(bytes.count == 1356)
        #expect(Array(bytes[0..<7]) == Array("Device".utf8) + [0])
        #expect(Array(bytes[64..<75]) == Array("DeviceName".utf8) + [0])
        #expect(Array(bytes[1352...]) == [0xF1, 0xDE, 0xBC, 0x9A])
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let value: IASAnswer
        /// The bytes from the type on.
        let bytes: [UInt8]
        var testDescription: String { "\(value)" }
    }

    static let rows = [
        Row(value: .noSuchAttribute, bytes: [0, 0, 0, 0]),
        Row(value: .integer(0x0102_0304), bytes: [1, 0, 0, 0, 4, 3, 2, 1]),
        Row(value: .integer(-1), bytes: [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]),
        Row(value: .octets([0xAA, 0xBB, 0xCC]), bytes: [2, 0, 0, 0, 3, 0, 0xAA, 0xBB, 0xCC]),
        Row(
            value: .octets([UInt8](repeating: 7, count: 1024)),
            bytes: [2, 0, 0, 0, 0, 4] + [UInt8](repeating: 7, count: 1024)),
        Row(value: .string([0x48, 0x69], characterSet: 5), bytes: [3, 0, 0, 0, 2, 5, 0x48, 0x69, 0]),
        Row(
            value: .string([UInt8](repeating: 0x41, count: 255), characterSet: 0),
            bytes: [3, 0, 0, 0, 255, 0] + [UInt8](repeating: 0x41, count: 255) + [0]),
    ]

    @Test(arguments: rows) func writesValues(_ row: Row) {
        var block = Self.empty
        block.setValue(row.value)
        #expect(Array(block.bytes[320..<320 + row.bytes.count]) == row.bytes)
        #expect(block.bytes.count == 1356)
        #expect(block.className == Self.empty.className)
        #expect(block.device == Self.empty.device)
    }

    @Test(arguments: rows) func readsValues(_ row: Row) throws {
        var bytes = Self.empty.bytes
        bytes.replaceSubrange(320..<320 + row.bytes.count, with: row.bytes)
        #expect(try #require(LinuxIASBlock(bytes: bytes)).value == row.value)
    }

    @Test(arguments: [0, 1352, 1355, 1357]) func refusesAnyOtherLength(_ length: Int) {
        #expect(LinuxIASBlock(bytes: [UInt8](repeating: 0, count: length)) == nil)
    }

    @Test func refusesTypesAndLengthsThatDoNotExist() throws {
        for type: UInt8 in [4, 16, 255] {
            var bytes = Self.empty.bytes
            bytes[320] = type
            #expect(try #require(LinuxIASBlock(bytes: bytes)).value == nil)
        }
        var bytes = Self.empty.bytes
        bytes.replaceSubrange(320..<326, with: [2, 0, 0, 0, 0x01, 0x04])  // 1025 octets
        #expect(try #require(LinuxIASBlock(bytes: bytes)).value == nil)
    }

    @Test func cutsWhatIsTooLong() {
        let long = [UInt8](repeating: 0x41, count: 2000)
        var block = LinuxIASBlock(className: long, attribute: long)
        #expect(block.className.count == 63)
        #expect(block.attribute.count == 255)
        block.setValue(.octets(long))
        #expect(block.value == .octets(Array(long.prefix(1024))))
        block.setValue(.string(long, characterSet: 0))
        #expect(block.value == .string(Array(long.prefix(255)), characterSet: 0))
        #expect(block.bytes.count == 1356)
    }

    /// Whatever is in the block, reading it ends, and writing an answer into it keeps the size.
    @Test(arguments: 0..<20 as Range<UInt64>) func isTotal(_ seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        for _ in 0..<50 {
            let bytes = (0..<1356).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            var bytesOfKnownType = bytes
            bytesOfKnownType.replaceSubrange(320..<324, with: [bytes[0] % 5, 0, 0, 0])
            for candidate in [bytes, bytesOfKnownType] {
                var block = try #require(LinuxIASBlock(bytes: candidate), "seed \(seed)")
                _ = (block.className, block.attribute, block.device)
                if let value = block.value {
                    block.setValue(value)
                    #expect(block.value == value, "seed \(seed)")
                }
            }
        }
    }
}
