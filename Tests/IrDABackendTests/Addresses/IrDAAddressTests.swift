import SocketBackends
import Testing

@testable import IrDABackend

@Suite struct IrDAAddressTests {
    private static let device = IrDADeviceID(rawValue: 0x9ABC_DEF1)

    @Test(arguments: [
        (device, IrDAServiceName.name("OBEX"), "0x9ABCDEF1/OBEX"), (device, .selector(3), "0x9ABCDEF1/lsap:3"),
        (device, .unspecified, "0x9ABCDEF1"), (.none, .name("OBEX"), "OBEX"), (.none, .unspecified, ""),
    ])
    func anAddressReadsAsPeopleWriteIt(device: IrDADeviceID, service: IrDAServiceName, text: String) throws {
        let address = IrDAAddress(device: device, service: service)
        #expect("\(address)" == text)
        #expect(try IrDAAddress(address.socketAddress, for: "test") == address)
    }

    @Test func theStructureHasTheDeviceFirstAndThenTheName() {
        let address = IrDAAddress(device: Self.device, service: .name("OBEX")).socketAddress
        #expect(
            address.bytes == [26, 0, 0xF1, 0xDE, 0xBC, 0x9A] + Array("OBEX".utf8) + [UInt8](repeating: 0, count: 22))
    }
}
