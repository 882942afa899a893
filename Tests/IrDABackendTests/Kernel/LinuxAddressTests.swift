import SocketBackends
import Testing

@testable import IrDABackend

/// `sockaddr_irda`, byte for byte.
struct LinuxAddressTests {
    /// Family 23, LSAP-SEL 0x12, a hole, 0x9ABCDEF1 in host order, "OBEX" in 25 bytes, a hole.
    private static let example: [UInt8] =
        [23, 0, 0x12, 0, 0xF1, 0xDE, 0xBC, 0x9A] + Array("OBEX".utf8) + [UInt8](repeating: 0, count: 24)

    @Test func writesTheStructure() {
        let address = LinuxIrDAAddress(selector: 0x12, device: 0x9ABC_DEF1, name: Array("OBEX".utf8))
        #expect(address.bytes == Self.example)
        #expect(address.bytes.count == 36)
    }

    @Test func readsWhatItWrites() {
        #expect(
            LinuxIrDAAddress(bytes: Self.example)
                == LinuxIrDAAddress(selector: 0x12, device: 0x9ABC_DEF1, name: Array("OBEX".utf8)))
    }

    @Test(arguments: [0, 1, 35, 37, 128]) func refusesAnyOtherLength(_ length: Int) {
        #expect(LinuxIrDAAddress(bytes: [UInt8](repeating: 23, count: length)) == nil)
    }

    @Test func ignoresTheFamilyAndTheHoles() {
        var bytes = Self.example
        for offset in [0, 1, 3, 33, 34, 35] { bytes[offset] = 0xA5 }
        // What is behind the name's NUL means nothing either.
        for offset in 13..<33 { bytes[offset] = 0x5A }
        #expect(LinuxIrDAAddress(bytes: bytes) == LinuxIrDAAddress(bytes: Self.example))
    }

    @Test func readsANameThatFillsItsField() {
        var bytes = Self.example
        bytes.replaceSubrange(8..<36, with: [UInt8](repeating: 0x41, count: 28))
        #expect(LinuxIrDAAddress(bytes: bytes)?.name == [UInt8](repeating: 0x41, count: 25))
    }

    @Test func cutsANameThatIsTooLong() {
        let address = LinuxIrDAAddress(name: [UInt8](repeating: 0x41, count: 40))
        #expect(address.bytes.count == 36)
        #expect(Array(address.bytes.suffix(3)) == [0, 0, 0])
    }

    @Test func translatesWinsocksServices() {
        let device = IrDADeviceID(rawValue: 0x1234_5678)
        #expect(LinuxIrDAAddress(service: .name("OBEX"), device: device).name == Array("OBEX".utf8))
        #expect(LinuxIrDAAddress(service: .name("OBEX"), device: device).selector == 0xFF)
        #expect(
            LinuxIrDAAddress(service: .selector(7), device: device)
                == LinuxIrDAAddress(selector: 7, device: 0x1234_5678))
        #expect(LinuxIrDAAddress(service: .unspecified, device: .none) == LinuxIrDAAddress())
    }
}
