import SocketBackends
import Testing

@testable import IrDABackend

/// `irda_device_list`, byte for byte.
struct LinuxDeviceListTests {
    private static func entry(_ number: UInt32) -> LinuxDeviceList.Entry {
        LinuxDeviceList.Entry(
            station: 0x0102_0304,
            device: IrDADevice(
                id: IrDADeviceID(rawValue: 0x9ABC_DE00 + number), hints: 0x2011, characterSet: 5,
                rawName: Array("Phone".utf8)))
    }

    @Test func writesOneDevice() throws {
        let bytes = try #require(LinuxDeviceList.bytes([Self.entry(1)], room: 40))
        var expected: [UInt8] = [1, 0, 0, 0]
        expected += [0x04, 0x03, 0x02, 0x01, 0x01, 0xDE, 0xBC, 0x9A]
        expected += Array("Phone".utf8) + [UInt8](repeating: 0, count: 17)
        expected += [5, 0x11, 0x20, 0, 0, 0]
        #expect(bytes == expected)
    }

    /// What programs ask for: OpenOBEX 20 and one, others 10 or 16.
    @Test(arguments: [
        (4 + 10 * 36, 3), (4 + 16 * 36, 3), (4 + 21 * 36, 3), (4 + 36, 1), (4 + 71, 1), (4 + 72, 2), (4, 0), (39, 0),
    ])
    func countsWhatFits(_ room: Int, _ count: Int) throws {
        let bytes = try #require(LinuxDeviceList.bytes((0..<3).map { Self.entry($0) }, room: room))
        #expect(bytes.count == 4 + count * 36)
        #expect(LinuxDeviceList.entries(in: bytes)?.count == count)
    }

    @Test(arguments: 0..<4) func refusesNoRoomForACount(_ room: Int) {
        #expect(LinuxDeviceList.bytes([Self.entry(0)], room: room) == nil)
        #expect(LinuxDeviceList.entries(in: [UInt8](repeating: 0, count: room)) == nil)
    }

    @Test func readsWhatItWrites() throws {
        let entries = (0..<5).map { Self.entry($0) }
        let bytes = try #require(LinuxDeviceList.bytes(entries, room: 1000))
        #expect(LinuxDeviceList.entries(in: bytes) == entries)
    }

    /// A kernel counts all that it knows, also beyond the caller's memory.
    @Test func believesNoCountBeyondTheBytes() throws {
        var bytes = try #require(LinuxDeviceList.bytes([Self.entry(0)], room: 100))
        bytes.replaceSubrange(0..<4, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(LinuxDeviceList.entries(in: bytes) == [Self.entry(0)])
    }

    @Test func cutsANameThatIsTooLong() throws {
        var entry = Self.entry(0)
        entry.device.rawName = [UInt8](repeating: 0x41, count: 30)
        let bytes = try #require(LinuxDeviceList.bytes([entry], room: 100))
        #expect(Array(bytes[12..<34]) == [UInt8](repeating: 0x41, count: 22))
        #expect(bytes[34] == 5)
    }
}
