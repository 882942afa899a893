import IrDABackend
import IrDAProtocol
import IrDASimulation
import IrDAStation
import SocketBackends
import Testing

@Suite struct OptionTests {
    @Test(
        "an attribute that a socket has set can be asked for, as long as the socket is open",
        arguments: [
            (IASAnswer.integer(-7), [1, 0, 0, 0, 0xF9, 0xFF, 0xFF, 0xFF]),
            (.octets([1, 2, 3]), [2, 0, 0, 0, 3, 0, 1, 2, 3]),
            (.string(Array("hé".utf8), characterSet: 1), [3, 0, 0, 0, 3, 1] + Array("hé".utf8)),
        ])
    func iasSet(value: IASAnswer, tail: [UInt8]) throws {
        let room = try TestRoom()
        let server = try room.makeSocket(room.phone)
        try server.setOption(.irlmpIASSet, to: Self.block(className: "Note", attribute: "Text", tail: tail))
        let client = try room.makeSocket(room.computer)
        func ask() throws -> IASAnswer {
            let question = IASQueryBlock(device: room.phoneID, className: "Note", attribute: "Text")
            return try IASQueryBlock.answer(in: client.option(.irlmpIASQuery, buffer: question.bytes))
        }
        #expect(try ask() == value)
        server.close()
        #expect(try ask() == .noSuchClass)
    }

    @Test("an attribute can be set again") func iasSetTwice() throws {
        let room = try TestRoom()
        let server = try room.makeSocket(room.phone)
        for number in [UInt8(1), 2] {
            try server.setOption(
                .irlmpIASSet,
                to: Self.block(className: "Note", attribute: "Number", tail: [1, 0, 0, 0, number, 0, 0, 0]))
        }
        let question = IASQueryBlock(device: room.phoneID, className: "Note", attribute: "Number")
        let client = try room.makeSocket(room.computer)
        #expect(try IASQueryBlock.answer(in: client.option(.irlmpIASQuery, buffer: question.bytes)) == .integer(2))
    }

    @Test(
        "blocks that are no IAS_SET",
        arguments: [
            ([UInt8](repeating: 0, count: 100), WSAErrorCode.WSAEFAULT),
            (block(className: "", attribute: "Text", tail: [1, 0, 0, 0, 1, 0, 0, 0]), .WSAEINVAL),
            (block(className: "Note", attribute: "", tail: [1, 0, 0, 0, 1, 0, 0, 0]), .WSAEINVAL),
            (block(className: "Note", attribute: "Text", tail: [9, 0, 0, 0]), .WSAEINVAL),
            (block(className: "Note", attribute: "Text", tail: [2, 0, 0, 0, 9, 0, 1]), .WSAEFAULT),
            (block(className: String(repeating: "x", count: 64), attribute: "Text", tail: [1, 0, 0, 0]), .WSAEFAULT),
            (
                block(className: String(repeating: "x", count: 61), attribute: "T", tail: [1, 0, 0, 0, 1, 0, 0, 0]),
                .WSAEINVAL
            ),
        ])
    func badBlocks(bytes: [UInt8], expected: WSAErrorCode) throws {
        let room = try TestRoom()
        let socket = try room.makeSocket(room.phone)
        #expect(code { try socket.setOption(.irlmpIASSet, to: bytes) } == expected)
    }

    @Test("the length of a PDU is known when connected") func sendPDULength() throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let socket = try room.makeSocket(room.computer)
        let buffer: [UInt8] = [0, 0, 0, 0]
        #expect(code { _ = try socket.option(.irlmpSendPDULength, buffer: buffer) } == .WSAENOTCONN)
        try room.connect(socket, to: .name("Echo"))
        #expect(try socket.option(.irlmpSendPDULength, buffer: buffer) == OptionValue(UInt32(2045)).bytes)
        #expect(code { _ = try socket.option(.irlmpSendPDULength, buffer: [0]) } == .WSAEFAULT)
    }

    @Test("options of other systems and levels are unknown", arguments: [0x17, 0x18, 0x19, 0x20, 0x7F])
    func unknownOptions(number: Int32) throws {
        let room = try TestRoom()
        let socket = try room.makeSocket(room.computer)
        let option = SocketOption(level: .irlmp, name: OptionName(rawValue: number))
        #expect(code { _ = try socket.option(option, buffer: [0, 0, 0, 0]) } == .WSAENOPROTOOPT)
        #expect(code { try socket.setOption(option, to: [0, 0, 0, 0]) } == .WSAENOPROTOOPT)
    }

    private static func block(className: String, attribute: String, tail: [UInt8]) -> [UInt8] {
        func field(_ text: String, _ length: Int) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0, count: length - text.utf8.count)
        }
        return field(className, 64) + field(attribute, 256) + tail
    }
}
