import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import SocketBackends
import Testing

@Suite struct DiscoveryTests {
    @Test("devices are enumerated into a DEVICELIST (rule R52)") func enumDevices() throws {
        let room = try TestRoom()
        let socket = try room.makeSocket(room.computer)
        let list = try socket.option(.irlmpEnumDevices, buffer: [UInt8](repeating: 0, count: 4 + 2 * 29))
        #expect(list.count == 4 + 2 * 29)
        #expect(list.prefix(4) == [2, 0, 0, 0])
        let phone = Array("Phone".utf8) + [UInt8](repeating: 0, count: 17)
        let printer = Array("Printer".utf8) + [UInt8](repeating: 0, count: 15)
        let entries = Set([Array(list[4..<33]), Array(list[33...])])
        #expect(
            entries == [
                [0xF1, 0xDE, 0xBC, 0x9A] + phone + [0x00, 0x21, 0x00],
                [0x22, 0x22, 0x22, 0x22] + printer + [0x08, 0x00, 0x00],
            ])
        #expect(try Set(DeviceList.devices(in: list).map(\.name)) == ["Phone", "Printer"])
        #expect(try socket.option(.irlmpEnumDevices, buffer: [0, 0, 0, 0]) == [0, 0, 0, 0], "room for the count only")
        #expect(code { _ = try socket.option(.irlmpEnumDevices, buffer: [0]) } == .WSAEFAULT)
    }

    @Test func aQueryAnswersInTheSameBlock() throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let socket = try room.makeSocket(room.computer)
        func ask(_ attribute: String, of className: String) throws -> IASAnswer {
            let question = IASQueryBlock(device: room.phoneID, className: className, attribute: attribute)
            return try IASQueryBlock.answer(in: socket.option(.irlmpIASQuery, buffer: question.bytes))
        }
        #expect(try ask("DeviceName", of: "Device") == .string(Array("Phone".utf8), characterSet: 0))
        #expect(try ask("IrLMPSupport", of: "Device") == .octets([1, 0x37, 5]))
        #expect(try ask("IrDA:TinyTP:LsapSel", of: "Echo") == .integer(0x10))
        #expect(try ask("IrDA:TinyTP:LsapSel", of: "Nothing") == .noSuchClass)
        #expect(try ask("Nothing", of: "Echo") == .noSuchAttribute)
    }

    @Test(arguments: ["Phone/Echo", "phone/Echo", "0x9ABCDEF1/Echo", "0x9abcdef1/Echo"])
    func addressesAreReadAsPeopleWriteThem(text: String) throws {
        let room = try TestRoom()
        let address = try room.computer.resolve(text)
        #expect(room.computer.describe(address) == "0x9ABCDEF1/Echo")
    }

    @Test(arguments: [
        ("Toaster/Echo", WSAErrorCode.WSAHOST_NOT_FOUND), ("Phone/", .WSAEINVAL), ("Phone/lsap:128", .WSAEINVAL),
        ("", .WSAEINVAL), ("Phone/ANameOfMoreThan24BytesIsTooLong", .WSAEINVAL),
    ])
    func textThatIsNoAddress(text: String, expected: WSAErrorCode) throws {
        let room = try TestRoom()
        #expect(code { _ = try room.computer.resolve(text) } == expected)
    }
}
