import IrDAProtocol
import Testing

@Suite("XID frames")
struct XIDFrameTests {
    private static let primary = DeviceAddress(rawValue: 0x1234_5678)
    private static let secondary = DeviceAddress(rawValue: 0x9ABC_DEF1)
    private static let printer = DeviceInfo(name: "Printer-B", hints: [.computer, .obex, .irCOMM])
    private static let swift = DeviceInfo(name: "SwiftIR", hints: [.computer, .obex])

    static let rows: [(name: String, xid: XIDFrame)] = [
        (
            "XID query slot 0",
            XIDFrame(
                isResponse: false, source: primary, destination: .broadcast, slotCount: .six, slot: .number(0))
        ),
        (
            "XID response",
            XIDFrame(
                isResponse: true, source: secondary, destination: primary, slotCount: .six, slot: .number(0),
                info: printer.bytes)
        ),
        (
            "XID final",
            XIDFrame(
                isResponse: false, source: primary, destination: .broadcast, slotCount: .six, slot: .final,
                info: swift.bytes)
        ),
        (
            "XID final, 1 slot",
            XIDFrame(
                isResponse: false, source: primary, destination: .broadcast, slotCount: .one, slot: .final,
                info: DeviceInfo(name: "A", hints: .computer).bytes)
        ),
        (
            "XID conflict query",
            XIDFrame(
                isResponse: false, source: primary, destination: secondary, slotCount: .six, generatesNewAddress: true,
                slot: .number(0))
        ),
        (
            "XID conflict response",
            XIDFrame(
                isResponse: true, source: DeviceAddress(rawValue: 0x0BAD_F00D), destination: primary, slotCount: .six,
                generatesNewAddress: true, slot: .number(0), info: printer.bytes)
        ),
        (
            "XID conflict final",
            XIDFrame(
                isResponse: false, source: primary, destination: secondary, slotCount: .six, generatesNewAddress: true,
                slot: .final, info: swift.bytes)
        ),
        (
            "XID sniff",
            XIDFrame(
                isResponse: true, source: secondary, destination: .broadcast, slotCount: .one, slot: .number(0),
                info: printer.bytes)
        ),
    ]

    @Test("Every example, both ways", arguments: rows)
    func examples(_ name: String, _ xid: XIDFrame) throws {
        let example = try #require(WireExample.discovery.first { $0.name == name })
        #expect(xid.frame.bytes == example.frame)
        #expect(XIDFrame(try #require(IrLAPFrame(bytes: example.frame))) == xid)
    }

    @Test("Every example is covered")
    func coverage() {
        #expect(Set(Self.rows.map(\.name)) == Set(WireExample.discovery.map(\.name)))
    }

    @Test("Slot counts", arguments: zip(SlotCount.allCases, [0, 1, 2, 3] as [UInt8]))
    func slotCounts(_ count: SlotCount, _ code: UInt8) throws {
        let xid = XIDFrame(
            isResponse: false, source: Self.primary, destination: .broadcast, slotCount: count, slot: .number(0))
        #expect(xid.frame.information[9] == code)
        #expect(XIDFrame(xid.frame) == xid)
    }

    @Test("Reserved flags are ignored, surplus bytes are info")
    func tolerance() throws {
        let frame = try #require(IrLAPFrame(bytes: hex("FF 2F 01 78563412 FFFFFFFF F9 03 01 AA")))
        let xid = try #require(XIDFrame(frame))
        #expect(xid.slotCount == .six && !xid.generatesNewAddress && xid.slot == .number(3))
        #expect(xid.version == 1 && xid.info == [0xAA])
    }

    @Test(
        "Ill-formed frames",
        arguments: [
            "FF 3F 02 78563412 FFFFFFFF 01 00 00",  // format
            "FF 3F 01 00000000 FFFFFFFF 01 00 00",  // source 0
            "FF 3F 01 FFFFFFFF 78563412 01 00 00",  // source broadcast
            "FE 3F 01 78563412 FFFFFFFF 01 00 00",  // command code in a response
            "FF BF 01 78563412 FFFFFFFF 01 00 00",  // response code in a command
            "55 3F 01 78563412 FFFFFFFF 01 00 00",  // within a connection
            "FF 3F 01 78563412 FFFFFFFF 01 00",  // version missing
            "FF 3F",
            "FF F3 01 78563412 FFFFFFFF 01 00 00",  // TEST
        ])
    func illFormed(_ bytes: String) throws {
        #expect(XIDFrame(try #require(IrLAPFrame(bytes: hex(bytes)))) == nil)
    }
}
