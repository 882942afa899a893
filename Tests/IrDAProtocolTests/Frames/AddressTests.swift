import IrDAProtocol
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test("A device address is transmitted low byte first")
    func wireOrder() {
        let address = DeviceAddress(rawValue: 0x9ABC_DEF1)
        #expect(address.wireBytes == hex("F1 DE BC 9A"))
        #expect(DeviceAddress(wireBytes: hex("F1 DE BC 9A")) == address)
        #expect(DeviceAddress(wireBytes: hex("00 F1 DE BC 9A 00")[1..<5]) == address)
        #expect(address.description == "0x9ABCDEF1")
        #expect(DeviceAddress(rawValue: 0xA).description == "0x0000000A")
        #expect(DeviceAddress(wireBytes: hex("F1 DE BC")) == nil)
        #expect(DeviceAddress(wireBytes: hex("F1 DE BC 9A 00")) == nil)
    }

    @Test("Which addresses a device may have")
    func assignable() {
        #expect(!DeviceAddress.broadcast.isAssignable)
        #expect(!DeviceAddress(rawValue: 0).isAssignable)
        #expect(DeviceAddress(rawValue: 1).isAssignable)
        #expect(DeviceAddress(rawValue: 1) < DeviceAddress(rawValue: 0x8000_0000))
    }

    @Test("Random addresses are assignable and follow from the seed")
    func random() {
        var first = SeededGenerator(seed: 7)
        var second = first
        for _ in 0..<500 {
            let address = DeviceAddress.random(using: &first)
            #expect(address.isAssignable)
            #expect(DeviceAddress.random(using: &second) == address)
        }
    }

    @Test("Random connection addresses avoid special ones and those in use")
    func randomConnection() {
        var generator = SeededGenerator(seed: 11)
        var used: Set<ConnectionAddress> = []
        for _ in 0..<122 {
            let address = ConnectionAddress.random(using: &generator, excluding: used)
            #expect(address.isAssignable && ![0x01, 0x7E, 0x60, 0x3E].contains(address.rawValue))
            #expect(used.insert(address).inserted)
        }
        // All in use: still an answer.
        #expect(ConnectionAddress.random(using: &generator, excluding: used).isAssignable)
    }

    @Test("Every address byte is read and written back")
    func addressByte() {
        for byte in UInt8.min...UInt8.max {
            #expect(IrLAPAddress(byte: byte).byte == byte)
        }
        let command = IrLAPAddress(byte: 0x55)
        #expect(command.isCommand && command.connection.rawValue == 0x2A)
        #expect(IrLAPAddress(byte: 0xFF).connection == .broadcast)
        #expect(ConnectionAddress(rawValue: 0xAA).rawValue == 0x2A)
        #expect(!ConnectionAddress(rawValue: 0).isAssignable && !ConnectionAddress.broadcast.isAssignable)
    }

    @Test(
        "Selectors",
        arguments: [
            (0x00, false, false), (0x01, true, false), (0x6F, true, false), (0x70, false, false), (0x71, false, true),
        ]
            + [(0x7E, false, true), (0x7F, false, true)])
    func selectors(_ number: Int, usable: Bool, reserved: Bool) throws {
        let selector = try #require(LSAPSelector(exactly: number))
        #expect(Int(selector.rawValue) == number)
        #expect(selector.isUsable == usable)
        #expect(selector.isReserved == reserved)
    }

    @Test("Numbers that are no selectors", arguments: [-1, 0x80, 0x100])
    func noSelector(_ number: Int) {
        #expect(LSAPSelector(exactly: number) == nil)
    }

    @Test("The reserved bit of a selector is dropped")
    func selectorMask() {
        #expect(LSAPSelector(rawValue: 0x92) == LSAPSelector(rawValue: 0x12))
        #expect(LSAPSelector.ias.description == "00")
        #expect(LSAPSelector.connectionless.rawValue == 0x70)
    }
}
