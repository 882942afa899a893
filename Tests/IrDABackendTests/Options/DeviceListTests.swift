import Testing

@testable import IrDABackend

/// Names of devices as the structures of Winsock and of Linux carry them.
@Suite struct DeviceListTests {
    @Test(arguments: [
        (UInt8(0), Array("Phone".utf8), "Phone"), (1, [0x54, 0xE9, 0x6C], "Tél"),
        (0xFF, [0x65, 0xE5, 0x67, 0x2C], "日本"), (0xFF, [0x00, 0x54, 0x04, 0x16], "TЖ"),
        (0xFF, [0xD8, 0x3D, 0xDE, 0x00], "😀"), (0, Array("a\u{1B}[31mb\n".utf8), "a\u{FFFD}[31mb\u{FFFD}"),
        (0, Array("exactly twenty-two 22!".utf8), "exactly twenty-two 22!"), (0, [], ""),
    ])
    func namesSurviveBothLists(characterSet: UInt8, rawName: [UInt8], name: String) throws {
        let device = IrDADevice(
            id: IrDADeviceID(rawValue: 0x9ABC_DEF1), hints: 0x2582, characterSet: characterSet, rawName: rawName)
        #expect(device.name == name)
        let winsock = try DeviceList.devices(in: DeviceList.bytes([device], room: 4096))
        #expect(winsock == [device])
        let entry = LinuxDeviceList.Entry(station: 1, device: device)
        let linux = try #require(LinuxDeviceList.bytes([entry], room: 4096).flatMap(LinuxDeviceList.entries(in:)))
        #expect(linux.map(\.device) == [device])
    }
}
