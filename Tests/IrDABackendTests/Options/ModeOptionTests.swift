import IrDABackend
import SocketBackends
import Synchronization
import Testing

@Suite("Options of SOL_IRLMP")
struct ModeOptionTests {
    private static let on = OptionValue(UInt32(1)).bytes
    private static let off = OptionValue(UInt32(0)).bytes
    private static let room = [UInt8](repeating: 0, count: 4)

    private func device(_ id: UInt32, _ hints: UInt16) -> IrDADevice {
        IrDADevice(id: IrDADeviceID(rawValue: id), hints: hints, characterSet: 0, rawName: [0x64])
    }

    @Test("IRLMP_IRLPT_MODE and IRLMP_9WIRE_MODE choose the layer below a stream, until it is bound or connected")
    func layers() throws {
        let (socket, station) = try socket(.stream)
        try socket.setOption(.irlmpIrLPTMode, to: Self.on)
        #expect(station.state.withLock { $0.settings.last?.layer } == .raw)
        try socket.setOption(.irlmp9WireMode, to: Self.off)
        #expect(station.state.withLock { $0.settings.last?.layer } == .raw, "it was the other mode")
        try socket.setOption(.irlmp9WireMode, to: Self.on)
        #expect(station.state.withLock { $0.settings.last?.layer } == .nineWire)
        #expect(try socket.option(.irlmp9WireMode, buffer: Self.room) == Self.on)
        try socket.setOption(.irlmp9WireMode, to: Self.off)
        #expect(station.state.withLock { $0.settings.last?.layer } == .tinyTP)
        #expect(try socket.option(.irlmp9WireMode, buffer: Self.room) == Self.off)
        #expect(
            code { () throws(SocketError) in _ = try socket.option(.irlmpIrLPTMode, buffer: Self.room) }
                == .WSAENOPROTOOPT)
        _ = try socket.connect(to: address(phone, .name("IrLPT")))
        #expect(code { () throws(SocketError) in try socket.setOption(.irlmpIrLPTMode, to: Self.on) } == .WSAEINVAL)
        let (messages, _) = try IrDABackendTests.socket(.sequencedPacket)
        #expect(
            code { () throws(SocketError) in try messages.setOption(.irlmpIrLPTMode, to: Self.on) } == .WSAEOPNOTSUPP)
    }

    @Test("A server ignores IRLMP_IRLPT_MODE, not IRLMP_9WIRE_MODE")
    func server() throws {
        let (printer, first) = try socket(.stream)
        try printer.setOption(.irlmpIrLPTMode, to: Self.on)
        try printer.bind(to: address(0, .name("IrLPT")))
        #expect(first.state.withLock { $0.settings.last?.layer } == .tinyTP)
        let (modem, second) = try socket(.stream)
        try modem.setOption(.irlmp9WireMode, to: Self.on)
        try modem.bind(to: address(0, .name("IrDA:IrCOMM")))
        #expect(second.state.withLock { $0.settings.last?.layer } == .nineWire)
    }

    @Test("IRLMP_MAX_SDU_SIZE: what we take before, what the peer takes after")
    func maximumMessage() throws {
        let (socket, station) = try socket(.sequencedPacket)
        #expect(try socket.option(.irlmpMaxSDUSize, buffer: Self.room) == OptionValue(Int32(0)).bytes)
        try socket.setOption(.irlmpMaxSDUSize, to: OptionValue(Int32(5000)).bytes)
        #expect(station.state.withLock { $0.settings.last?.maximumMessage } == 5000)
        for size in [0, -1] as [Int32] {
            #expect(
                code { () throws(SocketError) in
                    try socket.setOption(.irlmpMaxSDUSize, to: OptionValue(size).bytes)
                } == .WSAEINVAL)
        }
        #expect(code { () throws(SocketError) in try socket.setOption(.irlmpMaxSDUSize, to: [1]) } == .WSAEFAULT)
        _ = try socket.connect(to: address(phone, .name("Chat")))
        station.connected(IrDATransferUnits(pduLength: 2045, sendMessage: 300, receiveMessage: 5000))
        #expect(try socket.option(.irlmpMaxSDUSize, buffer: Self.room) == OptionValue(Int32(300)).bytes)
        #expect(try socket.option(.irlmpSendPDULength, buffer: Self.room) == OptionValue(UInt32(2045)).bytes)
        let (stream, _) = try IrDABackendTests.socket(.stream)
        #expect(
            code { () throws(SocketError) in
                try stream.setOption(.irlmpMaxSDUSize, to: OptionValue(Int32(5)).bytes)
            } == .WSAENOPROTOOPT)
    }

    @Test("IRLMP_HINT_MASK_SET limits what is enumerated and waited for; IRLMP_HINTS_SET says what we are")
    func hints() throws {
        let provider = ScriptedProvider()
        provider.state.withLock { $0.devices = [device(1, 0x0004), device(2, 0x2004), device(3, 0x0008)] }
        let (socket, station) = try socket(.stream, 0, provider)
        func listed() throws -> [UInt32] {
            let bytes = try socket.option(.irlmpEnumDevices, buffer: [UInt8](repeating: 0, count: 200))
            return try DeviceList.devices(in: bytes).map(\.id.rawValue)
        }
        #expect(try listed() == [1, 2, 3])
        // The extension bits do not count.
        try socket.setOption(.irlmpHintMaskSet, to: OptionValue(Int32(0xA080)).bytes)
        #expect(try listed() == [2])
        let wait = OptionValue(Int32(1500)).bytes
        #expect(try socket.option(.irlmpWaitDevice, buffer: wait) == OptionValue(UInt32(2)).bytes)
        try socket.setOption(.irlmpHintMaskSet, to: OptionValue(Int32(0x40)).bytes)
        #expect(
            code { () throws(SocketError) in _ = try socket.option(.irlmpWaitDevice, buffer: wait) } == .WSAETIMEDOUT)
        #expect(provider.calls == ["wait 8192 1.5 seconds", "wait 64 1.5 seconds"])
        try socket.setOption(.irlmpHintsSet, to: OptionValue(Int32(0x8484)).bytes)
        #expect(station.calls == ["hints \(0x0404)"])
        for option in [SocketOption.irlmpHintsSet, .irlmpHintMaskSet] {
            #expect(code { () throws(SocketError) in try socket.setOption(option, to: [1, 2, 3]) } == .WSAEFAULT)
            #expect(
                code { () throws(SocketError) in _ = try socket.option(option, buffer: Self.room) } == .WSAENOPROTOOPT)
        }
    }

    @Test("The own information base is read, written and cleared")
    func informationBase() throws {
        let (socket, station) = try socket(.stream)
        let question = IASQueryBlock(device: .none, className: "Class", attribute: "Attribute")
        let answer = try IASQueryBlock.answer(in: try socket.option(.irlmpIASGet, buffer: question.bytes))
        #expect(answer == .string(Array("Class.Attribute".utf8), characterSet: 0))
        var block = [UInt8](repeating: 0, count: 1352)
        block.replaceSubrange(0..<1, with: [0x43])
        block.replaceSubrange(64..<65, with: [0x41])
        try socket.setOption(.irlmpIASDelete, to: block)
        try socket.setOption(.irlmpIASDelete, to: Array(block.prefix(320)))
        #expect(station.calls == ["remove C A", "remove C A"])
        #expect(
            code { () throws(SocketError) in try socket.setOption(.irlmpIASDelete, to: Array(block.prefix(319))) }
                == .WSAEFAULT)
        #expect(code { () throws(SocketError) in try socket.setOption(.irlmpIASSet, to: block) } == .WSAEINVAL)
        #expect(
            code { () throws(SocketError) in _ = try socket.option(.irlmpIASDelete, buffer: block) } == .WSAENOPROTOOPT)
    }

    @Test("Blocks of any bytes have an answer", arguments: 1...20 as ClosedRange<UInt64>)
    func randomBlocks(_ seed: UInt64) throws {
        var state = seed
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let (socket, _) = try socket(.stream)
        let options: [SocketOption] = [
            .irlmpIASSet, .irlmpIASDelete, .irlmpHintsSet, .irlmpHintMaskSet, .irlmpExclusiveMode, .irlmpIASQuery,
            .irlmpIASGet, .irlmpEnumDevices, .irlmpSendPDULength,
        ]
        for _ in 0..<200 {
            let length = [0, 1, 3, 4, 36, 319, 320, 324, 330, 1352, 1356, 1400][Int(next()) % 12]
            var bytes = (0..<length).map { _ in next() }
            // Names that end, now and then.
            if next() & 1 == 0 { for index in stride(from: 1, to: length, by: 3) { bytes[index] = 0 } }
            for option in options {
                _ = code { () throws(SocketError) in try socket.setOption(option, to: bytes) }
                _ = code { () throws(SocketError) in _ = try socket.option(option, buffer: bytes) }
            }
        }
    }
}
