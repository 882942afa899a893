import BluetoothBackend
import SocketBackends
import Testing

@Suite("Bluetooth addresses") struct BluetoothAddressTests {
    private let backend = BluetoothBackend()

    @Test("a SOCKADDR_BTH has 30 bytes, without padding") func layout() {
        let service = ServiceClass(0x1101)
        let address = BluetoothAddress(device: 0x0011_2233_4455, service: service, port: 0x0102_0304)
        #expect(
            address.socketAddress.bytes == [
                32, 0, 0x55, 0x44, 0x33, 0x22, 0x11, 0x00, 0, 0,
                0x01, 0x11, 0, 0, 0, 0, 0x00, 0x10, 0x80, 0, 0, 0x80, 0x5F, 0x9B, 0x34, 0xFB,
                4, 3, 2, 1,
            ])
        #expect(BluetoothAddress(address.socketAddress) == address)
    }

    @Test(
        "text is read and printed",
        arguments: [
            ("(00:11:22:33:44:55):3", "(00:11:22:33:44:55):3"), ("00:11:22:33:44:55:3", "(00:11:22:33:44:55):3"),
            ("00:11:22:aa:bb:cc", "(00:11:22:AA:BB:CC)"), ("(00:11:22:33:44:55)", "(00:11:22:33:44:55)"),
            ("(00:11:22:33:44:55):any", "(00:11:22:33:44:55):any"),
            ("(00:11:22:33:44:55):0x1101", "(00:11:22:33:44:55):0x1101"),
            ("(00:11:22:33:44:55):{00001101-0000-1000-8000-00805f9b34fb}", "(00:11:22:33:44:55):0x1101"),
            (
                "(00:11:22:33:44:55):01234567-89AB-CDEF-0123-456789ABCDEF",
                "(00:11:22:33:44:55):{01234567-89AB-CDEF-0123-456789ABCDEF}"
            ),
        ])
    func text(written: String, printed: String) throws {
        let address = try backend.resolve(written)
        #expect(backend.describe(address) == printed)
        #expect(try backend.resolve(printed) == address)
    }

    @Test(
        "what is no address is WSAEINVAL",
        arguments: [
            "", ":", "()", "(00:11:22:33:44:55", "(00:11:22:33:44:55)3", "(00:11:22:33:44:55):31",
            "(00:11:22:33:44:55):0",
            "(00:11:22:33:44:55):-1", "(00:11:22:33:44:55):0x", "(00:11:22:33:44:55):0x12345",
            "(00:11:22:33:44:55):{00001101-0000-1000-8000-00805f9b34f}",
            "(00:11:22:33:44:55):{0000110+-0000-1000-8000-00805f9b34fb}",
        ])
    func wrong(text: String) {
        let error = #expect(throws: SocketError.self) { try backend.resolve(text) }
        #expect(error?.code == .WSAEINVAL)
        #expect(error?.advice.contains("(00:11:22:33:44:55):3") == true)
    }

    @Test("a name is looked for, and told wrong if no device or several have it") func names() throws {
        let radio = Radio()
        radio.put(
            BluetoothDevice(address: 0x0011_2233_4455, deviceClass: 0x20_0404, name: "Phone"),
            BluetoothDevice(address: 1, deviceClass: 0, name: "Twin"),
            BluetoothDevice(address: 2, deviceClass: 0, name: "Twin"))
        #expect(radio.backend.describe(try radio.backend.resolve("Phone:3")) == "(00:11:22:33:44:55):3")
        #expect(radio.inquiries == ["5"], "six seconds, in units of 1.28")
        for name in ["Twin:3", "Nobody:3"] {
            let error = #expect(throws: SocketError.self) { try radio.backend.resolve(name) }
            #expect(error?.code == .WSAHOST_NOT_FOUND)
            #expect(error?.advice.contains("Phone (00:11:22:33:44:55)") == true)
        }
    }
}
